"""A browser's page in Python: captures, plays what it is sent, and tells what was heard."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from captured_frame import write_captured

from voicenb.session.loop_thread import LoopThread
from voicenb.session.page_frames import read_reply

ORIGIN = "http://localhost:8888"
FRAME = 960


class FakePage:
    """One page. Its clock is the loop's, 100 s ahead, in milliseconds; it plays at once what it gets."""

    def __init__(self, speech: bytes = b"") -> None:
        self.speech = speech
        self.texts: list[dict[str, Any]] = []
        self.sound: dict[int, bytearray] = {}
        self.thread = LoopThread("fake-page")
        self.seq = 0
        self.skip: set[int] = set()  # frames that get lost on the way
        self.lag: dict[int, float] = {}  # seconds by which a frame was captured before it is sent
        self.stops_playing_after: float = float("inf")  # messages of sound
        self._open = asyncio.Event()
        self._ended = asyncio.Event()
        self._connection: Any = None
        self._tasks: list[asyncio.Task[None]] = []
        self._heard_until = 0.0

    def now(self) -> float:
        return 1000 * (asyncio.get_running_loop().time() + 100)

    async def _send_text(self, message: dict[str, Any]) -> None:
        await self._connection.send(json.dumps(message))

    async def _send_frame(self, frame: bytes) -> None:
        await self._connection.send(frame)

    async def _dial(self, ticket: dict[str, Any], origin: str | None) -> None:
        from websockets.asyncio.client import connect

        self._connection = await connect(
            f"ws://127.0.0.1:{ticket['port']}/page", origin=origin, compression=None, proxy=None
        )
        await self._send_text({"type": "hello", "secret": ticket["secret"], "nonce": ticket["nonce"]})
        welcome = json.loads(await self._connection.recv())
        assert welcome == {"type": "welcome", "nonce": ticket["proof"]}
        await self._send_text({"type": "echo", "id": 1, "at": self.now()})
        await self._send_text({"type": "echo", "id": 2, "at": self.now(), "rtt": 2.0})
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._read()), loop.create_task(self._capture())]

    async def _read(self) -> None:
        async for message in self._connection:
            await self.take(message if isinstance(message, bytes) else json.loads(message))

    async def take(self, message: dict[str, Any] | bytes) -> None:
        if isinstance(message, bytes):
            await self._play(message)
            return
        self.texts.append(message)
        if message["type"] == "open":
            self._open.set()
        elif message["type"] == "end":
            self._ended.set()

    async def _play(self, frame: bytes) -> None:
        sound = read_reply(frame)
        self.stops_playing_after -= 1
        if self.stops_playing_after < 0:
            return
        track = self.sound.setdefault(sound.reply, bytearray())
        assert len(track) == 2 * sound.start
        track += sound.pcm
        samples = len(sound.pcm) // 2
        at = max(self.now(), self._heard_until)
        self._heard_until = at + samples / 24
        await self._send_text(
            {
                "type": "heard",
                "reply": sound.reply,
                "from": sound.start,
                "to": sound.start + samples,
                "at": at,
            }
        )

    async def _capture(self) -> None:
        await self._open.wait()
        loop = asyncio.get_running_loop()
        begin = loop.time()
        for n in range(10_000):
            await asyncio.sleep(max(0.0, begin + (n + 1) * 0.02 - loop.time()))
            pcm = self.speech[n * FRAME : (n + 1) * FRAME].ljust(FRAME, b"\0")
            captured = self.now() - 20 - 1000 * self.lag.get(self.seq, 0.0)
            if self.seq not in self.skip:
                await self._send_frame(write_captured(self.seq, captured, pcm))
            self.seq += 1

    # --- from the test's thread -------------------------------------------------------------------------

    def open(self, ticket: dict[str, Any], origin: str | None = ORIGIN) -> None:
        self.thread.submit(self._dial(ticket, origin)).result(5)

    def tell(self, message: dict[str, Any]) -> None:
        self.thread.submit(self._send_text(message)).result(5)

    def wait_ended(self) -> None:
        self.thread.submit(asyncio.wait_for(self._ended.wait(), 5)).result(6)

    def freeze(self) -> None:
        """Say nothing any more; the connection stays."""

        async def stop() -> None:
            self._tasks[1].cancel()

        self.thread.submit(stop()).result(5)

    def close(self) -> None:
        async def stop() -> None:
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks)
            if self._connection is not None:
                await self._connection.close()

        self.thread.submit(stop()).result(5)
        self.thread.stop()
