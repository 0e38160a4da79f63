"""What a service did otherwise than the contract says, from the events of a session or of its recording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voicenb.errors import MalformedMessage
from voicenb.protocol.codec import from_record
from voicenb.protocol.order import Order
from voicenb.protocol.pace import Spoken, pace_of
from voicenb.protocol.shapes import Told, shape_of

LEFT_OUT = "The service sent a frame that was left out."
"""How the log of a session begins where a frame could not be read."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was otherwise.

    Attributes:
        section: of the contract's reference.
        what: what it was.
        count: how often.
    """

    section: str
    what: str
    count: int = 1

    def __str__(self) -> str:
        times = f" ({self.count} times)" if self.count > 1 else ""
        return f"{self.what}{times} [section {self.section}]"


def differences(
    events: Iterable[Mapping[str, Any]],
    *,
    spoken: Sequence[Spoken] = (),
    leads: Mapping[str, float] | None = None,
) -> list[Difference]:
    """What was otherwise than the contract says, in the order in which it was first seen.

    Both directions are looked at: what came from the service, and what was sent to it. What a session did not
    do (a refused resume, a token that opens two sessions) is not in its events, and nothing is said of it.

    Args:
        events: those of one session, oldest first: ``t``, ``dir``, ``type``, ``msg`` and, for sound,
            ``samples``, as in :attr:`voicenb.recording.recording.Recording.events`.
        spoken: what the caller really said; without it the times of speech events are not judged.
        leads: seconds of silence before the first sound of replies, by id; without it they are not judged.
    """
    events = list(events)
    order, found = Order(), list[Told]()
    for event in events:
        direction, kind = str(event["dir"]), str(event["type"])
        message = event.get("msg") or {}
        match direction:
            case "in":
                found += shape_of(kind, message)
            case "out":
                found += _malformed(kind, message)
            case _ if kind == "log" and str(message.get("text")).startswith(LEFT_OUT):
                found.append(("4", "a frame could not be read: it is no JSON object, or lacks what it needs"))
        found += order.take(direction, kind, message)
    found += order.end()
    found += pace_of(events, spoken, leads or {})
    return [Difference(*told, found.count(told)) for told in dict.fromkeys(found)]


def _malformed(kind: str, message: Mapping[str, Any]) -> Iterable[Told]:
    try:
        from_record({**message, "type": kind})
    except MalformedMessage as error:
        yield "6", f"this client sent something malformed: {error.message}"
