"""One call inside the helper: its engine, its page, and the kernel's connection that asked for it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import dataclasses
from collections.abc import Callable
from typing import Any

import msgspec

from voicenb.errors import VoicenbError
from voicenb.session import plan_wire
from voicenb.session.engine import Engine
from voicenb.session.event_batch import EventBatch
from voicenb.session.events import Event
from voicenb.session.failure import to_wire
from voicenb.session.holding import hold
from voicenb.session.host import PageMessage
from voicenb.session.page import Page
from voicenb.session.page_frames import mark_of
from voicenb.session.page_outbox import Message

GATHER = {"": 0.1, "direct": 0.1, "kernel": 0.2}
"""Seconds that events which nobody waits for wait for others, by the way to the page.

Each message wakes a thread of the kernel, and so holds up the sound that passes through it.
"""

BUSY = 60.0
"""Seconds for which a kernel that answers nothing is an excuse for the page that is reached through it."""

_json = msgspec.json.Encoder()


class KernelWay:
    """The way to a page that leads through the kernel.

    Args:
        connection: the kernel's.
        page: the page's name; all pages of the kernel hear what is said to one of them.
    """

    kind = "kernel"

    def __init__(self, connection: Any, page: Any = None) -> None:
        self.page = page
        self._connection = connection

    async def send(self, message: Message) -> None:
        """Send one message; the kernel hands it on as it is."""
        await self._connection.send(
            message if isinstance(message, bytes) else _json.encode({"page": message}).decode()
        )

    async def close(self, *, taken: bool = False) -> None:
        """The connection stays: it is the kernel's."""
        if taken:
            await self.send({"type": "taken", "page": self.page})


class HelperCall:
    """One call.

    Args:
        connection: the kernel's connection; the call ends when it does.
        ticket: gives out a ticket for a page of an origin, as a plain object.

    Attributes:
        number: the kernel's number of it, once the call runs.
        page: the page.
    """

    def __init__(self, connection: Any, ticket: Callable[[HelperCall, str], dict[str, Any]]) -> None:
        self.number = 0
        self.page = Page(self._muted, self._told, self._present)
        self._connection = connection
        self._ticket = ticket
        self._engine: Engine | None = None
        self._mutes = {"kernel": False, "page": False}
        self._batch = EventBatch()
        self._filled = asyncio.Event()
        self._urgent = asyncio.Event()
        self._said: asyncio.Queue[PageMessage] = asyncio.Queue()  # by pages, through the kernel
        self._tasks: set[asyncio.Task[None]] = set()
        self._kernel_way = KernelWay(connection)  # to the page that was the last to come through it
        self._kernel_mark: Any = 0  # which its frames carry

    # --- the life of the call ----------------------------------------------------------------------------

    async def run(self) -> None:
        """Hold the call until it is over, the kernel's connection is, or no page has been there for long."""
        order = msgspec.json.decode(await self._connection.recv())
        self.number = order["call"]
        plan = plan_wire.from_wire(order["open"])
        if order.get("transport") == "browser":
            self.page = Page(self._muted, self._told, self._present, holds_line=True)
        plan = dataclasses.replace(plan, microphone=self.page.microphone, speaker=self.page.speaker)
        if self.page.line is not None:
            plan = dataclasses.replace(
                plan, connect=self.page.line.connect, about={**plan.about, "transport": "browser"}
            )
        holding = asyncio.create_task(hold(plan, self._publish, self._begun), name="voicenb-hold")
        telling = asyncio.create_task(self._tell(), name="voicenb-tell")
        reading = asyncio.create_task(self._read(), name="voicenb-read")
        hearing = asyncio.create_task(self._hear_page(), name="voicenb-page")
        missing = asyncio.create_task(self._miss_page(order["patience"]), name="voicenb-miss")
        try:
            await asyncio.wait({holding, reading, missing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._wind_up(holding, telling, reading, hearing, missing)

    async def _wind_up(self, holding: asyncio.Task[None], *others: asyncio.Task[None]) -> None:
        if not holding.done() and self._engine is not None:
            await self._engine.end()
        await asyncio.wait({holding})
        failure = None if holding.cancelled() else holding.exception()
        await self.page.close()
        if self._tasks:  # commands that waited for the end are answered
            await asyncio.wait(self._tasks, timeout=0.2)
        for task in (*others, *self._tasks):
            task.cancel()
        with contextlib.suppress(Exception):  # a kernel that has gone is told nothing
            await self._send_events()
            await self._send({"over": None if failure is None else to_wire(failure)})

    async def _miss_page(self, patience: float) -> None:
        """Return when no page has been there for that long: an open session is billed, heard or not."""
        while True:
            await self.page.until_missed(patience)
            if not await self._kernel_was_busy():
                break
            self.page.excuse()
        if self._engine is not None:
            away = "No page came within" if self.page.awaited else "The page went away for"
            self._engine.forsaken(f"{away} {patience:g} s, so the call was ended.")

    async def _kernel_was_busy(self) -> bool:
        """Whether the kernel takes its time to answer: no page comes, or comes back, through it meanwhile."""
        loop = asyncio.get_running_loop()
        asked = loop.time()
        with contextlib.suppress(Exception):  # a connection that is gone ends the call by itself
            async with asyncio.timeout(BUSY):
                await (await self._connection.ping())
                return loop.time() - asked > 1
        return False

    def end_soon(self) -> None:
        """End the call; returns at once."""
        if self._engine is not None:
            self._engine.end_soon()

    def cut(self) -> None:
        """End it without waiting for the service any longer; the recording is closed all the same."""
        if self._engine is not None:
            self._engine.abandon()

    def _begun(self, engine: Engine) -> None:
        self._engine = engine

    # --- from the kernel ---------------------------------------------------------------------------------

    async def _read(self) -> None:
        async for message in self._connection:
            if isinstance(message, bytes):
                self.from_page(message)
                continue
            wire = msgspec.json.decode(message)
            if "page" in wire:
                self.from_page(wire["page"])
            else:
                task = asyncio.create_task(self._do(wire))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def from_page(self, message: PageMessage) -> None:
        """What a page said through the kernel; it is taken in the order in which it comes."""
        self._said.put_nowait(message)

    async def _hear_page(self) -> None:
        while True:
            message = await self._said.get()
            with contextlib.suppress(VoicenbError):  # what is malformed is left out, the call goes on
                if isinstance(message, dict):
                    await self._page_text(message)
                elif isinstance(message, bytes) and self._is_of_the_page(mark_of(message), self._kernel_mark):
                    self.page.frame(message)

    async def _page_text(self, message: dict[str, Any]) -> None:
        """What a page says through the kernel; what goes the other way is heard by all of its pages."""
        match message.get("type"):
            case "hello":  # a page that came back on the same way counts anew
                page, self._kernel_mark = message.get("page"), message.get("mark", 0)
                if page != self._kernel_way.page:
                    self._kernel_way = KernelWay(self._connection, page)
                await self.page.attach(self._kernel_way)
                await self._kernel_way.send({"type": "welcome", "page": page})
            case "bye" if message.get("page") == self._kernel_way.page:
                await self.page.detach(self._kernel_way)
            case _ if self._is_of_the_page(message.get("page"), self._kernel_way.page):
                self.page.text(message)

    def _is_of_the_page(self, sign: Any, its: Any) -> bool:
        """Whether a message through the kernel is the page's, and not of one that it took over from.

        Args:
            sign: by which the message's page is known, if it says so.
            its: by which the page is known that has the call.
        """
        return self.page.is_at(self._kernel_way) and (not sign or sign == its)

    async def _do(self, command: dict[str, Any]) -> None:
        number = command.pop("id", None)
        try:
            value = await self._command(command)
        except Exception as error:
            answer: dict[str, Any] = {"failed": number, "error": to_wire(error)}
        else:
            answer = {"done": number, "value": value}
        if number is not None:
            await self._send_events()  # what the command caused is known before it is said to be done
            await self._send(answer)

    async def _command(self, command: dict[str, Any]) -> dict[str, Any] | int | None:
        if command.get("do") == "page_ticket":
            return self._ticket(self, command["origin"])
        if command.get("do") == "send_audio":
            command["pcm"] = base64.b64decode(command["pcm"])
        if command.get("do") == "mute":
            self._mute("kernel", bool(command["muted"]))
            return None
        if self._engine is None:
            raise VoicenbError("The session has not begun.")
        value = await self._engine.command(command)
        if command.get("do") == "send_audio" and self.page.line is not None:
            self.page.line.say(command["pcm"])
        return value

    # --- to the kernel -----------------------------------------------------------------------------------

    def _publish(self, event: Event) -> None:
        self._batch.add(event)
        self._filled.set()
        if self._batch.urgent:
            self._urgent.set()

    async def _tell(self) -> None:
        while True:
            await self._filled.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GATHER[self.page.way]):
                    await self._urgent.wait()
            await self._send_events()

    async def _send_events(self) -> None:
        self._filled.clear()
        self._urgent.clear()
        if events := self._batch.take():
            await self._send({"events": events})

    async def _send(self, message: dict[str, Any]) -> None:
        await self._connection.send(_json.encode(message).decode())

    # --- from the page -----------------------------------------------------------------------------------

    def _muted(self, muted: bool) -> None:
        self._mute("page", muted)

    def _mute(self, who: str, muted: bool) -> None:
        self._mutes[who] = muted
        if self._engine is not None:
            self._engine.desk.mute(any(self._mutes.values()))

    def _present(self, present: bool) -> None:
        if self._engine is not None:
            self._engine.desk.note("page", present=present)

    def _told(self, counts: dict[str, int]) -> None:
        if self._engine is not None:
            self._engine.desk.note("page", **counts)
