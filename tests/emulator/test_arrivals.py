from __future__ import annotations

import numpy as np
import pytest

from voicenb.emulator.arrivals import Arrivals
from voicenb.turn_taking.detector import FRAME, Frame

SECONDS = FRAME / 24_000


def frames(first, last):
    return [Frame(n * FRAME, (n + 1) * FRAME, 0.0, np.zeros(512, np.float32)) for n in range(first, last)]


def test_a_client_in_real_time():
    arrivals = Arrivals()
    for n in range(10):
        arrivals.note(frames(n, n + 1), SECONDS, 7 + (n + 1) * SECONDS)
    assert [arrivals.at(n * SECONDS) for n in range(11)] == pytest.approx(
        [7 + n * SECONDS for n in range(11)]
    )


def test_a_message_of_several_frames_in_real_time():
    arrivals = Arrivals()
    arrivals.note(frames(0, 4), 4 * SECONDS, 5.0)
    assert arrivals.at(SECONDS) == pytest.approx(5 - 3 * SECONDS)
    assert arrivals.at(4 * SECONDS) == pytest.approx(5.0)


def test_what_is_sent_at_once_came_at_once():
    arrivals = Arrivals()
    arrivals.note(frames(0, 1), SECONDS, 3.0)
    for n in range(1, 50):
        arrivals.note(frames(n, n + 1), SECONDS, 3.0)
    assert arrivals.at(40 * SECONDS) == pytest.approx(3.0)


def test_what_comes_late_came_late():
    arrivals = Arrivals()
    arrivals.note(frames(0, 1), SECONDS, 1.0)
    arrivals.note(frames(1, 2), SECONDS, 9.0)
    assert arrivals.at(SECONDS) == pytest.approx(1.0)
    assert arrivals.at(2 * SECONDS) == pytest.approx(9.0)


def test_what_is_long_past_is_not_known_any_more():
    arrivals = Arrivals()
    for n in range(10_000):
        arrivals.note(frames(n, n + 1), SECONDS, n * SECONDS)
    assert arrivals.at(0.0) is None
    assert arrivals.at(9_999 * SECONDS) is not None


def test_what_is_forgotten_is_not_found_and_takes_no_more():
    arrivals = Arrivals()
    arrivals.note(frames(0, 4), 4 * SECONDS, 5.0)
    arrivals.forget()
    arrivals.note(frames(4, 8), 4 * SECONDS, 6.0)
    assert arrivals.at(SECONDS) is None
