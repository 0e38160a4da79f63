from __future__ import annotations

import pytest

from voicenb.analysis.interruption import Interruption


def test_yield_latency_is_the_sum_of_its_two() -> None:
    one = Interruption("r", onset=1.0, told=1.56, silent=1.61, unheard=9)
    assert (one.reaction, one.flush, one.latency) == pytest.approx((0.56, 0.05, 0.61))


def test_a_voice_that_was_silent_before_took_nothing_to_stop() -> None:
    one = Interruption("r", onset=1.0, told=1.5, silent=1.4, unheard=0)
    assert (one.flush, one.latency) == pytest.approx((0.0, 0.5))
