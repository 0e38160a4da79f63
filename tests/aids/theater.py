"""A client for the emulator that holds every message against the contract, and stand-ins for its parts."""

from __future__ import annotations

import asyncio
import base64
import json
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
from heard import Heard
from wire_schema import server_fault

from voicenb.audio.pcm import to_pcm
from voicenb.audio.processor import InPlaceProcessor
from voicenb.audio.resample import resample
from voicenb.audio.wav import read_wav
from voicenb.emulator.brain import Call, Moment, Say
from voicenb.emulator.emulator import Emulator
from voicenb.emulator.mouth import Clause, Word
from voicenb.errors import UnspeakableText
from voicenb.service.address import Address
from voicenb.session.asgi import AsgiTransport
from voicenb.session.transport import ConnectionClosed
from voicenb.testing.virtual_clock import run_virtually

DATA = Path(__file__).parents[1] / "data"
FRAME = 960
"""Bytes of 20 ms."""


class ToneMouth:
    """A word is a tone of 0.2 s, behind it 0.05 s of silence."""

    name = "tones"
    cost = 0.0

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    def say(self, text: str, voice: str) -> Clause:
        words = text.split()
        if not any(letter.isalnum() for letter in text):
            raise UnspeakableText(f"Nothing to say in {text!r}.")
        self.said.append((text, voice))
        tone = to_pcm(0.3 * np.sin(2 * math.pi * 440 * np.arange(4800) / 24_000).astype(np.float32))
        return Clause(
            text,
            (tone + bytes(2400)) * len(words),
            tuple(Word(word, n * 0.25, n * 0.25 + 0.2) for n, word in enumerate(words)),
        )


class Ears:
    """Hears always the same words, three a second; keeps what it was given."""

    name = "fixed"
    cost = 0.05

    def __init__(self, text: str = "A table for four on Friday, please.") -> None:
        self.text = text
        self.heard: list[tuple[float, tuple[str, ...]]] = []
        self.expected: list[tuple[str, ...]] = []

    def transcribe(self, samples: Any, keyterms: Sequence[str] = (), expected: Sequence[str] = ()) -> str:
        seconds = len(samples) / 16_000
        self.heard.append((seconds, tuple(keyterms)))
        self.expected.append(tuple(expected))
        return " ".join(self.text.split()[: max(1, round(seconds * 3))])


class Script:
    """Answers from a list, one entry a time; keeps what it was asked."""

    name = "script"

    def __init__(self, *answers: Sequence[Say | Call | float]) -> None:
        self.answers = list(answers)
        self.asked: list[Moment] = []

    async def answer(self, moment: Moment) -> AsyncIterator[Say | Call]:
        self.asked.append(moment)
        for piece in self.answers.pop(0) if self.answers else [Say("I have no more to say.")]:
            if isinstance(piece, float):
                await asyncio.sleep(piece)
            else:
                yield piece


class Client(Heard):
    """Talks to an emulator over a transport; every message that it receives is valid, or the test fails."""

    def __init__(self, transport: Any) -> None:
        self.transport = transport
        self.events: list[dict[str, Any]] = []
        self.times: list[float] = []
        self.closed: tuple[int, str] | None = None
        self.fault: BaseException | None = None
        self._news = asyncio.Event()
        self._seen = 0
        self._voice = bytearray()
        self._spoken = asyncio.Event()
        self._tasks = [asyncio.create_task(self._receive())]

    def check(self, event: dict[str, Any]) -> None:
        """Hold an event against the contract."""
        assert not (wrong := server_fault(event)), wrong

    async def _receive(self) -> None:
        try:
            while True:
                event = json.loads(await self.transport.receive())
                self.check(event)
                self.events.append(event)
                self.times.append(asyncio.get_running_loop().time())
                self._news.set()
        except ConnectionClosed as closed:
            self.closed = (closed.code, closed.reason)
        except Exception as fault:
            self.fault = fault
        self._news.set()

    async def send(self, kind: str, **fields: Any) -> None:
        await self.transport.send(json.dumps({"type": kind, **fields}))

    async def start(self, mute: bool = False, **session: Any) -> dict[str, Any]:
        """First update, wait for ready, open the microphone."""
        await self.send("session.update", session=session)
        ready = await self.until("session.ready")
        if not mute:
            self.listen()
        return ready

    def listen(self) -> None:
        """Open the microphone."""
        self._tasks.append(asyncio.create_task(self._microphone()))

    async def until(self, kind: str, within: float = 20.0, **match: Any) -> dict[str, Any]:
        """The next event of that type (and with those fields), searched on from the last match."""

        async def search() -> dict[str, Any]:
            while True:
                while self._seen < len(self.events):
                    event = self.events[self._seen]
                    self._seen += 1
                    if event["type"] == kind and all(event.get(key) == value for key, value in match.items()):
                        return event
                if self.fault is not None:
                    raise self.fault
                if self.closed is not None:
                    raise AssertionError(f"closed {self.closed} before {kind}: {self.kinds}")
                self._news.clear()
                await self._news.wait()

        try:
            return await asyncio.wait_for(search(), within)
        except TimeoutError:
            raise AssertionError(f"no {kind} {match}; got {self.kinds}") from None

    async def until_closed(self, within: float = 10.0) -> tuple[int, str]:
        async def wait() -> tuple[int, str]:
            while self.closed is None:
                if self.fault is not None:
                    raise self.fault
                self._news.clear()
                await self._news.wait()
            return self.closed

        return await asyncio.wait_for(wait(), within)

    def play(self, pcm: bytes) -> None:
        """Say something; it is sent frame by frame, at the pace of speech."""
        self._voice += pcm
        self._spoken.clear()

    async def played(self) -> None:
        await self._spoken.wait()

    async def _microphone(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            frame = bytes(self._voice[:FRAME]).ljust(FRAME, b"\0")
            del self._voice[:FRAME]
            try:
                await self.send("input.audio", audio=base64.b64encode(frame).decode())
            except ConnectionClosed:
                return
            if not self._voice:
                self._spoken.set()
            due += FRAME / 48_000
            await asyncio.sleep(due - loop.time())

    def sound(self, reply_id: str) -> bytes:
        """All audio of one reply."""
        return b"".join(
            base64.b64decode(event["data"])
            for event in self.of("reply.audio")
            if event["reply_id"] == reply_id
        )

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.transport.close()
        if self.fault is not None:
            raise self.fault


def clip(name: str, before: float = 0.0, after: float = 0.0) -> bytes:
    """A recorded sentence as PCM16 at 24 kHz, with silence around it."""
    samples, rate = read_wav(DATA / "audio" / f"{name}.wav")
    silence = [bytes(2 * round(seconds * 24_000)) for seconds in (before, after)]
    return silence[0] + to_pcm(resample(samples, rate, 24_000)) + silence[1]


Talk = Callable[[Client], Awaitable[Any]]


class Stage:
    """An emulator of stand-ins on the virtual clock."""

    def __init__(self, **options: Any) -> None:
        self.ears = options.setdefault("recognizer", Ears())
        self.mouth = options.setdefault("mouth", ToneMouth())
        self.brain = options.setdefault("brain", Script([Say("Very well, a table for four.")]))
        self.emulator = Emulator(processor=InPlaceProcessor(), **options)

    @property
    def session(self) -> Any:
        return self.emulator.sessions[-1]

    @asynccontextmanager
    async def client(self, query: str = "", key: str = "any") -> AsyncIterator[Client]:
        address = Address(f"ws://127.0.0.1/v1/ws{query}", key=key)
        client = Client(await AsgiTransport(self.emulator.app, address).open())
        try:
            yield client
        finally:
            await client.end()

    def run(self, talk: Talk, query: str = "", key: str = "any") -> Client:
        """One client's conversation, on the virtual clock; returns the client with what it received."""

        async def main() -> Client:
            async with self.client(query, key) as client:
                await talk(client)
            return client

        return run_virtually(main, limit=600)
