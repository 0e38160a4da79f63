from __future__ import annotations

from typing import Any

import pytest

from voicenb.turn_detection import TurnDetection
from voicenb.widgets.tuned_turns import InForce
from voicenb.widgets.tuning_state import difference, rows_of

RECOMMENDED = TurnDetection.recommended().to_wire()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (InForce(), InForce(), ""),
        (InForce(RECOMMENDED), InForce({**RECOMMENDED}), ""),
        (InForce(), InForce(RECOMMENDED), "adaptive → recommended"),
        (InForce(RECOMMENDED), InForce(), "recommended → adaptive"),
        (InForce(RECOMMENDED), InForce({**RECOMMENDED, "min_silence": 800}), "min_silence 1400 → 800 ms"),
        (
            InForce(RECOMMENDED),
            InForce({**RECOMMENDED, "interrupt_response": False, "vad_threshold": 0.7}),
            "vad_threshold 0.5 → 0.7, interrupt_response on → off",
        ),
        (InForce(), InForce({"min_silence": 600}), "adaptive → 0.5 · 600 · 3000"),
        (InForce({"min_silence": 600}), InForce({"min_silence": 600, "max_silence": 3000}), ""),
        # The delay that a mode brings is told by its name only.
        (InForce(RECOMMENDED), InForce(RECOMMENDED, "min_latency"), "balanced → min_latency"),
        (
            InForce(RECOMMENDED),
            InForce({**RECOMMENDED, "interruption_delay": 100}),
            "interruption_delay 500 → 100 ms",
        ),
    ],
)
def test_what_changed_is_told_in_a_few_words(before: InForce, after: InForce, told: str) -> None:
    assert difference(before, after) == told


def row(n: int, in_force: InForce) -> dict[str, Any]:
    return {"n": n, "in_force": in_force}


def test_a_change_stands_at_the_turn_behind_it() -> None:
    other = InForce({**RECOMMENDED, "min_silence": 800})
    turns = [("s1", row(n, InForce(RECOMMENDED) if n < 3 else other)) for n in range(1, 8)]
    shown = rows_of(turns, InForce(RECOMMENDED))
    assert [each["n"] for each in shown["turns"]] == [3, 4, 5, 6, 7]
    assert [each["change"] for each in shown["turns"]] == ["min_silence 1400 → 800 ms", "", "", "", ""]
    assert shown["coming"] == "min_silence 800 → 1400 ms"
    assert "in_force" not in shown["turns"][0]
    assert rows_of(turns, None)["coming"] == ""
    assert rows_of([], InForce()) == {"turns": [], "coming": ""}


def test_another_call_is_a_change() -> None:
    shown = rows_of([("s1", row(4, InForce(RECOMMENDED))), ("s2", row(1, InForce()))], None)
    assert [each["change"] for each in shown["turns"]] == ["", "another call: recommended → adaptive"]
