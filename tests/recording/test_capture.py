"""When a browser's microphone heard it: a page with a clock of its own, from its frames to the recording."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from voicenb.recording.alignment import DRIFT, Piece, caller_pieces
from voicenb.recording.capture import Capture
from voicenb.recording.recorder import Recorder
from voicenb.recording.recording import Recording
from voicenb.session.capture_map import CaptureMap
from voicenb.session.page_clock import PageClock

RATE = 24_000
FRAME = 480
WITHIN_TEN_SECONDS = 0.0015
"""Seconds that clocks which are 100 ppm apart drift between two points of the map, and rounding."""


class Page:
    """A page whose clock is off and drifts; messages travel as slowly as chance has it.

    It is driven in the engine's time. What it captures is sent a little later.

    Args:
        folder: of the recording.
        ppm: how fast its clock runs.
        offset: the engine's second at which its clock said 0.
    """

    def __init__(self, folder: Path, *, ppm: float = 0.0, offset: float = -1234.5, seed: int = 0) -> None:
        self.ppm, self.offset = ppm, offset
        self.random = np.random.default_rng(seed)
        self.clock = PageClock()
        self.clock.reset()
        self.map = CaptureMap(self.clock)
        self.recorder = Recorder(folder, about={"agent": {"name": "Lido"}, "microphone": "browser"})
        self.given = self.sent = self.n = 0
        self.truth: list[tuple[int, float]] = []  # a sample of the track, and when it was captured
        self.trip: float | None = None
        self.next_echo = 0.0

    def says(self, moment: float) -> float:
        """What its clock shows, in ms."""
        return 1000 * (moment - self.offset) * (1 + self.ppm / 1e6)

    def travel(self) -> float:
        return 0.0005 + float(self.random.exponential(0.004))

    def captures(self, begin: float, frames: int, *, late: float = 0.02, send: bool = True) -> float:
        """So many frames, evenly by the sound card's clock, which is the page's; when the next one begins."""
        length = FRAME / RATE / (1 + self.ppm / 1e6)
        for number in range(frames):
            captured = begin + number * length
            if self.trip is None:
                for ago in (0.3, 0.2, 0.1):
                    self.echo(captured - ago)
            if captured >= self.next_echo:
                self.echo(captured)
            sent = captured + length + late + self.travel()
            self.map.page(self.given, self.says(captured), sent)
            self.given += FRAME
            if send:
                self.send(captured, sent)
        return begin + frames * length

    def send(self, captured: float, sent: float) -> None:
        start = self.recorder.caller(bytes(2 * FRAME))
        self.truth.append((start, captured))
        self.put(sent, "out", "input.audio", track="caller", start=start, samples=FRAME)

    def put(self, at: float, way: str, kind: str, **more: Any) -> None:
        self.recorder.event({"n": self.n, "t": round(at, 6), "dir": way, "type": kind, "msg": {}, **more})
        self.n += 1

    def echo(self, moment: float) -> None:
        there, back = self.travel(), self.travel()
        self.clock.echo(self.says(moment), moment + there, self.trip)
        self.trip = 1000 * (there + back)
        self.next_echo = moment + 2.0

    def reload(self, offset: float) -> None:
        """Another page takes its place."""
        self.offset, self.trip, self.next_echo = offset, None, 0.0
        self.clock.reset()

    def recording(self) -> Recording:
        clocks = {"page": self.clock.comparisons(0.0), "caller": self.map.points(0.0)}
        self.recorder.update(clocks=clocks)
        self.recorder.close({"t": 4000.0, "reason": "ended"})
        return Recording(self.recorder.folder)


@pytest.fixture
def page(tmp_path: Path) -> Callable[..., Page]:
    return lambda **how: Page(tmp_path / "call", **how)


def errors(pieces: list[Piece], truth: list[tuple[int, float]]) -> npt.NDArray[np.float64]:
    """Seconds by which each frame stands off the moment at which it was captured."""
    off = []
    for sample, moment in truth:
        (place,) = (
            on_clock + sample - first for first, count, on_clock in pieces if first <= sample < first + count
        )
        off.append(place / RATE - moment)
    return np.array(off)


def uncertainty(call: Recording) -> float:
    return max(point["uncertainty"] for point in call.session["clocks"]["caller"])


@pytest.mark.parametrize("ppm", [-100.0, 0.0, 37.0, 100.0])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_frame_stands_where_it_was_captured_within_the_stated_uncertainty(
    page: Callable[..., Page], ppm: float, seed: int
) -> None:
    browser = page(ppm=ppm, seed=seed)
    browser.captures(3.0, 50 * 70, late=0.05)
    call = browser.recording()
    off = errors(call.said_pieces(), browser.truth)
    stated = uncertainty(call)
    assert stated < 0.02
    assert np.abs(off).max() <= stated + WITHIN_TEN_SECONDS + DRIFT
    by_wire = errors(caller_pieces(call.events), browser.truth)
    assert by_wire.min() > 0.045  # frames that are all sent late do not say so themselves


def test_another_page_has_another_clock_and_what_got_lost_on_the_way_leaves_a_gap(
    page: Callable[..., Page],
) -> None:
    browser = page(ppm=60.0)
    until = browser.captures(3.0, 300)
    until = browser.captures(until + 0.1, 300)  # five frames were lost
    browser.reload(until - 0.9)
    browser.captures(until + 1.5, 300)
    call = browser.recording()
    assert len(call.session["clocks"]["caller"]) >= 3
    off = errors(call.said_pieces(), browser.truth)
    assert np.abs(off).max() <= uncertainty(call) + WITHIN_TEN_SECONDS + DRIFT


@pytest.mark.parametrize("by_itself", [False, True])
def test_what_there_was_no_room_for_is_missing_from_the_track(
    page: Callable[..., Page], by_itself: bool
) -> None:
    """Of a gap in the connection the oldest is lost; a page that sends by itself does not count that."""
    browser = page(ppm=-20.0)
    until = browser.captures(3.0, 500)
    given = browser.given
    until = browser.captures(until, 200, send=False)
    if by_itself:
        browser.given = given
    held = [(until + n * FRAME / RATE, until + 8.0 + n * 0.001) for n in range(400)]
    browser.put(until + 7.9, "local", "reconnected")  # without a word of it
    browser.recorder.event(
        {"n": browser.n, "t": until + 7.95, "dir": "local", "type": "reconnected", "msg": {"left_out": 4.0}}
    )
    browser.n += 1
    for captured, sent in held:
        browser.map.page(browser.given, browser.says(captured), sent)
        browser.given += FRAME
        browser.send(captured, sent)
    browser.captures(until + 8.0, 500)
    call = browser.recording()
    off = errors(call.said_pieces(), browser.truth)
    assert np.abs(off).max() <= uncertainty(call) + WITHIN_TEN_SECONDS + DRIFT


def test_a_map_that_cannot_be_gives_way_to_the_times_of_the_frames(page: Callable[..., Page]) -> None:
    browser = page()
    browser.captures(3.0, 100, late=0.001)
    call = browser.recording()
    for wrong in (+0.2, -20.0):  # captured after it was sent; sent long after it was captured
        clocks = call.session["clocks"]["caller"]
        clocks = {"caller": [point | {"t": point["t"] + wrong} for point in clocks]}
        pieces = caller_pieces(call.events, clocks)
        assert pieces == caller_pieces(call.events)


@pytest.mark.parametrize(
    "clocks", [None, [], {}, {"caller": None}, {"caller": [{"start": 0}, "x", {"start": "a", "t": 1}]}]
)
def test_clocks_that_say_nothing(clocks: object) -> None:
    capture = Capture.of([], clocks)
    assert (capture.marks, capture.second(0, 1.0)) == ([], None)


def test_a_crash_loses_no_more_than_the_last_points(page: Callable[..., Page]) -> None:
    browser = page(ppm=50.0)
    browser.captures(3.0, 50 * 29)
    clocks = {"caller": browser.map.points(0.0)[:-1]}  # ten seconds more, as the quartz runs
    call = browser.recording()
    off = errors(caller_pieces(call.events, clocks), browser.truth)
    assert np.abs(off).max() <= uncertainty(call) + 2 * WITHIN_TEN_SECONDS + DRIFT


def test_a_part_of_a_call_stands_where_it_does_in_the_whole(page: Callable[..., Page]) -> None:
    browser = page(ppm=80.0)
    browser.captures(3.0, 50 * 60)
    call = browser.recording()
    part = call.said_pieces(since=30.0)
    assert part[0][0] > 0
    first = part[0][0]
    assert abs(part[0][2] - next(c + first - f for f, n, c in call.said_pieces() if f <= first < f + n)) <= 48
