from __future__ import annotations

import pytest

from voicenb.emulator.pacing import PlayHead


def test_chunks_are_due_a_lead_ahead_of_when_they_are_heard():
    head = PlayHead(lead=0.1)
    now, sent = 5.0, []
    for _ in range(10):
        now = head.due(now)
        sent.append(round(now - 5.0, 3))
        head.put(0.02, now)
    assert sent == [0, 0, 0, 0, 0, 0, 0.02, 0.04, 0.06, 0.08]
    assert head.end == pytest.approx(5.2)
    assert head.gaps == []


def test_the_head_is_absolute():
    head = PlayHead(lead=0.1)
    head.put(0.1, 5.0)
    head.put(0.02, 5.09)  # late, but in time
    assert head.due(5.09) == pytest.approx(5.02)
    assert head.position(5.05) == pytest.approx(0.05)


def test_without_a_lead_what_comes_a_little_late_does_not_add_up():
    head = PlayHead(lead=0.0)
    now = 5.0
    for _ in range(1000):
        now = head.due(now) + 0.002  # as timers are
        head.put(0.01, now)
    assert now == pytest.approx(5.0 + 0.002 + 999 * 0.01 + 0.002)
    assert head.gaps == []


def test_a_gap_moves_what_comes_after_it():
    head = PlayHead(lead=0.0)
    head.put(0.5, 5.0)
    assert head.position(7.0) == 0.5
    head.put(0.5, 7.0)
    assert head.gaps == [pytest.approx(1.5)]
    assert head.position(7.1) == pytest.approx(0.6)
    assert head.when(0.6) == pytest.approx(7.1)
    assert head.end == pytest.approx(7.5)


def test_before_it_has_begun():
    head = PlayHead(lead=0.1)
    assert not head.begun
    assert head.position(3.0) == 0
    assert head.due(3.0) == 3.0
