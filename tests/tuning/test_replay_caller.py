"""A replayed caller's track: what he said, cut without clicks, and the room between."""

import numpy as np
import pytest

from voicenb.protocol.conversation import Conversation
from voicenb.recording.alignment import LaidOut
from voicenb.testing.virtual_clock import run_virtually
from voicenb.tuning.replay_caller import LEAD, TAIL, ReplayedCaller, passages
from voicenb.tuning.replay_ear import Ear
from voicenb.tuning.replay_parts import CallerPart, CallerSide, Cue
from voicenb.tuning.replay_room import RoomSound

RATE = 24_000


def part(number, start, end, cue):
    return CallerPart(number, (2 * number,), f"words {number}", start, end, cue, answered=True)


SIDE = CallerSide(
    (
        part(1, 1.0, 2.0, Cue("alone", 0.9)),
        part(2, 4.0, 5.0, Cue("after", 0.4)),
        part(3, 5.3, 6.0, Cue("over", 0.4)),
    ),
    begin=0.1,
    end=6.2,
    hanging_up=Cue("after", 0.5),
)


def track_of(side):
    """A slow swing all through, loud in speech: a jump in it is a click."""
    at = np.arange(round(side.end * RATE)) / RATE
    loud = np.full(len(at), 300.0)
    for each in side.parts:
        loud[round(each.start * RATE) : round(each.end * RATE)] = 3000.0
    return np.round(loud * np.sin(2 * np.pi * 5 * at)).astype(np.int16)


class Alone:
    """A room without an agent."""

    def __init__(self, ear, config=None):
        self.conversation = Conversation()
        self.ear = ear
        for way, kind in (("out", "session.update"), ("in", "session.ready")):
            body = {"type": kind, "session": config or {}, "config": config or {}, "session_id": "s"}
            self.conversation.apply({"t": 0.0, "dir": way, "type": kind, "msg": body})

    @property
    def audible(self):
        return self.ear.audible


def perform(side=SIDE, background=None, longest=60.0, **options):
    """The caller, and the track that he sent."""

    async def main():
        ear = Ear()
        ear.open(lambda note: None)
        track = track_of(side)
        laid = LaidOut(track, [(0, len(track), 0)])
        room = RoomSound(np.zeros(0, np.int16)) if background is None else background
        caller = ReplayedCaller(side, laid, room, ear, name="lido", longest=longest, **options)
        frames = [frame async for frame in caller.frames(Alone(ear))]
        return caller, np.frombuffer(b"".join(frames), "<i2")

    return run_virtually(main)


def test_what_is_said_in_one_go():
    first, second, third = passages(SIDE, "turns")
    assert [each.cue for each in (first, second, third)] == [part.cue for part in SIDE.parts]
    assert (first.first, first.last) == (round((1.0 - LEAD) * RATE), round((2.0 + TAIL) * RATE))
    assert first.lead == round(LEAD * RATE)
    # Between the second and the third there are 0.3 s: each has half of them.
    assert second.last == third.first == round(5.15 * RATE)
    assert third.last == round(6.2 * RATE)
    (whole,) = passages(SIDE, "clock")
    assert (whole.first, whole.last) == (round(0.1 * RATE), round(6.2 * RATE))
    assert len(whole.parts) == 3
    assert passages(CallerSide((), 0.0, 1.0, Cue("alone", 1.0)), "turns") == []


def test_each_part_is_sent_sample_for_sample():
    caller, sent = perform(patience=1.0)
    track = track_of(SIDE)
    assert [each["part"] for each in caller.truth] == [1, 2, 3]
    for told, said in zip(caller.truth, SIDE.parts, strict=True):
        assert told["turns"] == list(said.turns)
        spoken = track[round(said.start * RATE) : round(said.end * RATE)]
        assert np.array_equal(sent[told["start"] : told["stop"]], spoken)
    assert caller.truth[0]["start"] == round(0.9 * RATE)


def test_nobody_answers_and_he_goes_on_after_his_patience():
    caller, sent = perform(patience=1.0)
    assert caller.told["unanswered"] == [1, 2, 3]
    assert caller.told["ended"] == "not answered"
    first, second, third = ((each["start"] / RATE, each["stop"] / RATE) for each in caller.truth)
    # Not before; what he breathes in is part of the wait where there is time for it.
    assert 1.0 <= second[0] - first[1] <= 1.0 + LEAD
    assert 1.0 <= third[0] - second[1] <= 1.0 + LEAD
    assert len(sent) / RATE == pytest.approx(third[1] + 1.0, abs=0.021)


def test_or_hangs_up():
    caller, sent = perform(patience=1.0, if_unanswered="hang up")
    assert (caller.told["unanswered"], caller.told["ended"]) == ([1], "not answered")
    assert len(sent) / RATE == pytest.approx(caller.truth[0]["stop"] / RATE + 1.0, abs=0.021)


def test_by_the_clock_it_is_the_recorded_track():
    caller, sent = perform(by="clock", patience=1.0)
    recorded = track_of(SIDE)[round(0.1 * RATE) :]
    # Its last hundredth of a second fades into the room.
    assert np.array_equal(sent[: len(recorded) - 240], recorded[:-240])
    assert [each["start"] for each in caller.truth] == [
        round((part.start - 0.1) * RATE) for part in SIDE.parts
    ]
    assert {each["cue"] for each in caller.truth} == {"clock"}


@pytest.mark.parametrize("by", ["turns", "clock"])
def test_nothing_clicks(by):
    """The room swings as the caller's does, elsewhere in its phase: only a seam could jump."""
    swing = np.round(300 * np.sin(2 * np.pi * 5 * np.arange(2 * RATE) / RATE + 2.0)).astype(np.int16)
    _, sent = perform(background=RoomSound(swing), patience=0.7, by=by)
    steps = np.abs(np.diff(sent.astype(int)))
    spoken = np.abs(np.diff(track_of(SIDE).astype(int))).max()
    assert steps.max() <= spoken
    assert np.count_nonzero(sent) > 0.95 * len(sent)  # no digital silence in a room that is not silent


def test_he_stays_no_longer_than_he_may():
    caller, sent = perform(longest=1.5, why_longest="budget", patience=1.0)
    assert len(sent) / RATE == pytest.approx(1.5, abs=0.021)
    assert caller.told["ended"] == "budget"
    (told,) = caller.truth  # of what he was saying it tells how far he came
    assert told["stop"] == len(sent)


def test_a_call_without_a_word_is_hung_up():
    silent = CallerSide((), 0.0, 1.0, Cue("alone", 1.0))
    caller, sent = perform(silent, patience=2.0)
    assert len(sent) / RATE == pytest.approx(1.0, abs=0.021)
    assert (caller.truth, caller.told["ended"]) == ([], "hung up")


def test_what_the_recording_says_of_it():
    caller, _ = perform(patience=1.0)
    assert caller.label == "replay of lido"
    assert caller.about() == {"truth": caller.truth, "replay": caller.told}
