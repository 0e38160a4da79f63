"""The types of events: those of the service's messages, and those that a session tells of itself."""

from __future__ import annotations

from voicenb.errors import InvalidConfiguration
from voicenb.names import did_you_mean
from voicenb.protocol.codec import CLIENT_TYPES, SERVER_TYPES

LOCAL = {
    "state": "who holds the floor from now on",
    "heard": "a stretch of a reply was heard",
    "unheard": "a stretch of a reply was lost",
    "barge_in": "another way to give way to the caller is in force",
    "duck": "the agent's voice is made quieter, or as loud as it was",
    "ducked": "that was heard",
    "muted": "the microphone was muted, or no longer",
    "policy": "a policy changes settings",
    "tool": "a tool has run, and how long it took",
    "frames": "how many of the microphone's frames were late or lost",
    "log": "what a tool printed, or an observer's error",
    "error": "an error of the session",
    "closed": "the connection is over",
    "reconnected": "another connection has taken the place of one that was lost",
}
"""Types of local events, and what they tell."""


def check_kind(kind: object) -> None:
    """Refuse a type of which no event can come, unless it is newer than this version.

    Raises:
        InvalidConfiguration: it is neither a message of the service's contract nor a local event; the nearest
            are named.
    """
    known = sorted({*SERVER_TYPES, *CLIENT_TYPES, *LOCAL})
    if kind in known:
        return
    meant = did_you_mean(str(kind), known)
    raise InvalidConfiguration(
        f"There is no event of the type {kind!r}.",
        remedy=meant.rstrip()
        or f"The service sends {', '.join(sorted(SERVER_TYPES))}; "
        f"it is sent {', '.join(sorted(CLIENT_TYPES))}; a session itself tells {', '.join(LOCAL)}.",
        param="type",
    )
