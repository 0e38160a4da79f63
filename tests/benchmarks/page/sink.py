"""A service that does nothing but note when the microphone's samples come, and speak when it is told to.

It speaks as much of the contract as a client needs, in a process of its own, on loopback. ``/v1/ws`` is the
service, ``/clock`` tells the time, ``/control`` is for the benchmark: one JSON command, one JSON answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import math
import socket
import struct
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Coroutine
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

RATE = 24_000
CHUNK = 0.01
"""Seconds of sound in a ``reply.audio``: the service's own size."""

PERIOD = 128 / 3
"""Samples in a period of the tone: three fit into a render quantum, so each is equally loud."""

LOUD = 8000


def _tone(start: int, count: int) -> str:
    samples = (round(LOUD * math.sin(2 * math.pi * n / PERIOD)) for n in range(start, start + count))
    return b64encode(struct.pack(f"<{count}h", *samples)).decode()


class Sink:
    """The one session, and what came in."""

    def __init__(self) -> None:
        self.socket: ServerConnection | None = None
        self.ended = False
        self._tone: asyncio.Task[None] | None = None
        self._reply = 0
        self._results: dict[str, asyncio.Future[tuple[float, str]]] = {}
        # Sixteen chunks are ninety periods.
        count = round(CHUNK * RATE)
        self._chunks = [_tone(n * count, count) for n in range(16)]
        self.reset()

    def reset(self) -> None:
        self.arrivals: list[tuple[float, int]] = []
        self.pcm = bytearray()
        self.lateness = 0.0

    # --- the service -------------------------------------------------------------------------------------

    async def session(self, connection: ServerConnection) -> None:
        self.reset()
        self.socket, self.ended = connection, False
        async for message in connection:
            now = time.time()
            event = json.loads(message)
            kind = event["type"]
            if kind == "input.audio":
                pcm = b64decode(event["audio"])
                self.arrivals.append((now, len(pcm) // 2))
                self.pcm += pcm
            elif kind == "session.update":
                await self._say("session.ready", session_id="sess_sink")
            elif kind == "tool.result":
                self._results[event["call_id"]].set_result((now, event["result"]))
            elif kind == "session.end":
                self.ended = True
                self._hush()
                await self._say("session.ended")
                await connection.close()

    async def _say(self, kind: str, **fields: Any) -> float:
        if self.socket is None:
            raise RuntimeError("nobody is connected")
        await self.socket.send(json.dumps({"type": kind, **fields}))
        return time.time()

    # --- the voice ---------------------------------------------------------------------------------------

    async def _sing(self, reply: str, lead: float) -> None:
        begun = time.time()
        for n in range(10**9):
            due = begun + max(0.0, n * CHUNK - lead)
            wait = due - time.time()
            if wait > 0:
                await asyncio.sleep(wait)
            if n * CHUNK > lead:
                self.lateness = max(self.lateness, time.time() - due)
            try:
                await self._say("reply.audio", reply_id=reply, data=self._chunks[n % len(self._chunks)])
            except ConnectionClosed:
                return  # nobody listens any more

    async def _converse(self, seconds: float) -> None:
        """Both sides talk, and every word is told as it comes: a turn of four seconds after the other."""
        said = "I would like a table on Friday for four people, by the window if there is one."
        words = said.split(" ")
        until = time.time() + seconds
        while time.time() < until:
            begun, item = time.time(), f"msg_{time.time()}"
            await self._say("input.speech.started")
            for n in range(1, len(words) + 1):
                await asyncio.sleep(max(0.0, begun + 0.12 * n - time.time()))
                await self._say("transcript.user.delta", item_id=item, text=" ".join(words[:n]))
            await self._say("input.speech.stopped")
            await self._say("transcript.user", item_id=item, text=" ".join(words))
            await self.command({"do": "tone", "lead": 0.3})
            reply = f"reply_{self._reply}"
            for n, word in enumerate(words):
                await asyncio.sleep(max(0.0, begun + 2 + 0.12 * n - time.time()))
                span = {"start_ms": 120 * n, "end_ms": 120 * n + 120}
                answer = {"reply_id": reply, "item_id": f"{item}_a"}
                await self._say("transcript.agent.delta", **answer, delta=f"{word} ", **span)
            await self._say("transcript.agent", **answer, text=" ".join(words), interrupted=False)
            await self.command({"do": "hush"})
            await asyncio.sleep(max(0.0, begun + 4 - time.time()))

    async def _until_gone(self, work: Coroutine[Any, Any, None]) -> None:
        with contextlib.suppress(ConnectionClosed):
            await work

    async def _past(self, turns: int) -> None:
        """So many turns have been."""
        for n in range(turns):
            reply, item = f"past_{n}", f"past_{n}"
            await self._say("transcript.user", item_id=item, text=f"Question {n}, if I may ask.")
            await self._say("reply.started", reply_id=reply)
            answer = {"reply_id": reply, "item_id": f"{item}_a", "text": "One answer like the others. " * 4}
            await self._say("transcript.agent", **answer, interrupted=False)
            await self._say("reply.done", reply_id=reply, status="completed")

    def _hush(self) -> None:
        if self._tone is not None:
            self._tone.cancel()
            self._tone = None

    # --- the benchmark -----------------------------------------------------------------------------------

    async def command(self, order: dict[str, Any]) -> Any:
        match order.pop("do"):
            case "count":
                return {"messages": len(self.arrivals), "ended": self.ended}
            case "reset":
                self.reset()
            case "tone":
                self._reply += 1
                reply = f"reply_{self._reply}"
                self.lateness = 0.0
                await self._say("reply.started", reply_id=reply)
                self._tone = asyncio.create_task(self._sing(reply, order["lead"]))
            case "hush":
                self._hush()
                await self._say("reply.done", reply_id=f"reply_{self._reply}", status="completed")
            case "interrupt":  # what a barge-in looks like: the event first, the rest behind it
                self._hush()
                begun = time.time()
                await self._say("input.speech.started")
                await self._say("reply.done", reply_id=f"reply_{self._reply}", status="interrupted")
                return begun
            case "past":
                await self._past(order["turns"])
            case "converse":
                self._talk = asyncio.create_task(self._until_gone(self._converse(order["seconds"])))
            case "tool":
                result = self._results[order["call_id"]] = asyncio.get_running_loop().create_future()
                begun = await self._say("tool.call", **order)
                until, text = await asyncio.wait_for(result, 60)
                return {"begun": begun, "until": until, "result": text}
            case "dump":
                pcm = b64encode(self.pcm).decode()
                return {"arrivals": self.arrivals, "pcm": pcm, "lateness": self.lateness}
        return None

    async def control(self, connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(json.dumps(await self.command(json.loads(message))))


async def _clock(connection: ServerConnection) -> None:
    async for _ in connection:
        await connection.send(str(time.time() * 1000))


async def main() -> None:
    """Serve until the standard input ends."""
    sink = Sink()

    async def meet(connection: ServerConnection) -> None:
        connection.transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        assert connection.request is not None
        path = connection.request.path.partition("?")[0]
        work = {"/v1/ws": sink.session, "/control": sink.control, "/clock": _clock}[path]
        with contextlib.suppress(ConnectionClosed):
            await work(connection)

    server = await serve(
        meet, "127.0.0.1", 0, compression=None, ping_interval=None, max_queue=None, max_size=None
    )
    gc.disable()  # nothing here is in circles, and a collection would count as somebody's latency
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
