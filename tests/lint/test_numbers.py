"""P10."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The boat goes at 2:14 PM.", "2:14 PM"),
        ("The boat goes at 14:37 sharp.", "14:37"),
        ("We have 12,345 bottles.", "12,345"),
        ("Our number is 48213977.", "48213977"),
        ("Pi is 3.14159 here.", "3.14159"),
        ("Call (212) 555-0134 for more.", "(212) 555-0134"),
        ("Call +39 041 526 0236.", "+39 041 526 0236"),
    ],
)
def test_exact_numbers_are_found(of_prompt, text, shown):
    (found,) = of_prompt("P10", text)
    assert found.severity == "info"
    assert found.text == shown


@pytest.mark.parametrize(
    "text",
    [
        "We open at 19:00 and close at 23:30, in 2026.",
        "There are 10,000 bottles, and 100000 corks.",
        "Never say 2:14 PM; say around two.",
        "We have 12 tables, 48 chairs and 1,200 spoons.",
        "It costs 3.50, and the ratio is 16:9.",
        "See version 1.2.3 and room 204.",
        "Today is 2026-06-15.",
        "At two fourteen.",
    ],
)
def test_round_numbers_are_not(of_prompt, text):
    assert not of_prompt("P10", text)
