"""One-shot instructions, as far as rules can follow them."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains.instructions import followed, quoted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('Say "hello there".', "hello there"),
        ("Say: “Good evening.”", "Good evening."),
        ("Say 'it's here'.", "it's here"),
        ("Sagen Sie «guten Abend»", "guten Abend"),
        ("Sagen Sie „guten Abend“.", "guten Abend"),
        ("Say \u2018now\u2019.", "now"),
        ("Don't say that it's ready.", ""),
        ("Say hello", ""),
        ('Say "one" or "two".', "one"),
        ("", ""),
    ],
)
def test_what_stands_in_quotes(text: str, said: str) -> None:
    assert quoted(text) == said


@pytest.mark.parametrize(
    ("instructions", "said"),
    [
        ("Say 'hello'", "hello"),
        ("Ask whether they are still there.", "Are you still there?"),
        ("Greet the caller warmly.", "Hello! How can I help?"),
        ("Say goodbye and end the call.", "Thank you for calling. Goodbye!"),
        ("Wish the caller a nice evening and close the conversation.", "Thank you for calling. Goodbye!"),
        ("Tell the caller that their table is ready.", "Your table is ready."),
        ("Remind them: they have five minutes left", "You have five minutes left."),
        ("Let the user know that we close at nine!", "We close at nine."),
        ("Tell them to wait.", "Please wait."),
        ("Ask the caller for their phone number.", "Could you tell me your phone number, please?"),
        ("Ask if they would like a receipt.", "Would you like a receipt?"),
        ("Apologize for the delay.", "I'm sorry about that."),
        ("Thank the caller.", "Thank you."),
    ],
)
def test_what_rules_can_follow(instructions: str, said: str) -> None:
    assert followed(instructions) == said


@pytest.mark.parametrize(
    "instructions", ["Compose a haiku.", "", "Be cheerful from now on.", "Speak French."]
)
def test_what_they_cannot(instructions: str) -> None:
    assert followed(instructions) == ""
