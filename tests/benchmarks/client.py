"""A light client of the contract: frames are encoded beforehand, what comes back is measured as it comes."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from base64 import b64decode, b64encode
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from service import Service
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from voicenb.audio.level import first_audible
from voicenb.audio.pcm import to_float

RATE = 24_000
FRAME = 0.02
"""Seconds in a frame: what a page sends on the direct way."""

_BYTES = round(FRAME * RATE) * 2


def frames(pcm: bytes) -> list[str]:
    """PCM16 at 24 kHz as ``input.audio`` messages."""
    pcm += bytes(-len(pcm) % _BYTES)
    return [
        f'{{"type":"input.audio","audio":"{b64encode(pcm[at : at + _BYTES]).decode()}"}}'
        for at in range(0, len(pcm), _BYTES)
    ]


_SILENCE = frames(bytes(_BYTES))


def room(seconds: float = 2.0) -> list[str]:
    """The noise of a quiet room at -60 dBFS, as encoded frames."""
    noise = np.random.default_rng(1).normal(0, 0.001, round(seconds * RATE))
    return frames((noise * 32767).astype("<i2").tobytes())


@dataclass(slots=True)
class Turn:
    """What one turn's answer was like; moments of ``time.perf_counter()``.

    Attributes:
        spoken_at: when the last frame of the caller's words went out.
        decided_at: when ``input.speech.stopped`` came.
        known_at: when ``transcript.user`` came.
        audio_at: when the first ``reply.audio`` came.
        audible_at: when a player that begins at once would play the first audible sample.
        late: by how much each chunk that missed its play time missed it.
    """

    spoken_at: float = 0.0
    decided_at: float = 0.0
    known_at: float | None = None
    audio_at: float | None = None
    audible_at: float | None = None
    reply_id: str = ""
    status: str = ""
    late: list[float] = field(default_factory=list)
    _played: float = 0.0
    _head: bytes = b""

    def take(self, data: str, now: float) -> None:
        """A chunk came."""
        if self.audio_at is None:
            self.audio_at = self._start = now
        elif now > self._start + self._played:
            self.late.append(now - self._start - self._played)
            self._start = now - self._played
        if self.audible_at is None:
            self._head += b64decode(data)
            at = first_audible(to_float(self._head), RATE)
            if at is not None:
                self.audible_at = self._start + at / RATE
        self._played += len(data) * 3 // 4 / 2 / RATE

    _start: float = 0.0


class Client:
    """One conversation over a real socket. The microphone is open all the time, at the pace of speech.

    Attributes:
        turns: the caller's turns that were decided, each with its answer.
        texts: the final transcripts by item, oldest first.
        agent_texts: what the agent said, reply by reply.
        errors: ``session.error`` events.
        lateness: by how much each frame went out after its time: how busy this side was.

    Args:
        service: the service.
        silence: encoded frames that are sent while nothing is said, again and again.
    """

    def __init__(self, service: Service, silence: list[str] = _SILENCE) -> None:
        self._service = service
        self._silence = silence
        self.turns: list[Turn] = []
        self.texts: dict[str, str] = {}
        self.agent_texts: list[str] = []
        self.errors: list[dict[str, Any]] = []
        self.lateness: list[float] = []
        self._queue: deque[str] = deque()
        self._spoken_at = 0.0
        self._news = asyncio.Event()
        self._ready = asyncio.Event()
        self._closed = False
        self._tasks: list[asyncio.Task[None]] = []
        self._turn: Turn | None = None

    async def open(self, **session: Any) -> Client:
        """Connect, configure, wait until the session is ready, open the microphone."""
        self._socket = await connect(
            self._service.url,
            additional_headers={"Authorization": f"Bearer {self._service.key}"},
            compression=None,
            proxy=None,
            ping_interval=None,
            max_queue=1024,
        )
        self._socket.transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._tasks.append(asyncio.create_task(self._receive()))
        await self._socket.send(json.dumps({"type": "session.update", "session": session}))
        await asyncio.wait_for(self._ready.wait(), 60)
        self._tasks.append(asyncio.create_task(self._speak()))
        return self

    def say(self, sound: list[str]) -> None:
        """Put encoded frames into the microphone."""
        self._queue.extend(sound)

    async def until(self, holds: Any, within: float) -> bool:
        """Wait until ``holds()``, looked at with every event; whether it came to that in time."""
        end = time.perf_counter() + within
        while not holds() and not self._closed:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), max(0.0, end - time.perf_counter()))
            except TimeoutError:
                return bool(holds())
        return bool(holds())

    async def close(self) -> None:
        """End the session and wait until the service has closed the socket."""
        try:
            await self._socket.send('{"type":"session.end"}')
            await self.until(lambda: self._closed, 5)
        except ConnectionClosed:
            pass
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._socket.close()

    async def _speak(self) -> None:
        begun = time.perf_counter()
        sent = 0
        while not self._closed:
            talking = bool(self._queue)
            silence = self._silence[sent % len(self._silence)]
            await self._socket.send(self._queue.popleft() if talking else silence)
            now = time.perf_counter()
            if talking and not self._queue:
                self._spoken_at = now
            self.lateness.append(now - begun - sent * FRAME)
            sent += 1
            wait = begun + sent * FRAME - now
            if wait > 0:
                await asyncio.sleep(wait)

    async def _receive(self) -> None:
        try:
            async for text in self._socket:
                self._take(json.loads(text), time.perf_counter())
        except ConnectionClosed:
            pass
        finally:
            self._closed = True
            self._news.set()

    def _take(self, event: dict[str, Any], now: float) -> None:
        kind = event["type"]
        if kind == "reply.audio":
            turn = self._turn
            if turn is not None and turn.reply_id == event["reply_id"]:
                first = turn.audible_at is None
                turn.take(event["data"], now)
                if not first:
                    return  # the commonest event by far, and nobody waits for it
        elif kind == "input.speech.stopped":
            self.turns.append(Turn(self._spoken_at, now))
        elif kind == "reply.started":
            self._turn = self.turns[-1] if self.turns and not self.turns[-1].reply_id else None
            if self._turn is not None:
                self._turn.reply_id = event["reply_id"]
        elif kind == "reply.done":
            if self._turn is not None:
                self._turn.status = event["status"]
        elif kind == "transcript.user":
            self.texts[event["item_id"]] = event["text"]
            if self.turns:
                self.turns[-1].known_at = now
        elif kind == "transcript.agent":
            self.agent_texts.append(event["text"])
        elif kind == "session.error":
            self.errors.append(event)
        elif kind == "session.ready":
            self._ready.set()
        self._news.set()
