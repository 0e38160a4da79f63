"""Who holds the floor, told in single happenings; whole conversations are in test_conversation*.py."""

import pytest

from voicenb.protocol.calls import ToolCallState
from voicenb.protocol.floor import SAME_MOMENT, Floor

SECOND = 24_000


class Told:
    """A floor, and happenings of which each takes a second unless told otherwise."""

    def __init__(self):
        self.floor = Floor(hears=True)

    @property
    def holder(self):
        return self.floor.holder

    def tick(self, seconds=1.0):
        self.floor.now += seconds
        return self.floor.now

    def starts(self, *, interrupts=True):
        return self.floor.speech_started(self.tick(), interrupts=interrupts)

    def stops(self, *, words=True):
        self.floor.speech_stopped(self.tick(), words=words)

    def says(self, *, words=True, after=1.0):
        self.floor.turn(self.tick(after), words=words)

    def turn(self):
        self.starts()
        self.stops()
        self.says()

    def replies(self, reply_id="r1", *, sound=True, done=True, heard=True):
        """A whole reply of a second, or a part of one."""
        floor = self.floor
        reply = floor.reply(reply_id, self.tick())
        if sound and floor.replies.sound(reply, SECOND, floor.now):
            floor.taken_up(reply)
        if done:
            floor.replies.done(reply, "completed", floor.now)
            if not reply.calls:
                floor.taken_up(reply)
        if heard:
            self.hears(reply_id)
        return reply

    def hears(self, reply_id, seconds=1.0):
        replies = self.floor.replies
        replies.note(replies.all[reply_id], round(seconds * SECOND), self.tick())
        replies.sweep()

    def calls(self, call_id="c1", *, known=True, timeout=30.0):
        call = ToolCallState(call_id, "free_tables", {}, self.tick(), timeout, known)
        self.floor.call(call)
        return call

    def answers(self, call):
        self.floor.result(call, "[]", self.tick(), is_error=False)


@pytest.fixture
def told():
    return Told()


# --- the caller -------------------------------------------------------------


def test_a_turn(told):
    assert told.holder == "listening"
    told.starts()
    assert (told.holder, told.floor.onset_at, told.floor.speech_at) == ("listening", 1.0, 1.0)
    told.stops()
    assert (told.holder, told.floor.onset_at, told.floor.speech_at) == ("thinking", 1.0, None)
    told.says()
    assert (told.holder, told.floor.onset_at, told.floor.last_turn_at) == ("thinking", None, 3.0)


def test_a_noise_asks_for_nothing(told):
    told.starts()
    told.stops(words=False)
    assert told.holder == "listening"
    told.says(words=False)
    assert (told.holder, told.floor.last_turn_at) == ("listening", None)


def test_a_transcript_without_words_takes_back_what_the_end_of_speech_asked_for(told):
    told.starts()
    told.stops()
    assert told.holder == "thinking"
    told.says(words=False)
    assert told.holder == "listening"


def test_a_transcript_ends_speech_whose_end_is_still_to_be_told(told):
    told.starts()
    told.says()
    assert told.floor.speech_at is None
    assert told.holder == "thinking"
    told.stops(words=False)  # its words are final by now
    assert told.holder == "thinking"


def test_a_late_transcript_does_not_silence_a_caller_who_speaks_again(told):
    told.starts()
    told.stops()
    told.starts()
    told.says()  # of the speech before
    assert told.floor.speech_at == told.floor.onset_at == 3.0
    assert told.holder == "listening"
    told.stops()
    told.says()
    assert (told.floor.speech_at, told.floor.onset_at, told.holder) == (None, None, "thinking")


def test_who_speaks_again_before_the_answer_is_heard_is_listened_to(told):
    told.turn()
    told.starts()
    assert told.holder == "listening"
    told.stops(words=False)
    assert told.holder == "listening"


# --- replies ----------------------------------------------------------------


def test_a_reply_is_thought_of_until_it_is_heard_and_then_it_speaks(told):
    told.turn()
    reply = told.replies(sound=False, done=False, heard=False)
    assert told.holder == "thinking"
    told.floor.replies.sound(reply, SECOND, told.tick())
    told.floor.taken_up(reply)
    assert told.holder == "speaking"
    told.floor.replies.done(reply, "completed", told.tick())
    told.hears("r1")
    assert told.holder == "listening"


def test_a_reply_that_begins_takes_the_floor_from_a_caller_whose_end_is_still_to_be_told(told):
    told.starts()
    told.replies(done=False, heard=False)
    assert told.floor.speech_at is None
    assert told.floor.onset_at is not None


def test_a_reply_that_is_announced_again_changes_nothing(told):
    told.replies("r1")
    told.replies("r2", heard=False, done=False)
    told.starts(interrupts=False)
    told.floor.request(told.tick())
    told.floor.reply("r1", told.tick())  # late, and the second time
    assert told.floor.speech_at is not None
    assert told.replies("r3").kind == "requested"


@pytest.mark.parametrize("interrupts", [True, False])
def test_speech_over_the_agent(told, interrupts):
    reply = told.replies(done=False, heard=False)
    cut = told.starts(interrupts=interrupts)
    assert cut == ([reply] if interrupts else [])
    assert told.holder == ("listening" if interrupts else "speaking")
    assert told.starts(interrupts=interrupts) == []


def test_a_noise_over_the_agent_keeps_what_was_asked_before(told):
    """Switched off, the caller's speech is no new beginning: the request still waits behind the reply."""
    told.replies(done=False, heard=False)
    told.floor.request(told.tick())
    told.starts(interrupts=False)
    told.stops(words=False)
    told.floor.replies.done(told.floor.replies.all["r1"], "completed", told.tick())
    told.hears("r1")
    assert told.holder == "thinking"


def kinds(told):
    return [reply.kind for reply in told.floor.replies.all.values()]


def test_why_the_agent_speaks(told):
    told.replies("r1")
    told.turn()
    told.replies("r2")
    told.floor.request(told.tick())
    told.replies("r3")
    told.turn()
    call = told.calls()
    told.answers(call)
    told.replies("r4")
    told.turn()
    told.replies("r5")
    assert kinds(told) == ["greeting", "turn", "requested", "tool", "turn"]


@pytest.mark.parametrize("first", ["starts", "stops", "says"])
def test_the_first_reply_to_somebody_who_was_heard_is_no_greeting(told, first):
    getattr(told, first)()
    told.replies("r1")
    assert kinds(told) == ["turn"]


def test_a_second_reply_without_a_turn_is_no_greeting(told):
    told.replies("r1")
    told.replies("r2")
    assert kinds(told) == ["greeting", "turn"]


# --- answers ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("early", "answers"), [(0.0, True), (SAME_MOMENT - 0.001, True), (SAME_MOMENT + 0.001, False)]
)
def test_a_reply_may_begin_a_little_before_the_transcript_that_it_answers(told, early, answers):
    told.starts()
    told.replies(heard=False)
    told.says(after=early)
    told.hears("r1")
    assert told.floor.answered_since(told.floor.last_turn_at) is answers
    assert told.holder == ("listening" if answers else "thinking")


def test_what_was_not_heard_to_its_end_is_no_answer(told):
    told.turn()
    told.replies(heard=False)
    told.hears("r1", 0.9)
    assert not told.floor.answered_since(0)
    told.hears("r1", 1.0)
    assert told.floor.answered_since(0)
    assert told.floor.answered_since(told.floor.replies.all["r1"].started_at)


def test_what_began_before_the_mark_is_no_answer(told):
    told.replies("r1")
    told.turn()
    assert told.floor.answered_since(0)
    assert not told.floor.answered_since(told.floor.last_turn_at)


def test_an_earlier_answer_counts_although_a_later_reply_was_cut_off(told):
    told.turn()
    told.replies("r1")
    told.replies("r2", done=False, heard=False)
    told.starts()
    assert told.floor.answered_since(told.floor.last_turn_at)


# --- tools ------------------------------------------------------------------


def test_while_a_tool_runs_the_agent_thinks_and_nothing_is_answered(told):
    told.turn()
    told.replies("r1", sound=False, done=False, heard=False)
    call = told.calls()
    told.replies("r1", done=True, sound=False, heard=False)
    assert (call.reply_id, told.floor.replies.all["r1"].calls) == ("r1", ["c1"])
    assert told.holder == "thinking"
    assert not told.floor.answered_since(0)
    told.answers(call)
    assert told.floor.pending_calls == []
    assert (told.holder, told.floor.last_result_at) == ("thinking", told.floor.now)
    assert not told.floor.answered_since(0)
    told.replies("r2")
    assert told.floor.answered_since(told.floor.last_turn_at)
    assert told.holder == "listening"


def test_a_call_behind_the_end_of_its_reply_belongs_to_none(told):
    told.turn()
    told.replies("r1")
    assert told.calls().reply_id == ""
    assert told.floor.replies.all["r1"].calls == []


def test_a_call_that_is_not_ours_is_not_waited_for(told):
    told.turn()
    told.calls(known=False)
    told.replies("r1")
    assert told.floor.pending_calls == []
    assert told.floor.answered_since(told.floor.last_turn_at)


def test_a_reply_in_which_the_service_runs_a_tool_is_no_answer(told):
    told.turn()
    told.replies("r1", done=False, heard=False)
    told.calls(known=False)
    told.replies("r1", sound=False)
    assert told.floor.replies.all["r1"].heard_out
    assert not told.floor.answered_since(told.floor.last_turn_at)
    told.replies("r2")
    assert told.floor.answered_since(told.floor.last_turn_at)


def test_one_of_two_results_is_not_enough(told):
    told.turn()
    first, second = told.calls("c1"), told.calls("c2")
    told.answers(second)
    told.replies("r1")
    assert told.floor.pending_calls == [first]
    assert not told.floor.answered_since(0)


def test_a_result_that_comes_too_late_is_kept_and_asks_for_nothing(told):
    told.turn()
    call = told.calls(timeout=5.0)
    told.tick(5.0)
    told.replies("r1")  # the agent has given up on it
    assert told.holder == "listening"
    told.answers(call)
    assert (call.result, call.result_at) == ("[]", None)
    assert told.floor.last_result_at == 0.0
    assert told.holder == "listening"
    assert told.floor.answered_since(told.floor.last_turn_at)


def test_a_result_behind_which_no_reply_has_begun_is_due_again_when_the_connection_is_lost(told):
    told.turn()
    told.replies("r1", done=False)
    call = told.calls()
    told.answers(call)
    first = call.result_at
    told.floor.lost(words=False)
    assert told.floor.pending_calls == [call]
    assert told.holder == "thinking"
    told.floor.lost(words=False)
    assert told.floor.pending_calls == [call], "once"
    told.answers(call)
    assert told.floor.pending_calls == []
    assert told.holder == "thinking", "the answer is waited for"
    assert call.result_at == first
    told.floor.lost(words=False)
    assert told.floor.pending_calls == [call], "and again where that is lost as well"
    told.replies("r2")
    assert told.floor.pending_calls == [], "the service had it"
    assert told.holder == "listening"


def test_a_result_with_a_reply_behind_it_has_come(told):
    told.turn()
    call = told.calls()
    told.answers(call)
    told.replies("r1", done=False)
    told.floor.lost(words=False)
    assert told.floor.pending_calls == []


def test_a_result_that_was_too_late_is_not_due_again(told):
    told.turn()
    call = told.calls(timeout=5.0)
    told.tick(5.0)
    told.answers(call)
    told.floor.lost(words=False)
    assert told.floor.pending_calls == []
    second = told.calls("c2", timeout=5.0)
    told.answers(second)
    told.tick(4.0)
    told.floor.lost(words=False)
    assert told.floor.pending_calls == [], "nobody waits for it any more"


def test_the_end_of_the_session_leaves_nothing_open(told):
    told.turn()
    told.calls()
    reply = told.replies("r1", done=False, heard=False)
    told.starts(interrupts=False)
    assert told.floor.over() == [reply]
    assert told.floor.pending_calls == []
    assert told.floor.speech_at is None
    assert told.holder == "listening"
