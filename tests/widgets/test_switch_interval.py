from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from voicenb.widgets.switch_interval import SHORT, ShortSwitchInterval


@pytest.fixture(autouse=True)
def usual() -> Iterator[float]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    yield 0.005
    sys.setswitchinterval(before)


def test_short_while_it_is_held_and_as_before_afterwards(usual: float) -> None:
    first, second = ShortSwitchInterval(), ShortSwitchInterval()
    first.take()
    first.take()
    second.take()
    assert sys.getswitchinterval() == pytest.approx(SHORT, abs=2e-6)
    first.leave()
    first.leave()
    assert sys.getswitchinterval() == pytest.approx(SHORT, abs=2e-6)
    second.leave()
    assert sys.getswitchinterval() == pytest.approx(usual, abs=2e-6)


def test_what_somebody_else_set_meanwhile_is_theirs() -> None:
    held = ShortSwitchInterval()
    held.take()
    sys.setswitchinterval(0.02)
    held.leave()
    assert sys.getswitchinterval() == pytest.approx(0.02, abs=2e-6)


def test_an_interval_that_is_shorter_already_stays() -> None:
    sys.setswitchinterval(1e-4)
    held = ShortSwitchInterval()
    held.take()
    assert sys.getswitchinterval() == pytest.approx(1e-4, abs=2e-6)
    held.leave()
    assert sys.getswitchinterval() == pytest.approx(1e-4, abs=2e-6)
