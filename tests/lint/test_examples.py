"""P14."""

from __future__ import annotations

import pytest

LONG = "We have a table at seven. There is one at eight too. Which one would you like."


@pytest.mark.parametrize(
    "text",
    [
        f'For example: "{LONG}"',
        f"\nAgent: {LONG}",
        f'Say "{"so " * 40}"',
        'Ten words at most. Say "We have a table at seven, and there is one at eight too, by the sea."',
    ],
)
def test_examples_that_are_too_long_are_found(of_agent, text):
    found = of_agent("P14", {"system_prompt": f"You are the host of Lido. {text}"})
    assert [f.severity for f in found] == ["info"]


@pytest.mark.parametrize(
    "text",
    [
        'For example: "We have a table at seven. Would that do?"',
        f'Three sentences at most. For example: "{LONG}"',
        f'Never go on like "{LONG}"',
        f'Our story is "{LONG}"',
        "\nCaller: I want a table. For four. On Friday. At eight.",
    ],
)
def test_short_ones_and_other_quotations_are_not(of_agent, text):
    assert not of_agent("P14", {"system_prompt": f"You are the host of Lido. {text}"})
