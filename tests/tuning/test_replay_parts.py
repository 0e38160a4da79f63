"""What a caller did, in calls of which everything is known."""

import numpy as np
import pytest

from tests.analysis.known_call import KnownCall, speech
from voicenb.tuning.by_ear import set_by_ear
from voicenb.tuning.replay_parts import REACTION, CallerSide, Cue, caller_side
from voicenb.tuning.truth import Truth

ONE, OTHER, ANSWER = "cards-001.wav", "cards-004.wav", "cards-002.wav"
LIMITS = {"vad_threshold": 0.5, "min_silence": 1000, "max_silence": 3000}
LENGTH = len(speech(ANSWER)) / 24_000
NEAR = 0.05
"""Seconds: what the boundaries found in sound may be off their labels."""


def answered(call, name, end, *, after=1.4, cut=None, calls=()):
    """The service takes the turn, and the agent is heard; when it has been."""
    call.turn(f"item-{name}", f"words {name}", told=None, decided=end + 1.0, transcribed=end + 1.0)
    call.reply(
        name,
        "Yes.",
        speech(ANSWER),
        began=end + 1.0,
        received=end + 1.0,
        heard=end + after,
        cut=cut,
        calls=calls,
    )
    return end + after + LENGTH if cut is None else cut


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """After the greeting a pause, a candidate cut, an interruption, a long reaction, nobody there."""
    call = KnownCall(tmp_path_factory.mktemp("parts") / "call", 60.0, LIMITS)
    call.reply("hello", "Hello.", speech(ANSWER), began=0.1, received=0.1, heard=0.3)
    greeted = 0.3 + LENGTH
    first = call.says(greeted + 0.6, speech(ONE))
    paused = call.says(first + 0.7, speech(OTHER))  # a pause of his own
    over = answered(call, "a", paused)
    begun = call.says(over + 0.9, speech(ONE))
    cut = begun + 1.4 + 0.6
    answered(call, "b", begun, cut=cut)
    rest = call.says(begun + 1.4 + 0.5, speech(OTHER))  # half a second into the answer
    answered(call, "c", rest, cut=rest + 1.4 + 1.5)
    stopped = call.says(rest + 1.4 + 1.3, speech(ONE))  # 1.3 s into it
    over = answered(call, "d", stopped)
    ended = call.says(over + 7.0, speech(OTHER))  # after a reaction of seven seconds
    call.turn("item-e", "words e", told=None, decided=ended + 1.0, transcribed=ended + 1.0)
    alone = call.says(ended + 6.0, speech(ONE))  # nobody has answered
    call.turn("item-f", "words f", told=None, decided=alone + 1.0, transcribed=alone + 1.0)
    return call.build(), locals()


def test_a_part_is_what_he_would_have_said_anyhow(known):
    recording, put = known
    side = caller_side(recording)
    assert [part.end for part in side.parts] == pytest.approx(
        [put["paused"], put["rest"], put["stopped"], put["ended"], put["alone"]], abs=NEAR
    )
    assert [part.text for part in side.parts] == [
        "words a",
        "words b words c",
        "words d",
        "words e",
        "words f",
    ]
    assert [part.candidate_cuts for part in side.parts] == [0, 1, 0, 0, 0]
    assert [part.answered for part in side.parts] == [True, True, True, False, False]
    assert [len(part.turns) for part in side.parts] == [1, 2, 1, 1, 1]


def test_and_what_it_waited_for(known):
    recording, _ = known
    side = caller_side(recording)
    assert [part.cue.kind for part in side.parts] == ["after", "after", "over", "after", "alone"]
    assert [part.cue.wait for part in side.parts] == pytest.approx([0.6, 0.9, 1.3, 7.0, 6.0], abs=NEAR)
    assert side.reaction == pytest.approx(0.9, abs=NEAR)
    assert side.hanging_up.kind == "alone"
    assert not side.greeted
    assert (side.begin, side.end) == (0.0, 60.0)


def test_a_candidate_cut_may_be_an_interruption(known):
    recording, put = known
    side = caller_side(recording, "over")
    assert len(side.parts) == 6
    assert side.parts[2].cue.kind == "over"
    assert side.parts[2].cue.wait == pytest.approx(0.5, abs=NEAR)
    assert side.parts[1].end == pytest.approx(put["begun"], abs=NEAR)


def test_what_was_heard_by_ear_goes_before_the_rule(tmp_path):
    call = KnownCall(tmp_path / "call", 20.0, LIMITS)
    first = call.says(0.5, speech(ONE))
    over = answered(call, "a", first)
    second = call.says(over + 0.6, speech(OTHER))  # cut off, and he waited until it was over
    answered(call, "b", second, cut=second + 1.4 + 0.7)
    third = call.says(second + 1.4 + 0.6, speech(ONE))  # no candidate cut, but an interruption
    recording = call.build()
    assert [part.end for part in caller_side(recording).parts] == pytest.approx([first, third], abs=NEAR)
    set_by_ear(recording, first, over + 0.6, Truth.MID)
    set_by_ear(recording, second, second + 2.0, Truth.END)
    labelled = caller_side(recording)
    assert [part.end for part in labelled.parts] == pytest.approx([second, third], abs=NEAR)
    assert [part.cue.kind for part in labelled.parts] == ["alone", "over"]
    set_by_ear(recording, second, second + 2.0, Truth.UNCLEAR)
    assert [part.end for part in caller_side(recording).parts] == pytest.approx([third], abs=NEAR)


def test_a_back_channel_is_a_part_of_its_own_and_has_no_turn(tmp_path):
    call = KnownCall(tmp_path / "call", 14.0, LIMITS)
    end = call.says(0.5, speech(ONE))
    call.turn("item-a", "words", told=None, decided=end + 1.0, transcribed=end + 1.0)
    long = [speech(ANSWER), speech(OTHER), speech(ONE)]
    sound = np.concatenate(long)
    call.reply("a", "A long one.", sound, began=end + 1, received=end + 1, heard=end + 1.4)
    over = end + 1.4 + len(sound) / 24_000
    murmur = speech("cards-003.wav")[:9600]
    call.says(end + 1.4 + 1.6, murmur)
    call.says(over + 0.8, speech(OTHER))
    side = caller_side(call.build())
    assert [part.cue.kind for part in side.parts] == ["alone", "over", "after"]
    assert side.parts[1].turns == ()
    assert not side.parts[1].answered
    assert side.parts[2].cue.wait == pytest.approx(0.8, abs=NEAR)


def test_over_an_announcement(tmp_path):
    call = KnownCall(tmp_path / "call", 12.0, LIMITS)
    end = call.says(0.5, speech(ONE))
    answered(call, "a", end, cut=end + 1.4 + 1.5, calls=(("c1", end + 1.1, end + 4.0),))
    call.says(end + 1.4 + 1.2, speech(OTHER))
    side = caller_side(call.build())
    assert side.parts[1].cue.announced


def test_of_nobody_nothing_is_known(tmp_path):
    side = caller_side(KnownCall(tmp_path / "call", 2.0).build())
    assert side.parts == ()
    assert side.reaction == REACTION
    assert CallerSide((), 0.0, 1.0, Cue("alone", 1.0)).reaction == REACTION
