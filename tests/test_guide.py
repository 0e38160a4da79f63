"""Every Python example of the guide runs, in order, in one namespace."""

import re
from pathlib import Path

import voicenb

GUIDE = Path(voicenb.__file__).parent / "guide.md"


def examples(text: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def test_the_examples_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOICENB_RECORDINGS", str(tmp_path / "unsaved"))
    monkeypatch.setenv("VOICENB_BRAIN", "rules")
    monkeypatch.delenv("ASSEMBLYAI_API_KEY", raising=False)
    text = GUIDE.read_text(encoding="utf-8")
    found = examples(text)
    assert len(found) >= 9
    space: dict[str, object] = {}
    for example in found:
        line = text[: text.index(example)].count("\n")
        exec(compile("\n" * line + example, str(GUIDE), "exec"), space)


def test_every_name_that_the_guide_uses_exists():
    names = set(re.findall(r"\bvn\.([A-Za-z_]+)", GUIDE.read_text(encoding="utf-8")))
    assert names <= set(voicenb.__all__)
