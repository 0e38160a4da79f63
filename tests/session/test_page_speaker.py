"""The page's loudspeaker without a browser, a socket or a wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from fake_way import FakeWay, story

from voicenb.session.page import Page
from voicenb.session.page_speaker import KEPT
from voicenb.session.speaker import Ducked, Heard, Unheard
from voicenb.testing.virtual_clock import run_virtually


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


def test_quieter_overtakes_the_sound_that_waits_and_back_stays_behind_a_flush() -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        way.open.clear()
        for _ in range(10):
            page.speaker.play("r1", bytes(960))
        page.speaker.duck(0.2)
        await asyncio.sleep(0.1)
        way.open.set()
        await asyncio.sleep(0.1)
        way.open.clear()
        page.speaker.play("r1", bytes(960))
        page.speaker.flush()
        page.speaker.duck(1.0)
        way.open.set()
        await asyncio.sleep(0.1)

    sent = [message for _, message in story(tell).sent]
    texts = [message for message in sent if isinstance(message, dict) and message["type"] != "reply"]
    assert texts[:3] == [{"type": "duck", "gain": 0.2}, {"type": "flush"}, {"type": "duck", "gain": 1.0}]
    quieter = sent.index({"type": "duck", "gain": 0.2})
    assert sum(isinstance(message, bytes) for message in sent[:quieter]) <= 1  # that was under way


def test_a_page_that_takes_over_is_as_quiet() -> None:
    async def main() -> list[FakeWay]:
        ways = [FakeWay(), FakeWay(), FakeWay()]
        page = Page(lambda muted: None)
        await page.attach(ways[0])
        page.speaker.duck(0.2)
        await asyncio.sleep(0.1)
        await page.attach(ways[1])
        page.speaker.duck(1.0)
        await asyncio.sleep(0.1)
        await page.attach(ways[2])
        await asyncio.sleep(0.1)
        await page.close()
        return ways

    gains = [[text["gain"] for text in way.texts if text["type"] == "duck"] for way in run_virtually(main)]
    assert gains == [[0.2], [0.2, 1.0], []]


def test_when_another_gain_is_heard_is_noted_on_the_loop() -> None:
    notes: list[object] = []

    async def main() -> None:
        page = Page(lambda muted: None)
        page.speaker.open(notes.append)
        await page.attach(FakeWay())
        page.text({"type": "echo", "id": 1, "at": 5000.0, "rtt": 4.0})
        page.text({"type": "ducked", "gain": 0.2, "at": 5100.0})
        await page.close()

    run_virtually(main)
    assert notes == [Ducked(0.2, pytest.approx(0.098), pytest.approx(0.002))]


def test_a_page_that_takes_nothing_fills_no_memory() -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        way.open.clear()
        for _ in range(200):
            page.speaker.play("r1", bytes(48_000))
        way.open.set()
        await asyncio.sleep(1)

    assert sum(samples for *_, samples in story(tell).sound) <= 61 * 24_000


def test_what_had_no_room_on_the_way_to_the_page_is_told_to_be_never_heard() -> None:
    notes: list[Heard | Unheard] = []

    async def tell(page: Page, way: FakeWay) -> None:
        page.speaker.open(notes.append)
        await asyncio.sleep(2)
        way.open.clear()
        for _ in range(59):
            page.speaker.play("r1", bytes(48_000))
        assert notes == []
        page.speaker.play("r2", bytes(96_000))
        way.open.set()
        await asyncio.sleep(1)
        page.text({"type": "played-out", "reply": 1})

    way = story(tell)
    assert sum(samples for *_, samples in way.sound) == (57 + 2) * 24_000
    told = [(type(note), note.reply_id, note.start, note.stop) for note in notes]
    assert told == [
        (Unheard, "r1", 0, 24_000),
        (Unheard, "r1", 24_000, 48_000),
        (Heard, "r1", 48_000, 59 * 24_000),
        (Unheard, "r2", 0, 48_000),  # the call ended before it was played
    ]
    assert notes[0].at == 2.0


def test_of_a_reply_that_is_long_forgotten_nothing_is_told() -> None:
    notes: list[Heard | Unheard] = []

    async def tell(page: Page, way: FakeWay) -> None:
        page.speaker.open(notes.append)
        way.open.clear()
        for n in range(KEPT + 2):
            page.speaker.play(f"r{n}", bytes(960))
        page.speaker.play("last", bytes(60 * 48_000))
        assert {note.reply_id for note in notes} == {f"r{n}" for n in range(3, KEPT + 2)}

    story(tell)


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


def test_the_call_ends_with_a_word_to_the_page() -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        page.speaker.close()

    way = story(tell)
    assert way.texts[-1] == {"type": "end"}
    assert way.closed


# --- at the edges ---------------------------------------------------------------


def noted(tell: Callable[[Page, FakeWay, list[Heard | Unheard]], object]) -> list[Heard | Unheard]:
    """The notes of a speaker with a page that is there."""
    notes: list[Heard | Unheard] = []

    async def say(page: Page, way: FakeWay) -> None:
        page.speaker.open(notes.append)
        tell(page, way, notes)
        await asyncio.sleep(0)

    story(say)
    return notes


def heard(page: Page, start: int, stop: int, *, reply: int = 1, at: float = 0.0) -> None:
    page.text({"type": "heard", "reply": reply, "from": start, "to": stop, "at": at})


@pytest.mark.parametrize(
    ("start", "stop", "taken"),
    [(0, 2400, True), (2399, 9999, True), (2400, 9999, False), (-1, 10, False), (5, 5, False)],
)
def test_what_a_page_can_have_heard(start: int, stop: int, taken: bool) -> None:
    def tell(page: Page, way: FakeWay, notes: list[Heard | Unheard]) -> None:
        page.speaker.play("r1", bytes(4800))
        heard(page, start, stop)

    told = [(note.start, note.stop) for note in noted(tell) if isinstance(note, Heard)]
    assert told == ([(start, 2400)] if taken else [])


def test_word_that_comes_twice_or_late_takes_nothing_back() -> None:
    def tell(page: Page, way: FakeWay, notes: list[Heard | Unheard]) -> None:
        page.speaker.play("r1", bytes(4800))
        heard(page, 0, 2400)
        heard(page, 0, 1200)
        assert not page.speaker.audible
        page.text({"type": "played-out", "reply": 1})

    assert len(noted(tell)) == 2


def test_what_was_heard_until_a_flush_is_told_after_it() -> None:
    def tell(page: Page, way: FakeWay, notes: list[Heard | Unheard]) -> None:
        page.speaker.play("r1", bytes(4800))
        page.speaker.flush()
        assert not page.speaker.audible
        assert notes == []
        heard(page, 0, 1200)
        page.text({"type": "played-out", "reply": 1})  # of before the flush: the rest was not played

    assert [(type(note), note.stop) for note in noted(tell)] == [(Heard, 1200)]


def test_what_is_played_out_is_dated_from_what_was_told_last() -> None:
    def tell(page: Page, way: FakeWay, notes: list[Heard | Unheard]) -> None:
        page.text({"type": "echo", "id": 1, "at": 1000.0, "rtt": 2.0})  # the page is a second ahead
        page.speaker.play("r1", bytes(9600))
        heard(page, 0, 2400, at=1000.0)
        page.text({"type": "played-out", "reply": 1})

    first, rest = noted(tell)
    assert isinstance(rest, Heard)
    assert (rest.start, rest.stop) == (2400, 4800)
    assert rest.at == pytest.approx(first.at + 0.1)
    assert rest.uncertainty == pytest.approx(0.2, abs=0.01)  # it was told before it can have been so


def test_the_next_reply_is_heard_although_the_one_before_was_silenced() -> None:
    def tell(page: Page, way: FakeWay, notes: list[Heard | Unheard]) -> None:
        page.speaker.play("r1", bytes(4800))
        page.speaker.flush()
        page.speaker.play("r2", bytes(4800))
        assert page.speaker.audible
        heard(page, 0, 2400, reply=2)
        assert not page.speaker.audible

    assert [(note.reply_id, note.stop) for note in noted(tell)] == [("r2", 2400)]


def test_sound_that_was_held_back_goes_out_before_its_end_and_not_behind_a_flush() -> None:
    async def ends(page: Page, way: FakeWay) -> None:
        page.speaker.play("r1", bytes(480))
        page.speaker.done("r1")
        await asyncio.sleep(1)

    way = story(ends)
    assert [message if isinstance(message, dict) else "sound" for _, message in way.sent] == [
        {"type": "reply", "reply": 1, "reply_id": "r1"},
        "sound",
        {"type": "done", "reply": 1},
    ]

    async def is_cut(page: Page, way: FakeWay) -> None:
        page.speaker.play("r1", bytes(480))
        page.speaker.flush()
        await asyncio.sleep(1)

    assert story(is_cut).sound == []


def test_the_end_of_a_reply_without_a_sound_is_no_news() -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        page.speaker.done("r1")
        await asyncio.sleep(1)

    assert story(tell).sent == []


def test_late_word_is_understood_of_the_latest_replies() -> None:
    def tell(page: Page, way: FakeWay, notes: list[Heard | Unheard]) -> None:
        for n in range(KEPT + 1):
            page.speaker.play(f"r{n + 1}", bytes(480))
        for reply in (1, 2, KEPT + 1):
            heard(page, 0, 240, reply=reply)

    assert [note.reply_id for note in noted(tell) if isinstance(note, Heard)] == ["r2", f"r{KEPT + 1}"]


def test_before_it_is_opened_it_tells_nobody() -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        page.speaker.play("r1", bytes(480))
        heard(page, 0, 240)
        assert not page.speaker.audible
        page.speaker.play("r1", bytes(480))
        await page.detach(way)

    story(tell)
