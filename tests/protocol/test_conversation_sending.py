"""What may be sent when, how a session fails, is lost and comes back."""

import pytest

from voicenb.errors import ImmutableField, InvalidConfiguration, SessionNotOpen, Unauthorized
from voicenb.protocol import messages as m
from voicenb.protocol.actions import Dropped, Ended, Failed

AUDIO = m.InputAudio(audio=bytes(960))


@pytest.mark.parametrize(
    "message", [AUDIO, m.ReplyCreate(), m.ConversationMessage(role="user", content="Hi.")]
)
def test_nothing_goes_out_before_ready(story, message):
    call = story(start=False)
    with pytest.raises(SessionNotOpen, match="idle"):
        call.send(message)
    call.send(m.SessionUpdate(session={}))
    with pytest.raises(SessionNotOpen, match="connecting"):
        call.send(message)
    call.gets(m.SessionReady(session_id="s"))
    call.send(message)
    call.send(m.SessionEnd())
    with pytest.raises(SessionNotOpen, match="ending"):
        call.send(message)
    call.gets(m.SessionEnded())
    with pytest.raises(SessionNotOpen, match="has ended"):
        call.send(message)


@pytest.mark.parametrize(
    ("session", "param"),
    [
        ({"greeting": "Hello."}, "greeting"),
        ({"output": {"voice": "alba"}}, "output.voice"),
        ({"system_prompt": "New.", "output": {"format": {"encoding": "audio/pcmu"}}}, "output.format"),
    ],
)
def test_what_is_frozen_after_ready_does_not_reach_the_wire(story, session, param):
    call = story({"greeting": "Hi.", "output": {"voice": "ivy"}})
    with pytest.raises(ImmutableField) as caught:
        call.send(m.SessionUpdate(session=session))
    assert caught.value.facts["param"] == param
    assert param in str(caught.value)
    call.gets(m.SessionUpdated())
    assert call.conversation.config == {"greeting": "Hi.", "output": {"voice": "ivy"}}


@pytest.mark.parametrize(
    ("session", "words"),
    [
        ({"llm": []}, "Unknown session settings: llm"),
        ({"agent_id": "a"}, "agent_id"),
        ({"input": {"turn_detection": {"min_silence": 3000, "max_silence": 3000}}}, "must be less than"),
        ({"input": {"turn_detection": {"vad_threshold": 2}}}, "vad_threshold 2 is not within 0 to 1"),
        ({"input": {"keyterms": ["x"] * 101}}, "101 keyterms"),
    ],
)
def test_what_the_service_would_refuse_does_not_reach_the_wire(story, session, words):
    call = story()
    with pytest.raises(InvalidConfiguration, match=words):
        call.send(m.SessionUpdate(session=session))


def test_what_may_change_changes_when_the_service_agrees(story):
    call = story(
        {"system_prompt": "Old.", "input": {"keyterms": ["a"], "turn_detection": {"min_silence": 500}}}
    )
    patch = {"system_prompt": "New.", "input": {"turn_detection": {"vad_threshold": 0.3}}}
    call.send(m.SessionUpdate(session=patch))
    assert call.conversation.config["system_prompt"] == "Old."
    call.gets(m.SessionUpdated())
    assert call.conversation.config == {
        "system_prompt": "New.",
        "input": {"keyterms": ["a"], "turn_detection": {"vad_threshold": 0.3}},
    }


def test_a_refused_update_leaves_nothing_behind(story):
    call = story({"system_prompt": "Old."})
    call.send(m.SessionUpdate(session={"system_prompt": "Bad."}))
    call.send(m.SessionUpdate(session={"input": {"keyterms": ["a"]}}))
    (failed,) = call.gets(m.SessionErrorMessage(code="INVALID_VALUE", message="No.", param="system_prompt"))
    assert (failed.error.code, failed.error.param, failed.fatal) == ("invalid_value", "system_prompt", False)
    call.gets(m.SessionUpdated())
    assert call.conversation.config == {"system_prompt": "Old.", "input": {"keyterms": ["a"]}}


def test_a_result_answers_a_call_once(story):
    call = story({"tools": [{"name": "f"}]})
    with pytest.raises(InvalidConfiguration, match="was never made"):
        call.send(m.ToolResult(call_id="c", result="1"))
    call.gets(m.ToolCall(call_id="c", name="f"))
    call.send(m.ToolResult(call_id="c", result="no", is_error=True))
    state = call.conversation.calls["c"]
    assert (state.result, state.is_error) == ("no", True)
    with pytest.raises(InvalidConfiguration, match="was answered already"):
        call.send(m.ToolResult(call_id="c", result="1"))


@pytest.mark.parametrize("code", ["UNAUTHORIZED", "unauthorized"])
def test_a_bad_key(story, code):
    call = story(start=False)
    call.send(m.SessionUpdate(session={}))
    (failed,) = call.gets(m.SessionErrorMessage(code=code, message="Authentication failed"))
    assert isinstance(failed, Failed)
    assert failed.fatal
    assert isinstance(failed.error, Unauthorized)
    assert "ASSEMBLYAI_API_KEY" in failed.error.remedy
    assert call.conversation.closed(1008, "", call.now) == [Ended("unauthorized")]
    assert call.state == "ended"


def test_a_bad_value_is_fatal_in_the_first_update_only(story):
    bad = m.SessionErrorMessage(code="invalid_value", message="No such voice", param="output.voice")
    first = story(start=False)
    first.send(m.SessionUpdate(session={"output": {"voice": "nobody"}}))
    assert first.gets(bad)[0].fatal
    assert not story().gets(bad)[0].fatal


def test_a_malformed_first_update_can_be_mended(story):
    call = story(start=False)
    call.send(m.SessionUpdate(session={"greeting": None}))
    (failed,) = call.gets(m.SessionErrorMessage(code="invalid_format", message="No."))
    assert not failed.fatal
    call.send(m.SessionUpdate(session={"greeting": "Hi."}))
    call.gets(m.SessionReady(session_id="s"))
    assert call.conversation.config == {"greeting": "Hi."}


def test_a_lost_connection_can_be_resumed(story):
    call = story()
    call.agent_says("Hello.")
    assert call.conversation.closed(1006, "", call.now) == [Dropped("s", 1006, "")]
    assert (call.state, call.conversation.dropped) == ("reconnecting", True)
    assert not call.conversation.may_send_audio
    call.send(m.SessionResume(session_id="s"))
    call.gets(m.SessionReady(session_id="s"))
    assert call.conversation.may_send_audio
    assert call.text == ["agent: Hello."]


@pytest.mark.parametrize("code", [1006, 1008, 1000])
def test_an_attempt_to_resume_may_fail_and_be_followed_by_another(story, code):
    call = story()
    call.conversation.closed(1006, "", call.now)
    call.send(m.SessionResume(session_id="s"))
    assert call.conversation.closed(code, "", call.now) == [Dropped("s", code, "")]
    call.send(m.SessionResume(session_id="s"))
    call.gets(m.SessionReady(session_id="s"))
    assert call.state == "listening"


def test_a_refused_resume_ends_nothing_by_itself(story):
    call = story()
    call.conversation.closed(1006, "", call.now)
    call.send(m.SessionResume(session_id="s"))
    (failed,) = call.gets(m.SessionErrorMessage(code="session_not_found", message="Gone."))
    assert (failed.error.code, failed.fatal) == ("session_not_found", False)
    assert call.conversation.closed(1008, "", call.now) == [Dropped("s", 1008, "")]
    assert call.conversation.closed(1008, "", call.now) == [Ended("closed with 1008")]


def test_of_what_was_under_way_when_the_line_broke_nothing_is_waited_for(story):
    call = story()
    call.user_says("A table?")
    assert call.state == "thinking"
    call.gets(m.ReplyStarted(reply_id="r1"))
    call.send(m.SessionUpdate(session={"system_prompt": "Shorter."}))
    call.conversation.closed(1006, "", call.now)
    call.send(m.SessionResume(session_id="s"))
    call.gets(m.SessionReady(session_id="s", config={"system_prompt": "Long."}))
    assert call.state == "listening"
    assert call.conversation.config["system_prompt"] == "Long.", "nobody knows whether the update arrived"


def test_a_reply_that_the_lost_line_cut_is_heard_as_far_as_it_came(story):
    call = story()
    call.agent_says("One two three four.", done=False)
    call.conversation.closed(1006, "", call.now)
    call.hears("r1", 0.5)
    call.send(m.SessionResume(session_id="s"))
    call.gets(m.SessionReady(session_id="s"))
    assert call.state == "speaking", "what had come is still being played"
    call.hears("r1", 1.0, start=0.5)
    assert call.state == "listening"
    assert not call.conversation.answered


def test_a_tool_may_still_answer_after_a_resume(story):
    call = story({"tools": [{"type": "function", "name": "look"}]})
    call.gets(m.ToolCall(call_id="c1", name="look", arguments={}))
    call.conversation.closed(1006, "", call.now)
    call.send(m.SessionResume(session_id="s"))
    call.gets(m.SessionReady(session_id="s"))
    call.send(m.ToolResult(call_id="c1", result="{}"))
    assert call.conversation.calls["c1"].result == "{}"


def test_a_result_that_the_lost_line_may_have_swallowed_is_sent_again(story):
    call = story({"tools": [{"type": "function", "name": "look"}]})
    call.gets(m.ToolCall(call_id="c1", name="look", arguments={}))
    call.send(m.ToolResult(call_id="c1", result="[]"))
    call.conversation.closed(1006, "", call.now)
    call.send(m.SessionResume(session_id="s"))
    call.gets(m.SessionReady(session_id="s"))
    assert call.state == "thinking"
    assert [each.call_id for each in call.conversation.pending_calls] == ["c1"]
    call.send(m.ToolResult(call_id="c1", result="[]"))
    assert call.state == "thinking"
    with pytest.raises(InvalidConfiguration, match="answered already"):
        call.send(m.ToolResult(call_id="c1", result="[]"))


def test_in_another_session_nobody_waits_for_a_result_that_was_swallowed(story):
    call = story({"tools": [{"type": "function", "name": "look"}]})
    call.gets(m.ToolCall(call_id="c1", name="look", arguments={}))
    call.send(m.ToolResult(call_id="c1", result="[]"))
    call.conversation.closed(1006, "", call.now)
    call.send(m.SessionUpdate(session={}))
    call.gets(m.SessionReady(session_id="t"))
    assert call.conversation.pending_calls == []
    assert call.state == "listening"
    with pytest.raises(InvalidConfiguration, match="session that is lost"):
        call.send(m.ToolResult(call_id="c1", result="[]"))


def test_another_session_takes_the_place_of_the_lost_one(story):
    call = story({"tools": [{"type": "function", "name": "look"}]})
    call.agent_says("Hello.")
    call.gets(m.SpeechStarted(), m.TranscriptUserDelta(text="A table", item_id="u1"))
    call.gets(m.ToolCall(call_id="c1", name="look", arguments={}))
    call.conversation.closed(1006, "", call.now)
    call.send(m.SessionUpdate(session={"greeting": "Where were we?"}))
    assert call.state == "reconnecting"
    call.gets(m.SessionReady(session_id="t"))
    assert (call.state, call.conversation.session_id) == ("listening", "t")
    assert call.text == ["agent: Hello.", "user: A table"]
    assert call.conversation.lines[-1].final
    assert call.conversation.pending_calls == []
    with pytest.raises(InvalidConfiguration, match="session that is lost"):
        call.send(m.ToolResult(call_id="c1", result="{}"))
    call.user_says("Hello?", item_id="u2")
    assert call.text[-1] == "user: Hello?"


def test_the_other_session_may_fail_to_begin(story):
    call = story()
    call.conversation.closed(1006, "", call.now)
    call.send(m.SessionUpdate(session={}))
    (failed,) = call.gets(m.SessionErrorMessage(code="at_capacity", message="Full."))
    assert not failed.fatal
    assert call.conversation.closed(1008, "", call.now) == [Dropped("", 1008, "")]
    call.send(m.SessionUpdate(session={}))
    call.gets(m.SessionReady(session_id="t"))
    assert call.state == "listening"


def test_a_lost_connection_that_nobody_resumes(story):
    call = story()
    call.conversation.closed(1006, "", call.now)
    assert call.conversation.closed(1006, "", call.now) == [Ended("closed with 1006")]
    assert call.conversation.closed(1006, "", call.now) == []


@pytest.mark.parametrize(
    ("ending", "code", "reason"), [(True, 1000, "ended"), (True, 1005, "ended"), (False, 1000, "ended")]
)
def test_clean_endings_without_session_ended(story, ending, code, reason):
    call = story()
    if ending:
        call.send(m.SessionEnd())
    assert call.conversation.closed(code, "", call.now) == [Ended(reason)]


def test_a_policy_close_without_a_word(story):
    call = story()
    assert call.conversation.closed(1008, "policy", call.now) == [Ended("closed with 1008")]


def test_the_end_may_be_sent_from_anywhere_and_twice(story):
    call = story(start=False)
    call.send(m.SessionUpdate(session={}))
    call.send(m.SessionEnd())
    call.send(m.SessionEnd())
    call.gets(m.SessionReady(session_id="s"))  # crossed on the wire
    assert not call.conversation.may_send_audio


def test_telephone_sound_is_counted_at_24_khz(story):
    call = story({"output": {"format": {"encoding": "audio/pcmu"}}})
    (play,) = call.gets(m.ReplyAudio(reply_id="r", data=bytes(800)))
    assert play.samples == 2400
    assert call.conversation.replies["r"].samples == 2400


# --- typed words --------------------------------------------------------------


def test_typed_words_are_a_line_of_the_callers_and_asked_for_they_wait_for_an_answer(story):
    call = story()
    call.send(m.ConversationMessage(role="user", content="A table for four."))
    [line] = call.conversation.lines
    assert (line.role, line.text, line.heard, line.final) == (
        "user",
        "A table for four.",
        "A table for four.",
        True,
    )
    assert call.state == "listening"  # a message alone is never answered
    call.send(m.ReplyCreate())
    assert call.state == "thinking"
    assert not call.conversation.answered
    call.agent_says("For when?")
    call.hears("r1", 1.0)
    assert call.conversation.answered
    assert call.text == ["user: A table for four.", "agent: For when?"]


def test_typed_words_do_not_touch_those_that_are_being_spoken(story):
    call = story()
    call.gets(m.SpeechStarted(), m.TranscriptUserDelta(text="I would", item_id="u1"))
    call.send(m.ConversationMessage(role="user", content="Hello?"))
    assert call.conversation.user_speaking
    call.gets(m.SpeechStopped(), m.TranscriptUser(text="I would like a table.", item_id="u1"))
    assert call.text == ["user: I would like a table.", "user: Hello?"]


def test_a_message_of_the_system_is_no_line(story):
    call = story()
    call.send(m.ConversationMessage(role="system", content="It is late."))
    assert call.text == []
    assert call.conversation.last_turn_at is None


@pytest.mark.parametrize("said", [True, False], ids=["with an error", "without a word"])
def test_a_session_that_is_asked_for_once_more_is_acknowledged_once(story, said):
    def tools(*names):
        return [{"type": "function", "name": name} for name in names]

    call = story(start=False)
    first = {"system_prompt": "You take bookings.", "tools": tools("old")}
    call.send(m.SessionUpdate(session=first))
    if said:
        call.gets(m.SessionErrorMessage(code="at_capacity", message="Full."))
    call.send(m.SessionUpdate(session=dict(first)))
    call.gets(m.SessionReady(session_id="s", config=first))
    call.send(m.SessionUpdate(session={"tools": tools("new")}))
    call.gets(m.SessionUpdated(config={**first, "tools": tools("new")}))
    assert [tool["name"] for tool in call.conversation.config["tools"]] == ["new"]


def test_two_updates_before_the_session_is_ready_are_both_acknowledged(story):
    call = story(start=False)
    call.send(m.SessionUpdate(session={"system_prompt": "One."}))
    call.send(m.SessionUpdate(session={"system_prompt": "Two."}))
    call.gets(m.SessionReady(session_id="s"))
    assert call.conversation.config["system_prompt"] == "One."
    call.gets(m.SessionUpdated())
    assert call.conversation.config["system_prompt"] == "Two."
