"""Conversations as they should go, told as small stories."""

import pytest

from voicenb.protocol import messages as m
from voicenb.protocol.actions import Ended, Flush, Play, RunTool

TOOLS = [{"type": "function", "name": "free_tables", "timeout_seconds": 30}]


def test_a_session_begins(story):
    call = story(start=False)
    assert call.state == "idle"
    call.send(m.SessionUpdate(session={"greeting": "Good evening."}))
    assert call.state == "connecting"
    assert not call.conversation.may_send_audio
    assert call.gets(m.SessionReady(session_id="sess_1")) == []
    assert call.state == "listening"
    assert call.conversation.may_send_audio
    assert call.conversation.session_id == "sess_1"
    assert call.conversation.ready_at == call.now


def test_the_agent_greets_and_is_heard(story):
    call = story({"greeting": "Good evening to you."})
    (play,) = call.agent_says("Good evening to you.", seconds=2.0)
    assert (play.reply_id, play.samples, len(play.pcm)) == ("r1", 48_000, 96_000)
    assert call.state == "speaking"
    assert not call.conversation.answered_since(0)
    call.hears("r1", 1.1)
    (line,) = call.conversation.lines
    assert (line.heard, line.unheard) == ("Good evening", "")
    assert call.state == "speaking"
    call.hears("r1", 2.0, start=1.1)
    assert call.state == "listening"
    assert call.conversation.answered_since(0)
    assert (line.heard, line.unheard, line.final, line.interrupted) == (
        "Good evening to you.",
        "",
        True,
        False,
    )
    assert call.conversation.replies["r1"].kind == "greeting"


def test_a_turn_from_onset_to_the_end_of_the_answer(story):
    call = story()
    call.gets(m.SpeechStarted())
    assert (call.state, call.conversation.user_speaking) == ("listening", True)
    call.gets(m.TranscriptUserDelta(text="do you", item_id="u1"))
    call.gets(m.TranscriptUserDelta(text="do you have a head", item_id="u1"))
    assert call.text == ["user: do you have a head"]
    assert not call.conversation.lines[0].final
    call.gets(m.SpeechStopped())
    assert call.state == "thinking"
    call.gets(m.TranscriptUser(text="Do you have a head gasket?", item_id="u1"))
    assert call.state == "thinking"
    assert call.conversation.last_turn_at == call.now
    assert not call.conversation.answered
    call.gets(m.ReplyStarted(reply_id="r1"))
    assert call.state == "thinking"
    call.agent_says("Yes, three.")
    assert call.state == "speaking"
    assert not call.conversation.answered
    call.hears("r1", 1.0)
    assert call.state == "listening"
    assert call.conversation.answered
    assert call.text == ["user: Do you have a head gasket?", "agent: Yes, three."]
    assert call.conversation.replies["r1"].kind == "turn"


def test_deltas_of_the_caller_replace_and_those_of_the_agent_append(story):
    call = story()
    for text in ("for", "for you", "four on Friday"):
        call.gets(m.TranscriptUserDelta(text=text, item_id="u"))
    for word in ("Good", "evening", ",", " what ", "time", "?"):
        call.gets(m.TranscriptAgentDelta(delta=word, reply_id="r"))
    assert call.text == ["user: four on Friday", "agent: Good evening, what time?"]


def test_the_caller_interrupts(story):
    call = story()
    call.user_says("What do you have?")
    call.agent_says("Today we have soup fish and gnocchi", seconds=7.0, done=False)
    call.hears("r1", 3.2)
    assert call.gets(m.SpeechStarted()) == [Flush("r1", "speech")]
    assert call.state == "listening"
    (_, line) = call.conversation.lines
    assert (line.heard, line.unheard) == ("Today we have", "soup fish and gnocchi")
    assert line.interrupted
    # The service's own word comes later and asks for nothing more.
    cut = m.TranscriptAgent(text="Today we have soup", reply_id="r1", interrupted=True)
    assert call.gets(cut, m.ReplyDone(reply_id="r1", status="interrupted")) == []
    assert (line.heard, line.unheard) == ("Today we have", "soup fish and gnocchi")
    assert not call.conversation.answered


def test_sound_that_got_lost_on_its_way_to_the_ear(story):
    call = story()
    call.agent_says("one two three four", seconds=4.0)
    call.hears("r1", 2.1)
    call.loses("r1", 4.0, start=2.1)
    assert call.state == "listening"
    (line,) = call.conversation.lines
    assert (line.heard, line.unheard, line.interrupted) == ("one two", "three four", False)
    assert not call.conversation.answered_since(0)


def test_the_end_of_a_reply_is_heard_although_its_middle_got_lost(story):
    call = story()
    call.agent_says("one two three four", seconds=4.0)
    call.loses("r1", 2.0)
    assert call.state == "speaking"
    call.hears("r1", 4.0, start=2.0)
    assert call.state == "listening"
    assert call.conversation.answered_since(0)


def test_a_note_of_what_was_heard_may_come_after_the_flush(story):
    call = story()
    call.agent_says("one two three four", seconds=4.0, done=False)
    call.gets(m.SpeechStarted())
    (line,) = call.conversation.lines
    assert (line.heard, line.unheard) == ("", "one two three four")
    call.hears("r1", 2.1)
    assert (line.heard, line.unheard) == ("one two", "three four")
    assert call.state == "listening"


def test_an_interruption_that_only_the_service_noticed(story, sound):
    call = story()
    call.agent_says("one two three four", seconds=4.0, done=False)
    assert call.gets(m.ReplyDone(reply_id="r1", status="interrupted")) == [Flush("r1", "interrupted")]
    assert call.gets(m.SpeechStarted()) == []
    assert call.gets(sound("r1", 0.5)) == []
    assert call.conversation.dropped_audio == 1


@pytest.mark.parametrize("mode", ["flush", "duck"])
def test_the_voice_falls_silent_at_the_service_s_speech_start(story, mode):
    call = story()
    call.conversation.barge_in = mode
    call.agent_says("one two three four", seconds=2.0)
    call.hears("r1", 1.0)
    assert call.gets(m.SpeechStarted()) == [Flush("r1", "speech")]


def test_who_waits_falls_silent_when_the_service_ends_the_reply(story):
    call = story()
    call.conversation.barge_in = "wait"
    call.agent_says("one two three four", seconds=2.0, done=False)
    call.hears("r1", 1.0)
    assert call.gets(m.SpeechStarted()) == []
    assert call.state == "speaking"
    assert call.gets(m.ReplyDone(reply_id="r1", status="interrupted")) == [Flush("r1", "interrupted")]
    assert call.conversation.replies["r1"].stopped_by == "interrupted"


def test_a_reply_that_was_ended_already_is_heard_out_by_who_waits(story):
    call = story()
    call.conversation.barge_in = "wait"
    call.agent_says("one two three four", seconds=2.0)
    call.hears("r1", 1.0)
    assert call.gets(m.SpeechStarted()) == []
    call.hears("r1", 2.0, start=1.0)
    assert call.conversation.replies["r1"].heard_out


def test_nothing_is_flushed_when_the_caller_may_not_interrupt(story):
    settings = {"input": {"turn_detection": {"interrupt_response": False}}}
    call = story(settings)
    call.agent_says("a long monologue", seconds=3.0, done=False)
    assert call.gets(m.SpeechStarted()) == []
    assert call.state == "speaking"
    call.gets(m.TranscriptUserDelta(text="wait", item_id="u"), m.SpeechStopped())
    assert not call.conversation.lines[0].interrupted


def test_interruptions_can_be_switched_off_on_the_way(story):
    call = story()
    call.send(m.SessionUpdate(session={"input": {"turn_detection": {"interrupt_response": False}}}))
    call.agent_says("before the service agreed", done=False)
    assert call.gets(m.SpeechStarted()) == [Flush("r1", "speech")]
    call.gets(m.SessionUpdated())
    call.agent_says("and after it did", reply_id="r2", done=False)
    assert call.gets(m.SpeechStarted()) == []


def test_a_silent_agent_cannot_be_interrupted(story):
    call = story()
    call.agent_says("Hello.")
    call.hears("r1", 1.0)
    assert call.gets(m.SpeechStarted()) == []


def test_a_tool_turn(story):
    call = story({"tools": TOOLS})
    call.user_says("A table for four.")
    call.gets(m.ReplyStarted(reply_id="r1"))
    (run,) = call.gets(m.ToolCall(call_id="c1", name="free_tables", arguments={"people": 4}))
    assert run == RunTool("c1", "free_tables", {"people": 4}, timeout=30.0, known=True)
    call.gets(m.ReplyDone(reply_id="r1"))
    assert call.state == "thinking"
    assert not call.conversation.answered
    call.pass_time(2.0)
    call.send(m.ToolResult(call_id="c1", result='["19:00"]'))
    assert call.state == "thinking"
    assert call.conversation.calls["c1"].result_at == call.now == call.conversation.mark
    assert not call.conversation.answered
    call.agent_says("Seven is free.", reply_id="r2")
    assert call.state == "speaking"
    call.hears("r2", 1.0)
    assert call.conversation.answered
    assert call.state == "listening"
    assert call.conversation.replies["r2"].kind == "tool"


def test_a_transition_phrase_is_no_answer(story):
    call = story({"tools": TOOLS})
    call.user_says("A table for four.")
    call.agent_says("One moment.", done=False)
    call.gets(m.ToolCall(call_id="c1", name="free_tables"))
    call.send(m.ToolResult(call_id="c1", result="[]"))  # before the phrase is over
    call.gets(m.TranscriptAgent(text="One moment.", reply_id="r1"), m.ReplyDone(reply_id="r1"))
    call.hears("r1", 1.0)
    assert not call.conversation.answered
    assert call.state == "thinking"
    call.agent_says("I am afraid not.", reply_id="r2")
    call.hears("r2", 1.0)
    assert call.conversation.answered


def test_a_tool_that_takes_too_long(story):
    call = story({"tools": TOOLS})
    call.user_says("A table for four.")
    call.gets(m.ReplyStarted(reply_id="r1"), m.ToolCall(call_id="c1", name="free_tables"))
    call.gets(m.ReplyDone(reply_id="r1"))
    call.pass_time(31)
    call.agent_says("I could not look.", reply_id="r2")
    call.hears("r2", 1.0)
    assert call.conversation.pending_calls == []
    assert call.state == "listening"
    call.send(m.ToolResult(call_id="c1", result="late"))
    assert call.conversation.answered  # nobody waits for a late result
    assert call.state == "listening"


def test_the_agent_speaks_when_asked_to(story):
    call = story()
    call.send(m.ReplyCreate(instructions="Say hello."))
    assert call.state == "thinking"
    call.agent_says("Hello.")
    call.hears("r1", 1.0)
    assert call.state == "listening"
    assert call.conversation.replies["r1"].kind == "requested"


def test_a_pause_between_chunks_is_not_the_end(story, sound):
    call = story()
    call.gets(m.ReplyStarted(reply_id="r1"), sound("r1", 0.2))
    call.hears("r1", 0.2)
    assert call.state == "speaking"  # more may come until the service says otherwise
    call.gets(sound("r1", 0.2))
    call.hears("r1", 0.4, start=0.2)
    call.gets(m.ReplyDone(reply_id="r1"))
    assert call.state == "listening"


def test_the_session_ends(story, sound):
    call = story()
    call.agent_says("Good", seconds=1.0, done=False)
    call.send(m.SessionEnd())
    assert not call.conversation.may_send_audio
    assert call.gets(sound("r1", 0.1))[0] == Play("r1", bytes(4800), 2400)
    assert call.gets(m.SessionEnded(session_duration_seconds=3.0)) == [Ended("ended")]
    assert call.state == "ended"
    assert call.conversation.ended_at == call.now
    assert call.conversation.closed(1000, "", call.now) == []
    assert call.conversation.lines[0].unheard == "Good"
