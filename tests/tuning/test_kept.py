"""Probabilities are heard once, kept beside the recording, and never over its files."""

import json

import numpy as np
import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.tuning import kept
from voicenb.turn_taking.detector import probabilities as alone


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A cache folder of the test's own."""
    monkeypatch.setenv("VOICENB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def call(tmp_path):
    built = KnownCall(tmp_path / "call", 4.0)
    built.says(1.013, speech("cards-002.wav"))
    return built.build()


@pytest.fixture
def count(monkeypatch):
    """How many tracks were heard."""
    heard = []

    def hear(tracks, **how):
        heard.extend(tracks)
        return original(tracks, **how)

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


def no_room_beside(call):
    (call.folder / kept.SPEECH).mkdir()  # nobody, not even root, writes a file in its place


def test_a_folder_that_cannot_be_written_to_has_them_in_the_cache_folder(call, count, cache):
    no_room_beside(call)
    places = []
    for _ in range(2):  # another object each time: nothing is in memory
        ((values, place),) = kept.heard([vn.load(call.folder)])
        places.append(place)
        np.testing.assert_array_equal(values, alone(call.caller.tobytes()))
    assert places == [kept.Place.CACHE, kept.Place.KNOWN]
    assert len(count) == 1
    assert not [path for path in call.folder.iterdir() if path.name.endswith(".part")]
    assert kept.cached_in().is_relative_to(cache)


def test_where_nothing_can_be_written_they_are_in_memory_alone(call, count, cache):
    no_room_beside(call)
    cache.write_text("no folder")
    ((values, place),) = kept.heard([call])
    assert place is kept.Place.NOWHERE
    ((again, place),) = kept.heard([call])
    assert place is kept.Place.KNOWN
    np.testing.assert_array_equal(values, again)
    ((_, place),) = kept.heard([vn.load(call.folder)])
    assert place is kept.Place.NOWHERE
    assert len(count) == 2


def test_what_is_in_the_cache_folder_and_damaged_is_heard_anew(call, count, cache):
    no_room_beside(call)
    list(kept.heard([vn.load(call.folder)]))
    (file,) = [path for path in cache.rglob("*") if path.is_file()]
    file.write_bytes(file.read_bytes()[:-9])
    list(kept.heard([vn.load(call.folder)]))
    assert len(count) == 2


def test_it_is_told_where_they_were_put(call):
    assert [place for _, place in kept.heard([call, call[0.5:3.0]])] == [kept.Place.BESIDE, kept.Place.MEMORY]


def test_a_call_that_a_crash_tore_off_is_whole_for_this(call, count):
    about = json.loads((call.folder / "session.json").read_text())
    (call.folder / "session.json").write_text(json.dumps(about | {"ended": None}))
    for _ in range(2):
        list(kept.probabilities([vn.Recording(call.folder)]))
    assert len(count) == 1


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
