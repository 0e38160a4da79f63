"""The microphone of a page that sends its sound to the service by itself."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from voicenb.session.line_microphone import LineMicrophone
from voicenb.session.microphone import FrameCount, Room
from voicenb.session.page_clock import PageClock
from voicenb.session.page_mirror import Went
from voicenb.testing.virtual_clock import run_virtually

FRAME = bytes(768)


def test_it_gives_no_frame_and_does_not_hang_up() -> None:
    async def main() -> None:
        frames = LineMicrophone(PageClock()).frames(cast(Room, None))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3600):
                await anext(frames)

    run_virtually(main)


def test_what_was_sent_late_is_counted_unless_it_was_held_back() -> None:
    microphone = LineMicrophone(PageClock())
    microphone.went(Went(1, 1016.0, FRAME, 1000.0), 0.0)
    microphone.went(Went(1, 1300.0, FRAME, 1016.0), 0.0)
    microphone.went(Went(1, 9000.0, FRAME, 1032.0, held=True), 0.0)
    assert microphone.count == FrameCount(late=1, lost=0)


def test_losses_of_all_pages_are_counted() -> None:
    microphone = LineMicrophone(PageClock())
    microphone.attach()
    microphone.lost(3)
    microphone.lost(4)
    microphone.attach()
    microphone.lost(0)
    microphone.lost(2)
    assert microphone.count.lost == 6


def test_the_recording_learns_when_the_samples_were_captured() -> None:
    clock = PageClock()
    clock.echo(1000.0, 11.0, 0.0)  # the loop is ten seconds ahead of the page
    microphone = LineMicrophone(clock)
    microphone.went(Went(1, 2016.0, FRAME, 2000.0), 12.1)
    microphone.went(Went(1, 2032.0, FRAME, 2016.0), 12.2)
    microphone.went(Went(1, 4016.0, FRAME, 4000.0), 14.1)  # behind a gap
    points = microphone.clocks(began=10.0)["caller"]
    assert [(point["start"], point["t"]) for point in points] == [(0, 2.0), (768, 4.0)]
