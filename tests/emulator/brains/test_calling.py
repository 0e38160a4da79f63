"""Any Python callable as a brain."""

from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import Any

import pytest

from voicenb.audio.processor import ThreadProcessor
from voicenb.emulator.brain import Call, Line, Moment, Say
from voicenb.emulator.brains.calling import Calling
from voicenb.errors import InvalidConfiguration

HELLO = Moment("user_speech", (Line("agent", "Yes?"), Line("user", "hello")), "Be kind.", [])


def answered(brain: Calling, moment: Moment = HELLO) -> list[Say | Call]:
    async def collect() -> list[Say | Call]:
        return [part async for part in brain.answer(moment)]

    return asyncio.run(collect())


def sync(text: str) -> str:
    return text.upper()


async def coroutine(text: str) -> str:
    await asyncio.sleep(0)
    return text.upper()


def generator(text: str) -> Iterator[str]:
    yield text[:1].upper()
    yield text[1:].upper()


async def async_generator(text: str) -> AsyncIterator[str | Call]:
    yield text.upper()
    yield Call("look", {"day": "Friday"})


class Object:
    def __call__(self, text: str) -> list[str]:
        return [text, text]


class AsyncObject:
    async def __call__(self, text: str) -> str:
        return text


def of_moment(m: Moment) -> str:
    return f"{m.system_prompt} {len(m.history)}"


def by_name(moment: Any) -> Call:
    return Call("look", {"trigger": moment.trigger})


@pytest.mark.parametrize(
    ("function", "parts"),
    [
        (sync, [Say("HELLO")]),
        (coroutine, [Say("HELLO")]),
        (generator, [Say("H"), Say("ELLO")]),
        (async_generator, [Say("HELLO"), Call("look", {"day": "Friday"})]),
        (Object(), [Say("hello"), Say("hello")]),
        (AsyncObject(), [Say("hello")]),
        (functools.partial(lambda word, text: word + text, "oh "), [Say("oh hello")]),
        (lambda text: None, []),
        (lambda text: "  ", []),
        (lambda text: Say("x"), [Say("x")]),
        (lambda text: coroutine(text), [Say("HELLO")]),
        (of_moment, [Say("Be kind. 2")]),
        (by_name, [Call("look", {"trigger": "user_speech"})]),
    ],
)
def test_what_a_callable_may_be(function: Callable[..., Any], parts: list[Say | Call]) -> None:
    assert answered(Calling(function)) == parts


def test_what_the_text_is() -> None:
    brain = Calling(lambda text: text)
    history = (*HELLO.history, Line("tool", "seven", "call_1", "look"))
    assert answered(brain, Moment("tool_result", history, "", [])) == [Say("seven")]
    assert answered(brain, Moment("reply_create", history, "", [], "Say hi")) == [Say("Say hi")]
    assert answered(brain, Moment("reply_create", history, "", [])) == [Say("hello")]
    assert answered(brain, Moment("user_speech", (), "", [])) == []


def raising(text: str) -> str:
    raise RuntimeError("boom")


def raising_later(text: str) -> Iterator[str]:
    yield "Well."
    raise RuntimeError("boom")


def wrong(text: str) -> Any:
    return 42


@pytest.mark.parametrize(
    ("function", "before", "error"),
    [
        (raising, [], RuntimeError),
        (raising_later, [Say("Well.")], RuntimeError),
        (wrong, [], TypeError),
    ],
)
def test_errors_are_the_replys_to_apologise_for(
    function: Callable[..., Any], before: list[Say], error: type[Exception]
) -> None:
    parts: list[Say | Call] = []

    async def collect() -> None:
        async for part in Calling(function).answer(HELLO):
            parts.append(part)  # noqa: PERF401 - what came before the error is kept

    with pytest.raises(error):
        asyncio.run(collect())
    assert parts == before


def test_a_sync_callable_runs_on_the_processor() -> None:
    threads: list[str] = []

    def remember(text: str) -> Iterator[str]:
        threads.append(threading.current_thread().name)
        yield text

    processor = ThreadProcessor(1)
    try:
        assert answered(Calling(remember, processor=processor)) == [Say("hello")]
    finally:
        processor.close()
    assert threads[0].startswith("voicenb-work")


def test_an_interruption_closes_the_generator() -> None:
    closed: list[bool] = []

    async def endless(text: str) -> AsyncIterator[str]:
        try:
            while True:
                yield "and"
        finally:
            closed.append(True)

    async def interrupt() -> None:
        async with aclosing(Calling(endless).answer(HELLO)) as parts:
            async for _ in parts:
                break

    asyncio.run(interrupt())
    assert closed == [True]


def test_names_and_signatures() -> None:
    assert Calling(sync).name == "sync"
    assert Calling(Object()).name == "Object"
    with pytest.raises(InvalidConfiguration, match="takes no argument"):
        Calling(lambda: "hello")
