"""The relay: the socket of a session to the service, held in the helper for an engine in the kernel.

The engine stays where its microphone is. But a kernel that is killed takes its own sockets with it, and an
open session is billed until the service gives up; the helper lives long enough to say ``session.end``.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import msgspec

from voicenb.errors import VoicenbError
from voicenb.service.address import Address
from voicenb.session import web
from voicenb.session.failure import to_wire
from voicenb.session.transport import DOUBT, SILENT, SURE, ConnectionClosed
from voicenb.session.web import WebTransport

GOODBYE = 1.0
"""Seconds that the service may take to answer ``session.end`` when nobody else waits for it."""

BUSY = 60.0
"""Seconds that a kernel inside a cell in C may take to hear that the service has closed the connection."""

LOOK = 0.2
"""Seconds from one look at the connection's pulse to the next."""

END = "session.end"


class _Kind(msgspec.Struct):
    type: str = ""


_kind = msgspec.json.Decoder(_Kind)


class Relay:
    """One session's.

    Args:
        kernel: the kernel's connection. What comes first is ``{"reach": address}``, and is answered by
            ``{"open": true}`` or ``{"failed": error}``; from then on it carries the service's frames, and
            between them ``DOUBT`` and ``SURE``.
    """

    def __init__(self, kernel: Any) -> None:
        self._kernel = kernel
        self._owes_end = False  # the session has begun, and nobody has ended it
        self._reached = False
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def stop(self) -> None:
        """End the session in good order, soon; one that is ending already is left to it."""
        self._stop.set()
        if self._task is not None and not self._reached:
            self._task.cancel()

    async def run(self) -> None:
        """Pass on what either side says until one of them has ended, or :meth:`stop` is called."""
        self._task = asyncio.current_task()
        service = await self._reach()
        if service is None:
            return
        self._reached = True
        pumps: list[asyncio.Task[Any]] = []
        try:
            await self._kernel.send('{"open": true}')
            there = asyncio.create_task(self._there(service), name="voicenb-there")
            back = asyncio.create_task(self._back(service), name="voicenb-back")
            stop = asyncio.create_task(self._stop.wait(), name="voicenb-stop")
            doubts = asyncio.create_task(self._doubts(service), name="voicenb-doubts")
            pumps += [there, back, stop, doubts]
            await asyncio.wait({there, back, stop}, return_when=asyncio.FIRST_COMPLETED)
            doubts.cancel()
            if back.done():
                await self._hand_on(back.result())
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            if self._owes_end:
                await self._end(service)
            await service.close()

    async def _reach(self) -> WebTransport | None:
        order = msgspec.json.decode(await self._kernel.recv())
        try:
            return await web.connect(Address(**order["reach"]))
        except VoicenbError as error:
            failed = {"failed": to_wire(error)}
        await self._kernel.send(msgspec.json.encode(failed).decode())
        return None

    async def _there(self, service: WebTransport) -> None:
        """Pass on what the kernel says, until it is gone and all of that has been passed on."""
        from websockets.exceptions import ConnectionClosed as Closed

        with contextlib.suppress(Closed):
            async for frame in self._kernel:
                self._owes_end = kind_of(frame) != END
                with contextlib.suppress(ConnectionClosed):  # the way back finds out, behind all that came
                    await service.send(frame)

    async def _back(self, service: WebTransport) -> ConnectionClosed:
        """Pass on what the service says, until it is gone and all of that has been passed on."""
        from websockets.exceptions import ConnectionClosed as Closed

        while True:
            try:
                frame = await service.receive()
            except ConnectionClosed as closed:
                return closed
            with contextlib.suppress(Closed):  # the way there finds out, behind all that came
                await self._kernel.send(frame)

    async def _doubts(self, service: WebTransport) -> None:
        """Tell the kernel when nobody knows if what it sends arrives: the caller's sound is kept then."""
        from websockets.exceptions import ConnectionClosed as Closed

        told = False
        with contextlib.suppress(Closed):  # the way there finds out
            while True:
                await asyncio.sleep(LOOK)
                if service.in_doubt != told:
                    told = not told
                    await self._kernel.send(DOUBT if told else SURE)

    async def _hand_on(self, closed: ConnectionClosed) -> None:
        """Close the kernel's side as the service closed this one; the engine reads code and reason."""
        self._owes_end = False
        self._kernel.close_timeout = BUSY
        match closed.code:
            case 1006 if closed.silent:
                await self._kernel.close(SILENT, f"{closed.silent:.3f}")
            case 1006:  # which no close frame can say: the connection just ends, behind what was sent on it
                self._kernel.transport.write_eof()
                await self._kernel.wait_closed()
            case 1005:  # likewise: a close frame without a code
                await self._kernel.close(None)
            case code:
                await self._kernel.close(code, closed.reason)

    async def _end(self, service: WebTransport) -> None:
        with contextlib.suppress(ConnectionClosed, TimeoutError):
            async with asyncio.timeout(GOODBYE):
                await service.send(f'{{"type":"{END}"}}')
                while kind_of(await service.receive()) != "session.ended":
                    pass


class Relays:
    """Those of one helper."""

    def __init__(self) -> None:
        self._running: dict[asyncio.Task[None], Relay] = {}

    async def hold(self, kernel: Any) -> None:
        """Hold one, for that connection of the kernel's, to its end."""
        relay = Relay(kernel)
        task = asyncio.create_task(relay.run(), name="voicenb-relay")
        self._running[task] = relay
        try:
            await asyncio.wait({task})
        finally:
            del self._running[task]
        if not task.cancelled():
            task.result()

    async def end(self, patience: float) -> None:
        """End all sessions.

        Args:
            patience: seconds that this may take.
        """
        for relay in self._running.values():
            relay.stop()
        if self._running:
            await asyncio.wait(set(self._running), timeout=patience)


def kind_of(frame: str | bytes) -> str:
    """The ``type`` of a frame, of which nothing else is read; empty where it has none."""
    with contextlib.suppress(msgspec.MsgspecError, UnicodeError):
        return _kind.decode(frame).type
    return ""
