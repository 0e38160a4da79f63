"""Conversations as they were seen to go: out of order, without ids, with loose ends."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.protocol import messages as m
from voicenb.protocol.actions import Ended, Failed, Flush, RunTool
from voicenb.protocol.conversation import Conversation
from voicenb.protocol.events import HeardNote

CHUNK = m.ReplyAudio(reply_id="r1", data=bytes(48_000))
END_OF_TURN = [
    m.SpeechStopped(),
    m.TranscriptUser(text="Four, please.", item_id="u1"),
    m.ReplyStarted(reply_id="r1"),
    CHUNK,
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_end_of_a_turn_comes_in_any_order(story, order):
    call = story()
    call.gets(m.SpeechStarted())
    call.pass_time(1.0)
    actions = []
    for n in order:
        call.now -= 0.008  # 2 ms apart
        actions += call.gets(END_OF_TURN[n])
    assert call.state == "speaking"
    assert [type(action).__name__ for action in actions] == ["Play"]
    call.gets(m.TranscriptAgent(text="Very well.", reply_id="r1"), m.ReplyDone(reply_id="r1"))
    assert not call.conversation.answered
    call.hears("r1", 1.0)
    assert call.conversation.answered
    assert call.state == "listening"
    assert call.text == ["user: Four, please.", "agent: Very well."]


BARGE_IN = [
    m.TranscriptAgent(text="one two", reply_id="r1", interrupted=True),
    m.SpeechStarted(),
    m.ReplyDone(reply_id="r1", status="interrupted"),
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_an_interruption_comes_in_any_order_and_flushes_once(story, order):
    call = story()
    call.agent_says("one two three four", seconds=4.0, done=False)
    call.hears("r1", 2.2)
    flushes = [action for n in order for action in call.gets(BARGE_IN[n])]
    assert [flush.reply_id for flush in flushes if isinstance(flush, Flush)] == ["r1"]
    assert call.state == "listening"
    (line,) = call.conversation.lines
    assert (line.heard, line.unheard, line.interrupted, line.final) == ("one two", "three four", True, True)


def test_a_transcript_that_comes_after_the_reply_stands_before_it(story):
    call = story()
    call.gets(m.SpeechStarted())
    call.pass_time(1.0)
    call.gets(m.SpeechStopped())
    call.agent_says("Very well.")
    call.gets(m.TranscriptUser(text="Four, please.", item_id="u1"))
    assert call.text == ["user: Four, please.", "agent: Very well."]


def test_a_lone_stop_without_words_is_nothing(story):
    call = story()
    call.gets(m.SpeechStarted())
    call.gets(m.SpeechStopped())
    assert call.state == "listening"
    call.gets(m.SpeechStopped())
    assert call.state == "listening"
    assert call.conversation.last_turn_at is None


def test_an_empty_transcript_is_no_turn(story):
    call = story()
    call.gets(m.SpeechStarted(), m.SpeechStopped(), m.TranscriptUser(text=" ", item_id="u1"))
    assert call.state == "listening"
    assert call.text == []
    assert call.conversation.mark == 0


def test_a_caller_who_goes_on_reopens_the_turn(story):
    call = story()
    call.user_says("A table.")
    call.gets(m.ReplyStarted(reply_id="r1"))
    assert call.state == "thinking"
    call.gets(m.SpeechStarted())
    assert call.state == "listening"
    call.gets(m.ReplyDone(reply_id="r1", status="interrupted"))
    assert call.state == "listening"
    call.gets(m.TranscriptUserDelta(text="A table for four", item_id="u1"))
    assert [(line.text, line.final) for line in call.conversation.lines] == [("A table for four", False)]
    call.gets(m.SpeechStopped(), m.TranscriptUser(text="A table for four.", item_id="u1"))
    assert call.text == ["user: A table for four."]
    assert not call.conversation.answered


def test_a_straggling_delta_does_not_undo_a_transcript(story):
    call = story()
    call.user_says("A table for four.")
    call.gets(m.TranscriptUserDelta(text="a table", item_id="u1"))
    assert call.conversation.lines[0].final
    assert call.text == ["user: A table for four."]


def test_messages_without_ids_belong_to_what_is_open(story):
    call = story()
    call.gets(m.TranscriptUserDelta(text="a ta"), m.TranscriptUserDelta(text="a table"))
    call.gets(m.TranscriptUser(text="A table."))
    call.gets(m.ReplyStarted(), m.ReplyAudio(data=bytes(4800)), m.TranscriptAgentDelta(delta="Yes."))
    call.gets(m.ReplyDone())
    call.gets(m.TranscriptUserDelta(text="for"), m.TranscriptUser(text="For four.", item_id="u9"))
    call.gets(m.ReplyStarted(), m.ReplyAudio(data=bytes(4800)))
    assert call.text == ["user: A table.", "agent: Yes.", "user: For four."]
    assert list(call.conversation.replies) == ["reply-1", "reply-2"]
    assert call.conversation.replies["reply-1"].done
    assert len({line.id for line in call.conversation.lines}) == 3


def test_two_items_of_the_caller_s_at_once_are_two_lines(story):
    call = story()
    call.gets(m.TranscriptUserDelta(text="one", item_id="a"), m.TranscriptUserDelta(text="two", item_id="b"))
    call.gets(m.TranscriptUser(text="One.", item_id="a"), m.TranscriptUser(text="Two.", item_id="b"))
    assert call.text == ["user: One.", "user: Two."]


def test_audio_of_a_reply_that_never_began_is_played(story, sound):
    call = story()
    (play,) = call.gets(sound("r7", 0.1))
    assert play.reply_id == "r7"
    assert call.state == "speaking"


def test_a_reply_without_audio_is_an_answer_that_nobody_hears(story):
    call = story()
    call.user_says("Hm?")
    call.gets(m.ReplyStarted(reply_id="r1"), m.ReplyDone(reply_id="r1"))
    assert call.state == "listening"
    assert call.conversation.answered


def test_words_that_were_never_spoken(story):
    """The caller goes on right after the turn: the reply is held back, its transcript comes all the same."""
    call = story()
    call.user_says("A table.")
    call.gets(m.ReplyStarted(reply_id="r1"))
    call.gets(m.TranscriptAgent(text="For how many?", reply_id="r1", interrupted=False))
    call.gets(m.ReplyDone(reply_id="r1"))
    line = call.conversation.lines[1]
    assert (line.heard, line.unheard, line.interrupted) == ("", "For how many?", False)


def test_words_behind_the_end_of_the_sound_were_never_spoken(story, sound):
    call = story()
    call.gets(m.ReplyStarted(reply_id="r1"), sound("r1", 1.0))
    for n, word in enumerate(("We ", "have ", "soup ", "and ", "fish.")):
        call.gets(m.TranscriptAgentDelta(delta=word, reply_id="r1", start_ms=n * 400, end_ms=n * 400 + 300))
    call.gets(m.TranscriptAgent(text="We have soup and fish.", reply_id="r1"), m.ReplyDone(reply_id="r1"))
    call.hears("r1", 1.0)
    (line,) = call.conversation.lines
    assert (line.heard, line.unheard) == ("We have soup", "and fish.")
    assert not line.interrupted


def test_a_reply_without_transcript_leaves_no_line(story, sound):
    call = story()
    call.gets(m.ReplyStarted(reply_id="r1"), sound("r1", 1.0), m.ReplyDone(reply_id="r1"))
    call.hears("r1", 1.0)
    assert call.text == []
    assert call.state == "listening"


def test_a_reply_that_is_never_finished_gives_way_to_the_next(story, sound):
    call = story()
    call.gets(m.ReplyStarted(reply_id="r1"), sound("r1", 1.0))
    call.hears("r1", 1.0)
    assert call.state == "speaking"
    call.user_says("Hello?")
    assert call.state == "thinking"
    call.agent_says("Yes?", reply_id="r2")
    call.hears("r2", 1.0)
    assert call.state == "listening"
    assert call.conversation.answered


def test_a_transcript_is_as_good_as_done(story, sound):
    call = story()
    call.user_says("Hello?")
    call.gets(m.ReplyStarted(reply_id="r1"), sound("r1", 1.0), m.TranscriptAgent(text="Yes?", reply_id="r1"))
    call.hears("r1", 1.0)
    assert call.state == "listening"
    assert call.conversation.answered


def test_the_next_reply_right_after_a_done(story):
    call = story()
    call.agent_says("One.", reply_id="r1")
    call.agent_says("Two.", reply_id="r2")
    assert call.state == "speaking"
    call.hears("r1", 1.0)
    assert call.state == "speaking"
    assert call.gets(m.SpeechStarted()) == [Flush("r2", "speech")]


def test_two_replies_in_the_queue_are_flushed_together(story):
    call = story()
    call.agent_says("One.", reply_id="r1")
    call.agent_says("Two.", reply_id="r2")
    assert call.gets(m.SpeechStarted()) == [Flush(None, "speech")]
    assert [line.interrupted for line in call.conversation.lines] == [True, True]


def test_notes_of_a_later_reply_settle_the_earlier_one(story):
    call = story()
    call.agent_says("One.", reply_id="r1")
    call.agent_says("Two.", reply_id="r2")
    call.hears("r1", 0.9)  # the last note of it got lost
    call.hears("r2", 1.0)
    assert call.state == "listening"


def test_late_audio(story, sound):
    call = story()
    call.agent_says("One.")
    assert call.gets(sound("r1", 0.1)) == []
    call.send(m.SessionEnd())
    call.gets(m.SessionEnded())
    for _ in range(20):
        assert call.gets(sound("r2", 0.01)) == []
    assert call.conversation.dropped_audio == 21


def test_updated_comes_before_ready(story):
    call = story(start=False)
    call.send(m.SessionUpdate(session={"greeting": "Hi."}))
    call.gets(m.SessionUpdated(config={"greeting": "Hi.", "output": {"voice": "ivy"}}))
    assert call.state == "connecting"
    assert not call.conversation.may_send_audio
    call.gets(m.SessionReady(session_id="s"))
    assert call.state == "listening"
    assert call.conversation.config == {"greeting": "Hi.", "output": {"voice": "ivy"}}


def test_a_call_that_comes_twice_runs_once(story):
    call = story({"tools": [{"name": "f"}]})
    message = m.ToolCall(call_id="c1", name="f", arguments={"a": 1})
    assert len(call.gets(message, message)) == 1
    assert len(call.gets(m.ToolCall(call_id="c2", name="f", arguments={"a": 1}))) == 1


def test_a_tool_that_this_client_never_offered(story):
    """The service runs HTTP tools itself; live, word of it reaches the client all the same."""
    config = {"tools": [{"name": "http_tool", "http": {"url": "https://example.com"}}]}
    call = story({"agent_id": "a"}, config=config)
    call.user_says("Book it.")
    (run,) = call.gets(m.ReplyStarted(reply_id="r1"), m.ToolCall(call_id="c1", name="http_tool"))
    assert isinstance(run, RunTool)
    assert not run.known
    assert run.theirs
    assert call.conversation.pending_calls == []
    call.gets(m.ReplyDone(reply_id="r1"))
    assert not call.conversation.answered
    call.agent_says("Booked.", reply_id="r2")
    call.hears("r2", 1.0)
    assert call.conversation.answered


@pytest.mark.parametrize("config", [None, {"tools": []}, {"tools": [{"name": "other"}]}])
def test_of_a_stored_agent_s_tool_the_service_may_have_told_nothing(story, config):
    call = story({"agent_id": "a"}, config=config)
    call.user_says("Find it.")
    (run,) = call.gets(m.ReplyStarted(reply_id="r1"), m.ToolCall(call_id="c", name="find"))
    assert (run.known, run.theirs) == (False, False)
    call.gets(m.ReplyDone(reply_id="r1"))
    call.send(m.ToolResult(call_id="c", result="1"))
    assert call.state == "thinking"
    call.agent_says("Here.", reply_id="r2")
    assert call.conversation.replies["r2"].kind == "tool"


def test_a_tool_of_the_service_s_own_is_its_own_affair(story):
    call = story({"agent_id": "a"}, config={"tools": [{"name": "aai_credit_card_luhn_check"}]})
    (run,) = call.gets(m.ToolCall(call_id="c", name="aai_credit_card_luhn_check"))
    assert (run.known, run.theirs) == (False, True)


def test_tools_of_a_stored_agent_are_known_from_the_echo(story):
    config = {"tools": [{"name": "find", "http": None, "timeout_seconds": 20}]}
    call = story({"agent_id": "a"}, config=config)
    assert call.gets(m.ToolCall(call_id="c", name="find")) == [RunTool("c", "find", {}, 20.0, known=True)]


def test_an_update_in_the_middle_of_a_tool_turn(story):
    call = story({"tools": [{"name": "f"}]})
    call.user_says("Go.")
    call.gets(m.ReplyStarted(reply_id="r1"), m.ToolCall(call_id="c1", name="f"))
    call.send(m.SessionUpdate(session={"tools": [{"name": "g"}]}))
    call.gets(m.SessionUpdated(), m.ReplyDone(reply_id="r1"))
    assert [each.call_id for each in call.conversation.pending_calls] == ["c1"]
    call.send(m.ToolResult(call_id="c1", result="1"))
    assert call.gets(m.ToolCall(call_id="c2", name="f"))[0].known is False
    assert call.gets(m.ToolCall(call_id="c3", name="g"))[0].known is True


def test_reply_error(story):
    call = story()
    call.user_says("Hm?")
    call.gets(m.ReplyStarted(reply_id="r1"))
    fields = {"reply_id": "r1", "code": "llm_failed", "message": "No model.", "retryable": True}
    (failed,) = call.gets(m.Unknown(type="reply.error", fields=fields))
    assert isinstance(failed, Failed)
    assert (failed.error.code, failed.fatal) == ("llm_failed", False)
    assert call.conversation.replies["r1"].status == "failed"
    assert call.state == "listening"


def test_unknown_types_pass(story):
    call = story()
    assert call.gets(m.Unknown(type="session.weather", fields={"sun": True})) == []
    assert call.state == "listening"


def test_without_notes_sound_counts_as_heard(story):
    call = story(hears=False)
    call.user_says("Hello?")
    call.agent_says("Yes, what is it?")
    assert call.state == "listening"
    assert call.conversation.answered
    assert call.conversation.lines[1].heard == "Yes, what is it?"


ids = st.sampled_from(["", "r1", "r2"])
items = st.sampled_from([None, "u1", "u2"])
words = st.sampled_from(["", "yes", "no no"])
anything = st.one_of(
    st.builds(m.SessionReady, session_id=st.just("s"), config=st.none() | st.just({})),
    st.builds(m.SessionUpdated),
    st.builds(m.SpeechStarted),
    st.builds(m.SpeechStopped),
    st.builds(m.TranscriptUserDelta, text=words, item_id=items),
    st.builds(m.TranscriptUser, text=words, item_id=items),
    st.builds(m.ReplyStarted, reply_id=ids),
    st.builds(m.ReplyAudio, reply_id=ids, data=st.sampled_from([b"", bytes(480)])),
    st.builds(m.TranscriptAgentDelta, reply_id=ids, delta=words, start_ms=st.none() | st.just(5.0)),
    st.builds(m.TranscriptAgent, reply_id=ids, text=words, interrupted=st.booleans()),
    st.builds(m.ReplyDone, reply_id=ids, status=st.sampled_from(["completed", "interrupted", "cancelled"])),
    st.builds(m.ToolCall, call_id=st.sampled_from(["c1", "c2"]), name=st.sampled_from(["f", "g"])),
    st.builds(m.SessionErrorMessage, code=st.sampled_from(["invalid_value", "INTERNAL_ERROR", ""])),
    st.builds(HeardNote, ids, st.just(0), st.sampled_from([0, 100, 9999]), st.floats(0, 1)),
    st.builds(m.SessionEnded),
)


@given(st.lists(anything, max_size=40))
def test_whatever_comes_in_whatever_order_leaves_sense_behind(happenings):
    conversation = Conversation()
    conversation.send(m.SessionUpdate(session={"tools": [{"name": "f"}]}), 0.0)
    ended = 0
    for n, happening in enumerate(happenings):
        at = n / 10
        if isinstance(happening, HeardNote):
            conversation.heard(happening)
            actions = []
        else:
            actions = conversation.receive(happening, at)
        ended += sum(isinstance(action, Ended) for action in actions)
        conversation.answered_since(0)
        for line in conversation.lines:
            shown = f"{line.heard} {line.unheard}".split()
            assert shown == line.text.split()[: len(shown)]
            assert not (line.unheard and shown != line.text.split())
        assert conversation.state in ("connecting", "listening", "thinking", "speaking", "ended")
        assert conversation.may_send_audio <= (conversation.ready is not None)
        for reply in conversation.replies.values():
            assert 0 <= reply.heard <= reply.samples
    assert len({line.id for line in conversation.lines}) == len(conversation.lines)
    ended += sum(isinstance(action, Ended) for action in conversation.closed(1008, "", 99.0))
    assert ended == 1
    assert conversation.state == "ended"
