"""A tape that is played: it says what the service said then, and holds a client to what one did then."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import zlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from voicenb.errors import CassetteMismatch
from voicenb.protocol.settings import ENCODINGS, at_path
from voicenb.testing.tape import Entry, entry
from voicenb.testing.tape_difference import told

PATIENCE = 10.0
"""Seconds of the loop's clock beyond the recorded time for which a message of the client's is waited for."""

SLACK = 0.5
"""Seconds of the caller's sound that may be missing where a client speaks, or goes, a little sooner."""

JITTER = 0.3
"""Seconds by which a pause between words may be longer or shorter: where a caller waits for the agent in real
time, the next words come a frame or two sooner or later each time."""

SILENCES = (0x00, 0xFF, 0x7F, 0xD5, 0x55)
"""Bytes of which silence consists: in PCM, in µ-law and in A-law."""

GONE = {"type": "closed"}
"""What a client that has gone has sent."""


class Client(Protocol):
    """The client's end of a connection."""

    async def get(self) -> str | bytes | None:
        """The next frame; None where it has gone."""
        ...

    async def put(self, frame: str | bytes) -> None:
        """Send it a frame."""
        ...

    async def close(self, code: int, reason: str) -> None:
        """Part from it."""
        ...


@dataclass(frozen=True, slots=True)
class _Word:
    """A message that is no sound, and the seconds of sound that came before it."""

    msg: dict[str, Any]
    behind: float


class Player:
    """Plays one connection to a client, and holds it to the tape.

    Sound and other messages are compared each in their own order: where between two frames of sound a message
    falls is a matter of milliseconds. But it may not come with much less sound before it than then.

    Args:
        tape: what happened then.
        client: the client.
        name: of the cassette.
    """

    def __init__(self, tape: Sequence[Entry], client: Client, name: str) -> None:
        self._tape = tape
        self._client = client
        self._name = name
        self._second = _characters_of_a_second(tape)
        self._sound: deque[Entry] = deque()
        self._words: deque[_Word] = deque()
        self._all = sum(self._seconds(each) for each in tape if each.is_audio)
        self._due = 0.0  # seconds of sound on the tape so far
        self._heard = 0.0  # seconds that came
        self._late = 0.0  # seconds by which the client is behind the tape
        self._shift = 0.0  # seconds of silence since the last words that one has and the other has not
        self._news = asyncio.Event()
        self._gone = asyncio.Event()
        self._ended = False  # it has said its last
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()

    async def play(self) -> None:
        """Play to the end.

        Raises:
            CassetteMismatch: the client does something else than it did then.
        """
        listening = asyncio.ensure_future(self._listen())
        try:
            for each in self._tape:
                if each.dir == "in":
                    await self._say(each)
                elif each.is_audio:
                    await self._expect_sound(each)
                elif each.msg["type"] != "closed":
                    await self._expect_word(each)
            if self._words:
                raise self._other({"type": "nothing more"}, self._words[0].msg, self._tape[-1].t)
        finally:
            listening.cancel()
            await asyncio.wait({listening})

    async def _listen(self) -> None:
        while (frame := await self._client.get()) is not None:
            came = entry(self._loop.time() - self._began, "out", frame)
            if came.is_audio:
                self._heard += self._seconds(came)
                self._sound.append(came)
            else:
                self._ended |= came.msg["type"] == "session.end"
                self._words.append(_Word(came.msg, self._heard))
            self._news.set()
        self._gone.set()
        self._news.set()

    async def _say(self, what: Entry) -> None:
        with contextlib.suppress(TimeoutError):  # nobody waits for what is said to one that has gone
            async with asyncio.timeout_at(self._began + what.t):
                await self._gone.wait()
        if what.msg["type"] == "closed":
            await self._client.close(int(what.msg.get("code") or 1000), str(what.msg.get("reason") or ""))
        else:
            await self._client.put(_frame(what.msg))

    async def _expect_sound(self, what: Entry) -> None:
        await self._wait(what, self._sound, to_end=True)
        while self._sound and _is_silent(self._sound[0]) and not _is_silent(what):
            self._shifted(what, self._sound[0], self._sound[0])
            self._sound.popleft()
            await self._wait(what, self._sound, to_end=True)
        if self._sound and _is_silent(what) and not _is_silent(self._sound[0]):
            self._shifted(what, self._sound[0], what)
            self._all -= self._seconds(what)  # the client says it without that
            return
        self._due += self._seconds(what)
        if self._sound:
            received = self._sound.popleft().msg
            if received != what.msg:
                raise self._other(what.msg, received, what.t)
            if not _is_silent(what):
                self._shift = 0.0
            return
        if self._ended or self._gone.is_set():  # then no more comes
            last = self._words[-1].msg if self._words and self._ended else GONE
            self._check_not_sooner(last, self._heard, what, self._all)
            return
        raise self._other(what.msg, {"type": "nothing"}, what.t)

    def _shifted(self, expected: Entry, received: Entry, silence: Entry) -> None:
        """One has ``silence`` where the other speaks already; refused where it becomes too much."""
        self._shift += self._seconds(silence)
        if self._shift > JITTER:
            raise self._other(expected.msg, received.msg, expected.t)

    async def _expect_word(self, what: Entry) -> None:
        await self._wait(what, self._words, to_end=False)
        if not self._words:
            raise self._other(what.msg, GONE if self._gone.is_set() else {"type": "nothing"}, what.t)
        self._late = max(self._late, self._loop.time() - self._began - what.t)
        received = self._words.popleft()
        if received.msg != what.msg:
            raise self._other(what.msg, received.msg, what.t)
        if what.msg["type"] != "tool.result":  # which comes when the tool is done, and that may take less
            self._check_not_sooner(received.msg, received.behind, what, self._due)

    async def _wait(self, what: Entry, came: deque[Any], *, to_end: bool) -> None:
        """Wait until something is among ``came``, or nothing will be.

        Args:
            what: is waited for.
            came: where it comes to.
            to_end: whether nothing comes behind ``session.end``.
        """
        until = max(self._began + what.t, self._loop.time()) + PATIENCE
        while not came and not self._gone.is_set() and not (to_end and self._ended):
            self._news.clear()
            try:
                async with asyncio.timeout_at(until):
                    await self._news.wait()
            except TimeoutError:
                return

    def _check_not_sooner(self, received: dict[str, Any], behind: float, what: Entry, wanted: float) -> None:
        """Refuse what came with less sound before it than on the tape.

        A client that is behind the tape has said less by then: so much is granted as well.

        Args:
            received: what came.
            behind: seconds of sound that came before it.
            what: of the tape, that is compared.
            wanted: seconds of sound that the tape has in all before what came.
        """
        if self._due - behind > SLACK + self._late:
            sound = {"type": "input.audio", "seconds": round(wanted - behind, 3)}
            raise self._other(sound, received, what.t)

    def _seconds(self, sound: Entry) -> float:
        return int(sound.msg["length"]) / self._second

    def _other(self, expected: dict[str, Any], received: dict[str, Any], t: float) -> CassetteMismatch:
        kind, other = expected["type"], received["type"]
        sent = "the client has gone" if received is GONE else f"the client sent {other}"
        if kind == "input.audio" and "seconds" in expected:
            what = f"it expects {expected['seconds']:.1f} s more of the caller's sound, and {sent}"
        elif kind != other:
            what = f"it expects {kind}, and {sent}"
        elif kind == "input.audio":
            what = "the caller's sound is another one"
        else:
            what = f"{kind} is another one: {told(expected, received)}"
        return CassetteMismatch(
            f"{self._name}, at {t:.2f} s: {what}.",
            remedy="If the agent or the caller was changed on purpose, record it again.",
            expected=expected,
            received=received,
            t=t,
        )


def _is_silent(sound: Entry) -> bool:
    return sound.msg in _silent(int(sound.msg["length"]))


@cache
def _silent(length: int) -> list[dict[str, Any]]:
    """Messages of that length without a sound, as they stand on a tape."""
    texts = [
        base64.b64encode(bytes([byte]) * (length // 4 * 3 - padding))
        for byte in SILENCES
        for padding in (0, 1, 2)
        if length
    ]
    return [{"type": "input.audio", "length": length, "crc": zlib.crc32(text)} for text in texts]


def _characters_of_a_second(tape: Sequence[Entry]) -> float:
    """Of base64, in the format that the caller's sound has on a tape."""
    told = (
        at_path(each.msg.get(part), "input.format.encoding")
        for each in tape
        for part in ("session", "config")
    )
    encoding = next((name for name in told if name in ENCODINGS), "audio/pcm")
    return ENCODINGS[encoding] * (2 if encoding == "audio/pcm" else 1) * 4 / 3


def _frame(message: dict[str, Any]) -> str:
    # With escapes: half a character, which a service may send so, is no text.
    return str(message["text"]) if message.get("type") == "" else json.dumps(message)
