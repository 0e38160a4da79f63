"""Who talks to the service under test: a bare socket, or voicenb's own client, behind one face."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from heard import Heard
from theater import Client

from voicenb.errors import ServiceError, VoicenbError
from voicenb.service.address import Address
from voicenb.session.engine import Engine
from voicenb.session.holding import hold
from voicenb.session.host import Plan
from voicenb.session.microphone import Room
from voicenb.session.microphones import Silence
from voicenb.session.transport import Connect, ConnectionClosed, Transport
from voicenb.session.web import WebTransport


class Bare(Client):
    """A socket that sends what it is told, whatever it is.

    Args:
        transport: open.
        liberal: whether codes are compared without regard to case, and unknown events let pass: for services
            that we have not made.
    """

    def __init__(self, transport: Any, *, liberal: bool = False) -> None:
        self.liberal = liberal
        super().__init__(transport)

    def check(self, event: dict[str, Any]) -> None:
        """The tap has heard it already, and is strict where the service is ours."""

    async def raw(self, frame: str) -> None:
        """Send a frame as it is."""
        await self.transport.send(frame)

    async def drop(self) -> None:
        """Lose the connection."""
        await _lose(self.transport)

    async def error(self, code: str, param: str | None = None, **match: Any) -> dict[str, Any]:
        """The next ``session.error``; of this code."""
        error = await self.until("session.error", **match)
        found, wanted = error["code"], code
        if self.liberal:
            found, wanted = found.lower(), wanted.lower()
        assert found == wanted, error
        if param is not None:
            assert error["param"] == param, error
        return error

    async def refused(self, kind: str, code: str, param: str | None = None, **fields: Any) -> None:
        """Send a message; it is refused, and the session goes on."""
        await self.send(kind, **fields)
        await self.error(code, param)
        await self.alive()

    async def start_refused(self, session: Any, code: str, param: str | None = None) -> None:
        """Send a first update; it is refused with an error and close code 1008."""
        await self.send("session.update", session=session)
        await self.error(code, param)
        assert (await self.until_closed())[0] == 1008

    async def alive(self) -> dict[str, Any]:
        """The session goes on: an update is answered."""
        await self.send("session.update", session={})
        return await self.until("session.updated")


class Voicenb(Heard):
    """voicenb's own client: the engine that a `vn.Session` holds, on the running loop.

    Args:
        address: of the service.
        connect: opens transports.

    Attributes:
        events: what came from the service.
        log: all events of the engine.
    """

    def __init__(self, address: Address, connect: Connect) -> None:
        self.address = address
        self.events: list[dict[str, Any]] = []
        self.times: list[float] = []
        self.log: list[dict[str, Any]] = []
        self.engine: Engine | None = None
        self._connect = connect
        self._transports: list[Transport] = []
        self._news = asyncio.Event()
        self._seen = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._holding: asyncio.Task[None] | None = None

    async def begin(self, session: Any, mute: bool = False, **plan: Any) -> None:
        """Connect and send the first update; ``mute`` leaves the microphone shut."""

        async def connect(address: Address) -> Transport:
            self._transports.append(await self._connect(address))
            return self._transports[-1]

        made = Plan(self.address, session, microphone=Shut() if mute else Silence(), connect=connect, **plan)
        self._holding = self._spawn(hold(made, self._take, self._begun))
        await asyncio.sleep(0)

    def _begun(self, engine: Engine) -> None:
        self.engine = engine

    def _take(self, event: dict[str, Any]) -> None:
        self.log.append(event)
        if event["dir"] == "in":
            self.events.append({"type": event["type"], **event["msg"]})
            self.times.append(asyncio.get_running_loop().time())
            self._news.set()

    def _spawn(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        return task

    async def start(self, mute: bool = False, **session: Any) -> dict[str, Any]:
        """Begin a session; wait for ready."""
        await self.begin(session, mute)
        return await self.until("session.ready")

    async def send(self, kind: str, **fields: Any) -> None:
        """Have the session do what that message is for; raises what it raises."""
        assert self.engine is not None
        match kind:
            case "session.update":
                await self.engine.command({"do": "update", **fields})
            case "reply.create":
                await self.engine.command({"do": "reply", **fields})
            case "tool.result":
                await self.engine.command({"do": "tool_result", **fields})
            case "input.audio":
                await self.engine.command({"do": "send_audio", "pcm": base64.b64decode(fields["audio"])})
            case "session.end":
                self._spawn(self.engine.end())
            case _:
                raise NotImplementedError(kind)

    async def refused(self, kind: str, code: str, param: str | None = None, **fields: Any) -> None:
        """Have a message sent that is refused: by the service, or by voicenb before it is sent."""
        try:
            await self.send(kind, **fields)
        except VoicenbError as error:
            _fits(error, code, param)
        else:
            raise AssertionError(f"{kind} {fields} was not refused")
        await self.alive()

    async def start_refused(self, session: Any, code: str, param: str | None = None) -> None:
        """Begin with that; it is refused, and the session is over."""
        await self.begin(session)
        await self.until_closed()
        assert isinstance(self.error_that_ended, VoicenbError), self.error_that_ended
        _fits(self.error_that_ended, code, param)

    @property
    def error_that_ended(self) -> BaseException | None:
        """What ended the session, or None."""
        return None if self.engine is None else self.engine.error

    async def alive(self) -> dict[str, Any]:
        """The session goes on: an update is answered."""
        await self.send("session.update", session={"system_prompt": "You are there."})
        return self.of("session.updated")[-1]

    async def drop(self) -> None:
        """Lose the connection."""
        await _lose(self._transports[-1])

    def play(self, pcm: bytes) -> None:
        """Say something."""
        assert self.engine is not None
        self._spoken = self._spawn(self.engine.command({"do": "send_audio", "pcm": pcm}))
        self._until = asyncio.get_running_loop().time() + len(pcm) / 48_000

    async def played(self) -> None:
        """Wait until it has been said."""
        await asyncio.sleep(max(0.0, self._until - asyncio.get_running_loop().time()))

    async def until(self, kind: str, within: float = 20.0, **match: Any) -> dict[str, Any]:
        """The next event of that type (and with those fields), searched on from the last match."""

        async def search() -> dict[str, Any]:
            while True:
                while self._seen < len(self.events):
                    event = self.events[self._seen]
                    self._seen += 1
                    if event["type"] == kind and all(event.get(key) == value for key, value in match.items()):
                        return event
                if self._holding is not None and self._holding.done():
                    raise AssertionError(f"over ({self.error_that_ended!r}) before {kind}: {self.kinds}")
                self._news.clear()
                await asyncio.wait(
                    {self._holding, asyncio.ensure_future(self._news.wait())},  # type: ignore[arg-type]
                    return_when=asyncio.FIRST_COMPLETED,
                )

        try:
            return await asyncio.wait_for(search(), within)
        except TimeoutError:
            raise AssertionError(f"no {kind} {match}; got {self.kinds}") from None

    async def until_closed(self, within: float = 10.0) -> tuple[int, str]:
        """Wait until the session is over; the close code is the service's."""
        assert self._holding is not None
        await asyncio.wait_for(asyncio.shield(self._holding), within)
        error = self.error_that_ended
        status = getattr(error, "status", None)
        return (1000 if error is None else status or 0), str(error or "")

    def told(self, kind: str) -> list[dict[str, Any]]:
        """What the engine says of itself: the messages of its local events of that type."""
        return [event["msg"] for event in self.log if event["dir"] == "local" and event["type"] == kind]

    def sent(self, kind: str) -> list[dict[str, Any]]:
        """What went to the service."""
        return [event["msg"] for event in self.log if event["dir"] == "out" and event["type"] == kind]

    async def end(self) -> None:
        """End the session, if it is open."""
        if self.engine is not None and self._holding is not None and not self._holding.done():
            with suppress(ConnectionClosed, VoicenbError):
                await self.engine.end()
        for task in self._tasks - {self._holding}:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class Shut:
    """A microphone that nothing comes out of."""

    label = "shut"

    async def frames(self, room: Room) -> AsyncIterator[bytes]:
        """Nothing, for as long as the session goes on."""
        del room
        await asyncio.Event().wait()
        yield b""


async def _lose(transport: Any) -> None:
    """Lose the connection: without a close frame, where it is a real one."""
    if isinstance(transport, WebTransport):
        transport._connection.transport.abort()
        await transport._connection.wait_closed()
    else:
        await transport.close(1006)


def _fits(error: VoicenbError, code: str, param: str | None) -> None:
    """It is that refusal; where voicenb has not asked the service, it has found the same field."""
    if isinstance(error, ServiceError):
        assert error.code == code.lower(), error
    if param is not None:
        assert error.facts.get("param") == param, (error, error.facts)
