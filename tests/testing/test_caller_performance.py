"""What a caller does over the agent, at its first word, and how it hangs up."""

import asyncio

import numpy as np
import pytest

from tests.testing.held_call import RATE, Tones, call
from voicenb.audio import speech
from voicenb.errors import WaitTimeout
from voicenb.protocol import messages as m
from voicenb.session.speaker import Heard
from voicenb.testing.caller import Answer, BackChannel, BargeIn, Caller, Cough, FirstWord, HangUp, Pause, Say


@pytest.fixture(autouse=True)
def _tones():
    speech.use(Tones())
    yield
    speech.use(None)


SAID = ((" We", 500), ("have", 700), ("Friday,", 1000), ("or", 1500), ("half", 1800), ("past", 2000))


def speaks(*, words=SAID, after=1.0, times=True, sounds=True):
    """Understands "ab", and answers ``after`` seconds from the call's begin with those words, in 4 s."""

    async def other_side(held):
        await asyncio.sleep(after)
        await held.understands("ab")
        held.receive(m.ReplyStarted(reply_id="r"))
        for text, ms in words:
            start = ms if times else None
            held.receive(m.TranscriptAgentDelta(reply_id="r", delta=text, start_ms=start, end_ms=None))
        if sounds:
            held.receive(m.ReplyAudio(reply_id="r", data=bytes(2 * 4 * RATE)))
            held.audible = True
            began = held.now
            await asyncio.sleep(4.0)
            held.audible = False
            held.conversation.heard(Heard("r", 0, 4 * RATE, began))
        held.receive(m.ReplyDone(reply_id="r"))

    return other_side


def starts(caller):
    return [round(said.start / RATE, 2) for said in caller.truth]


@pytest.mark.parametrize(
    ("at", "after", "when"), [("friday", None, 2.0), ("Half past", 0.25, 3.05), ("FRIDAY, or", 0.5, 2.5)]
)
def test_a_word_of_the_agents_is_met_to_a_frame(at, after, when):
    caller = Caller(["ab", BargeIn("c", at=at, after=after)])
    call(caller, speaks())
    assert starts(caller)[1] == pytest.approx(when, abs=0.021)


def test_a_word_that_is_never_said():
    with pytest.raises(WaitTimeout, match="the agent did not say 'Saturday' within 2 s"):
        call(Caller(["ab", BargeIn("c", at="Saturday", timeout=2)]), speaks())


def test_words_without_times_cannot_be_met():
    with pytest.raises(WaitTimeout, match="no times are told of the agent's 'Friday'") as caught:
        call(Caller(["ab", BargeIn("c", at="Friday")]), speaks(times=False))
    assert "after=" in caught.value.remedy


def test_the_first_word_is_waited_for_and_spoken_over():
    caller = Caller(["ab", FirstWord(), "c", Answer(timeout=30)])
    with pytest.raises(WaitTimeout, match="did not answer 'c'"):
        call(caller, speaks(after=1.5))
    assert starts(caller)[1] == pytest.approx(1.5 + 0.1, abs=0.03)
    assert [said.over_agent for said in caller.truth] == [False, True]


def test_a_first_word_that_never_comes():
    with pytest.raises(WaitTimeout, match="the agent did not answer 'ab' within 3 s"):
        call(Caller(["ab", FirstWord(timeout=3)]), speaks(sounds=False))
    with pytest.raises(WaitTimeout, match="said nothing of its own accord within 1 s"):
        call(Caller([FirstWord(timeout=1)]))


def test_a_back_channel_and_a_cough_ask_for_nothing():
    caller = Caller(["ab", BackChannel(after=0.5), Cough(at="half"), Answer(), "c"])
    held = call(caller, speaks())
    assert [said.kind for said in caller.truth] == ["words", "back-channel", "cough", "words"]
    assert [said.text for said in caller.truth] == ["ab", "Mm-hm.", "(cough)", "c"]
    assert starts(caller) == pytest.approx([0.1, 1.6, 2.8, 5.1], abs=0.03)  # "c" follows the answer to "ab"
    assert [said.over_agent for said in caller.truth] == [False, True, True, False]
    assert caller.answered is False  # "c" was not
    assert len(held.frames) * 0.02 == pytest.approx(5.0 + 0.4, abs=0.03)


def test_a_cough_at_once_waits_for_nobody():
    caller = Caller([Cough(seed=3), "ab"])
    held = call(caller, greeting="Good evening.")
    assert starts(caller) == pytest.approx([0.0, 0.45 + 0.1], abs=0.001)
    assert np.abs(held.track[:4800]).max() > 3000
    assert caller.answered is False


def test_nothing_to_speak_over():
    with pytest.raises(WaitTimeout, match="nothing to interrupt") as caught:
        call(Caller(["ab", Answer(), BackChannel(timeout=1)]), speaks())
    assert "Leave out the Answer() before the BackChannel" in caught.value.remedy


def test_who_hangs_up_does_so_in_the_middle():
    caller = Caller([Say("ab", Pause(0.5), "c"), HangUp()])
    held = call(caller)
    assert caller.hung_up
    assert len(held.frames) * 0.02 == pytest.approx(0.5 + 0.5 + 0.4, abs=0.03)
    polite = Caller(["ab"])
    call(polite)
    assert not polite.hung_up
