"""Numbered events: what the engine tells of itself, to its recorder and to whoever watches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

from voicenb.recording.redact import MASK

Event = dict[str, Any]
"""``{n, t, dir, type, msg}``, beside them ``track``, ``start`` and ``samples`` where audio went with it.

``n`` counts from 0 without gaps; ``t`` is in seconds since the engine began; ``dir`` is ``"in"`` (from the
service), ``"out"`` (to it) or ``"local"``; ``msg`` is the message as it stood on the wire, without its audio.
"""

Publish = Callable[[Event], None]

AUDIO = frozenset({"input.audio", "reply.audio"})
"""Types of events that come by the hundred; their samples are in the tracks of the recording."""


class FirstSounds:
    """Tells the first sound of each reply, and the caller's first, from all that follow.

    The others come by the hundred, and whoever watches a session is not told of them.
    """

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def has(self, event: Event) -> bool:
        """Whether this event of audio is the first of its kind; it is then no longer."""
        sound = sound_of(event)
        if sound in self._seen:
            return False
        self._seen.add(sound)
        return True


def sound_of(event: Event) -> str:
    """Whose sound an event of audio is: the reply's id, or its type."""
    return str(event["msg"].get("reply_id") or event["type"])


class Keeper(Protocol):
    """What the engine asks of a recorder. Once it is made it never raises."""

    def event(self, event: Event) -> None:
        """Keep an event."""
        ...

    def caller(self, pcm: bytes) -> int:
        """Keep samples of the caller; returns the place of the first in the track."""
        ...

    def agent(self, pcm: bytes) -> int:
        """Keep samples of the agent; returns the place of the first in the track."""
        ...

    def update(self, **about: Any) -> None:
        """Keep facts of the session as a whole, e.g. ``clocks``."""
        ...

    def close(self, ended: dict[str, Any]) -> None:
        """The session is over."""
        ...


class EventLog:
    """Gives events their number and time and hands them on.

    Args:
        clock: seconds since the engine began, rounded as they are recorded.
        publish: takes every event, in order.
        keeper: the recorder, or None.

    Attributes:
        now: the clock, until that is stopped.
    """

    def __init__(self, clock: Callable[[], float], publish: Publish, keeper: Keeper | None) -> None:
        self.now = clock
        self._publish = publish
        self._keeper = keeper
        self._next = 0
        self._latest = 0.0

    @property
    def last(self) -> int:
        """The number of the last event; -1 before the first."""
        return self._next - 1

    def put(
        self,
        direction: Literal["in", "out", "local"],
        kind: str,
        record: dict[str, Any],
        *,
        at: float | None = None,
        pcm: bytes | None = None,
    ) -> Event:
        """Number, keep and publish one event.

        Args:
            direction: where it comes from.
            kind: its type.
            record: the message without its audio.
            at: its time, where it was asked for before.
            pcm: the audio that went with it, PCM16 at 24 kHz, for the caller's track ("out") or the
                agent's ("in").
        """
        if record.get(
            "resume_token"
        ):  # it opens a socket as a key does, and whoever watches shows its events
            record = {**record, "resume_token": MASK}
        time = self.now() if at is None else at
        self._latest = max(self._latest, time)
        event: Event = {"n": self._next, "t": time, "dir": direction, "type": kind, "msg": record}
        self._next += 1
        if pcm is not None:
            event |= {"track": "agent" if direction == "in" else "caller", "samples": len(pcm) // 2}
        if self._keeper is not None:
            if pcm is not None:
                keep = self._keeper.caller if direction == "out" else self._keeper.agent
                event["start"] = keep(pcm)
            self._keeper.event(event)
        self._publish(event)
        return event

    def stop_clock(self) -> None:
        """Nothing happens any more: what is still noted has the time of the last event."""
        latest = self._latest
        self.now = lambda: latest

    def clocks(self, maps: Mapping[str, Any]) -> None:
        """Keep the maps between the engine's clock and others."""
        if self._keeper is not None:
            self._keeper.update(clocks=dict(maps))

    def close(self, ended: dict[str, Any]) -> None:
        """Close the recording."""
        if self._keeper is not None:
            self._keeper.close(ended)
