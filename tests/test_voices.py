import json
from pathlib import Path

import voicenb as vn
from voicenb.voices import APRIL, CURRENT, JUNE


def test_every_voice_of_every_era_is_there_once_and_says_what_it_is():
    assert list(vn.VOICES) == [*CURRENT, *JUNE, *APRIL]
    assert len(CURRENT) == 18
    assert vn.VOICES["anna"] == "English, UK"
    assert vn.VOICES["ivy"] == "of June 2026"
    assert all(vn.VOICES.values())


def test_the_notebooks_and_the_guide_use_voices_that_are_known():
    checkout = Path(__file__).parents[1]
    texts = [(checkout / path).read_text("utf-8") for path in ("voicenb/guide.md", "README.md")]
    for path in (checkout / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        texts += ["".join(cell["source"]) for cell in cells]
    used = {text.split('voice="', 1)[1].split('"', 1)[0] for text in texts if 'voice="' in text}
    assert used
    assert used <= set(vn.VOICES)
