from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from voicenb.session.clock_report import EVERY, ClockReport
from voicenb.session.microphones import Silence


class Browser(Silence):
    """A microphone with a clock of its own."""

    def clocks(self, began: float) -> dict[str, Any]:
        return {"page": [], "began": began}


class Watched:
    """A microphone that is reported on; looking at ``seconds`` gives the seconds of the reports."""

    def __init__(self, microphone: Silence) -> None:
        self.now = 0.0
        self.kept: list[tuple[float, Mapping[str, Any]]] = []
        self.report = ClockReport(
            microphone, lambda: self.now, 100.0, lambda maps: self.kept.append((self.now, maps))
        )

    def at(self, *seconds: float, last: bool = False) -> list[float]:
        for second in seconds:
            self.now = second
            self.report.look(last=last)
        return [second for second, _ in self.kept]


def test_one_on_the_engines_clock_has_nothing_to_report() -> None:
    watched = Watched(Silence())
    watched.at(0.0, 50.0)
    assert watched.at(60.0, last=True) == []


def test_every_ten_seconds_from_the_first_look_on() -> None:
    watched = Watched(Browser())
    assert watched.at(3.0, 3.02, 3.0 + EVERY - 0.02, 3.0 + EVERY, 14.0, 30.0, 39.9) == [3.0, 13.0, 30.0]


def test_the_last_look_is_always_one() -> None:
    watched = Watched(Browser())
    watched.at(3.0)
    assert watched.at(3.02, last=True) == [3.0, 3.02]


@pytest.mark.parametrize("last", [False, True])
def test_the_maps_are_asked_for_with_the_engines_beginning(last: bool) -> None:
    watched = Watched(Browser())
    watched.at(0.0, last=last)
    assert watched.kept == [(0.0, {"page": [], "began": 100.0})]
