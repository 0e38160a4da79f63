"""A conversation that began in another session, and is gone on with."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.emulator.brain import Call, Line, Say
from voicenb.emulator.brains.retold import retold
from voicenb.session.renewal import STORY

STORY_OF = STORY.format(
    lines="Caller: A table for four on Friday.\nYou: Half past eight is free. Shall I?\nCaller: Yes."
)


def test_the_story_that_a_client_of_ours_tells() -> None:
    assert retold(f"You take bookings.\n\n{STORY_OF}") == [
        Line("user", "A table for four on Friday."),
        Line("agent", "Half past eight is free. Shall I?"),
        Line("user", "Yes."),
    ]


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "You take bookings.",
        "An example:\nCaller: A table, please.\nYou: For how many?",
        "What was said so far: nothing.",
        "What was said so far:\n\nGo on from there.",
    ],
)
def test_a_prompt_without_one(prompt: str) -> None:
    assert retold(prompt) == []


def test_what_was_understood_before_counts(lido: Any) -> None:
    """The caller had said how many and when; the new session asks for neither."""
    lido.prompt = STORY.format(lines="Caller: A table for four.\nYou: What day would you like?")
    lido.history.append(Line("user", "On Friday."))
    parts = lido.think("user_speech")
    assert [part for part in parts if isinstance(part, Call)] == [
        Call("free_tables", {"day": "Friday", "people": 4})
    ]


def test_a_reply_that_the_lost_session_owed(lido: Any) -> None:
    lido.prompt = STORY.format(lines="Caller: A table for four.")
    (part,) = lido.think("reply_create")
    assert isinstance(part, Say)
    assert "What day" in part.text
    lido.prompt = STORY.format(lines="Caller: A table for four.\nYou: What day")
    (part,) = lido.think("reply_create")
    assert "What day" in part.text, "a question that was cut off is asked again"
