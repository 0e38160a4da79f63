"""Updates that time out, and answers that come late or never."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from voicenb.errors import ServiceError, WaitTimeout
from voicenb.session.updates import FORGOTTEN, Updates, shows
from voicenb.testing.virtual_clock import run_virtually

SLOWER = {"input": {"turn_detection": {"min_silence": 900}}}
FASTER = {"input": {"turn_detection": {"min_silence": 300}}}
ECHO = {"input": {"keyterms": None, "turn_detection": {"min_silence": 900, "vad_threshold": None}}}


def story(tell: Callable[[Updates], Coroutine[Any, Any, None]]) -> None:
    run_virtually(lambda: tell(Updates()))


async def send(updates: Updates, patch: dict[str, Any]) -> None:
    async with updates.one(patch, 5.0):
        pass


async def times_out(updates: Updates, patch: dict[str, Any]) -> None:
    with pytest.raises(WaitTimeout):
        await send(updates, patch)


async def under_way(updates: Updates, patch: dict[str, Any]) -> asyncio.Task[None]:
    task = asyncio.create_task(send(updates, patch))
    await asyncio.sleep(0.1)
    return task


def test_a_late_answer_is_not_the_next_ones() -> None:
    async def tell(updates: Updates) -> None:
        await times_out(updates, SLOWER)
        second = await under_way(updates, FASTER)
        updates.acknowledged(None)  # to the first
        await asyncio.sleep(0.1)
        assert not second.done()
        updates.acknowledged(None)
        await second

    story(tell)


def test_a_late_refusal_neither() -> None:
    async def tell(updates: Updates) -> None:
        await times_out(updates, SLOWER)
        second = await under_way(updates, FASTER)
        error = ServiceError("No.", code="invalid_value")
        assert not updates.refused(error)  # to the first: told as an error of the session
        await asyncio.sleep(0.1)
        assert not second.done()
        assert updates.refused(error)
        with pytest.raises(ServiceError, match="No"):
            await second

    story(tell)


def test_a_late_answer_that_comes_in_between_is_forgotten() -> None:
    async def tell(updates: Updates) -> None:
        await times_out(updates, SLOWER)
        updates.acknowledged(ECHO)
        second = await under_way(updates, FASTER)
        updates.acknowledged(None)
        await second

    story(tell)


def test_an_echo_tells_whose_answer_it_is() -> None:
    async def tell(updates: Updates) -> None:
        await times_out(updates, FASTER)  # never answered
        second = await under_way(updates, SLOWER)
        updates.acknowledged({"input": {"turn_detection": {"min_silence": 300}}})
        await asyncio.sleep(0.1)
        assert not second.done()
        updates.acknowledged(ECHO)
        await second
        await times_out(updates, FASTER)
        third = await under_way(updates, SLOWER)
        updates.acknowledged(ECHO)
        await third
        fourth = await under_way(updates, FASTER)
        updates.acknowledged(None)
        await fourth

    story(tell)


def test_an_answer_that_never_comes_is_not_waited_for_for_ever() -> None:
    async def tell(updates: Updates) -> None:
        await times_out(updates, SLOWER)
        await asyncio.sleep(FORGOTTEN)
        second = await under_way(updates, FASTER)
        updates.acknowledged(None)
        await second

    story(tell)


def test_one_that_was_never_sent_is_owed_nothing() -> None:
    async def tell(updates: Updates) -> None:
        with pytest.raises(KeyError):
            async with updates.one(SLOWER, 5.0):
                raise KeyError
        second = await under_way(updates, FASTER)
        updates.acknowledged(None)
        await second

    story(tell)


def test_a_cancelled_one_is_owed_its_answer() -> None:
    async def tell(updates: Updates) -> None:
        first = await under_way(updates, SLOWER)
        first.cancel()
        second = await under_way(updates, FASTER)
        updates.acknowledged(None)
        await asyncio.sleep(0.1)
        assert not second.done()
        updates.acknowledged(None)
        await second

    story(tell)


@pytest.mark.parametrize(
    ("patch", "config", "does"),
    [
        (SLOWER, ECHO, True),
        (FASTER, ECHO, False),
        ({"system_prompt": "x"}, ECHO, False),
        ({"tools": [{"name": "a"}]}, {"tools": [{"name": "a", "timeout_seconds": 120}]}, True),
        ({"tools": [{"name": "a"}]}, {"tools": []}, False),
        ({"input": {"keyterms": ["a"]}}, {"input": {"keyterms": ["a"]}}, True),
        ({"input": {"keyterms": []}}, {"input": {"keyterms": None}}, False),
        ({"input": SLOWER}, {"input": None}, False),
    ],
)
def test_whether_an_echo_shows_a_change(patch: dict[str, Any], config: dict[str, Any], does: bool) -> None:
    assert shows(config, patch) is does
