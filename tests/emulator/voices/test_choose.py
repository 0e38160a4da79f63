import subprocess
import sys

import pytest

from voicenb.emulator.voices.choose import mouth
from voicenb.errors import AudioError, InvalidConfiguration, MissingExtra


@pytest.mark.parametrize(("name", "expected"), [(None, "piper"), ("piper", "piper"), ("espeak", "espeak")])
def test_the_mouths_that_are_installed(name, expected):
    assert mouth(name).name == expected


def test_espeak_where_piper_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "piper", None)
    assert mouth().name == "espeak"
    with pytest.raises(MissingExtra):
        mouth("piper")


def test_no_mouth_installed(monkeypatch):
    for name in ("piper", "espeakng_loader"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtra) as caught:
        mouth()
    assert 'pip install "voicenb[emulator]"' in caught.value.remedy


def test_what_makes_no_sense():
    with pytest.raises(InvalidConfiguration, match="festival"):
        mouth("festival")
    with pytest.raises(InvalidConfiguration, match="voice file"):
        mouth("espeak", voice_file="x.onnx")
    with pytest.raises(AudioError, match=r"nowhere\.onnx"):
        mouth(voice_file="nowhere.onnx")


def test_choosing_loads_nothing_heavy():
    code = "import sys; from voicenb.emulator.voices.choose import mouth; mouth(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"onnxruntime", "piper", "soxr"} & set(done.stdout.split())
