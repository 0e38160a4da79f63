"""With what another session of the same conversation begins."""

from __future__ import annotations

from voicenb.protocol import messages as m
from voicenb.protocol.conversation import Conversation
from voicenb.session.renewal import LONGEST, Renewal, story


def conversation(*turns: str, config: dict[str, object] | None = None) -> Conversation:
    told = Conversation(hears=False)
    told.send(m.SessionUpdate(session={}), 0.0)
    told.receive(m.SessionReady(session_id="s", config=config), 0.1)
    for at, text in enumerate(turns, 1):
        told.receive(m.TranscriptUser(text=text, item_id=f"u{at}"), at)
        told.receive(m.ReplyStarted(reply_id=f"r{at}"), at + 0.1)
        told.receive(m.ReplyAudio(reply_id=f"r{at}", data=bytes(4800)), at + 0.2)
        told.receive(m.TranscriptAgent(reply_id=f"r{at}", text=f"Answer {at}."), at + 0.3)
        told.receive(m.ReplyDone(reply_id=f"r{at}", status="completed"), at + 0.4)
    return told


def test_the_prompt_goes_on_with_what_was_said_and_nobody_is_greeted() -> None:
    renewal = Renewal({"system_prompt": "You book.", "greeting": "Hello.", "output": {"voice": "ivy"}})
    first, second = renewal.session(conversation("A table?"))
    assert second == {}
    assert set(first) == {"system_prompt", "output"}
    prompt = str(first["system_prompt"])
    assert prompt.startswith("You book.\n\n")
    assert "Caller: A table?\nYou: Answer 1.\n" in prompt


def test_what_was_changed_meanwhile_is_kept() -> None:
    renewal = Renewal({"system_prompt": "You book.", "input": {"keyterms": ["Lido"]}})
    renewal.accepted({"input": {"turn_detection": {"min_silence": 900}}})
    renewal.accepted({"system_prompt": "You cancel."})
    first, _ = renewal.session(conversation())
    assert first == {
        "system_prompt": "You cancel.",
        "input": {"keyterms": ["Lido"], "turn_detection": {"min_silence": 900}},
    }


def test_a_stored_agent_is_bound_again_and_then_told() -> None:
    renewal = Renewal({"agent_id": "agent_1", "input": {"keyterms": ["Lido"]}})
    first, second = renewal.session(conversation("Hello?", config={"system_prompt": "Stored."}))
    assert first == {"agent_id": "agent_1"}
    assert second["input"] == {"keyterms": ["Lido"]}
    assert str(second["system_prompt"]).startswith("Stored.\n\n")
    assert "Caller: Hello?" in str(second["system_prompt"])


def test_a_stored_agent_that_is_lost_twice_is_told_once() -> None:
    renewal = Renewal({"agent_id": "agent_1"})
    _, second = renewal.session(conversation("Hello?", config={"system_prompt": "Stored."}))
    renewal.accepted(second)
    _, third = renewal.session(conversation("Hello?", "And then?", config=second))
    told = str(third["system_prompt"])
    assert told.startswith("Stored.\n\n")
    assert told.count("Caller: Hello?") == 1
    assert told.count("The connection was lost") == 1
    renewal.accepted({"system_prompt": "You cancel."})
    _, fourth = renewal.session(conversation("Hello?", config={"system_prompt": "You cancel."}))
    assert str(fourth["system_prompt"]).startswith("You cancel.\n\n")


def test_of_a_long_conversation_the_latest_lines_are_told_whole() -> None:
    told = story(
        conversation(
            *(f"Sentence number {n}, which is as long as such sentences are." for n in range(200))
        ).lines
    )
    assert LONGEST - 200 < len(told) <= LONGEST
    assert told.endswith("You: Answer 200.")
    assert told.split("\n")[0].startswith(("Caller: Sentence", "You: Answer"))
