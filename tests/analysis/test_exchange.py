from __future__ import annotations

from typing import Any

import pytest

from voicenb.analysis.exchange import Exchanges


def follow(*events: tuple[float, str, str, dict[str, Any]]) -> Exchanges:
    exchanges = Exchanges()
    for at, way, kind, msg in events:
        exchanges.take({"t": at, "dir": way, "type": kind, "msg": msg})
    return exchanges


def begun(
    session: dict[str, Any], config: dict[str, Any] | None = None
) -> list[tuple[float, str, str, dict[str, Any]]]:
    return [
        (0.0, "out", "session.update", {"session": session}),
        (0.1, "in", "session.ready", {"session_id": "s", "config": config}),
    ]


def turn(at: float, item: str, text: str) -> list[tuple[float, str, str, dict[str, Any]]]:
    return [
        (at, "in", "input.speech.started", {}),
        (at + 1, "in", "input.speech.stopped", {}),
        (at + 1.1, "in", "transcript.user", {"item_id": item, "text": text}),
    ]


def test_a_turn_and_the_replies_and_calls_for_it() -> None:
    exchanges = follow(
        (0.5, "in", "reply.started", {"reply_id": "greeting"}),
        *turn(1.0, "u1", "A table."),
        (2.2, "in", "reply.started", {"reply_id": "r1"}),
        (2.3, "in", "tool.call", {"call_id": "c1"}),
        (2.5, "in", "reply.started", {"reply_id": "r2"}),
        *turn(5.0, "u2", "Thanks."),
        (6.2, "in", "reply.started", {"reply_id": "r3"}),
    )
    first, second = exchanges.all
    assert (first.item_id, first.told, first.decided, first.text) == ("u1", 1.0, 2.0, "A table.")
    assert (first.replies, first.calls) == (["r1", "r2"], ["c1"])
    assert second.replies == ["r3"]
    assert exchanges.of_reply("r2") is first
    assert exchanges.of_reply("greeting") is None
    assert exchanges.last is second


def test_a_reply_that_was_asked_for_is_no_answer() -> None:
    exchanges = follow(
        *turn(1.0, "u1", "Hello."),
        (2.2, "in", "reply.started", {"reply_id": "r1"}),
        (4.0, "out", "reply.create", {}),
        (4.1, "in", "reply.started", {"reply_id": "said"}),
    )
    assert exchanges.of_reply("said") is None
    assert exchanges.all[0].replies == ["r1"]


def test_the_settings_are_those_in_force_at_the_decision() -> None:
    mine = {"min_silence": 1400}
    exchanges = follow(
        *begun({"system_prompt": "Brief."}),
        *turn(1.0, "u1", "Hello."),
        (3.0, "out", "session.update", {"session": {"input": {"turn_detection": mine}}}),
        (3.1, "in", "session.updated", {}),
        *turn(4.0, "u2", "Hello again."),
        (6.0, "out", "session.update", {"session": {"system_prompt": "Short."}}),
        (6.1, "in", "session.updated", {}),
        *turn(7.0, "u3", "And again."),
    )
    assert [each.turn_detection for each in exchanges.all] == [None, mine, mine]


def test_what_is_not_confirmed_is_not_in_force() -> None:
    mine, bad = {"min_silence": 1400}, {"min_silence": 5000}
    exchanges = follow(
        *begun({"input": {"turn_detection": mine}}),
        (0.5, "out", "session.update", {"session": {"input": {"turn_detection": bad}}}),
        *turn(1.0, "u1", "Hello."),
        (3.0, "in", "session.error", {"code": "invalid_value", "param": "input.turn_detection.min_silence"}),
        *turn(4.0, "u2", "Hello again."),
        (6.0, "out", "session.update", {"session": {"input": {"turn_detection": bad}}}),
        (6.1, "local", "closed", {"code": 1006}),
        (6.2, "out", "session.resume", {"session_id": "s"}),
        (6.3, "in", "session.ready", {"session_id": "s"}),
        *turn(7.0, "u3", "And again."),
    )
    assert [each.turn_detection for each in exchanges.all] == [mine, mine, mine]


def test_the_settings_of_a_stored_agent_are_those_that_the_service_tells() -> None:
    stored = {"min_silence": 900, "max_silence": 2000}
    exchanges = follow(
        *begun({"agent_id": "agent_1"}, {"input": {"turn_detection": stored}}),
        *turn(1.0, "u1", "Hello."),
    )
    assert exchanges.all[0].turn_detection == stored


def test_a_turn_that_goes_on_is_decided_once_more() -> None:
    exchanges = follow(
        *turn(1.0, "u1", "A table"),
        (2.5, "in", "input.speech.started", {}),
        (4.0, "in", "input.speech.stopped", {}),
        (4.1, "in", "transcript.user", {"item_id": "u1", "text": "A table for four."}),
        (4.2, "in", "reply.started", {"reply_id": "r1"}),
    )
    (one,) = exchanges.all
    assert (one.told, one.decided, one.text) == (1.0, 4.0, "A table for four.")
    assert exchanges.of_reply("r1") is one


def test_a_lone_stop_is_no_turn_and_a_turn_without_speech_events_is_one() -> None:
    exchanges = follow(
        (1.0, "in", "input.speech.started", {}),
        (2.0, "in", "input.speech.stopped", {}),
        (2.1, "in", "transcript.user", {"item_id": "u1", "text": " "}),
        (9.0, "in", "transcript.user", {"item_id": "u2", "text": "Hello."}),
    )
    (one,) = exchanges.all
    assert (one.item_id, one.text) == ("u2", "Hello.")


def test_what_follows_a_typed_message_is_no_answer_to_what_was_spoken() -> None:
    exchanges = follow(
        *turn(1.0, "u1", "Is my bike ready?"),
        (2.2, "in", "reply.started", {"reply_id": "r1"}),
        (2.3, "in", "tool.call", {"call_id": "c1"}),
        (2.4, "out", "conversation.message", {"role": "user", "content": "The ticket is 500."}),
        (2.4, "out", "reply.create", {}),
        (2.5, "in", "reply.started", {"reply_id": "r2"}),  # to the tool's result, or to what was typed
        (5.0, "in", "reply.started", {"reply_id": "r3"}),
        (5.1, "in", "tool.call", {"call_id": "c2"}),
        (5.5, "in", "reply.started", {"reply_id": "r4"}),
        *turn(9.0, "u2", "Thanks."),
        (10.2, "in", "reply.started", {"reply_id": "r5"}),
    )
    spoken, thanks = exchanges.all
    assert (spoken.replies, spoken.calls) == (["r1"], ["c1"])
    assert [exchanges.of_reply(name) for name in ("r2", "r3", "r4")] == [None, None, None]
    assert exchanges.of_reply("r5") is thanks


def test_what_follows_a_reply_that_was_asked_for_is_no_answer_either() -> None:
    exchanges = follow(
        *turn(1.0, "u1", "Hello."),
        (2.2, "in", "reply.started", {"reply_id": "r1"}),
        (6.0, "out", "reply.create", {}),
        (6.1, "in", "reply.started", {"reply_id": "asked"}),
        (6.2, "in", "tool.call", {"call_id": "c1"}),
        (7.0, "in", "reply.started", {"reply_id": "result"}),
    )
    assert exchanges.of_reply("result") is None
    assert (exchanges.all[0].replies, exchanges.all[0].calls) == (["r1"], [])


def test_what_is_typed_while_the_caller_speaks_is_another_matter() -> None:
    exchanges = follow(
        (1.0, "in", "input.speech.started", {}),
        (1.5, "out", "conversation.message", {"role": "user", "content": "Four."}),
        (1.5, "out", "reply.create", {}),
        (1.6, "in", "reply.started", {"reply_id": "typed"}),
        (2.0, "in", "input.speech.stopped", {}),
        (2.1, "in", "transcript.user", {"item_id": "u1", "text": "Hello."}),
        (2.2, "in", "reply.started", {"reply_id": "r1"}),
    )
    assert exchanges.all[0].replies == ["r1"]
    assert exchanges.of_reply("typed") is None


def test_of_a_call_from_elsewhere_a_word_beside_the_agent_is_not_answered() -> None:
    exchanges = follow(
        (1.0, "local", "turn", {"item_id": "u0", "start": 0.1, "end": 1.0}),
        (2.0, "in", "reply.started", {"reply_id": "r0"}),
        (3.0, "local", "turn", {"item_id": "u1", "start": 2.6, "end": 3.0, "beside": True}),
        (3.0, "in", "transcript.user", {"item_id": "u1", "text": "Mm-hm."}),
        (9.0, "in", "reply.started", {"reply_id": "r1"}),
    )
    assert [(each.beside, each.text, each.replies) for each in exchanges.all] == [
        (False, "", ["r0", "r1"]),
        (True, "Mm-hm.", []),
    ]


def test_of_a_call_from_elsewhere_what_was_found_in_its_sound() -> None:
    span = {"item_id": "u1", "start": 1.0, "end": 6.0}
    exchanges = follow(
        (0.3, "local", "turn", {"item_id": "u0", "start": 0.1, "end": 0.3}),
        (0.4, "local", "spoken", {"reply_id": "r0", "start": 0.5, "end": 0.8, "beside": False}),
        (0.4, "in", "reply.started", {"reply_id": "r0"}),
        (2.8, "local", "spoken", {"reply_id": "r1", "start": 3.0, "end": 3.4, "beside": True}),
        (2.8, "in", "reply.started", {"reply_id": "r1"}),
        (6.0, "local", "turn", span),
        (6.8, "local", "spoken", {"reply_id": "r2", "start": 7.0, "end": 9.0, "beside": False}),
        (6.8, "in", "reply.started", {"reply_id": "r2"}),
    )
    first, second = exchanges.all
    assert (second.item_id, second.begun, second.decided, second.told) == ("u1", 1.0, 6.0, None)
    assert (first.replies, second.replies) == (["r0"], ["r2"])
    assert exchanges.of_reply("r1") is None, "it was said beside the turn"


@pytest.mark.parametrize("gap", [0.2, 0.6, 4.0], ids="{} s".format)
def test_a_sound_without_words_is_over_once_its_words_could_have_come(gap: float) -> None:
    """A lone ``input.speech.stopped``: what is said later is a turn of its own."""
    exchanges = follow(
        (1.0, "in", "input.speech.started", {}),
        (2.0, "in", "input.speech.stopped", {}),
        *turn(2.0 + gap, "u1", "A table."),
    )
    (only,) = exchanges.all
    again = gap < 0.5  # the words of the first may still come: the caller goes on
    assert only.told == (1.0 if again else 2.0 + gap)
    assert only.taken_back == ([2.0] if again else [])


def test_a_turn_with_words_goes_on_however_late_they_are_final() -> None:
    exchanges = follow(
        (1.0, "in", "input.speech.started", {}),
        (1.8, "in", "transcript.user.delta", {"item_id": "u1", "text": "A table"}),
        (2.0, "in", "input.speech.stopped", {}),
        *turn(4.0, "u1", "A table for four."),
    )
    (only,) = exchanges.all
    assert (only.told, only.taken_back) == (1.0, [2.0])


def test_a_reply_with_a_tools_result_is_for_the_turn_that_the_tool_was_called_for() -> None:
    """The caller asks "are you there" while the tool runs: what is said then answers both."""
    exchanges = follow(
        *turn(1.0, "u1", "A table."),
        (2.2, "in", "reply.started", {"reply_id": "r1"}),
        (2.3, "in", "tool.call", {"call_id": "c1"}),
        *turn(4.0, "u2", "Are you there?"),
        (6.0, "out", "tool.result", {"call_id": "c1"}),
        (6.2, "in", "reply.started", {"reply_id": "r2"}),
    )
    first, second = exchanges.all
    assert (first.replies, first.using) == (["r1", "r2"], ["r2"])
    assert (second.replies, second.using, second.waited_for_tools) == (["r2"], [], True)
    assert exchanges.of_reply("r2") is first
    assert not first.waited_for_tools


def test_a_result_from_before_the_caller_spoke_is_not_waited_for() -> None:
    exchanges = follow(
        *turn(1.0, "u1", "A table."),
        (2.2, "in", "reply.started", {"reply_id": "r1"}),
        (2.3, "in", "tool.call", {"call_id": "c1"}),
        (3.0, "out", "tool.result", {"call_id": "c1"}),
        *turn(4.0, "u2", "No, leave it."),
        (6.2, "in", "reply.started", {"reply_id": "r2"}),
    )
    first, second = exchanges.all
    assert (first.using, second.replies, second.waited_for_tools) == ([], ["r2"], False)


def test_who_was_answered_meanwhile_did_not_wait_for_the_tool() -> None:
    exchanges = follow(
        *turn(1.0, "u1", "A table."),
        (2.2, "in", "reply.started", {"reply_id": "r1"}),
        (2.3, "in", "tool.call", {"call_id": "c1"}),
        *turn(4.0, "u2", "Are you there?"),
        (5.2, "in", "reply.started", {"reply_id": "still"}),
        (7.0, "out", "tool.result", {"call_id": "c1"}),
        (7.2, "in", "reply.started", {"reply_id": "r2"}),
    )
    first, second = exchanges.all
    assert (first.replies, first.using) == (["r1", "r2"], ["r2"])
    assert (second.replies, second.waited_for_tools) == (["still"], False)


@pytest.mark.parametrize("item", ["cough", ""], ids=["named", "not named"])
@pytest.mark.parametrize("later", [2.0, 8.0])
def test_partial_words_that_came_to_nothing_are_no_part_of_another_item(item: str, later: float) -> None:
    """Ears invent a "You" for a cough."""
    exchanges = follow(
        (1.0, "in", "input.speech.started", {}),
        (1.8, "in", "transcript.user.delta", {"item_id": item, "text": "You"}),
        (2.0, "in", "input.speech.stopped", {}),
        *turn(2.0 + later, "u1", "Are you there?"),
    )
    (only,) = exchanges.all
    apart = bool(item) or later > 5  # without a name, only time tells
    assert (only.told, only.taken_back) == ((2.0 + later, []) if apart else (1.0, [2.0]))
    assert only.decided == 3.0 + later


def test_words_that_come_when_the_caller_has_gone_on_are_of_what_was_decided_before() -> None:
    """Busy ears: no partial words, and the final ones late."""
    exchanges = follow(
        (1.0, "in", "input.speech.started", {}),
        (2.0, "in", "input.speech.stopped", {}),
        (3.2, "in", "input.speech.started", {}),
        (3.4, "in", "transcript.user", {"item_id": "u1", "text": "A table"}),
        (4.0, "in", "input.speech.stopped", {}),
        (4.1, "in", "transcript.user", {"item_id": "u2", "text": "for four."}),
    )
    first, second = exchanges.all
    assert (first.told, first.decided, first.text) == (1.0, 2.0, "A table")
    assert (second.told, second.decided, second.text) == (3.2, 4.0, "for four.")


def test_a_turn_whose_tool_has_its_answer_takes_no_other() -> None:
    exchanges = follow(
        *turn(1.0, "u1", "A table."),
        (2.2, "in", "reply.started", {"reply_id": "r0"}),
        (2.3, "in", "tool.call", {"call_id": "c1"}),
        (4.0, "in", "input.speech.started", {}),
        (5.0, "out", "tool.result", {"call_id": "c1"}),
        (5.1, "in", "reply.started", {"reply_id": "r1"}),
        (6.0, "in", "input.speech.stopped", {}),
        (6.1, "in", "transcript.user", {"item_id": "u2", "text": "Are you there?"}),
        (6.3, "in", "reply.started", {"reply_id": "r2"}),
    )
    first, second = exchanges.all
    assert (first.replies, first.using) == (["r0", "r1"], ["r1"])
    assert (second.replies, second.waited_for_tools) == (["r2"], False)


def test_words_that_come_just_before_the_end_of_speech_are_not_those_of_the_sound_before() -> None:
    cough = [(1.0, "in", "input.speech.started", {}), (2.0, "in", "input.speech.stopped", {})]
    words = {"item_id": "u1", "text": "Are you there?"}
    begun: tuple[float, str, str, dict[str, Any]] = (4.0, "in", "input.speech.started", {})
    (turn_,) = follow(
        *cough,
        begun,
        (5.0, "in", "transcript.user", words),
        (5.003, "in", "reply.started", {"reply_id": "r1"}),
        (5.006, "in", "input.speech.stopped", {}),
    ).all
    assert (turn_.told, turn_.decided, turn_.transcribed, turn_.replies) == (4.0, 5.006, 5.0, ["r1"])
    # An end of speech that was never told: so late no words come.
    (turn_,) = follow(*cough, begun, (9.0, "in", "transcript.user", words)).all
    assert (turn_.told, turn_.decided) == (4.0, 9.0)
    # They are the sound's where the caller speaks on.
    (turn_,) = follow(*cough, begun, (4.5, "in", "transcript.user", words)).all
    assert (turn_.told, turn_.decided) == (1.0, 2.0)
