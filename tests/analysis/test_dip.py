"""Decisions of the own ear, and when they were heard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from voicenb.analysis.dip import Dip, dips

from .known_call import KnownCall


def found(folder: Path, *events: tuple[float, str, dict[str, Any]]) -> list[Dip]:
    call = KnownCall(folder / "call", 20.0)
    for at, kind, msg in events:
        call.put(at, "local", kind, **msg)
    return dips(call.build())


def quieter(at: float) -> tuple[float, str, dict[str, Any]]:
    return at, "duck", {"gain": 0.2, "onset": at - 0.1}


def back(at: float, why: str) -> tuple[float, str, dict[str, Any]]:
    return at, "duck", {"gain": 1.0, "why": why}


def heard(at: float, gain: float, told: float | None = None) -> tuple[float, str, dict[str, Any]]:
    return at if told is None else told, "ducked", {"gain": gain, "t": at, "uncertainty": 0.01}


def test_each_has_what_was_decided_and_what_was_heard(tmp_path: Path) -> None:
    one, two = found(
        tmp_path,
        *[quieter(2.0), heard(2.05, 0.2, told=2.1), back(3.0, "confirmed"), heard(3.02, 1.0)],
        *[quieter(6.0), heard(6.04, 0.2), back(9.0, "unconfirmed"), heard(9.05, 1.0)],
    )
    assert one == Dip(pytest.approx(1.9), 2.0, 0.2, 3.0, "confirmed", 2.05, 3.02)
    assert (two.begin, two.end, two.why) == (6.04, 9.05, "unconfirmed")


def test_word_of_one_does_not_stand_in_for_another(tmp_path: Path) -> None:
    one, two = found(
        tmp_path, quieter(2.0), back(3.0, "over"), quieter(6.0), heard(6.04, 0.2), back(9.0, "unconfirmed")
    )
    assert (one.begin, one.end) == (None, None)
    assert (two.begin, two.end) == (6.04, None)


def test_a_page_s_clock_may_be_off_a_little(tmp_path: Path) -> None:
    (one,) = found(tmp_path, quieter(2.0), heard(1.95, 0.2, told=2.1))
    assert one.begin == 1.95


def test_one_that_the_recording_ends_in(tmp_path: Path) -> None:
    (one,) = found(tmp_path, quieter(2.0), heard(2.05, 0.2))
    assert (one.taken_back, one.why, one.end) == (None, "", None)


def test_a_call_without_one(tmp_path: Path) -> None:
    assert found(tmp_path) == []
