"""Runs the agent's tools off the audio's path and answers each call once."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import inspect
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

from voicenb.errors import ToolError
from voicenb.protocol.actions import RunTool
from voicenb.session.encodable import whole
from voicenb.session.failure import is_own
from voicenb.session.printing import printed
from voicenb.tools import Tool, result_text

T = TypeVar("T")

PACKAGE = Path(__file__).parents[1]
"""Whose frames say nothing about a tool."""

MARGIN = 1.0
"""Seconds before the service gives up at which a tool that still runs is answered for; of a short time it is
a tenth."""

Command = Callable[[dict[str, Any]], object]
"""Takes a command for the engine, without waiting for it."""


class Workers(Protocol):
    """Where functions run that are not async (a :class:`voicenb.audio.processor.Processor` is one)."""

    async def run(self, work: Callable[[], T], *, cost: float) -> T:
        """Run ``work`` and return what it returns."""
        ...


class DaemonThreads:
    """A thread of its own for each piece of work.

    Not a pool: a tool that never returns would hold a place in it for ever, and the interpreter's exit as
    well.

    Args:
        most: how many run at once; the others wait.
    """

    def __init__(self, most: int = 16) -> None:
        self._room = threading.Semaphore(most)

    async def run(self, work: Callable[[], T], *, cost: float) -> T:
        """Run ``work`` on a thread; ``cost`` is not used."""
        del cost
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        context = contextvars.copy_context()

        def settle(result: T | None, error: BaseException | None) -> None:
            if future.done():  # nobody waits any more
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)  # type: ignore[arg-type]

        def body() -> None:
            result: T | None = None
            failure: BaseException | None = None
            with self._room:
                try:
                    result = context.run(work)
                except Exception as error:
                    failure = error
                except BaseException as error:  # SystemExit of a careless tool must not pass for a result
                    failure = _gave_up(error)
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(settle, result, failure)

        threading.Thread(target=body, name="voicenb-tool", daemon=True).start()
        return await future


class ToolRunner:
    """Runs tools by name.

    Args:
        tools: what the agent offers from the beginning, by name.
        command: takes ``tool_result`` and ``log`` commands for the engine.
        workers: where sync functions run; async ones run on the loop that :meth:`run` is called on.
    """

    def __init__(self, tools: Mapping[str, Tool], command: Command, workers: Workers) -> None:
        self._offers = [tools]
        self._command = command
        self._workers = workers
        self._changing = threading.Lock()
        self._overdue: set[asyncio.Future[Any]] = set()

    def offer(self, tools: Mapping[str, Tool]) -> Callable[[], None]:
        """Know more tools, in the place of those of the same names; returns what takes these back.

        It leaves what others have offered, before or since, as it is. May be called from any thread.
        """
        offer = dict(tools)
        with self._changing:
            self._offers = [*self._offers, offer]

        def take_back() -> None:
            with self._changing:
                self._offers = [each for each in self._offers if each is not offer]

        return take_back

    @property
    def tools(self) -> dict[str, Tool]:
        """The tools that are known, by name."""
        return {name: tool for offer in self._offers for name, tool in offer.items()}

    async def run(self, call: RunTool) -> None:
        """Run one call and send its result.

        Of one that still runs shortly before the service gives up (see :data:`MARGIN`) the model is told so,
        as of a failure. An async function is cancelled then; another one goes on, and what comes of it is
        told in the log.
        """
        if not call.known and (call.theirs or not self._has_function(call.name)):
            return  # the service runs it by itself; an answer would be one too many
        loop = asyncio.get_running_loop()
        began = loop.time()
        texts: list[str] = []
        work = asyncio.ensure_future(self._result(call, texts))
        patience = call.timeout - min(MARGIN, call.timeout / 10)
        try:
            await asyncio.wait({work}, timeout=patience)
        except asyncio.CancelledError:
            work.cancel()
            await asyncio.wait({work})  # it may tidy up
            raise
        if not work.done():
            self._overrun(call, work, patience, texts)
            return
        result, is_error = work.result()
        own_time = loop.time() - began
        self._command(
            {
                "do": "tool_result",
                "call_id": call.call_id,
                "result": whole(result),
                "is_error": is_error,
                "own_time": own_time,
            }
        )
        self._tell_printed(call, texts)

    def _overrun(
        self, call: RunTool, work: asyncio.Future[tuple[str, bool]], patience: float, texts: list[str]
    ) -> None:
        """Answer for a function that has no result yet."""
        result = (
            f"{call.name} has taken too long, and its result will not come; whether it did what it was asked "
            "for is not known. Say so, and ask whether to try again."
        )
        answer = {"do": "tool_result", "call_id": call.call_id, "result": result, "is_error": True}
        self._command(answer)
        tool = self.tools.get(call.name)
        cancelled = tool is not None and tool.is_async
        self._note(
            call,
            f"{call.name} took longer than {patience:g} s, and the service gives up at {call.timeout:g} s: "
            f"the agent was told that it failed; the function {'was cancelled' if cancelled else 'goes on'}.",
        )

        def late(done: asyncio.Future[tuple[str, bool]]) -> None:
            self._overdue.discard(work)
            if not done.cancelled() and done.exception() is None:
                self._note(call, f"{call.name} was done too late, and this was not sent: {done.result()[0]}")
            self._tell_printed(call, texts)

        self._overdue.add(work)  # the loop alone does not keep it
        work.add_done_callback(late)
        if cancelled:
            work.cancel()

    def _tell_printed(self, call: RunTool, texts: list[str]) -> None:
        if said := "".join(texts).strip():
            self._command({"do": "log", "text": whole(said), "tool": call.name, "call_id": call.call_id})

    def _note(self, call: RunTool, text: str) -> None:
        self._command({"do": "log", "text": whole(text), "call_id": call.call_id})

    def _has_function(self, name: str) -> bool:
        tool = self.tools.get(name)
        return tool is not None and tool.function is not None

    async def _result(self, call: RunTool, texts: list[str]) -> tuple[str, bool]:
        tool = self.tools.get(call.name)
        if tool is None or tool.function is None:
            return f"{call.name} cannot run: there is no function behind it in this program.", True
        try:
            return result_text(await self._call(tool, call.arguments, texts)), False
        except Exception as error:
            texts.append(_where(error))
            return _failure(call.name, error), True
        except BaseException as error:  # it would end the loop, and with it all other tools
            if not is_own(error):
                raise
            return _failure(call.name, _gave_up(error)), True

    async def _call(self, tool: Tool, arguments: dict[str, Any], texts: list[str]) -> Any:
        def work() -> Any:
            with printed() as said:
                try:
                    return tool.call(arguments)
                finally:
                    texts.extend(said)

        if not tool.is_async:
            result = await self._workers.run(work, cost=0.0)
            if not inspect.iscoroutine(result):  # asyncio's takes generators for coroutines as well
                return result
            return await result
        with printed() as said:
            try:
                return await tool.call(arguments)
            finally:
                texts.extend(said)


def _gave_up(error: BaseException) -> ToolError:
    return ToolError(f"The tool gave up with {type(error).__name__}.")


def _failure(name: str, error: Exception) -> str:
    """What the model reads: which tool failed and why; beside a sentence the class says nothing to it."""
    if isinstance(error, ToolError):
        return error.message
    kind, text = type(error).__name__, str(error)
    return f"{name} failed: {text if ' ' in text.strip() else f'{kind}: {text}' if text else kind}"


def _where(error: Exception) -> str:
    """What its author reads: the traceback in their own code; nothing where it was raised on purpose."""
    if isinstance(error, ToolError):
        return ""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not Path(frame.filename).is_relative_to(PACKAGE)]
    last = traceback.format_exception_only(error)
    return "\n" + "".join(["Traceback:\n", *traceback.format_list(own), *last])
