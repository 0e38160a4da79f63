"""What one can ask of a conversation, at its beginning, in its course and at its end."""

from voicenb.protocol import messages as m
from voicenb.protocol.conversation import Conversation
from voicenb.protocol.standing import Standing

TOOLS = [{"type": "function", "name": "free_tables", "timeout_seconds": 30}]


def test_a_conversation_begins_idle_and_empty():
    conversation = Conversation()
    assert (conversation.lines, conversation.replies, conversation.calls) == ([], {}, {})
    assert (conversation.session_id, conversation.ready, conversation.mark) == ("", None, 0.0)
    assert not conversation.answered


def test_what_changed_since(story):
    call = story()
    call.gets(m.TranscriptUserDelta(text="one", item_id="u1"))
    before = call.conversation.revision
    assert call.conversation.changed_since(before) == []
    call.gets(m.TranscriptUserDelta(text="one two", item_id="u1"))
    call.agent_says("Yes.")
    assert [line.text for line in call.conversation.changed_since(before)] == ["one two", "Yes."]
    before = call.conversation.revision
    call.hears("r1", 1.0)
    assert [line.id for line in call.conversation.changed_since(before)] == ["agent:r1"]


def test_audio_may_be_sent_from_ready_to_the_end_and_not_while_the_line_is_dead(story):
    call = story(start=False)
    steps = [
        (lambda: call.send(m.SessionUpdate(session={})), "connecting", False),
        (lambda: call.gets(m.SessionReady(session_id="s")), "listening", True),
        (lambda: call.conversation.closed(1006, "", call.now), "reconnecting", False),
        (lambda: call.send(m.SessionResume(session_id="s")), "reconnecting", False),
        (lambda: call.gets(m.SessionReady(session_id="s")), "listening", True),
        (lambda: call.send(m.SessionEnd()), "listening", False),
        (lambda: call.gets(m.SessionEnded()), "ended", False),
    ]
    assert (call.state, call.conversation.may_send_audio) == ("idle", False)
    for step, state, may in steps:
        step()
        assert (call.state, call.conversation.may_send_audio) == (state, may)


def test_what_ends_before_it_was_ready_never_listened(story):
    call = story(start=False)
    call.send(m.SessionUpdate(session={}))
    call.send(m.SessionEnd())
    assert call.state == "connecting"
    call.gets(m.SessionReady(session_id="s"))  # it comes too late
    assert call.state == "listening"


def test_while_it_ends_the_last_words_are_still_spoken(story):
    call = story()
    call.agent_says("Good night.", done=False)
    call.send(m.SessionEnd())
    assert (call.state, call.conversation.agent_audible) == ("speaking", True)
    call.gets(m.SessionEnded())
    assert (call.state, call.conversation.agent_audible) == ("ended", False)


def test_it_is_ready_since_the_first_time(story):
    call = story()
    at = call.conversation.ready_at
    call.conversation.closed(1006, "", call.now)
    call.send(m.SessionResume(session_id="s"))
    call.gets(m.SessionReady(session_id="s2"))
    assert call.conversation.ready_at == at
    assert call.conversation.session_id == "s2"
    assert call.conversation.ready == m.SessionReady(session_id="s2")


def test_the_mark_is_the_last_thing_that_asks_for_an_answer(story):
    call = story({"tools": TOOLS})
    conversation = call.conversation
    call.agent_says("Good evening.")
    call.hears("r1", 1.0)
    assert conversation.mark == 0
    call.user_says("A table.")
    turn = call.now
    assert (conversation.mark, conversation.answered) == (turn, False)
    call.gets(m.ReplyStarted(reply_id="r2"), m.ToolCall(call_id="c", name="free_tables"))
    call.gets(m.ReplyDone(reply_id="r2"))
    assert (conversation.mark, conversation.answered) == (turn, False)
    call.send(m.ToolResult(call_id="c", result="[]"))
    result = call.now
    assert (conversation.mark, conversation.answered) == (result, False)
    call.agent_says("No.", reply_id="r3")
    assert (conversation.mark, conversation.answered) == (result, False)
    call.hears("r3", 1.0)
    assert (conversation.mark, conversation.answered) == (result, True)


def test_before_anybody_spoke_the_greeting_counts_as_an_answer(story):
    call = story()
    assert not call.conversation.answered
    call.agent_says("Good evening.")
    assert not call.conversation.answered
    call.hears("r1", 1.0)
    assert call.conversation.answered


def test_a_pending_call_stops_being_one_as_time_goes_by(story):
    call = story({"tools": TOOLS})
    call.gets(m.ReplyStarted(reply_id="r1"), m.ToolCall(call_id="c", name="free_tables"))
    assert [each.call_id for each in call.conversation.pending_calls] == ["c"]
    call.pass_time(30.0)
    assert call.conversation.pending_calls  # nobody has told it the time
    call.gets(m.SpeechStarted())
    assert call.conversation.pending_calls == []
    assert list(call.conversation.calls) == ["c"]


def told(story, asked=()):
    """A conversation with a bit of everything, of which all that is named is asked after each step."""
    call = story({"tools": TOOLS, "greeting": "Hi."})
    for step in (
        lambda: call.agent_says("Hi.", done=False),
        lambda: call.user_says("A table."),
        lambda: call.gets(m.ReplyStarted(reply_id="r2"), m.ToolCall(call_id="c", name="free_tables")),
        lambda: call.pass_time(31.0),
        lambda: call.agent_says("Sorry.", reply_id="r3"),
        lambda: call.hears("r3", 0.5),
    ):
        step()
        for name in asked:
            getattr(call.conversation, name)
    return call.conversation


def test_asking_changes_nothing(story):
    names = [name for name, part in vars(Standing).items() if isinstance(part, property)]
    assert {"state", "pending_calls", "answered"} <= set(names)
    one, other = told(story, names), told(story)
    for name in names:
        assert getattr(one, name) == getattr(other, name), name
