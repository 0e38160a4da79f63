"""The page's microphone without a browser, a socket or a wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import cast

import pytest
from captured_frame import write_captured
from fake_way import FakeWay

from voicenb.session.microphone import FrameCount, Room
from voicenb.session.page import Page
from voicenb.session.page_microphone import LATE, LEAP
from voicenb.testing.virtual_clock import run_virtually

ROOM = cast(Room, None)


def captured(tell: Callable[[Page], Awaitable[None]], frames: int) -> tuple[list[tuple[float, bytes]], Page]:
    got: list[tuple[float, bytes]] = []
    pages: list[Page] = []

    async def main() -> None:
        page = Page(lambda muted: None)
        pages.append(page)
        stream: AsyncIterator[bytes] = page.microphone.frames(ROOM)
        telling = asyncio.ensure_future(tell(page))
        async for frame in stream:
            got.append((round(asyncio.get_running_loop().time(), 3), frame))
            if len(got) == frames:
                break
        await telling
        await page.close()

    run_virtually(main)
    return got, pages[0]


def test_without_a_page_there_is_silence_at_real_time() -> None:
    async def nothing(page: Page) -> None: ...

    got, _ = captured(nothing, 3)
    assert got == [(0.02, bytes(960)), (0.04, bytes(960)), (0.06, bytes(960))]


def test_a_page_is_asked_to_send_whenever_it_comes() -> None:
    ways: list[FakeWay] = []

    async def tell(page: Page) -> None:
        for _ in range(2):
            ways.append(FakeWay())
            await page.attach(ways[-1])
            page.frame(write_captured(0, 0.0, b"\x01\x01" * 480))
            await asyncio.sleep(0.1)

    got, page = captured(tell, 2)
    assert [way.texts for way in ways] == [[{"type": "open"}], [{"type": "open"}]]
    assert ways[0].closed
    assert [frame for _, frame in got] == [b"\x01\x01" * 480] * 2
    assert page.microphone.count == FrameCount()


def test_a_page_whose_sound_is_held_back_is_silent_at_real_time() -> None:
    async def tell(page: Page) -> None:
        way = FakeWay()
        await page.attach(way)
        page.frame(write_captured(0, 0.0, b"\x01\x01" * 480))
        await asyncio.sleep(0.5)
        page.text({"type": "asleep", "asleep": True})
        await asyncio.sleep(0.05)
        page.text({"type": "asleep", "asleep": False})
        await asyncio.sleep(0.5)
        page.frame(write_captured(1, 0.0, b"\x02\x02" * 480))

    got, page = captured(tell, 4)
    silent, sounds = bytes(960), [b"\x01\x01" * 480, b"\x02\x02" * 480]
    assert got == [(0.0, sounds[0]), (0.52, silent), (0.54, silent), (1.05, sounds[1])]
    assert page.microphone.count == FrameCount()


def test_silence_fills_the_time_between_two_pages() -> None:
    async def tell(page: Page) -> None:
        way = FakeWay()
        await page.attach(way)
        page.frame(write_captured(0, 0.0, b"\x01\x01" * 480))
        await asyncio.sleep(0.5)
        await page.detach(way)

    got, _ = captured(tell, 3)
    assert got == [(0.0, b"\x01\x01" * 480), (0.52, bytes(960)), (0.54, bytes(960))]


def test_lost_and_late_frames() -> None:
    async def tell(page: Page) -> None:
        await page.attach(FakeWay())
        page.text({"type": "echo", "id": 1, "at": 10_000.0, "rtt": 0.0})
        page.frame(write_captured(0, 9_980.0, bytes(960)))
        page.frame(write_captured(3, 9_700.0, bytes(960)))
        page.frame(write_captured(0, 9_980.0, bytes(960)))  # counts anew

    _, page = captured(tell, 3)
    assert page.microphone.count == FrameCount(late=1, lost=2)


def test_a_service_that_takes_nothing_loses_the_oldest() -> None:
    async def main() -> Page:
        page = Page(lambda muted: None)
        await page.attach(FakeWay())
        for seq in range(400):
            page.frame(write_captured(seq, 0.0, seq.to_bytes(2, "little") * 480))
        first = await anext(page.microphone.frames(ROOM))
        assert int.from_bytes(first[:2], "little") == 50
        await page.close()
        return page

    assert run_virtually(main).microphone.count.lost == 50


# --- at the edges ---------------------------------------------------------------


def counted(*seqs: int, lags: tuple[float, ...] = (), compared: bool = True) -> FrameCount:
    """The count after frames with these numbers; ``lags``: seconds by which each came behind its end."""

    async def main() -> FrameCount:
        page = Page(lambda muted: None)
        await page.attach(FakeWay())
        if compared:
            page.text({"type": "echo", "id": 1, "at": 10_000.0, "rtt": 0.0})
        for n, seq in enumerate(seqs):
            lag = lags[n] if lags else 0.0
            page.frame(write_captured(seq, 10_000.0 - 20.0 - 1000 * lag, bytes(960)))
        await page.close()
        return page.microphone.count

    return run_virtually(main)


@pytest.mark.parametrize(
    ("seqs", "lost"),
    [
        ((0, 1, 2), 0),
        ((5, 6), 0),  # the page counts since its channel was opened
        ((0, 2), 1),
        ((0, 5, 9), 7),
        ((3, 0, 1), 0),  # counts anew
        ((0, LEAP), LEAP - 1),
        ((0, LEAP + 1), 0),  # another count
        ((0xFFFFFFFF, 0, 1), 0),  # as far as the number goes
    ],
)
def test_gaps_in_the_numbers_are_lost_frames(seqs: tuple[int, ...], lost: int) -> None:
    assert counted(*seqs) == FrameCount(lost=lost)


@pytest.mark.parametrize(("lag", "late"), [(0.0, 0), (LATE - 0.001, 0), (LATE + 0.001, 1), (-5.0, 0)])
def test_when_a_frame_is_late(lag: float, late: int) -> None:
    assert counted(0, lags=(lag,)) == FrameCount(late=late)


def test_before_the_clocks_were_compared_no_frame_is_late() -> None:
    assert counted(0, 1, lags=(9.0, 9.0), compared=False) == FrameCount()


def test_a_page_that_comes_back_counts_anew() -> None:
    async def tell(page: Page) -> None:
        for first in (0, 700):
            await page.attach(FakeWay())
            for n in range(2):
                page.frame(write_captured(first + n, 0.0, bytes(960)))

    _, page = captured(tell, 4)
    assert page.microphone.count == FrameCount()


def test_frames_of_any_length_go_out_as_they_came() -> None:
    sizes = [2, 256, 768, 1920]

    async def tell(page: Page) -> None:
        await page.attach(FakeWay())
        for n, size in enumerate(sizes):
            page.frame(write_captured(n, 0.0, bytes([n]) * size))

    got, _ = captured(tell, 4)
    assert [frame for _, frame in got] == [bytes([n]) * size for n, size in enumerate(sizes)]


def test_what_had_come_is_sent_before_the_silence() -> None:
    async def tell(page: Page) -> None:
        way = FakeWay()
        await page.attach(way)
        for n in range(2):
            page.frame(write_captured(n, 0.0, b"\x01\x01" * 480))
        await page.detach(way)

    got, _ = captured(tell, 3)
    assert got == [(0.0, b"\x01\x01" * 480), (0.0, b"\x01\x01" * 480), (0.02, bytes(960))]


def test_while_a_page_is_there_its_pauses_are_its_own() -> None:
    """A page whose microphone is not open yet sends nothing, and nothing is made up for it."""

    async def tell(page: Page) -> None:
        way = FakeWay()
        await asyncio.sleep(0.05)
        await page.attach(way)
        await asyncio.sleep(3)
        page.frame(write_captured(0, 0.0, b"\x01\x01" * 480))
        await asyncio.sleep(3)
        await page.detach(way)

    got, _ = captured(tell, 5)
    assert [at for at, _ in got] == [0.02, 0.04, 3.05, 6.07, 6.09]
    assert [any(frame) for _, frame in got] == [False, False, True, False, False]


def test_a_page_that_never_opened_its_microphone_leaves_no_silence_to_be_caught_up() -> None:
    async def tell(page: Page) -> None:
        way = FakeWay()
        await asyncio.sleep(0.05)
        await page.attach(way)
        await asyncio.sleep(3)
        await page.detach(way)

    got, _ = captured(tell, 4)
    assert [at for at, _ in got] == [0.02, 0.04, 3.07, 3.09]


def test_a_service_that_is_slow_to_take_the_silence_gets_all_of_it() -> None:
    async def main() -> list[float]:
        page = Page(lambda muted: None)
        loop = asyncio.get_running_loop()
        times = []
        async for _ in page.microphone.frames(ROOM):
            times.append(round(loop.time(), 3))
            if len(times) == 8:
                return times
            await asyncio.sleep(0.05 if len(times) < 3 else 0)
        return times

    assert run_virtually(main) == [0.02, 0.07, 0.12, 0.12, 0.12, 0.12, 0.14, 0.16]


def test_the_maps_say_where_the_samples_belong() -> None:
    async def main() -> dict[str, object]:
        page = Page(lambda muted: None)
        way = FakeWay()
        frames = page.microphone.frames(ROOM)
        await anext(frames)  # silence until 0.02 s
        await page.attach(way)
        page.text({"type": "echo", "id": 1, "at": 7020.0, "rtt": 2.0})  # the page's clock is 7 s ahead
        page.frame(write_captured(0, 7010.0, bytes(960)))
        await anext(frames)
        await page.close()
        return page.microphone.clocks(began=-1.0)

    clocks = run_virtually(main)
    assert clocks["page"] == [{"page": 1, "t": 1.02, "offset": -6.001, "uncertainty": 0.001}]
    assert clocks["caller"] == [
        {"start": 0, "t": 1.0, "uncertainty": 0.0},
        {"start": 480, "t": 1.009, "uncertainty": 0.001},
    ]


def test_what_a_page_captured_is_not_timed_by_the_clock_of_the_one_that_took_over() -> None:
    async def main() -> list[dict[str, float]]:
        page = Page(lambda muted: None)
        for offset in (100_000.0, 900_000.0):  # milliseconds by which the page's clock is ahead
            await page.attach(FakeWay())
            page.text({"type": "echo", "id": 1, "at": offset, "rtt": 0.0})
            for seq in range(2):
                page.frame(write_captured(seq, offset - 40.0 + 20.0 * seq, b"\x01\x01" * 480))
        frames = page.microphone.frames(ROOM)  # the service is ready only now
        for _ in range(4):
            await anext(frames)
        await page.close()
        return page.microphone.clocks(0.0)["caller"]

    assert [(point["start"], point["t"]) for point in run_virtually(main)] == [(960, -0.04)]
