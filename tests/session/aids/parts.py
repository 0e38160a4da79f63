"""The parts of an engine put together by hand, with the test at the other ends: line, speaker, recorder."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

from voicenb.errors import ServiceUnreachable
from voicenb.protocol import messages as m
from voicenb.service.address import Address
from voicenb.session.backlog import Backlog
from voicenb.session.desk import Desk
from voicenb.session.events import Event, EventLog
from voicenb.session.floor import Floor
from voicenb.session.limits import Limits
from voicenb.session.milestones import Milestones
from voicenb.session.reception import Reception
from voicenb.session.reconnection import Reconnection
from voicenb.session.renewal import Renewal
from voicenb.session.speaker import Note
from voicenb.session.transport import ConnectionClosed
from voicenb.session.wire import Wire
from voicenb.testing.virtual_clock import run_virtually


class Line:
    """A transport of which the test is the other end."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.broken: ConnectionClosed | None = None
        self._frames: asyncio.Queue[str | bytes | ConnectionClosed] = asyncio.Queue()

    async def send(self, frame: str) -> None:
        if self.broken is not None:
            raise self.broken
        self.sent.append(json.loads(frame))

    async def receive(self) -> str | bytes:
        frame = await self._frames.get()
        if isinstance(frame, ConnectionClosed):
            raise frame
        return frame

    async def close(self, code: int = 1000) -> None:
        self.drops(code)

    def says(self, kind: str, **fields: Any) -> None:
        self.gives(json.dumps({"type": kind, **fields}))

    def gives(self, frame: str | bytes) -> None:
        self._frames.put_nowait(frame)

    def drops(self, code: int, reason: str = "") -> None:
        self._frames.put_nowait(ConnectionClosed(code, reason))

    @property
    def types(self) -> list[str]:
        return [message["type"] for message in self.sent]


class Noted:
    """A speaker that notes what it is told, and plays when the test says so."""

    label = "noted"
    audible = False

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []
        self.note: Note | None = None

    def open(self, note: Note) -> None:
        self.note = note

    def play(self, reply_id: str, pcm: bytes) -> None:
        self.told.append(("play", reply_id, pcm))

    def done(self, reply_id: str) -> None:
        self.told.append(("done", reply_id))

    def flush(self) -> None:
        self.told.append(("flush",))

    def close(self) -> None:
        self.told.append(("close",))


class Parts:
    """An engine in its parts, on the running loop."""

    def __init__(self, *, update_seconds: float = 5.0) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        self.events: list[Event] = []
        self.log = EventLog(lambda: round(loop.time() - began, 6), self.events.append, None)
        self.floor = Floor(self.log, began)
        self.milestones = Milestones(self.log)
        self.wire = Wire(self.floor, self.log)
        self.desk = Desk(self.wire, self.floor, self.milestones, self.log, update_seconds)
        self.speaker = Noted()
        self.line = Line()
        self.backlog = Backlog()
        self.reconnection = Reconnection(
            Address("wss://service.example/v1/ws", key="k"),
            self.dial,
            self.wire,
            self.floor,
            self.log,
            self.backlog,
            Renewal({}),
            Limits(),
            "end",
        )
        self.reception = Reception(
            self.log, self.floor, self.milestones, self.speaker, self.desk.updates, self.reconnection
        )
        self.receiving: asyncio.Task[bool] | None = None

    async def dial(self, address: Address) -> Line:
        """Nobody answers, where a lost connection is to be had back."""
        raise ServiceUnreachable(f"Nobody is at {address.place}.")

    async def connect(self, session: dict[str, Any] | None = None) -> None:
        """Send the first update on a line that is open."""
        self.wire.transport = self.line
        self.receiving = asyncio.create_task(self.reception.receive(self.line))
        await self.wire.send(m.SessionUpdate(session=session or {}))

    async def ready(self, session: dict[str, Any] | None = None) -> None:
        """Connect, and become ready."""
        await self.connect(session)
        await self.gets("session.ready", session_id="s", config=session or {})

    async def gets(self, kind: str, **fields: Any) -> None:
        """The service says something; returns when it was taken."""
        self.line.says(kind, **fields)
        await self.settle()

    async def settle(self) -> None:
        """Let everything that is due happen; takes a millisecond of the virtual clock."""
        await asyncio.sleep(0.001)

    def finish(self) -> None:
        """The session is over, as the engine winds it up."""
        self.wire.transport = None
        self.milestones.finish()
        self.desk.updates.over()
        self.floor.closed = True
        self.floor.show()

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [event["msg"] for event in self.events if event["type"] == kind]

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events]


def story(tell: Callable[[Parts], Coroutine[Any, Any, None]], **options: Any) -> Parts:
    """Put the parts together on a virtual clock and let ``tell`` play with them."""

    async def main() -> Parts:
        parts = Parts(**options)
        await tell(parts)
        if parts.receiving is not None:
            parts.receiving.cancel()
        return parts

    return run_virtually(main, limit=600)
