"""Calls of the same callers, found by what they sound like."""

import json

import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.errors import InvalidConfiguration
from voicenb.tuning.matched import matched
from voicenb.tuning.replay_ledger import sound_of

ONE, OTHER, ANSWER = "cards-001.wav", "cards-004.wav", "cards-002.wav"
LIMITS = {"vad_threshold": 0.5, "min_silence": 1000, "max_silence": 3000}


def call(folder, clip=ONE, shift=0.0, pause=0.6, cut=False, told=None):
    """A caller with a pause, and an answer; a replay of ``told``, later by ``shift``."""
    made = KnownCall(folder, 12.0, LIMITS)
    begin = 0.5 + shift
    first = made.says(begin, speech(clip))
    end = made.says(first + pause, speech(OTHER))
    if cut:
        made.turn("i0", "Two", told=None, decided=first + 0.4, transcribed=first + 0.4)
    made.turn("i1", "Two of clubs.", told=None, decided=end + 1.0, transcribed=end + 1.0)
    made.reply("a", "Yes.", speech(ANSWER), began=end + 1.0, received=end + 1.0, heard=end + 1.4 + shift)
    recording = made.build()
    if told is None:
        return recording
    path = recording.folder / "session.json"
    session = json.loads(path.read_text())
    of, ended = told
    session["replay"] = {"of": of.name, "caller": sound_of(of), "ended": ended, "taken_for": "pause"}
    session["truth"] = [
        {"part": 1, "turns": [1], "start": round(begin * 24_000), "stop": round(end * 24_000), "text": ""}
    ]
    path.write_text(json.dumps(session))
    return vn.Recording(recording.folder)


@pytest.fixture
def recorded(tmp_path):
    return [call(tmp_path / "a"), call(tmp_path / "b", clip="cards-003.wav")]


def test_recordings_and_their_replays(recorded, tmp_path):
    again = [
        call(tmp_path / f"again-{each.name}", clip, shift=0.3, told=(each, "hung up"))
        for each, clip in zip(recorded, (ONE, "cards-003.wav"), strict=True)
    ]
    found = matched({"before": recorded, "after": again[::-1]})
    assert [match["before"].facts.name for match in found] == ["a", "b"]
    assert [match["after"].facts.name for match in found] == ["again-a", "again-b"]
    for match in found:
        before, after = match["before"].parts, match["after"].parts
        assert list(before) == list(after) == [1]
        # One later to speak, and an answer that comes later by the same again.
        apart = after[1].figure("response_latency", "plain") - before[1].figure("response_latency", "plain")
        assert apart == pytest.approx(0.3, abs=0.001)
        assert before[1].cut is False
        assert before[1].unanswered is False


def test_two_replays_of_the_same(recorded, tmp_path):
    one = call(tmp_path / "one", told=(recorded[0], "hung up"))
    two = call(tmp_path / "two", shift=0.2, cut=True, told=(recorded[0], "not answered"))
    (match,) = matched({"one": [one], "two": [two]})
    assert [match[name].parts[1].cut for name in ("one", "two")] == [False, True]
    assert len(match["two"].parts[1].turns) == 2
    assert match["two"].parts[1].last.text == "Two of clubs."


def test_a_replay_of_a_replay(recorded, tmp_path):
    one = call(tmp_path / "one", told=(recorded[0], "hung up"), shift=0.2)
    two = call(tmp_path / "two", told=(one, "hung up"), shift=0.2)
    (match,) = matched({"replay": [one], "its replay": [two]})
    assert match["its replay"].facts.name == "two"


@pytest.mark.parametrize("ended", ["budget", ""])
def test_one_that_was_not_held_to_its_end_is_left_out(recorded, tmp_path, ended):
    again = [
        call(tmp_path / "again-a", told=(recorded[0], ended)),
        call(tmp_path / "again-b", told=(recorded[1], "hung up"), clip="cards-003.wav"),
    ]
    (match,) = matched({"before": recorded, "after": again})
    assert match["before"].facts.name == "b"


def test_other_callers_cannot_be_compared(recorded):
    with pytest.raises(InvalidConfiguration, match="no caller in common"):
        matched({"one": recorded[:1], "two": recorded[1:]})


def test_each_caller_once(recorded, tmp_path):
    copy = recorded[0].save(tmp_path / "copy")
    with pytest.raises(InvalidConfiguration, match="of the same caller"):
        matched({"one": [recorded[0], copy], "two": recorded})


def test_nobody_understood_him(recorded, tmp_path):
    mute = KnownCall(tmp_path / "mute", 12.0, LIMITS)
    first = mute.says(0.5, speech(ONE))
    mute.says(first + 0.6, speech(OTHER))
    (match,) = matched({"before": recorded[:1], "after": [mute.build()]})
    part = match["after"].parts[1]
    assert (part.turns, part.cut, part.unanswered, part.figure("end_of_turn_delay")) == ((), None, None, None)
