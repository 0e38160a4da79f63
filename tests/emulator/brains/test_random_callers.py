"""Callers who say anything in any order: the brain stays polite, and books nothing that was not agreed to."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

LINES = (
    """
Hi, I would like a table for four on Friday.|A table, please.|Friday.|Saturday at seven, for two.|Four.
No, five people.|Half past eight, please.|Seven.|What is free?|Anna.|My name is Anna Berger.|Yes, please.|Yes.
No.|Yes, but for six.|Not Friday, Saturday.|Uh, wait.|Are you a robot?|Do you have gluten free food?|Goodbye.
Thank you.|Start over.|Can you repeat that?|I don't know.|Me and my wife.|Monday, then.|The earlier one.
Whatever.|That's it.|How are you today?|Can I talk to a human?|Cancel that.|Number one.|Tomorrow evening.
Mind your own business.|Good evening.|Sorry, what?|We are eight.|Ate, please.|For for Friday.|Mm-hm.|Okay.
""".strip()
    .replace("\n", "|")
    .split("|")
)
WORDS = sorted({word for line in LINES for word in line.split()})


def converse(lido: Any, seed: int) -> None:
    chance = random.Random(seed)
    said, question = [], ""
    for _ in range(12):
        whole = chance.random() < 0.7
        line = chance.choice(LINES) if whole else " ".join(chance.choices(WORDS, k=chance.randint(1, 7)))
        said.append(line)
        before = len(lido.calls)
        reply = lido.say(line)
        for name, arguments in lido.calls[before:]:
            if name == "book_table":
                assert "Shall I book" in question, said
                assert question.endswith("?"), said
                assert arguments["people"] > 0, said
                assert all(arguments.values()), said
        assert reply[0].isupper(), (said, reply)
        assert not re.search(r"[_{}\[\]<>#%@^~]|  |\.\.|\bNone\b|null|\d:\d", reply), (said, reply)
        assert len(reply.split()) <= 75, (said, reply)
        question = reply


@pytest.mark.parametrize("seed", range(20))
def test_a_random_caller(lido: Any, seed: int) -> None:
    converse(lido, seed)


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(20, 1000))
def test_many_random_callers(lido: Any, seed: int) -> None:
    converse(lido, seed)
