"""Smart Turn: where its model comes from, and, where it is installed (campaign), what it says.

The campaign needs ``pip install --no-deps pipecat-ai==1.14``: with what that package requires it is half a
gigabyte, and brings older versions of what other tests need.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from voicenb.audio import vad
from voicenb.audio.pcm import Samples
from voicenb.audio.resample import resample
from voicenb.audio.wav import read_wav
from voicenb.errors import InvalidConfiguration, MissingExtra
from voicenb.turn_taking import smart_turn
from voicenb.turn_taking.completeness import LISTENED, Utterance, hears
from voicenb.turn_taking.smart_turn import SmartTurn

from .conftest import CLIPS, Label, labels


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of that name that must not be imported, with two models in it."""
    package = tmp_path / "pipecat"
    data = package / "audio" / "turn" / "smart_turn" / "data"
    data.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('half a gigabyte')")
    for name in ("smart-turn-v3.2-cpu.onnx", "smart-turn-v3.1-cpu.onnx", "smart-turn-v3.2-gpu.onnx"):
        (data / name).write_bytes(b"no model")
    monkeypatch.syspath_prepend(tmp_path)
    return data


def test_the_newest_model_of_the_package_is_taken_and_the_package_not_imported(installed: Path) -> None:
    assert smart_turn.model_path() == installed / "smart-turn-v3.2-cpu.onnx"
    judge = SmartTurn()
    assert judge.name == "smart-turn-v3.2-cpu"
    assert hears(judge)
    assert repr(judge) == "<SmartTurn smart-turn-v3.2-cpu, threshold 0.5>"
    assert "pipecat" not in sys.modules


def test_what_is_not_installed_is_said_with_the_ways_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smart_turn, "find_spec", lambda name: None)
    ways = r'pip install "voicenb\[smart-turn\]".*--no-deps pipecat-ai'
    with pytest.raises(MissingExtra, match=ways) as missing:
        SmartTurn()
    assert missing.value.facts["package"] == "pipecat-ai"


def test_a_file_of_ones_own_needs_no_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(smart_turn, "find_spec", lambda name: None)
    file = tmp_path / "mine.onnx"
    with pytest.raises(InvalidConfiguration, match="There is no model at"):
        SmartTurn(model=file)
    file.write_bytes(b"one")
    first = SmartTurn(model=file)
    assert first.name == "mine"
    other = tmp_path / "other" / "mine.onnx"
    other.parent.mkdir()
    other.write_bytes(b"two")
    assert SmartTurn(model=str(other)).fingerprint != first.fingerprint


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan"), "half", True, None])
def test_a_threshold_that_is_no_probability_is_refused(threshold: object, installed: Path) -> None:
    with pytest.raises(InvalidConfiguration, match="no probability"):
        SmartTurn(threshold)  # type: ignore[arg-type]


def test_a_file_that_is_no_such_model_is_refused(installed: Path) -> None:
    for judge in (SmartTurn(), SmartTurn(model=vad.model_path())):
        with pytest.raises(InvalidConfiguration, match="no Smart Turn model"):
            judge.warm()


# --- with the model -----------------------------------------------------------------------------------------


def clip(label: Label) -> Samples:
    samples, rate = read_wav(CLIPS / label.file)
    return resample(samples, rate, 16_000)


def spoken(label: Label, share: float = 1.0, silence: float = LISTENED) -> Utterance:
    """A clip up to a share of its speech, and the silence behind it."""
    end = label.onset + share * (label.offset - label.onset)
    pieces = [clip(label)[: round(end * 16_000)], np.zeros(round(silence * 16_000))]
    sound = np.concatenate(pieces).astype(np.float32)
    return Utterance("", (), lambda: sound)


@pytest.mark.campaign
def test_nine_of_eleven_whole_clips_are_complete() -> None:
    judge = SmartTurn()
    whole = [judge.probability(clip(each)) for each in labels()]
    assert sum(each > 0.5 for each in whole) == 9
    assert min(each for each in whole if each > 0.5) == pytest.approx(0.53, abs=0.1)


@pytest.mark.campaign
def test_sentences_that_are_cut_off_in_the_middle_are_mostly_not() -> None:
    judge = SmartTurn()
    austen = [each for each in labels() if each.file.startswith("austen")]
    shares = np.arange(0.2, 0.95, 0.05)
    cut = [judge.looks_complete(spoken(each, share, 0.0)) for each in austen for share in shares]
    assert sum(cut) / len(cut) < 0.2


@pytest.mark.campaign
def test_the_threshold_decides_and_more_than_eight_seconds_make_no_difference() -> None:
    (label,) = [each for each in labels() if each.file == "cards-004.wav"]
    sound = spoken(label).sound()
    value = SmartTurn().probability(sound)
    for threshold, over in ((value - 0.01, True), (value + 0.01, False)):
        assert SmartTurn(threshold).looks_complete(spoken(label)) is over
    long = np.concatenate([np.random.default_rng(1).standard_normal(16_000), np.zeros(128_000)])
    long[-len(sound) :] = sound
    assert SmartTurn().probability(long.astype(np.float32)) == value


@pytest.mark.campaign
def test_the_package_is_not_imported_when_the_model_is_used() -> None:
    code = """
import sys, voicenb as vn
vn.SmartTurn().warm()
print(sorted(name for name in sys.modules if name.startswith("pipecat")))
"""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert told.stdout == "[]\n"
