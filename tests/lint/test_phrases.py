"""P8."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "text",
    [
        'Begin with "Great question".',
        "Say 'Happy to help' at the start.",
        "Open with “Absolutely!” and go on.",
        'Reply "Certainly, one moment."',
        'Use warm words, like "I\'m happy to help you".',
        "\nAgent: Certainly, a table for two.",
        "Start with absolutely.",
    ],
)
def test_stock_phrases_that_are_wanted_are_found(of_prompt, text):
    assert [f.severity for f in of_prompt("P8", text)] == ["warn"]


@pytest.mark.parametrize(
    "text",
    [
        'Never say "Great question" or "Absolutely".',
        'Avoid these:\n"Great question"\n"Happy to help"\n',
        'Phrases to avoid:\n\n"Certainly"\n"Absolutely"',
        'Say "yes" instead of "certainly".',
        "You absolutely must confirm the day, and will certainly be asked for it.",
        'When the caller says "absolutely", book the table.',
        'Say "The fish is certainly fresh today."',
        'Bad: "Great question"',
    ],
)
def test_stock_phrases_that_are_not_wanted_are_not(of_prompt, text):
    assert not of_prompt("P8", text)
