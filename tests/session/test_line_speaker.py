"""The loudspeaker of a page that has the agent's voice from the service itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from voicenb.session.line_speaker import LineSpeaker
from voicenb.session.page_clock import PageClock
from voicenb.session.page_outbox import Outbox
from voicenb.session.page_speaker import KEPT
from voicenb.session.speaker import Heard, Unheard
from voicenb.testing.virtual_clock import run_virtually

TENTH = bytes(4800)


class Told:
    """A speaker, and what it says."""

    def __init__(self) -> None:
        self.way = "direct"
        self.notes: list[Heard | Unheard] = []
        self.outbox = Outbox(lambda sound: None)
        self.speaker = LineSpeaker(PageClock(), self.outbox, lambda: self.way)
        self.speaker.open(self.notes.append)

    @property
    def stretches(self) -> list[tuple[str, str, int, int]]:
        return [(type(note).__name__, note.reply_id, note.start, note.stop) for note in self.notes]

    def play(self, reply_id: str, ordinal: int, start: int, pcm: bytes = TENTH) -> None:
        self.speaker.coming = (ordinal, start)
        self.speaker.play(reply_id, pcm)


def story(tell: Callable[[Told], Awaitable[None]]) -> Told:
    async def main() -> Told:
        told = Told()
        await tell(told)
        return told

    return run_virtually(main)


def test_it_sends_nothing_and_tells_what_the_page_says_by_its_own_numbers() -> None:
    async def tell(told: Told) -> None:
        told.play("a", 7, 0)
        told.play("a", 7, 2400)
        told.play("b", 8, 0)
        told.speaker.done("a")
        assert told.speaker.audible
        told.speaker.heard(7, 0, 2400, 0.0, 0.0)
        told.speaker.played_out(7, 0.2)
        told.speaker.heard(8, 0, 9999, 0.0, 0.0)
        assert not told.speaker.audible
        told.speaker.heard(9, 0, 1, 0.0, 0.0)
        told.speaker.flush()

    told = story(tell)
    assert told.stretches == [("Heard", "a", 0, 2400), ("Heard", "a", 2400, 4800), ("Heard", "b", 0, 2400)]
    assert told.outbox.take_texts() == []


def test_after_an_interruption_nothing_is_audible_and_late_word_still_counts() -> None:
    async def tell(told: Told) -> None:
        told.play("a", 1, 0)
        told.speaker.flush()
        assert not told.speaker.audible
        told.speaker.heard(1, 0, 240, 0.0, 0.0)

    assert story(tell).stretches == [("Heard", "a", 0, 240)]


def test_what_the_page_does_not_play_is_unheard() -> None:
    async def tell(told: Told) -> None:
        told.play("a", 0, 0)
        assert not told.speaker.audible

    assert story(tell).stretches == [("Unheard", "a", 0, 2400)]


def test_a_page_that_takes_over_counts_from_where_it_came_in() -> None:
    async def tell(told: Told) -> None:
        told.play("a", 1, 0)
        told.speaker.begin_anew()
        told.play("a", 1, 0)
        told.speaker.heard(1, 0, 1200, 0.0, 0.0)
        told.play("b", 2, 0)
        told.speaker.heard(2, 0, 2400, 0.0, 0.0)

    assert story(tell).stretches == [
        ("Unheard", "a", 0, 2400),
        ("Heard", "a", 2400, 3600),
        ("Heard", "b", 0, 2400),
    ]


def test_a_page_that_has_gone_plays_nothing_more() -> None:
    async def tell(told: Told) -> None:
        told.play("a", 1, 0)
        told.way = ""
        told.speaker.done("a")
        told.speaker.done("unknown")
        await asyncio.sleep(0)

    assert story(tell).stretches == [("Unheard", "a", 0, 2400)]


def test_of_many_replies_only_the_last_ones_are_kept() -> None:
    async def tell(told: Told) -> None:
        for number in range(1, 3 * KEPT):
            told.play(f"r{number}", number, 0)
        told.speaker.heard(1, 0, 100, 0.0, 0.0)
        told.speaker.heard(3 * KEPT - 1, 0, 100, 0.0, 0.0)
        assert len(told.speaker._ordinals) <= 2 * KEPT

    assert story(tell).stretches == [("Heard", f"r{3 * KEPT - 1}", 0, 100)]
