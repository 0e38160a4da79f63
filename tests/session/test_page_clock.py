from __future__ import annotations

import pytest

from voicenb.session.page_clock import DRIFT, UNKNOWN, PageClock


def test_the_quickest_message_tells_the_offset() -> None:
    clock = PageClock()
    # The page's clock is 7 s behind; messages travel for 1 ms at best.
    for sent, travel in ((1.0, 0.004), (2.0, 0.001), (3.0, 0.050)):
        clock.echo(1000 * (sent - 7), sent + travel, round_trip=2.0)
    moment, uncertainty = clock.on_loop(1000 * (10.0 - 7), now=0.0)
    assert moment == pytest.approx(10.0)
    # The time of travel, and what the clocks may have drifted since that message.
    assert uncertainty == pytest.approx(0.001 + DRIFT * 1.049)


def test_a_quick_one_that_is_old_gives_way_to_one_of_today() -> None:
    clock = PageClock()
    clock.echo(0.0, 0.001, round_trip=2.0)
    for second in range(1, 50):  # the page's clock is slow by 50 ppm, and no message is as quick again
        clock.echo(1000 * second * (1 - 50e-6), second + 0.0015, round_trip=3.0)
    moment, uncertainty = clock.on_loop(49_000 * (1 - 50e-6), now=49.0015)
    assert abs(moment - 49.0) <= uncertainty < 0.002


def test_it_is_known_worse_with_every_second_without_another() -> None:
    clock = PageClock()
    clock.echo(0.0, 0.001, round_trip=2.0)
    assert clock.on_loop(0.0, now=0.001)[1] == pytest.approx(0.001)
    assert clock.on_loop(0.0, now=30.001)[1] == pytest.approx(0.001 + 30 * DRIFT)


def test_old_comparisons_are_forgotten() -> None:
    clock = PageClock()
    clock.echo(0.0, 0.0, round_trip=2.0)
    clock.echo(100_000.0, 100.010, round_trip=2.0)  # the page's clock has drifted by 10 ms
    assert clock.on_loop(100_000.0, now=0.0)[0] == pytest.approx(100.009)


def test_without_a_round_trip_it_is_uncertain() -> None:
    clock = PageClock()
    assert not clock.known
    assert clock.on_loop(5.0, now=3.0) == (3.0, UNKNOWN)
    clock.echo(5000.0, 6.0)
    assert clock.known
    assert clock.on_loop(5000.0, now=0.0) == (6.0, UNKNOWN)


def test_another_page_has_another_clock() -> None:
    clock = PageClock()
    clock.echo(5000.0, 6.0)
    clock.reset()
    assert not clock.known


def test_what_it_knew_is_kept_for_the_recording() -> None:
    clock = PageClock()
    clock.reset()
    clock.echo(1000.0, 8.01)
    for second in range(2, 13):
        clock.echo(1000.0 * second, second + 7.001, round_trip=2.0)
    clock.reset()
    clock.echo(500.0, 30.501, round_trip=2.0)
    assert clock.comparisons(began=5.0) == [
        {"page": 1, "t": 13.001, "offset": 2.0, "uncertainty": 0.001},
        {"page": 1, "t": 14.001, "offset": 2.0, "uncertainty": 0.001},
        {"page": 2, "t": 25.501, "offset": 25.0, "uncertainty": 0.001},
    ]
