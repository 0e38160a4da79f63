"""The page of a call: pages come, go, come back and take over from each other, and say things."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from captured_frame import write_captured
from fake_way import FakeWay, story

from voicenb.errors import MalformedMessage
from voicenb.session.page import Page
from voicenb.testing.virtual_clock import run_virtually


class Told:
    """A page of which no page has come yet, and what it tells the engine."""

    def __init__(self) -> None:
        self.muted: list[bool] = []
        self.counts: list[dict[str, int]] = []
        self.page = Page(self.muted.append, self.counts.append)


def alone(tell: Callable[[Told], Coroutine[Any, Any, None]]) -> Told:
    async def main() -> Told:
        told = Told()
        await tell(told)
        await told.page.close()
        return told

    return run_virtually(main)


# --- coming and going -----------------------------------------------------------


def test_the_latest_page_is_the_one_and_the_one_before_is_let_go() -> None:
    async def tell(told: Told) -> None:
        assert (told.page.way, told.page.awaited) == ("", True)
        first, second = FakeWay("direct"), FakeWay("kernel")
        await told.page.attach(first)
        assert (told.page.way, told.page.awaited) == ("direct", False)
        await told.page.attach(second)
        assert told.page.way == "kernel"
        await asyncio.sleep(0)
        assert (first.closed, first.taken, second.closed) == (True, True, False)
        await told.page.detach(first)  # it hears of it late
        assert told.page.way == "kernel"
        await told.page.detach(second)
        assert (told.page.way, told.page.awaited) == ("", False)
        assert not second.closed

    alone(tell)


def senders() -> list[asyncio.Task[None]]:
    return [task for task in asyncio.all_tasks() if task.get_name() == "voicenb-page"]


def test_of_pages_that_come_at_once_the_last_is_the_one_and_all_others_hear_of_it() -> None:
    async def tell(told: Told) -> None:
        ways = [FakeWay("direct") for _ in range(4)]
        await told.page.attach(ways[0])
        await asyncio.sleep(0)  # its sender is there, and has to be waited for
        await asyncio.gather(*(told.page.attach(way) for way in ways[1:]))
        await asyncio.sleep(0)
        assert [way.taken for way in ways] == [True, True, True, False]
        assert len(senders()) == 1
        told.page.text({"type": "echo", "id": 1, "at": 0.0})
        await asyncio.sleep(0.001)
        assert [[text["type"] for text in way.texts] for way in ways] == [[], [], [], ["echo"]]

    alone(tell)


def test_a_page_that_comes_while_another_goes_stays() -> None:
    async def tell(told: Told) -> None:
        first, second = FakeWay("direct"), FakeWay("direct")
        await told.page.attach(first)
        await asyncio.sleep(0)
        await asyncio.gather(told.page.detach(first), told.page.attach(second))
        told.page.text({"type": "echo", "id": 1, "at": 0.0})
        await asyncio.sleep(0.001)
        assert (told.page.way, len(senders())) == ("direct", 1)
        assert [text["type"] for text in second.texts] == ["echo"]
        await asyncio.gather(told.page.attach(first), told.page.detach(second))
        assert told.page.way == "direct"
        assert len(senders()) == 1

    alone(tell)


def test_no_page_comes_in_between_when_the_call_ends() -> None:
    async def tell(told: Told) -> None:
        first, second = FakeWay("direct"), FakeWay("direct")
        await told.page.attach(first)
        await asyncio.sleep(0)
        await asyncio.gather(told.page.close(), told.page.attach(second))
        assert first.closed
        assert (told.page.way, second.closed, second.taken, senders()) == ("", True, False, [])
        assert second.texts == [{"type": "end"}]

    alone(tell)


class Slow(FakeWay):
    """A way to a page that does not answer when it is let go."""

    async def close(self, *, taken: bool = False) -> None:
        await super().close(taken=taken)
        self.closed = False
        await self.open.wait()
        self.closed = True


def test_a_page_that_takes_over_does_not_wait_for_the_one_before_to_leave() -> None:
    async def tell(told: Told) -> None:
        loop = asyncio.get_running_loop()
        slow, second = Slow(), FakeWay("kernel")
        slow.open.clear()
        await told.page.attach(slow)
        await told.page.attach(second)
        assert (loop.time(), told.page.way) == (0.0, "kernel")
        await asyncio.sleep(0.5)
        assert (slow.taken, slow.closed) == (True, False)
        slow.open.set()
        await asyncio.sleep(0)
        assert slow.closed

    alone(tell)


@pytest.mark.parametrize("at_the_end", [False, True])
def test_a_page_that_never_leaves_is_left_alone_in_the_end(at_the_end: bool) -> None:
    async def tell(told: Told) -> None:
        slow = Slow()
        slow.open.clear()
        before = asyncio.all_tasks()
        await told.page.attach(slow)
        await told.page.attach(FakeWay())
        if at_the_end:
            await told.page.close()
            assert asyncio.get_running_loop().time() < 3
            assert asyncio.all_tasks() == before
        else:
            await asyncio.sleep(5)
            assert len(asyncio.all_tasks() - before) == len(senders()) == 1
        assert slow.taken

    alone(tell)


def test_a_page_that_cannot_be_let_go_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    class Gone(FakeWay):
        async def close(self, *, taken: bool = False) -> None:
            raise OSError("gone")

    async def tell(told: Told) -> None:
        for _ in range(2):
            await told.page.attach(Gone())
        await asyncio.sleep(1)

    alone(tell)
    gc.collect()
    assert caplog.text == ""


def test_it_knows_which_way_is_the_one() -> None:
    async def tell(told: Told) -> None:
        first, second = FakeWay(), FakeWay()
        await told.page.attach(first)
        assert told.page.is_at(first)
        await told.page.attach(second)
        assert (told.page.is_at(first), told.page.is_at(second)) == (False, True)
        await told.page.detach(second)
        assert not told.page.is_at(second)

    alone(tell)


def test_a_page_that_comes_again_on_its_own_way_is_not_let_go() -> None:
    async def tell(told: Told) -> None:
        way = FakeWay("kernel")
        await told.page.attach(way)
        await told.page.attach(way)
        assert (told.page.way, way.closed) == ("kernel", False)

    alone(tell)


def test_a_page_is_not_muted_until_it_says_so() -> None:
    async def tell(told: Told) -> None:
        await told.page.attach(FakeWay())
        told.page.text({"type": "mute", "muted": True})
        await told.page.attach(FakeWay())

    assert alone(tell).muted == [False, True, False]


def test_what_waited_for_one_page_is_not_for_the_next_which_hears_the_rest() -> None:
    async def tell(told: Told) -> None:
        first, second = FakeWay(), FakeWay()
        await told.page.attach(first)
        first.open.clear()
        told.page.text({"type": "echo", "id": 1, "at": 0.0})
        told.page.speaker.play("r1", bytes(9600))
        await told.page.attach(second)
        told.page.speaker.play("r1", bytes(960))
        await asyncio.sleep(1)
        assert second.texts == [{"type": "reply", "reply": 1, "reply_id": "r1"}]
        assert [(start, samples) for _, _, start, samples in second.sound] == [(4800, 480)]

    alone(tell)


def test_a_page_that_cannot_be_reached_holds_nothing_up() -> None:
    class Broken(FakeWay):
        async def send(self, message: object) -> None:
            raise OSError("gone")

    async def tell(told: Told) -> None:
        broken = Broken()
        await told.page.attach(broken)
        told.page.speaker.play("r1", bytes(9600))
        await asyncio.sleep(1)
        assert told.page.way == "direct"  # whoever reads from it says that it has gone
        await told.page.detach(broken)
        way = FakeWay()
        await told.page.attach(way)
        told.page.speaker.play("r2", bytes(9600))
        await asyncio.sleep(1)
        assert [reply for _, reply, _, _ in way.sound] == [2]

    alone(tell)


def test_at_the_end_the_last_words_are_said_and_the_page_is_let_go() -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        way.open.clear()
        page.speaker.play("r1", bytes(9600))
        page.speaker.done("r1")
        page.speaker.close()
        way.open.set()

    way = story(tell)
    assert [text["type"] for text in way.texts] == ["flush", "reply", "done", "end"]
    assert way.sound == []
    assert (way.closed, way.taken) == (True, False)


def test_a_page_that_takes_nothing_does_not_delay_the_end() -> None:
    async def main() -> float:
        page = Page(lambda muted: None)
        way = FakeWay()
        await page.attach(way)
        way.open.clear()
        page.speaker.close()
        await page.close()
        assert way.closed
        await page.close()
        return asyncio.get_running_loop().time()

    assert run_virtually(main) < 1


# --- missing it -----------------------------------------------------------------


def missed_at(tell: Callable[[Page], Coroutine[Any, Any, None]], *, patience: float = 20.0) -> float:
    """When no page has been heard of for that long."""

    async def main() -> float:
        page = Page(lambda muted: None)
        telling = asyncio.create_task(tell(page))
        await page.until_missed(patience)
        assert telling.done()
        await page.close()
        return round(asyncio.get_running_loop().time(), 3)

    return run_virtually(main)


async def nothing(page: Page) -> None: ...


async def comes(page: Page) -> None:
    await asyncio.sleep(15)
    await page.attach(FakeWay())


async def leaves(page: Page) -> None:
    way = FakeWay()
    await page.attach(way)
    await asyncio.sleep(15)
    await page.detach(way)


async def says_a_word(page: Page) -> None:
    await page.attach(FakeWay())
    await asyncio.sleep(15)
    page.text({"type": "of a newer page"})


async def sends_a_frame(page: Page) -> None:
    await page.attach(FakeWay())
    await asyncio.sleep(15)
    page.frame(write_captured(0, 0.0, bytes(960)))


async def is_excused(page: Page) -> None:
    await asyncio.sleep(15)
    page.excuse()


@pytest.mark.parametrize(
    ("tell", "at"),
    [
        (nothing, 20.0),
        (comes, 35.0),
        (leaves, 35.0),
        (says_a_word, 35.0),
        (sends_a_frame, 35.0),
        (is_excused, 35.0),
    ],
)
def test_a_page_is_missed_when_nothing_was_heard_of_it_for_long(tell: Any, at: float) -> None:
    assert missed_at(tell) == at


# --- what it says -----------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        {"type": "heard", "reply": 1, "from": 0, "at": 0.0},
        {"type": "heard", "reply": "one", "from": 0, "to": 10, "at": 0.0},
        {"type": "heard", "reply": 1, "from": 0, "to": 10, "at": None},
        {"type": "echo", "at": 0.0},
        {"type": "echo", "id": 1, "at": 0.0, "rtt": "long"},
        {"type": "played-out"},
        {"type": "mute"},
        {"type": "stats", "late": "many"},
        {"type": "stats", "late": float("inf")},
        {"type": "stats", "late": float("nan")},
        {"type": "echo", "id": 1, "at": 10**400},
        {"type": "echo", "id": 1, "at": float("inf")},
        {"type": "echo", "id": 1, "at": 0.0, "rtt": float("nan")},
        {"type": "heard", "reply": 1, "from": 0, "to": float("inf"), "at": 0.0},
        {"type": "heard", "reply": 1, "from": 0, "to": 10, "at": 10**400},
        {"type": "heard", "reply": 1, "from": 0, "to": 10, "at": float("-inf")},
        {"type": "played-out", "reply": float("inf")},
        {"type": "ducked", "gain": float("nan"), "at": 0.0},
        {"type": "ducked", "gain": 0.2},
    ],
    ids=lambda message: str(message)[:80],
)
def test_a_known_type_without_its_fields_is_malformed(message: dict[str, Any]) -> None:
    async def tell(told: Told) -> None:
        with pytest.raises(MalformedMessage, match=f"The page sent '{message['type']}' without"):
            told.page.text(message)

    told = alone(tell)
    assert told.muted == told.counts == []


def test_a_frame_that_is_none_is_malformed() -> None:
    async def tell(told: Told) -> None:
        with pytest.raises(MalformedMessage):
            told.page.frame(b"\x01")

    alone(tell)


@pytest.mark.parametrize("message", [{}, {"type": None}, {"type": "of a newer page"}])
def test_what_is_not_known_is_passed_over(message: dict[str, Any]) -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        page.text(message)
        await asyncio.sleep(1)

    assert story(tell).sent == []


def test_the_counts_of_the_page() -> None:
    async def tell(told: Told) -> None:
        told.page.text({"type": "stats", "late": 1, "lost": 2.0, "gaps": None, "new": 4})

    assert alone(tell).counts == [{"late": 1, "lost": 2, "gaps": 0}]


def test_an_echo_is_answered_ahead_of_the_sound() -> None:
    async def tell(page: Page, way: FakeWay) -> None:
        way.open.clear()
        page.speaker.play("r1", bytes(960))
        page.text({"type": "echo", "id": 7, "at": 12.5})
        way.open.set()
        await asyncio.sleep(1)

    assert story(tell).sent[0][1] == {"type": "echo", "id": 7, "at": 12.5, "t": 0.0}
