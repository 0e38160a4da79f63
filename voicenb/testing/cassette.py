"""Cassette: the wire of a session, recorded once and played as the service from then on."""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path
from types import TracebackType
from typing import Any

from voicenb.errors import CassetteMismatch, InvalidConfiguration, RecordingError
from voicenb.service.address import Address
from voicenb.session.opening import ServiceLike, locate
from voicenb.session.transport import Connect, ConnectionClosed, Transport
from voicenb.testing.tape import Entry, Writer, entry, read
from voicenb.testing.tape_player import Player


class Cassette:
    """A service that was recorded: fast, free and always the same; or the recorder of one.

    With ``service`` it stands between a session and that service, and keeps all that goes over the wire in
    both directions, with its times. Without, it is the service: it says what is on the tape when it was said
    then, and insists on a client that does what it did then. The caller's sound is compared as well, by
    checksum; it is not on the tape itself. A pause between words may differ by 0.3 s.

    A tape fits a call in which the caller speaks as then: one that ``vn.run`` made fits ``vn.run`` on either
    clock, and a ``vn.Session`` with the same ``vn.Caller``. A ``vn.Says`` or ``vn.WavFile`` does not wait for
    the greeting in a session, nor in ``vn.run``, and needs a tape of its own.

    Args:
        path: the file, e.g. ``"lido.cassette.jsonl"``. Recording replaces it.
        service: record what this service says: ``"hosted"``, ``"emulator"``, an address, a ``vn.Emulator()``;
            None plays.

    Raises:
        RecordingError: there is no such cassette, it is none, or it cannot be written. Where that shows only
            while a call is recorded, the call goes on, and leaving the ``with`` raises it.
        CassetteMismatch: on leaving the ``with``: how the client differed from the tape.

    Warns:
        UserWarning: what comes over the wire can be written no longer.

    Attributes:
        mismatch: how the client differed from the tape, or None.

    Example:
        >>> with vn.Cassette("lido.cassette.jsonl") as lido:  # doctest: +SKIP
        ...     with vn.Session(agent, lido, microphone=vn.WavFile("caller.wav")) as session:
        ...         session.wait_until_answered()
    """

    def __init__(self, path: str | os.PathLike[str], service: ServiceLike = None) -> None:
        self.path = Path(path).expanduser().absolute()
        self.mismatch: CassetteMismatch | None = None
        self._played = 0
        self._writer: Writer | None = None
        self._tape: list[list[Entry]] = []
        if service is None:
            self._tape = read(self.path)
            return
        if isinstance(service, Cassette):
            raise InvalidConfiguration("A cassette is not recorded from another one: copy the file.")
        self._service, self._connect = locate(service)
        self._writer = Writer(self.path, self._service.label)

    def address(self) -> Address:
        """It is in this process, and listens nowhere."""
        return Address("ws://127.0.0.1:0/v1/ws", kind="cassette")

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        """One connection, as an ASGI app."""
        if scope["type"] != "websocket":
            raise InvalidConfiguration("A cassette holds conversations only, and no REST requests.")
        await receive()
        client = _Client(receive, send)
        if self._writer is not None:
            transport = await (self._connect or _web())(self._service)
            self._writer.connection()
            await client.accept()
            await _record(self._writer, client, transport)
            return
        number, self._played = self._played, self._played + 1
        await client.accept()
        try:
            if number >= len(self._tape):
                raise CassetteMismatch(
                    f"{self.path.name} holds {len(self._tape)} connections, and this is one more.",
                    remedy="Record it again.",
                )
            await Player(self._tape[number], client, self.path.name).play()
        except CassetteMismatch as mismatch:
            self.mismatch = self.mismatch or mismatch
            raise

    @property
    def fault(self) -> RecordingError | None:
        """Why what was recorded is not whole, or None; the call itself went on."""
        return None if self._writer is None else self._writer.fault

    def close(self) -> None:
        """End the recording; may be called twice."""
        if self._writer is not None:
            self._writer.close()

    def __enter__(self) -> Cassette:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if error is not None:
            return
        if self.mismatch is not None:
            raise self.mismatch
        if self.fault is not None:
            raise self.fault

    def __repr__(self) -> str:
        return f"<Cassette {self.path.name}, {'recording' if self._writer is not None else 'playing'}>"


def _web() -> Connect:
    from voicenb.session.web import connect

    return connect


class _Client:
    """The client's end of a connection."""

    def __init__(self, receive: Any, send: Any) -> None:
        self._receive = receive
        self._send = send

    async def accept(self) -> None:
        await self._send({"type": "websocket.accept"})

    async def get(self) -> str | bytes | None:
        """The next frame; None where it has gone."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return None
        text: str | None = message.get("text")
        return text if text is not None else bytes(message["bytes"])

    async def put(self, frame: str | bytes) -> None:
        kind = "text" if isinstance(frame, str) else "bytes"
        with contextlib.suppress(OSError):  # it has gone; whoever receives hears of it
            await self._send({"type": "websocket.send", kind: frame})

    async def close(self, code: int, reason: str) -> None:
        with contextlib.suppress(OSError):
            await self._send({"type": "websocket.close", "code": code, "reason": reason})


async def _record(writer: Writer, client: _Client, transport: Transport) -> None:
    """Pass frames on in both directions, and keep them."""
    loop = asyncio.get_running_loop()
    began = loop.time()

    async def outwards() -> None:
        while (frame := await client.get()) is not None:
            writer.put(entry(loop.time() - began, "out", frame))
            with contextlib.suppress(ConnectionClosed):
                await transport.send(frame if isinstance(frame, str) else frame.decode())
        writer.put(Entry(loop.time() - began, "out", {"type": "closed"}))

    async def inwards() -> None:
        try:
            while True:
                frame = await transport.receive()
                writer.put(entry(loop.time() - began, "in", frame))
                await client.put(frame)
        except ConnectionClosed as closed:
            message = {"type": "closed", "code": closed.code, "reason": closed.reason}
            writer.put(Entry(loop.time() - began, "in", message))
            await client.close(closed.code, closed.reason)

    ways = [asyncio.ensure_future(outwards()), asyncio.ensure_future(inwards())]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await transport.close()
        for way in ways:
            way.cancel()
        await asyncio.wait(ways)
