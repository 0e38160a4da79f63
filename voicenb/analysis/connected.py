"""When sessions were open: what the service bills, and what shares of a call are of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording


@dataclass(frozen=True, slots=True)
class Connected:
    """A stretch in which a session was open.

    Attributes:
        start: ``session.ready``, in the engine's seconds (wire).
        end: ``session.ended``, or when the connection was lost or closed, or the recording's end (wire).
    """

    start: float
    end: float


def connected(recording: Recording) -> list[Connected]:
    """When sessions were open, by time.

    Another session behind a lost connection is a stretch of its own; one that was resumed was held open
    meanwhile, and is one stretch. That the service holds, and bills, a lost one for half a minute more is
    not in it.

    Args:
        recording: of the call; where it still runs, up to now.
    """
    found: list[Connected] = []
    begun: float | None = None
    session = ""
    for event in recording.events.select("session.ready", "session.ended", "closed"):
        at = float(event["t"])
        if event["type"] != "session.ready":
            if begun is not None:
                found.append(Connected(begun, at))
            begun = None
        elif begun is None:
            before, session = session, str((event.get("msg") or {}).get("session_id") or "")
            resumed = bool(found) and bool(session) and session == before
            begun = found.pop().start if resumed else at
    if begun is not None:
        found.append(Connected(begun, max(begun, recording.duration)))
    return found
