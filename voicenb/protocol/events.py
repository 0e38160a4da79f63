"""Numbered events, as the engine publishes and recordings keep them, read back as what they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, get_args

from voicenb.protocol import messages as m
from voicenb.protocol.barge_in import BargeInMode
from voicenb.protocol.codec import from_record


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that went to the service."""

    message: m.ClientMessage


@dataclass(frozen=True, slots=True)
class Received:
    """A message that came; ``samples`` at 24 kHz stand in for the audio that events leave out."""

    message: m.ServerMessage | m.Unknown
    samples: int


class HeardLike(Protocol):
    """A stretch of a reply that was played, as ``voicenb.session.speaker.Heard`` says it."""

    @property
    def reply_id(self) -> str:
        """The reply."""
        ...

    @property
    def start(self) -> int:
        """First sample played, at 24 kHz."""
        ...

    @property
    def stop(self) -> int:
        """One past the last sample played."""
        ...

    @property
    def at(self) -> float:
        """When ``start`` was heard, in the driver's seconds."""
        ...


@dataclass(frozen=True, slots=True)
class HeardNote:
    """A stretch of a reply was played: samples ``start`` to ``stop`` at 24 kHz, beginning ``at`` seconds."""

    reply_id: str
    start: int
    stop: int
    at: float


@dataclass(frozen=True, slots=True)
class UnheardNote:
    """A stretch of a reply, samples ``start`` to ``stop`` at 24 kHz, got lost; it is known since ``at``."""

    reply_id: str
    start: int
    stop: int
    at: float


@dataclass(frozen=True, slots=True)
class Closed:
    """The connection was over."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class BargeInSet:
    """What the client does from now on with the agent's voice while the caller speaks over it."""

    mode: BargeInMode


Happening = Sent | Received | HeardNote | UnheardNote | BargeInSet | Closed


def read_event(event: Mapping[str, Any]) -> Happening | None:
    """What an event says; None for those that do not concern the conversation, or are damaged notes.

    Args:
        event: ``t``, ``dir`` ("in", "out" or "local"), ``type``, ``msg`` (without audio; local events may
            carry their fields beside it instead) and, for ``reply.audio``, ``samples``.

    Raises:
        MalformedMessage: a message that lacks what it cannot do without.
    """
    fields = event.get("msg") or event
    match event["dir"], event["type"]:
        case ("in" | "out") as direction, kind:
            record = {**(event.get("msg") or {}), "type": kind}
            message = from_record(record, received=direction == "in")
            if isinstance(message, m.ClientMessage):
                return Sent(message) if direction == "out" else None
            return Received(message, int(event.get("samples") or 0)) if direction == "in" else None
        case "local", ("heard" | "unheard") as kind:
            return _note(HeardNote if kind == "heard" else UnheardNote, event, fields)
        case "local", "barge_in" if fields.get("mode") in get_args(BargeInMode):
            return BargeInSet(fields["mode"])
        case "local", "closed":
            return Closed(int(fields.get("code") or 1006), str(fields.get("reason") or ""))
        case _:
            return None


def _note(
    kind: type[HeardNote | UnheardNote], event: Mapping[str, Any], fields: Mapping[str, Any]
) -> HeardNote | UnheardNote | None:
    """A note of what was heard or not; None for one that does not say which samples, or when."""
    try:
        start, stop = int(fields["from"]), int(fields["to"])
        at = float(fields["t"] if "t" in fields else event["t"])
    except (KeyError, TypeError, ValueError):
        return None
    return kind(str(fields.get("reply_id") or ""), start, stop, at)
