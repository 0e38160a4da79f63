from __future__ import annotations

from typing import Any

import pytest

from voicenb.analysis.answer import Answer, ended_by, is_separable


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


PATIENT = {"min_silence": 1400, "max_silence": 4000}
HASTY = {"min_silence": 500, "max_silence": 700}


@pytest.mark.parametrize(
    ("delay", "settings", "limit"),
    [
        (0.9, None, ("adaptive", None)),
        (1.45, PATIENT, ("min_silence", 1.4)),
        (1.35, PATIENT, ("min_silence", 1.4)),
        (3.8, PATIENT, ("min_silence", 1.4)),
        (3.95, PATIENT, ("max_silence", 4.0)),
        (4.05, PATIENT, ("max_silence", 4.0)),
        (4.29, PATIENT, ("max_silence", 4.0)),
        (4.4, PATIENT, ("unknown", 1.4)),  # later than that no decision is told: of which, nobody knows
        (0.55, HASTY, ("min_silence", 0.5)),
        (0.7, HASTY, ("unknown", 0.5)),  # of either, told a little late
        (0.9, HASTY, ("max_silence", 0.7)),
        (4.05, {"max_silence": 4000}, ("max_silence", 4.0)),
        (5.0, {"max_silence": 4000}, ("unknown", None)),
        (0.5, {"min_silence": 1400}, ("unknown", None)),
        (0.5, {}, ("unknown", None)),
    ],
)
def test_which_limit_ended_a_turn_where_decisions_are_told_as_they_fall(
    delay: float, settings: dict[str, Any] | None, limit: tuple[str, Any]
) -> None:
    assert ended_by(delay, settings, separable=True) == limit


@pytest.mark.parametrize(
    ("delay", "settings", "limit"),
    [
        (0.9, None, ("adaptive", None)),
        (1.45, PATIENT, ("min_silence", 1.4)),
        (3.8, PATIENT, ("min_silence", 1.4)),
        (4.05, PATIENT, ("unknown", 1.4)),
        (9.0, PATIENT, ("unknown", 1.4)),
        (4.05, {"max_silence": 4000}, ("unknown", None)),
        (0.5, {"min_silence": 1400}, ("unknown", None)),
    ],
)
def test_where_model_and_voice_are_in_the_delay_a_long_one_may_have_been_ended_by_either(
    delay: float, settings: dict[str, Any] | None, limit: tuple[str, Any]
) -> None:
    assert ended_by(delay, settings, separable=False) == limit


@pytest.mark.parametrize(
    ("service", "separable"),
    [
        ("emulator · contract · rules", True),
        ("emulator", True),
        ("hosted", False),
        ("", False),
        (None, False),
    ],
)
def test_who_tells_of_a_decision_when_it_falls(service: object, separable: bool) -> None:
    assert is_separable(service) is separable
