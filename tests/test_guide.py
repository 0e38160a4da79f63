"""Every example of the guide runs: those in Python in order and in one namespace, those for the shell too."""

import re
import shlex
from pathlib import Path

import httpx
import pytest
from brief_mouth import BriefMouth

import voicenb as vn

GUIDE = Path(vn.__file__).parent / "guide.md"
TEXT = GUIDE.read_text(encoding="utf-8")
PLACE = "localhost:8765"


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, flags=re.DOTALL | re.MULTILINE)


@pytest.fixture
def emulator():
    """What the guide's clients find where it says that `voicenb emulator` listens."""
    with vn.Emulator(brain=lambda text: f"You said: {text}", mouth=BriefMouth()) as emulator:
        yield emulator


def elsewhere(example: str, emulator: vn.Emulator) -> str:
    return example.replace(PLACE, emulator.url.removeprefix("http://"))


@pytest.mark.slow
def test_the_examples_run(tmp_path, monkeypatch, capsys, emulator):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOICENB_RECORDINGS", str(tmp_path / "unsaved"))
    monkeypatch.setenv("VOICENB_BRAIN", "rules")
    monkeypatch.delenv("ASSEMBLYAI_API_KEY", raising=False)
    found = examples("python")
    assert len(found) >= 10
    space: dict[str, object] = {}
    for example in found:
        line = TEXT[: TEXT.index(example)].count("\n")
        exec(compile("\n" * line + elsewhere(example, emulator), str(GUIDE), "exec"), space)
    # The plain client was understood and answered aloud.
    assert "\nYou said: A table for four on Friday" in capsys.readouterr().out
    assert len(space["voice"]) > 48_000
    assert emulator.sessions[-1].ended_by == "session.end"


def test_the_commands_work(emulator):
    (commands,) = examples("sh")
    answers = []
    for command in commands.replace("\\\n", " ").splitlines():
        program, *words = shlex.split(elsewhere(command, emulator))
        assert program == "curl"
        options = list(zip(words[1::2], words[2::2], strict=True))
        headers = dict(value.split(": ", 1) for option, value in options if option == "-H")
        data = next((value for option, value in options if option == "-d"), None)
        answers.append(httpx.request("POST" if data else "GET", words[0], headers=headers, content=data))
    made, listed, token = (answer.raise_for_status().json() for answer in answers)
    assert made["voice"] == {"voice_id": "ivy"}
    assert [agent["id"] for agent in listed["agents"]] == [made["id"]]
    assert token["expires_in_seconds"] == 60


def test_every_name_that_the_guide_uses_exists():
    names = set(re.findall(r"\bvn\.([A-Za-z_]+)", TEXT))
    assert names <= set(vn.__all__)


def test_it_knows_every_local_event():
    from voicenb.session.kinds import LOCAL

    assert all(f'`"{kind}"`' in TEXT for kind in LOCAL)
