"""A brain that is any Python callable."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import Any

from voicenb.audio.processor import InPlaceProcessor, Processor
from voicenb.emulator.brain import Call, Moment, Say
from voicenb.errors import InvalidConfiguration

_END = object()


class Calling:
    """Asks a Python callable for every reply.

    The callable takes what was said last (the caller's words, the result of a tool, the instructions of a
    requested reply), or the whole :class:`~voicenb.emulator.brain.Moment` where its first parameter is
    annotated with it or called ``moment``. It may be sync or async, return or yield; texts are said,
    :class:`~voicenb.emulator.brain.Call` calls a tool, None says nothing. An error in it comes out: the
    reply logs it and apologises aloud.

    Args:
        function: the callable.
        processor: where a sync callable runs, so that a slow one does not hold up the voice; by default in
            place.
        cost: seconds that a sync callable is stated to take; used on the virtual clock only.

    Raises:
        InvalidConfiguration: ``function`` takes no argument.
    """

    def __init__(
        self, function: Callable[..., Any], *, processor: Processor | None = None, cost: float = 0.0
    ) -> None:
        self._function = function
        self._processor: Processor = processor or InPlaceProcessor()
        self._cost = cost
        self._takes_moment = takes_moment(function)

    @property
    def name(self) -> str:
        """The callable's own name."""
        return str(getattr(self._function, "__name__", type(self._function).__name__))

    async def answer(self, moment: Moment) -> AsyncGenerator[Say | Call, None]:
        """The reply; see :class:`voicenb.emulator.brain.Brain`."""
        async with aclosing(self._parts(moment if self._takes_moment else said_last(moment))) as parts:
            async for part in parts:
                yield part

    async def _parts(self, argument: Moment | str) -> AsyncGenerator[Say | Call, None]:
        if _is_async(self._function):
            answer = self._function(argument)
        else:
            answer = await self._run(lambda: self._function(argument))
        if inspect.isawaitable(answer):
            answer = await answer
        if isinstance(answer, AsyncIterator):
            try:
                async for part in answer:
                    for read in _read(part):
                        yield read
            finally:
                close = getattr(answer, "aclose", None)
                if close is not None:
                    await close()
        elif isinstance(answer, Iterator):
            try:
                while (part := await self._run(lambda: next(answer, _END))) is not _END:
                    for read in _read(part):
                        yield read
            finally:
                getattr(answer, "close", lambda: None)()
        else:
            for part in answer if isinstance(answer, list | tuple) else [answer]:
                for read in _read(part):
                    yield read

    async def _run(self, work: Callable[[], Any]) -> Any:
        return await self._processor.run(work, cost=self._cost)


def said_last(moment: Moment) -> str:
    """The text that a callable without interest in the rest is given."""
    if moment.trigger == "reply_create" and moment.instructions:
        return moment.instructions
    roles = ("tool",) if moment.trigger == "tool_result" else ("user",)
    return next((line.text for line in reversed(moment.history) if line.role in roles), "")


def takes_moment(function: Callable[..., Any]) -> bool:
    """Whether a callable wants the moment rather than the text.

    Raises:
        InvalidConfiguration: it takes no argument at all.
    """
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # some callables of C have no signature
        return False
    first = next(
        (p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.VAR_POSITIONAL)),
        None,
    )
    if first is None:
        raise InvalidConfiguration(
            f"{getattr(function, '__name__', function)!r} takes no argument and cannot be a brain.",
            remedy="Write def brain(text: str) -> str, or def brain(moment: Moment).",
        )
    return (
        first.annotation is Moment
        or str(first.annotation).rpartition(".")[2] == "Moment"
        or first.name == "moment"
    )


def _is_async(function: Callable[..., Any]) -> bool:
    called = function if inspect.isroutine(function) else getattr(function, "__call__", function)  # noqa: B004
    return inspect.iscoroutinefunction(called) or inspect.isasyncgenfunction(called)


def _read(part: object) -> Iterator[Say | Call]:
    if isinstance(part, Say | Call):
        yield part
    elif isinstance(part, str):
        if part.strip():
            yield Say(part)
    elif part is not None:
        raise TypeError(f"a brain answers with texts, Say and Call, not with {type(part).__name__}")
