"""Thinking aloud, and what is left without it."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains.thinking import out_of, without


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("My name is. Let me think. Anna.", "My name is Anna."),
        ("My name is … let me think … Anna", "My name is Anna"),
        ("my name is let me think anna", "my name is anna"),
        ("My name is, how do I say it, Siobhan.", "My name is Siobhan."),
        ("We are. What was it? Four.", "We are Four."),
        ("Friday. Let me see. Saturday.", "Friday. Saturday."),
        ("The name is Anna, let me think, Berger.", "The name is Anna, Berger."),
        ("Hold on. Hold on. Let me see. Four people.", "Four people."),
        ("Wait. Anna.", "Anna."),
        ("Just a second. Anna Berger.", "Anna Berger."),
        ("Hang on a second, it's Saturday.", "it's Saturday."),
        ("Let me check the calendar. Friday.", "Friday."),
        ("Let\u2019s see. Four.", "Four."),
    ],
)
def test_what_stands_around_it_is_left(text: str, rest: str) -> None:
    assert without(text) == (rest, True, False)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Let me think.", ""),
        ("My name is. Let me think.", ""),
        ("Yes, let me think.", ""),
        ("Sorry, one moment.", ""),
        ("So, let me ask my wife", ""),
        ("Wait a moment.", ""),
        ("Four, let me think.", "Four."),
        ("Anna. One moment please.", "Anna."),
        ("Is Friday free, hold on?", "Is Friday free?"),
        ("Fine, no, wait.", "Fine, no."),
    ],
)
def test_at_the_end(text: str, rest: str) -> None:
    assert without(text) == (rest, True, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Anna.",
        "Let me see what times you have.",
        "Let me think about Friday.",
        "a second table",
        "Can I hold on to it?",
        "Is there a wait?",
        "eight of us, wait, nine",  # it takes the eight back
        "Oh wait, no, make it six people",
    ],
)
def test_what_is_no_thinking_aloud(text: str) -> None:
    assert without(text) == (text, False, False)


def test_a_name_that_was_broken_off_is_whole() -> None:
    assert without("My name is. Anna.") == ("My name is Anna.", False, False)


def test_words_of_the_caller_s_own_are_without_any_of_it() -> None:
    assert out_of("the printer, wait, the scanner is broken") == "the printer, the scanner is broken"
    assert out_of("Let me think. The printer.") == "The printer."
    assert out_of("The printer.") == "The printer."
