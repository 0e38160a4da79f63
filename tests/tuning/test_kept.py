"""Probabilities are heard once, kept beside the recording, and never over its files."""

import numpy as np
import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.tuning import kept
from voicenb.turn_taking.detector import probabilities as alone


@pytest.fixture
def call(tmp_path):
    built = KnownCall(tmp_path / "call", 4.0)
    built.says(1.013, speech("cards-002.wav"))
    return built.build()


@pytest.fixture
def count(monkeypatch):
    """How many tracks were heard."""
    heard = []

    def hear(tracks):
        heard.extend(tracks)
        return original(tracks)

    original = kept.hear
    monkeypatch.setattr(kept, "hear", hear)
    return heard


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_they_are_those_of_exactly_the_samples_sent(call):
    (values,) = kept.probabilities([call])
    np.testing.assert_array_equal(values, alone(call.caller.tobytes()))
    assert values.max() > 0.9


def test_they_are_heard_once_and_the_recording_stays_as_it_is(call, count):
    before = files(call.folder)
    (first,) = kept.probabilities([call])
    (again,) = kept.probabilities([vn.load(call.folder)])
    assert len(count) == 1
    np.testing.assert_array_equal(first, again)
    after = files(call.folder)
    assert after.pop(kept.SPEECH)
    assert after == before


@pytest.mark.parametrize(
    "change", ["longer", "other samples", "model", "version", "damaged", "torn", "other shape"]
)
def test_what_does_not_belong_to_the_samples_is_heard_anew(call, count, change, monkeypatch):
    list(kept.probabilities([call]))
    file = call.folder / kept.SPEECH
    wav = call.folder / "caller.wav"
    sound = bytearray(wav.read_bytes())
    match change:
        case "longer":
            wav.write_bytes(sound + bytes(2 * 768 * 3))
        case "other samples":
            sound[60_000:60_400] = bytes(400)
            wav.write_bytes(sound)
        case "model":
            monkeypatch.setattr(kept, "_model", lambda: "another")
        case "version":
            monkeypatch.setattr(kept, "VERSION", 2)
        case "damaged":
            file.write_bytes(b"nothing")
        case "torn":
            file.write_bytes(file.read_bytes()[:200])
        case "other shape":
            name = str(np.load(file)["name"])
            with file.open("wb") as out:
                np.savez(out, name=np.array(name), values=np.zeros(3, np.float32))
    now = vn.load(call.folder)
    (values,) = kept.probabilities([now])
    assert len(count) == 2
    np.testing.assert_array_equal(values, alone(now.caller.tobytes()))


def test_a_folder_that_cannot_be_written_to_keeps_them_in_memory(call, count):
    (call.folder / kept.SPEECH).mkdir()  # nobody, not even root, writes a file in its place
    for _ in range(2):
        (values,) = kept.probabilities([call])
    assert len(count) == 1
    np.testing.assert_array_equal(values, alone(call.caller.tobytes()))
    assert not [path for path in call.folder.iterdir() if path.name.endswith(".part")]


def test_a_part_of_a_call_is_heard_by_itself_and_leaves_the_calls_alone(call, count):
    list(kept.probabilities([call]))
    before = files(call.folder)
    part = call[0.5:3.0]
    (values,) = kept.probabilities([part])
    np.testing.assert_array_equal(values, alone(np.ascontiguousarray(part.caller).tobytes()))
    assert len(count) == 2
    assert files(call.folder) == before


def test_several_at_once_come_in_order(call, tmp_path):
    other = KnownCall(tmp_path / "other", 2.0)
    other.says(0.2, speech("cards-001.wav"))
    calls = [call, other.build(), vn.load(call.folder)]
    for each, values in zip(calls, kept.probabilities(calls), strict=True):
        np.testing.assert_array_equal(values, alone(each.caller.tobytes()))
