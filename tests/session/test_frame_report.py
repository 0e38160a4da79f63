from __future__ import annotations

from collections.abc import AsyncIterator

from voicenb.session.frame_report import EVERY, FrameReport
from voicenb.session.microphone import FrameCount, Room
from voicenb.session.microphones import Silence


class Live(Silence):
    """A microphone whose frames can be late or lost."""

    def __init__(self) -> None:
        self.count = FrameCount()

    def frames(self, room: Room) -> AsyncIterator[bytes]:
        raise NotImplementedError


class Watched:
    """A microphone that is reported on; ``at`` looks at a second."""

    def __init__(self, microphone: Silence) -> None:
        self.now = 0.0
        self.told: list[FrameCount] = []
        self.report = FrameReport(microphone, lambda: self.now, self.told.append)

    def at(self, second: float, *, last: bool = False) -> None:
        self.now = second
        self.report.look(last=last)


def test_one_that_does_not_count_is_never_reported() -> None:
    watched = Watched(Silence())
    watched.at(0.0)
    watched.at(5.0, last=True)
    assert watched.told == []


def test_nothing_lost_is_nothing_told() -> None:
    watched = Watched(Live())
    watched.at(0.0)
    watched.at(5.0, last=True)
    assert watched.told == []


def test_the_first_loss_is_told_at_once_and_then_one_a_second() -> None:
    live = Live()
    watched = Watched(live)
    watched.at(0.0)
    live.count.lost = 1
    watched.at(0.25)
    live.count.lost = 2
    watched.at(0.5)
    watched.at(0.25 + EVERY - 0.01)
    assert watched.told == [FrameCount(lost=1)]
    live.count.late = 1
    watched.at(0.25 + EVERY)
    assert watched.told == [FrameCount(lost=1), FrameCount(late=1, lost=2)]
    watched.at(10.0)
    assert len(watched.told) == 2


def test_the_last_look_does_not_wait_and_tells_nothing_twice() -> None:
    live = Live()
    watched = Watched(live)
    live.count.late = 1
    watched.at(0.0)
    live.count.late = 2
    watched.at(0.1, last=True)
    watched.at(0.2, last=True)
    assert watched.told == [FrameCount(late=1), FrameCount(late=2)]


def test_what_was_told_does_not_grow_afterwards() -> None:
    live = Live()
    watched = Watched(live)
    live.count.lost = 1
    watched.at(0.0)
    live.count.lost = 9
    assert watched.told == [FrameCount(lost=1)]
