import subprocess
import sys

import pytest

from voicenb.emulator.ears.choose import recognizer
from voicenb.errors import InvalidConfiguration, MissingExtra


@pytest.mark.parametrize("name", [None, "moonshine"])
def test_the_ears_that_are_installed(name):
    assert recognizer(name).name == "moonshine-tiny"


def test_unknown_ears():
    with pytest.raises(InvalidConfiguration, match="whisper") as caught:
        recognizer("whisper")
    assert "moonshine" in caught.value.remedy


def test_no_ears_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "moonshine_voice", None)
    with pytest.raises(MissingExtra) as caught:
        recognizer()
    assert 'pip install "voicenb[emulator]"' in caught.value.remedy


def test_choosing_loads_nothing_heavy():
    code = (
        "import sys; from voicenb.emulator.ears.choose import recognizer; recognizer(); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"onnxruntime", "moonshine_voice", "requests"} & set(done.stdout.split())
