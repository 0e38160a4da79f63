from __future__ import annotations

from voicenb.session.capture_map import CaptureMap
from voicenb.session.page_clock import PageClock

FRAME = 480


def compared(offset: float = 7.0) -> PageClock:
    """The clock of a page that is ``offset`` seconds behind the loop's, compared to a millisecond."""
    clock = PageClock()
    clock.reset()
    clock.echo(0.0, offset + 0.001, round_trip=2.0)
    return clock


def fill(captured: CaptureMap, frames: range, *, first: int = 0, at: float = 1000.0) -> None:
    for n in frames:
        captured.page(first + n * FRAME, at + 20.0 * n, now=0.0)


def test_a_point_says_where_a_sample_belongs() -> None:
    captured = CaptureMap(compared())
    fill(captured, range(400))
    assert captured.points(began=5.0) == [{"start": 0, "t": 3.0, "uncertainty": 0.001}]


def test_another_every_ten_seconds_for_quartz_drifts() -> None:
    captured = CaptureMap(compared())
    fill(captured, range(1100))
    starts = [point["start"] for point in captured.points(0.0)]
    assert starts == [0, 240_000, 480_000]
    assert [point["t"] for point in captured.points(0.0)] == [8.0, 18.0, 28.0]


def test_and_where_frames_are_missing() -> None:
    captured = CaptureMap(compared())
    fill(captured, range(5))
    fill(captured, range(5), first=5 * FRAME, at=1200.0)  # five frames got lost on the way
    assert [(point["start"], point["t"]) for point in captured.points(0.0)] == [(0, 8.0), (2400, 8.2)]


def test_clocks_that_were_not_compared_say_nothing() -> None:
    clock = PageClock()
    captured = CaptureMap(clock)
    captured.page(0, 1000.0, now=3.0)
    assert captured.points(0.0) == []
    clock.echo(0.0, 7.001, round_trip=2.0)
    captured.page(480, 1020.0, now=3.0)
    assert [point["start"] for point in captured.points(0.0)] == [480]


def test_silence_in_the_place_of_a_page_has_the_loops_own_time() -> None:
    clock = compared()
    captured = CaptureMap(clock)
    fill(captured, range(2))
    for n in range(3):
        captured.silence((2 + n) * FRAME, 20.0 + 0.02 * n)
    clock.reset()
    clock.echo(0.0, 30.001, round_trip=2.0)
    captured.page(5 * FRAME, 0.0, now=0.0)
    assert [(point["start"], point["t"], point["uncertainty"]) for point in captured.points(0.0)] == [
        (0, 8.0, 0.001),
        (960, 20.0, 0.0),
        (2400, 30.0, 0.001),
    ]


def test_what_is_known_better_later_holds_for_what_was_before() -> None:
    clock = PageClock()
    clock.reset()
    clock.echo(0.0, 7.030)  # 30 ms late, and nobody knows
    captured = CaptureMap(clock)
    fill(captured, range(3), at=0.0)
    (point,) = captured.points(0.0)
    assert (point["t"], point["uncertainty"]) == (7.03, 0.25)
    clock.echo(2000.0, 9.001, round_trip=2.0)
    (point,) = captured.points(0.0)
    assert abs(point["t"] - 7.0) < 0.001
    assert 0.001 <= point["uncertainty"] < 0.002, "with the drift of two seconds"
    # Another page's clock says nothing of this one's frames.
    clock.reset()
    clock.echo(0.0, 50.0, round_trip=0.1)
    assert captured.points(0.0)[0] == point
