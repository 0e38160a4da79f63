from __future__ import annotations

import asyncio

import pytest
from parts import Parts, story

from voicenb.errors import ServiceError, SessionNotOpen, VoicenbError


def test_ready_once() -> None:
    async def tell(parts: Parts) -> None:
        waiting = asyncio.create_task(parts.milestones.until_ready())
        await parts.settle()
        assert not waiting.done()
        parts.milestones.become_ready()
        parts.milestones.become_ready()
        assert await waiting
        assert await parts.milestones.until_ready()

    assert story(tell).events == []


def test_the_first_reason_is_what_ended_it_and_is_told_once() -> None:
    first, second = ServiceError("No.", code="forbidden"), VoicenbError("Later.")

    async def tell(parts: Parts) -> None:
        parts.milestones.end(first)
        parts.milestones.end(second)
        parts.milestones.end()
        parts.milestones.finish()

    parts = story(tell)
    assert parts.milestones.error is first
    [told] = parts.told("error")
    assert (told["kind"], told["code"], told["fatal"]) == ("ServiceError", "forbidden", True)


def test_an_end_on_purpose_is_no_failure_whatever_comes_behind_it() -> None:
    async def tell(parts: Parts) -> None:
        parts.milestones.end()
        parts.milestones.end(VoicenbError("The line is dead."))

    parts = story(tell)
    assert parts.milestones.error is None
    assert parts.events == []


@pytest.mark.parametrize("ready", [False, True])
@pytest.mark.parametrize("how", ["end", "finish"])
def test_who_waits_for_the_beginning_hears_of_the_end(how: str, ready: bool) -> None:
    async def tell(parts: Parts) -> None:
        waiting = asyncio.create_task(parts.milestones.until_ready())
        await parts.settle()
        getattr(parts.milestones, how)()
        if ready:  # in the same moment
            parts.milestones.become_ready()
        assert not await waiting
        assert not await parts.milestones.until_ready()

    story(tell)


def test_the_wait_for_the_beginning_has_a_limit() -> None:
    async def tell(parts: Parts) -> None:
        assert not await parts.milestones.until_ready(2.5)
        assert asyncio.get_running_loop().time() == 2.5
        parts.milestones.become_ready()
        assert await parts.milestones.until_ready(2.5)

    story(tell)


def test_what_is_finished_is_over_as_well_and_that_may_be_said_twice() -> None:
    async def tell(parts: Parts) -> None:
        parts.milestones.become_ready()
        parts.milestones.finish()
        parts.milestones.finish()
        assert parts.milestones.over.done()
        assert parts.milestones.finished.done()

    story(tell)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (None, SessionNotOpen),
        (ServiceError("No.", code="forbidden"), ServiceError),
        (ZeroDivisionError("a slip of our own"), SessionNotOpen),
    ],
)
def test_why_nothing_can_be_asked_any_more(error: BaseException | None, why: type[VoicenbError]) -> None:
    async def tell(parts: Parts) -> None:
        parts.milestones.end(error)

    reason = story(tell).milestones.why_not()
    assert type(reason) is why
    assert (reason is error) == isinstance(error, VoicenbError)
