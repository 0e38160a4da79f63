"""A page that holds the socket to the service by itself, in Python, far away from the engine."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

from voicenb.service.address import Address
from voicenb.session.page import Page
from voicenb.session.page_mirror import Came, Entry, Mirror, Over, Went, write_mirror
from voicenb.session.page_outbox import Message
from voicenb.session.transport import Connect, ConnectionClosed, Transport

AHEAD = 100.0
"""Seconds that its clock is ahead of the engine's."""

FRAME = 480


class Travel:
    """Takes everything to one place, in order."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last = 0.0

    def __call__(self, take: Callable[[Any], object], message: Any) -> None:
        loop = asyncio.get_running_loop()
        # What the loop calls at the same time it calls in any order.
        self._last = max(loop.time() + self._seconds, self._last + 1e-7)
        loop.call_at(self._last, take, message)


class LinePage:
    """One page; a way to itself. It plays what comes at once, and falls silent when the caller speaks.

    Args:
        page: the engine's side.
        connect: reaches the service.
        speech: what its microphone hears, from ``session.ready`` on.
        travel: seconds that a message takes between page and engine.
    """

    kind = "direct"

    def __init__(self, page: Page, connect: Connect, speech: bytes = b"", travel: float = 0.0) -> None:
        self.sent = bytearray()
        self.lost = 0
        self.urls: list[str] = []
        self.frames: list[str] = []  # that it was asked to send
        self.passed_on: list[float] = []  # when it did, in the loop's seconds
        self.said = bytearray()
        self.taken = False
        self.gains: list[tuple[float, float]] = []  # since when, in the loop's seconds
        self.waits: list[bool] = []  # whether it is to fall silent at interrupted replies only
        self.refuses = ""
        self.paced = False  # whether it tells of what is heard when that has been heard
        self._page = page
        self._connect = connect
        self._speech = speech
        self._travel = travel
        self._there, self._here = Travel(travel), Travel(travel)
        self._line = 0
        self._service: Transport | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._replies: dict[str, int] = {}
        self._places: dict[str, int] = {}
        self._playing: set[str] = set()
        self._heard_until = 0.0
        self._outgoing: asyncio.Queue[str] = asyncio.Queue()

    def now(self) -> float:
        return 1000 * (asyncio.get_running_loop().time() + AHEAD)

    async def come(self) -> None:
        """Be there, and compare the clocks."""
        await self._page.attach(self)
        for number, trip in enumerate([None, 2000 * self._travel]):
            self._tell(
                {
                    "type": "echo",
                    "id": number,
                    "at": self.now(),
                    **({"rtt": trip} if trip is not None else {}),
                }
            )

    async def go(self) -> None:
        """Go without a word."""
        await self._page.detach(self)
        await self._drop()

    # --- from the engine ---

    async def send(self, message: Message) -> None:
        self._here(self._take, message)

    async def close(self, *, taken: bool = False) -> None:
        self.taken = taken
        await self._drop()

    def _take(self, message: Message) -> None:
        if isinstance(message, bytes):
            self.said += message[16:]
            return
        match message["type"]:
            case "reach":
                self.urls.append(message["url"])
                self.waits.append(message["waits"])
                self._tasks.append(asyncio.create_task(self._reach(message["line"], message["url"])))
            case "send" if self._service is not None and message["line"] == self._line:
                self.frames.append(message["frame"])
                self._outgoing.put_nowait(message["frame"])
            case "barge-in":
                self.waits.append(message["waits"])
            case "duck":
                self.gains.append((asyncio.get_running_loop().time(), message["gain"]))
                self._tell({"type": "ducked", "gain": message["gain"], "at": self.now()})
            case "hang-up" if message["line"] == self._line:
                self._tasks.append(asyncio.create_task(self._drop()))

    async def _reach(self, line: int, url: str) -> None:
        if self.refuses:
            self._tell({"type": "unreached", "line": line, "reason": self.refuses})
            return
        self._line = line
        self._service = await self._connect(Address(url))
        self._tell({"type": "reached", "line": line})
        self._tasks.append(asyncio.create_task(self._pass_on(self._service)))
        hearing: asyncio.Task[None] | None = None
        try:
            while True:
                frame = await self._service.receive()
                message = json.loads(frame)
                self._mirror(self._came(str(frame).encode(), message))
                if message["type"] == "session.ready" and hearing is None:
                    hearing = asyncio.create_task(self._hear(self._service))
                    self._tasks.append(hearing)
        except ConnectionClosed as closed:
            self._mirror(Over(line, self.now(), closed.code, closed.reason))
        finally:
            if hearing is not None:
                hearing.cancel()

    async def _pass_on(self, service: Transport) -> None:
        self._outgoing = asyncio.Queue()
        while True:
            await service.send(await self._outgoing.get())
            self.passed_on.append(asyncio.get_running_loop().time())

    def _came(self, frame: bytes, message: dict[str, Any]) -> Came:
        name = message.get("reply_id", "")
        if message["type"] == "input.speech.started":
            self._playing.clear()
        if message["type"] == "reply.started":
            self._playing.add(name)
        if message["type"] != "reply.audio" or name not in self._playing:
            return Came(self._line, self.now(), frame)
        ordinal = self._replies.setdefault(name, len(self._replies) + 1)
        start = self._places.get(name, 0)
        stop = self._places[name] = start + len(base64.b64decode(message["data"])) // 2
        at = max(self.now(), self._heard_until)
        self._heard_until = at + (stop - start) / 24
        heard = {"type": "heard", "reply": ordinal, "from": start, "to": stop, "at": at}
        loop = asyncio.get_running_loop()
        loop.call_later((self._heard_until - self.now()) / 1000 if self.paced else 0.0, self._tell, heard)
        return Came(self._line, self.now(), frame, ordinal, start)

    async def _hear(self, service: Transport) -> None:
        loop = asyncio.get_running_loop()
        begin = loop.time()
        for n in range(len(self._speech) // (2 * FRAME)):
            await asyncio.sleep(max(0.0, begin + (n + 1) * FRAME / 24_000 - loop.time()))
            pcm = self._speech[2 * FRAME * n : 2 * FRAME * (n + 1)]
            audio = base64.b64encode(pcm).decode()
            await service.send(json.dumps({"type": "input.audio", "audio": audio}))
            self.sent += pcm
            self._mirror(Went(self._line, self.now(), pcm, self.now() - 20))

    # --- to the engine ---

    def _mirror(self, *entries: Entry) -> None:
        frame = write_mirror(Mirror(self.lost, entries))
        self._there(self._page.frame, frame)

    def _tell(self, message: dict[str, Any]) -> None:
        self._there(self._page.text, message)

    async def _drop(self) -> None:
        service, self._service = self._service, None
        tasks, self._tasks = self._tasks, []
        tasks = [task for task in tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if service is not None:
            await service.close()
