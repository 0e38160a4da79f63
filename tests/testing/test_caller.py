"""The caller against a conversation that the test drives message by message; end to end in test_run.py."""

import asyncio
from types import SimpleNamespace

import numpy as np
import pytest

from tests.testing.held_call import RATE, Tones, call
from voicenb.audio import speech
from voicenb.audio.wav import write_wav
from voicenb.errors import AudioError, WaitTimeout
from voicenb.protocol import messages as m
from voicenb.session.microphones import WavFile
from voicenb.testing.caller import Answer, BargeIn, Caller, Greeting, Pause, Say, Utterance


@pytest.fixture(autouse=True)
def _tones():
    speech.use(Tones())
    yield
    speech.use(None)


def test_frames_come_when_their_last_sample_has_been_said():
    held = call(Caller(["ab", Pause(0.5)]))
    assert len(held.frames) == 50  # 0.1 + 0.2 + 0.2 + 0.5 s
    np.testing.assert_allclose([at for at, _ in held.frames], 0.02 * (1 + np.arange(50)))


def test_truth_is_where_it_is_audible():
    caller = Caller([Pause(0.105), Say("abc", Pause(0.8), "d"), "e"])
    held = call(caller)
    first = round(0.105 * RATE) + 2400
    second = first + 3 * 2400 + 4800 + round(0.8 * RATE) + 2400
    third = second + 2400 + 4800 + 2400
    assert [(said.move, said.text) for said in caller.truth] == [(1, "abc"), (1, "d"), (2, "e")]
    assert [said.start for said in caller.truth] == [first, second, third]
    assert [said.stop for said in caller.truth] == [first + 7200, second + 2400, third + 2400]
    loud = np.flatnonzero(np.abs(held.track) > 100)
    assert loud[0] - first < 5
    assert third + 2400 - loud[-1] < 5
    silent = held.track[first + 7200 : second]
    assert not silent.any()


def test_a_caller_can_call_again():
    caller = Caller(["ab"])
    first, second = call(caller), call(caller)
    assert len(caller.truth) == 1
    np.testing.assert_array_equal(first.track, second.track)


def test_an_empty_script_hangs_up_at_once():
    assert call(Caller([])).frames == []


def test_wav_files_by_path_and_by_name(tmp_path):
    write_wav(tmp_path / "beep.wav", 0.3 * np.sin(np.arange(8000) / 3), 16_000)
    caller = Caller([tmp_path / "beep.wav", Say(WavFile(tmp_path / "beep.wav", before=0.25))])
    held = call(caller)
    assert [said.text for said in caller.truth] == ["beep.wav", "beep.wav"]
    assert caller.truth[1].start == pytest.approx(12_000 + 6_000, abs=240)
    assert len(held.track) == pytest.approx(12_000 + 6_000 + 12_000, abs=480)


def test_a_wav_file_that_is_not_there(tmp_path):
    with pytest.raises(AudioError, match="cannot be read"):
        Caller([tmp_path / "none.wav"]).prepare()


# --- waiting ------------------------------------------------------------------


def test_the_greeting_is_heard_before_the_first_words():
    async def greets(held):
        await asyncio.sleep(0.3)
        await held.replies("g", 1.5)

    caller = Caller(["a"])
    call(caller, greets, greeting="Good evening.")
    assert caller.truth[0].start / RATE == pytest.approx(0.3 + 1.5 + 0.1, abs=0.03)


def test_without_a_greeting_none_is_waited_for():
    caller = Caller([Greeting(), "a"])
    call(caller)
    assert caller.truth[0].start == 2400


@pytest.mark.parametrize("script", [[Answer()], [Answer(), "a"], [Pause(0.5), Answer(timeout=10), "a"]])
def test_an_answer_first_is_not_had_from_an_agent_without_a_greeting(script):
    caller = Caller(script)
    with pytest.raises(WaitTimeout, match="the agent said nothing of its own accord within 10 s") as caught:
        call(caller)
    assert "greeting" in caught.value.remedy
    assert caller.truth == []


def test_an_answer_first_waits_for_words_that_no_greeting_announced():
    async def begins(held):
        await asyncio.sleep(4.0)
        await held.replies("r", 1.5)

    caller = Caller([Answer(), "a"])
    call(caller, begins)
    assert caller.truth[0].start / RATE == pytest.approx(4.0 + 1.5 + 0.1, abs=0.03)


def test_nothing_is_waited_for_behind_a_file_without_a_sound(tmp_path):
    write_wav(tmp_path / "nothing.wav", np.zeros(RATE, np.float32), RATE)
    held = call(Caller([WavFile(tmp_path / "nothing.wav"), Answer()]))
    assert len(held.frames) == 50


def test_a_pause_first_does_not_wait_for_the_greeting():
    caller = Caller([Pause(0.2), "a"])
    call(caller, greeting="Good evening.")
    assert caller.truth[0].start == round(0.2 * RATE) + 2400


def test_a_greeting_that_never_comes():
    with pytest.raises(WaitTimeout, match="the agent did not greet within 10 s") as caught:
        call(Caller(["a"]), greeting="Good evening.")
    assert caught.value.facts["state"] == "listening"


def test_an_answer_is_heard_to_its_end():
    async def answers(held):
        await asyncio.sleep(1.0)
        await held.understands("ab")
        await held.replies("r", 2.0)

    caller = Caller(["ab", Answer(), "c"])
    call(caller, answers)
    assert caller.truth[1].start / RATE == pytest.approx(3.0 + 0.1, abs=0.03)


def test_a_long_answer_is_no_reason_to_hang_up():
    async def answers(held):
        await asyncio.sleep(1.0)
        await held.understands("ab")
        await held.replies("r", 30.0)

    held = call(Caller(["ab", Answer(timeout=2)]), answers)
    assert held.frames[-1][0] == pytest.approx(31.0, abs=0.05)


def test_the_answer_to_the_first_half_is_no_answer():
    """The service took the pause for the end; its reply is cut off, and the whole is answered then."""

    async def answers(held):
        await asyncio.sleep(1.0)
        await held.understands("ab")
        await held.replies("r1", 0.3)
        await asyncio.sleep(2.0)
        await held.understands("cd")
        await held.replies("r2", 0.5)

    caller = Caller([Say("ab", Pause(1.2), "cd"), Answer(), "e"])
    call(caller, answers)
    assert caller.truth[2].start / RATE == pytest.approx(1.0 + 0.3 + 2.0 + 0.5 + 0.1, abs=0.03)


def test_unless_nothing_more_comes_of_the_rest():
    async def answers(held):
        await asyncio.sleep(0.35)  # within the last word
        await held.understands("ab")
        await held.replies("r", 1.0)

    caller = Caller(["abc", Answer(), "d"])
    call(caller, answers)
    assert caller.truth[1].start / RATE == pytest.approx(1.35 + 1.5 + 0.1, abs=0.05)


def test_a_reply_that_calls_a_tool_is_no_answer():
    async def answers(held):
        held.conversation.send(
            m.SessionUpdate(session={"tools": [{"name": "f", "description": "d"}]}), held.now
        )
        held.receive(m.SessionUpdated())
        await asyncio.sleep(1.0)
        await held.understands("ab")
        held.receive(m.ReplyStarted(reply_id="r1"))
        held.receive(m.ToolCall(call_id="c", name="f"))
        held.receive(m.ReplyDone(reply_id="r1"))
        await asyncio.sleep(1.0)
        held.conversation.send(m.ToolResult(call_id="c", result="1"), held.now)
        await asyncio.sleep(1.0)
        await held.replies("r2", 1.0)

    caller = Caller(["ab", Answer(), "c"])
    call(caller, answers)
    assert caller.truth[1].start / RATE == pytest.approx(4.0 + 0.1, abs=0.03)


HTTP = {"tools": [{"name": "weather", "http": {"url": "https://example.org", "method": "POST"}}]}
"""What a service tells of a session with a tool that it runs by itself."""


def announces(pause):
    """Answers after ``pause`` seconds, behind "Let me look." of a second; begins at 1.0 s."""

    async def other_side(held):
        held.receive(m.SessionUpdated(config=HTTP))
        await asyncio.sleep(1.0)
        await held.understands("ab")
        await held.replies("r1", 1.0)
        await asyncio.sleep(pause)
        await held.replies("r2", 1.0)
        await asyncio.sleep(10.0)

    return other_side


@pytest.mark.parametrize(("pause", "at"), [(2.0, 8.0), (4.0, 5.0)])
def test_behind_a_tool_of_the_services_the_answer_is_what_nothing_follows(pause, at):
    caller = Caller(["ab", Answer(), "c"])
    call(caller, announces(pause))
    assert caller.truth[1].start / RATE == pytest.approx(at + 0.1, abs=0.05)


def test_an_answer_that_is_on_its_way_when_three_seconds_are_over_is_waited_for():
    async def slowly(held):
        held.receive(m.SessionUpdated(config=HTTP))
        await asyncio.sleep(1.0)
        await held.understands("ab")
        await held.replies("r1", 1.0)
        await asyncio.sleep(2.9)
        held.receive(m.ReplyStarted(reply_id="r2"))
        await asyncio.sleep(1.0)
        await held.replies("r2", 1.0)
        await asyncio.sleep(10.0)

    caller = Caller(["ab", Answer(), "c"])
    call(caller, slowly)
    assert caller.truth[1].start / RATE == pytest.approx(6.9 + 3.0 + 0.1, abs=0.05)


def test_who_has_little_patience_does_not_give_up_for_a_sequel():
    caller = Caller(["ab", Answer(timeout=2.0), "c"])
    call(caller, announces(20.0))
    assert caller.truth[1].start / RATE == pytest.approx(2.0 + 1.0 + 0.1, abs=0.05)


def test_without_such_tools_nothing_is_waited_for_behind_the_answer():
    async def answers(held):
        await asyncio.sleep(1.0)
        await held.understands("ab")
        await held.replies("r1", 1.0)
        await asyncio.sleep(10.0)

    caller = Caller(["ab", Answer(), "c"])
    call(caller, answers)
    assert caller.truth[1].start / RATE == pytest.approx(2.0 + 0.1, abs=0.03)


def test_no_answer():
    async def mishears(held):
        await asyncio.sleep(1.0)
        await held.understands("a b")

    with pytest.raises(WaitTimeout) as caught:
        call(Caller(["ab", Answer(timeout=3)]), mishears)
    assert (
        "did not answer 'ab' within 3 s. State: thinking. Understood until then: 'a b'."
        in caught.value.message
    )
    assert caught.value.facts["understood"] == ["a b"]


def test_a_silent_reply_is_no_answer():
    async def says_nothing(held):
        await asyncio.sleep(1.0)
        await held.understands("ab")
        await held.replies("r", 0, silent=True)

    with pytest.raises(WaitTimeout, match="did not answer 'ab'") as caught:
        call(Caller(["ab", Answer(timeout=3)]), says_nothing)
    assert caught.value.remedy.startswith(
        "It replied without a sound. A brain that returns None says nothing"
    )


def test_barge_in_speaks_over_the_agent():
    async def talks(held):
        await asyncio.sleep(1.0)
        await held.replies("r", 5.0)

    caller = Caller([BargeIn("ab", after=0.5)])
    call(caller, talks, greeting="Good evening.")
    start = round((1.0 + 0.5 + 0.1) * RATE)
    [said] = caller.truth
    assert said == Utterance(0, "ab", said.start, said.start + 4800, over_agent=True, then="hangs up")
    assert said.start == pytest.approx(start, abs=960)


def looks_it_up(call_at):
    """An announcement of two seconds, in which a tool is called, from 1.0 s on; the answer from 3.5 s on."""

    async def other_side(held):
        held.conversation.send(
            m.SessionUpdate(session={"tools": [{"name": "f", "description": "d"}]}), held.now
        )
        held.receive(m.SessionUpdated())
        await asyncio.sleep(1.0)
        await held.understands("ab")
        held.receive(m.ReplyStarted(reply_id="r1"))
        asyncio.get_running_loop().call_later(
            call_at, held.receive, m.ToolCall(call_id="c", name="f", arguments={})
        )
        await held.replies("r1", 2.0)
        held.conversation.send(m.ToolResult(call_id="c", result="1"), held.now)
        await asyncio.sleep(0.5)
        await held.replies("r2", 5.0)

    return other_side


@pytest.mark.parametrize("call_at", [0.0, 0.7])
def test_the_answer_is_interrupted_and_not_its_announcement(call_at):
    caller = Caller(["ab", BargeIn("c", after=1.0)])
    call(caller, looks_it_up(call_at))
    assert caller.truth[1].start / RATE == pytest.approx(3.5 + 1.0 + 0.1, abs=0.05)
    assert caller.truth[1].over_agent


def test_an_announcement_that_nobody_can_know_for_one_yet_is_interrupted():
    caller = Caller(["ab", BargeIn("c", after=1.0)])
    call(caller, looks_it_up(1.5))
    assert caller.truth[1].start / RATE == pytest.approx(1.0 + 1.0 + 0.1, abs=0.05)


@pytest.mark.parametrize(("pause", "at"), [(2.0, 4.0 + 1.5), (5.0, 2.0 + 3.0)])
def test_what_is_said_before_a_tool_of_the_services_is_let_pass(pause, at):
    caller = Caller(["ab", BargeIn("c", after=1.5)])

    async def other_side(held):
        held.receive(m.SessionUpdated(config=HTTP))
        await asyncio.sleep(1.0)
        await held.understands("ab")
        await held.replies("r1", 1.0)
        await asyncio.sleep(pause)
        await held.replies("r2", 5.0)

    call(caller, other_side)
    assert caller.truth[1].start / RATE == pytest.approx(at + 0.1, abs=0.05)


def test_nobody_to_interrupt():
    with pytest.raises(WaitTimeout, match="nothing to interrupt within 2 s"):
        call(Caller([BargeIn("ab", after=0.5, timeout=2)]))


def test_an_answer_that_was_waited_for_cannot_be_interrupted():
    async def answers(held):
        await asyncio.sleep(1.0)
        await held.understands("ab")
        await held.replies("r", 1.0)

    with pytest.raises(WaitTimeout, match="nothing to interrupt") as caught:
        call(Caller(["ab", Answer(), BargeIn("c", timeout=2)]), answers)
    assert caught.value.remedy.startswith(
        "Leave out the Answer() before the BargeIn: it waits until the agent"
    )


def test_a_greeting_that_was_waited_for_cannot_be_interrupted():
    async def greets(held):
        await held.replies("r", 1.0)

    with pytest.raises(WaitTimeout, match="nothing to interrupt") as caught:
        call(Caller([Greeting(), BargeIn("c", timeout=2)]), greets, greeting="Good evening.")
    assert caught.value.remedy.startswith("Leave out the Greeting() before the BargeIn")


# --- whether all was answered -------------------------------------------------------------


def answered_at(script, other_side, greeting=None):
    """When the caller counts all as answered; empty where that does not come to pass."""
    caller, told = Caller(script), []

    async def frames(room):
        async for frame in caller.frames(room):
            if caller.answered and not told:
                told.append(room.now)
            yield frame

    assert not caller.answered
    call(SimpleNamespace(frames=frames), other_side, greeting)
    return told


async def two_answers(held):
    await held.replies("greeting", 0.5)
    await asyncio.sleep(1.5)
    await held.understands("ab")
    await held.replies("r1", 1.0)
    await asyncio.sleep(2.0)
    await held.understands("cd")
    await held.replies("r2", 1.0)


@pytest.mark.parametrize("last", [[Answer(), Pause(0.1)], [Pause(8)]])
def test_all_is_answered_when_the_last_words_are(last):
    [at] = answered_at(["ab", Answer(), "cd", *last], two_answers, greeting="Hello.")
    assert at == pytest.approx(0.5 + 1.5 + 1.0 + 2.0 + 1.0, abs=0.05)


def test_nothing_is_answered_while_there_are_words_to_say():
    assert answered_at(["ab", Answer(), Pause(60), "cd"], two_answers, greeting="Hello.") == []


def test_an_early_answer_to_the_last_words_counts_after_a_while():
    async def answers(held):
        await asyncio.sleep(0.35)  # within the last word
        await held.understands("ab")
        await held.replies("r", 1.0)

    [at] = answered_at(["abc", Pause(8)], answers)
    assert at == pytest.approx(1.35 + 1.5, abs=0.05)


def test_a_script_without_words_leaves_nothing_to_answer():
    async def nothing(held):
        await asyncio.sleep(0)

    [at] = answered_at([Pause(1)], nothing)
    assert at < 0.1


def test_what_was_answered_in_the_call_before_is_not_in_this_one():
    caller = Caller(["ab", Answer(), "cd", Answer(), Pause(0.1)])
    call(caller, two_answers, greeting="Hello.")
    assert caller.answered

    seen = []

    async def looks(held):
        await asyncio.sleep(0.01)
        seen.append(caller.answered)
        await two_answers(held)

    call(caller, looks, greeting="Hello.")
    assert seen == [False]
    assert caller.answered
