"""The page's microphone and speaker without a browser, a socket or a wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast

import pytest

from voicenb.errors import MalformedMessage
from voicenb.session.microphone import FrameCount, Room
from voicenb.session.page import Page
from voicenb.session.page_frames import read_reply, write_captured
from voicenb.session.page_outbox import Message
from voicenb.session.speaker import Heard, Unheard
from voicenb.testing.virtual_clock import run_virtually

ROOM = cast(Room, None)


class FakeWay:
    """Keeps what it is sent; can be clogged."""

    def __init__(self, kind: str = "direct") -> None:
        self.kind = kind
        self.sent: list[tuple[float, Message]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.closed = False

    async def send(self, message: Message) -> None:
        await self.open.wait()
        self.sent.append((asyncio.get_running_loop().time(), message))

    async def close(self, *, taken: bool = False) -> None:
        self.closed = True
        self.taken = taken

    @property
    def texts(self) -> list[dict[str, Any]]:
        return [message for _, message in self.sent if isinstance(message, dict)]

    @property
    def sound(self) -> list[tuple[float, int, int, int]]:
        """When, reply, start, samples."""
        frames = [(at, read_reply(message)) for at, message in self.sent if isinstance(message, bytes)]
        return [(round(at, 3), frame.reply, frame.start, len(frame.pcm) // 2) for at, frame in frames]


def story(tell: Callable[[Page, FakeWay], Awaitable[None]], kind: str = "direct") -> FakeWay:
    ways: list[FakeWay] = []

    async def main() -> None:
        page = Page(lambda muted: None)
        ways.append(FakeWay(kind))
        await page.attach(ways[0])
        await tell(page, ways[0])
        await page.close()

    run_virtually(main)
    return ways[0]


def test_small_chunks_are_joined() -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        for _ in range(8):
            page.speaker.play("r1", bytes(480))
            await asyncio.sleep(0.01)

    assert story(tell).sound == [(round(0.01 + 0.02 * n, 3), 1, 480 * n, 480) for n in range(4)]
    assert story(tell, "kernel").sound == [(0.03, 1, 0, 960), (0.07, 1, 960, 960)]


def test_through_the_kernel_messages_grow_with_what_the_page_has_to_play() -> None:
    async def hurries(page: Page, way: FakeWay) -> None:
        for n in range(400):  # four seconds of sound in one
            page.speaker.play("r1", bytes(480))
            if n % 4 == 3:
                await asyncio.sleep(0.01)
        page.speaker.done("r1")
        await asyncio.sleep(0)

    sizes = [samples for *_, samples in story(hurries, "kernel").sound]
    assert sizes[0] == 960
    assert max(sizes) == 6000
    assert sizes[:-1] == sorted(sizes[:-1])
    assert sum(sizes) == 96_000
    assert len(sizes) < 40
    assert {samples for *_, samples in story(hurries).sound} == {480}


def test_what_the_page_has_played_counts_no_more() -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        page.text({"type": "echo", "id": 1, "at": 1000 * asyncio.get_running_loop().time(), "rtt": 1.0})
        for n in range(300):  # at real time, half a second ahead
            page.speaker.play("r1", bytes(480))
            if n >= 50:
                await asyncio.sleep(0.01)
            if n >= 50 and n % 20 == 0:
                now = asyncio.get_running_loop().time()
                played = 240 * (n - 50)
                page.speaker.heard(1, max(0, played - 4800), played, 1000 * now - 200, now)

    sizes = [samples for *_, samples in story(tell, "kernel").sound]
    assert set(sizes[-10:]) <= {2880, 3120}, "a quarter of half a second"


def test_what_is_left_over_does_not_wait_long() -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        page.speaker.play("r1", bytes(480))
        await asyncio.sleep(1)

    assert story(tell).sound == [(0.02, 1, 0, 240)]


def test_large_chunks_go_as_they_are() -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        page.speaker.play("r1", bytes(96_000))
        page.speaker.done("r1")
        await asyncio.sleep(0)

    way = story(tell)
    assert way.sound == [(0.0, 1, 0, 48_000)]
    assert way.texts == [
        {"type": "reply", "reply": 1, "reply_id": "r1"},
        {"type": "done", "reply": 1},
    ]


def test_each_reply_has_its_number_and_its_places() -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        page.speaker.play("r1", bytes(480))
        page.speaker.play("r2", bytes(960))
        page.speaker.play("r2", bytes(960))
        await asyncio.sleep(0)

    assert story(tell).sound == [(0.0, 1, 0, 240), (0.0, 2, 0, 480), (0.0, 2, 480, 480)]


def test_a_flush_overtakes_everything() -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        way.open.clear()
        for _ in range(10):
            page.speaker.play("r1", bytes(960))
        page.speaker.play("r1", bytes(480))
        page.speaker.flush()
        way.open.set()
        await asyncio.sleep(1)

    way = story(tell)
    assert way.sent[0][1] == {"type": "flush"}
    assert way.sound == []


def test_a_page_that_takes_nothing_fills_no_memory() -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        way.open.clear()
        for _ in range(200):
            page.speaker.play("r1", bytes(48_000))
        way.open.set()
        await asyncio.sleep(1)

    assert sum(samples for *_, samples in story(tell).sound) <= 61 * 24_000


def notes_of(tell: Callable[[Page], None]) -> list[Heard]:
    notes: list[Heard | Unheard] = []

    async def say(page: Page, way: FakeWay) -> None:
        page.speaker.open(notes.append)
        page.speaker.play("r1", bytes(4800))
        tell(page)
        await asyncio.sleep(0)

    story(say)
    return [note for note in notes if isinstance(note, Heard)]


def test_heard_notes_are_mapped_to_the_loop() -> None:
    def tell(page: Page) -> None:
        page.text({"type": "echo", "id": 1, "at": 5000.0, "rtt": 4.0})
        page.text({"type": "heard", "reply": 1, "from": 0, "to": 1200, "at": 5100.0})
        assert page.speaker.audible
        page.text({"type": "heard", "reply": 1, "from": 1200, "to": 9999, "at": 5150.0})
        assert not page.speaker.audible

    first, second = notes_of(tell)
    assert (first.start, first.stop, second.start, second.stop) == (0, 1200, 1200, 2400)
    assert (first.at, first.uncertainty) == (pytest.approx(0.098), pytest.approx(0.002))


def test_before_the_clocks_were_compared_a_note_is_uncertain() -> None:
    (note,) = notes_of(lambda page: page.text({"type": "heard", "reply": 1, "from": 0, "to": 10, "at": 1e6}))
    assert (note.at, note.uncertainty) == (0.0, 0.25)


def test_played_out_tells_the_rest() -> None:
    (note,) = notes_of(lambda page: page.text({"type": "played-out", "reply": 1}))
    assert (note.start, note.stop) == (0, 2400)


def test_word_of_unknown_replies_is_left_out() -> None:
    def tell(page: Page) -> None:
        page.text({"type": "heard", "reply": 9, "from": 0, "to": 10, "at": 0.0})
        page.text({"type": "heard", "reply": 1, "from": 10, "to": 10, "at": 0.0})
        page.text({"type": "played-out", "reply": 9})
        page.text({"type": "of a newer page"})

    assert notes_of(tell) == []


def test_a_known_type_without_its_fields_is_malformed() -> None:
    def tell(page: Page) -> None:
        with pytest.raises(MalformedMessage, match="'heard' without 'to'"):
            page.text({"type": "heard", "reply": 1, "from": 0, "at": 0.0})
        with pytest.raises(MalformedMessage):
            page.frame(b"\x01")

    assert notes_of(tell) == []


def test_what_is_said_before_a_page_comes_is_kept_for_it() -> None:
    ways = [FakeWay(), FakeWay()]
    notes: list[Heard | Unheard] = []

    async def main() -> None:
        page = Page(lambda muted: None)
        page.speaker.open(notes.append)
        page.speaker.play("r1", bytes(9600))
        await asyncio.sleep(3)
        await page.attach(ways[0])
        await asyncio.sleep(0)
        page.text({"type": "heard", "reply": 1, "from": 0, "to": 4800, "at": 0.0})
        page.speaker.play("r2", bytes(9600))
        await page.detach(ways[0])
        page.speaker.play("r2", bytes(9600))  # nobody is there to hear it
        await page.attach(ways[1])
        page.speaker.play("r2", bytes(9600))
        await asyncio.sleep(0)
        await page.close()

    run_virtually(main)
    assert ways[0].sound == [(3.0, 1, 0, 4800)]
    assert [(note.reply_id, note.stop) for note in notes if isinstance(note, Heard)] == [("r1", 4800)]
    assert ways[1].sound == [(3.0, 2, 9600, 4800)]
    assert ways[1].texts[0] == {"type": "reply", "reply": 2, "reply_id": "r2"}


def test_what_comes_while_the_page_is_away_is_told_to_be_never_heard() -> None:
    notes: list[Heard | Unheard] = []

    async def main() -> None:
        page = Page(lambda muted: None)
        page.speaker.open(notes.append)
        first, second = FakeWay(), FakeWay()
        await page.attach(first)
        page.speaker.play("r1", bytes(9600))
        page.text({"type": "heard", "reply": 1, "from": 0, "to": 1200, "at": 0.0})
        await asyncio.sleep(1)
        await page.detach(first)
        await asyncio.sleep(1)
        page.speaker.play("r1", bytes(4800))
        page.speaker.done("r1")
        page.speaker.play("r2", bytes(9600))
        await asyncio.sleep(1)
        await page.attach(second)
        assert not page.speaker.audible
        page.speaker.play("r2", bytes(4800))
        assert page.speaker.audible
        page.text({"type": "played-out", "reply": 2})
        assert not page.speaker.audible
        await page.close()

    run_virtually(main)
    told = [(type(note), note.reply_id, note.start, note.stop, note.at) for note in notes]
    assert told == [
        (Heard, "r1", 0, 1200, 0.0),
        (Unheard, "r1", 1200, 4800, 1.0),
        (Unheard, "r1", 4800, 7200, 2.0),
        (Unheard, "r2", 0, 4800, 3.0),
        (Heard, "r2", 4800, 7200, pytest.approx(2.9)),
    ]


def test_an_echo_is_answered_ahead_of_the_sound() -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        way.open.clear()
        page.speaker.play("r1", bytes(960))
        page.text({"type": "echo", "id": 7, "at": 12.5})
        way.open.set()
        await asyncio.sleep(1)

    assert story(tell).sent[0][1] == {"type": "echo", "id": 7, "at": 12.5, "t": 0.0}


def test_the_call_ends_with_a_word_to_the_page() -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        page.speaker.close()

    way = story(tell)
    assert way.texts[-1] == {"type": "end"}
    assert way.closed


# --- the microphone -------------------------------------------------------------------------------------


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
        for seq in range(300):
            page.frame(write_captured(seq, 0.0, seq.to_bytes(2, "little") * 480))
        first = await anext(page.microphone.frames(ROOM))
        assert int.from_bytes(first[:2], "little") == 50
        await page.close()
        return page

    assert run_virtually(main).microphone.count.lost == 50
