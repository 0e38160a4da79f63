"""Questions that the tools have no answer to."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.emulator.brains.beyond import is_beyond
from voicenb.emulator.brains.intent import Toolbox
from voicenb.emulator.brains.utterance import Utterance


@pytest.mark.parametrize(
    ("text", "beyond"),
    [
        ("What is the weather like today?", True),
        ("Sorry, is it going to rain tomorrow?", True),
        ("What is the date?", True),
        ("And what time is it now?", True),
        ("Do you know who won on Sunday?", True),
        ("What is the weather like at that time of the day?", True),
        ("What time does the museum close?", True),
        ("What times do you have on Friday?", False),
        ("What time is the table?", False),
        ("What about Friday?", False),
        ("How about half past eight?", False),
        ("Is it possible for five people?", False),
        ("The weather is nice today.", False),
        ("On Friday.", False),
        ("", False),
    ],
)
def test_questions(lido: Any, text: str, beyond: bool) -> None:
    assert is_beyond(Utterance.of(text), Toolbox(lido.tools)) is beyond


@pytest.mark.parametrize("text", ["What time is it?", "What is the time in London?"])
def test_a_clock_is_asked_for_the_time(tool: Any, text: str) -> None:
    assert not is_beyond(Utterance.of(text), Toolbox([tool("get_time", "Get the time in a city.")]))


def test_what_a_tool_knows_a_word_of_is_not_beyond_it(tool: Any) -> None:
    box = Toolbox([tool("get_weather", "Get the weather forecast.", day={"type": "string"})])
    assert not is_beyond(Utterance.of("Will it rain tomorrow?"), box)
