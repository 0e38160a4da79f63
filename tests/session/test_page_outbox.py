from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from voicenb.session.page_outbox import MOST, Message, Outbox
from voicenb.testing.virtual_clock import run_virtually

SECOND = 48_000


def text(n: int) -> Message:
    return {"type": "n", "n": n}


def sound(n: int, size: int = 960) -> bytes:
    return bytes([n]) * size


async def rest(outbox: Outbox) -> list[Any]:
    """What waits: numbers of texts, and ``(number, bytes)`` of sounds."""
    outbox.put({"type": "end"})
    got: list[Any] = []
    while (message := await outbox.get()) != {"type": "end"}:
        got.append((message[0], len(message)) if isinstance(message, bytes) else message.get("n"))
    return got


def waiting(fill: Callable[[Outbox], object]) -> tuple[list[Any], list[bytes]]:
    """What waits, and the sounds that were dropped."""

    async def main() -> tuple[list[Any], list[bytes]]:
        dropped: list[bytes] = []
        outbox = Outbox(dropped.append)
        fill(outbox)
        return await rest(outbox), dropped

    return run_virtually(main)


def test_messages_come_out_in_order_and_some_go_first() -> None:
    def fill(outbox: Outbox) -> None:
        for n in range(3):
            outbox.put(text(n))
            outbox.put(sound(n))
        outbox.put(text(7), first=True)
        outbox.put(text(8), first=True)

    assert waiting(fill)[0] == [8, 7, 0, (0, 960), 1, (1, 960), 2, (2, 960)]


def test_a_flush_forgets_the_sound_and_goes_ahead_of_what_is_left() -> None:
    def fill(outbox: Outbox) -> None:
        outbox.put(text(0))
        outbox.put(sound(1))
        outbox.put(text(2))
        outbox.flush(text(3))
        outbox.put(sound(4))

    got, dropped = waiting(fill)
    assert got == [3, 0, 2, (4, 960)]
    assert dropped == []


def test_the_texts_alone() -> None:
    outbox = Outbox(lambda dropped: None)
    outbox.put(text(0))
    outbox.put(sound(1))
    outbox.put(text(2))
    assert outbox.take_texts() == [text(0), text(2)]
    assert outbox.take_texts() == []


# --- the room -----------------------------------------------------------------


def test_a_minute_has_room_and_what_is_beyond_takes_the_place_of_the_oldest() -> None:
    def fill(outbox: Outbox) -> None:
        outbox.put(text(0))
        for n in range(MOST // SECOND + 2):
            outbox.put(sound(n, SECOND))

    got, dropped = waiting(fill)
    assert got == [0, *((n, SECOND) for n in range(2, 62))]
    assert dropped == [sound(0, SECOND), sound(1, SECOND)]


def test_large_messages_behind_small_ones_have_no_more_room_than_others() -> None:
    def fill(outbox: Outbox) -> None:
        for _ in range(MOST // 960):
            outbox.put(sound(1))
        for _ in range(30):
            outbox.put(sound(2, SECOND))

    got, dropped = waiting(fill)
    assert sum(size for _, size in got) == MOST
    assert dropped == [sound(1)] * (30 * SECOND // 960)
    assert got[-30:] == [(2, SECOND)] * 30


def test_one_message_that_is_larger_than_the_room_goes_alone() -> None:
    def fill(outbox: Outbox) -> None:
        outbox.put(sound(1))
        outbox.put(text(2))
        outbox.put(sound(3, MOST + 2))

    assert waiting(fill)[0] == [2, (3, MOST + 2)]


@pytest.mark.parametrize("how", ["get", "flush", "take_texts"])
def test_what_has_gone_makes_room(how: str) -> None:
    async def main() -> list[bytes]:
        dropped: list[bytes] = []
        outbox = Outbox(dropped.append)
        for n in range(3):
            for _ in range(MOST // SECOND):
                outbox.put(sound(n, SECOND))
            if how == "get":
                for _ in range(MOST // SECOND):
                    await outbox.get()
            elif how == "flush":
                outbox.flush(text(0))
            else:
                outbox.take_texts()
        return dropped

    assert run_virtually(main) == []


# --- waiting ------------------------------------------------------------------


def virtually(tell: Callable[[Outbox], Coroutine[Any, Any, None]]) -> None:
    run_virtually(lambda: tell(Outbox(lambda dropped: None)))


@pytest.mark.parametrize("how", ["put", "first", "flush"])
def test_who_waits_is_given_the_next_one(how: str) -> None:
    async def tell(outbox: Outbox) -> None:
        getting = asyncio.create_task(outbox.get())
        await asyncio.sleep(1)
        assert not getting.done()
        if how == "flush":
            outbox.flush(text(1))
        else:
            outbox.put(text(1), first=how == "first")
        assert await getting == text(1)

    virtually(tell)


def test_who_waits_is_not_woken_by_what_was_forgotten_again() -> None:
    async def tell(outbox: Outbox) -> None:
        getting = asyncio.create_task(outbox.get())
        await asyncio.sleep(1)
        outbox.put(sound(1))
        outbox.take_texts()
        await asyncio.sleep(1)
        assert not getting.done()
        outbox.put(sound(2))
        assert await getting == sound(2)

    virtually(tell)


def test_who_gives_up_takes_nothing_away() -> None:
    async def tell(outbox: Outbox) -> None:
        getting = asyncio.create_task(outbox.get())
        await asyncio.sleep(1)
        outbox.put(text(1))
        getting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await getting
        assert await outbox.get() == text(1)

    virtually(tell)
