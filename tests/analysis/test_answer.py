from __future__ import annotations

from typing import Any

import pytest

from voicenb.analysis.answer import Answer, ended_by


def test_its_parts_are_the_whole() -> None:
    answer = Answer(
        "r", speech_end=1.0, decided=2.4, audible=3.9, ended_by="min_silence", tools=0.2, announcement=1.0
    )
    assert answer.response_latency == pytest.approx(2.9)
    assert answer.end_of_turn_delay == pytest.approx(1.4)
    assert answer.rest == pytest.approx(0.3)
    assert answer.end_of_turn_delay + 0.2 + 1.0 + answer.rest == pytest.approx(answer.response_latency)


def test_without_the_decision_only_the_whole_is_known() -> None:
    answer = Answer("r", speech_end=1.0, decided=None, audible=3.9, ended_by="unknown")
    assert answer.response_latency == pytest.approx(2.9)
    assert (answer.end_of_turn_delay, answer.rest) == (None, None)


@pytest.mark.parametrize(
    ("delay", "settings", "limit"),
    [
        (0.9, None, ("adaptive", None)),
        (1.45, {"min_silence": 1400, "max_silence": 4000}, ("min_silence", 1.4)),
        (1.35, {"min_silence": 1400, "max_silence": 4000}, ("min_silence", 1.4)),
        (4.05, {"min_silence": 1400, "max_silence": 4000}, ("max_silence", 4.0)),
        (0.5, {"min_silence": 1400}, ("unknown", None)),
        (0.5, {}, ("unknown", None)),
    ],
)
def test_which_limit_ended_a_turn(
    delay: float, settings: dict[str, Any] | None, limit: tuple[str, Any]
) -> None:
    assert ended_by(delay, settings) == limit
