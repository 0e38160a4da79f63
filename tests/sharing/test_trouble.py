"""What went wrong at a turn, in words."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.analysis.turn import Turn
from voicenb.sharing.trouble import trouble


@pytest.mark.parametrize(
    ("role", "facts", "words"),
    [
        ("user", {}, []),
        ("user", {"false_cutoffs": 1}, ["cut off"]),
        ("user", {"false_cutoffs": 2, "candidate_cut": True}, ["cut off 2 times"]),
        ("user", {"candidate_cut": True}, ["cut off?"]),
        ("user", {"unanswered": True}, ["unanswered"]),
        ("user", {"unanswered": None, "candidate_cut": None}, []),
        ("agent", {"interrupted": True}, ["interrupted"]),
        ("agent", {"interrupted": True, "false_interruption": True}, ["stopped for no words"]),
        ("agent", {"silent": True}, ["no audible sound"]),
        ("agent", {"interrupted": False, "silent": False}, []),
    ],
)
def test_trouble(role: Any, facts: dict[str, Any], words: list[str]) -> None:
    kind: Any = "plain" if role == "user" else "turn"
    turn = Turn(number=1, role=role, kind=kind, start=0.0, end=1.0, text="Yes.", **facts)
    assert trouble(turn) == words
