"""What a conversation asks its driver to do: frozen values, returned by ``receive`` and ``closed``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from voicenb.errors import ServiceError


@dataclass(frozen=True, slots=True)
class Play:
    """Sound to play, behind what is queued already.

    Attributes:
        reply_id: the reply it belongs to.
        pcm: the samples in the session's output format; empty when the conversation is fed from a recording.
        samples: their number at 24 kHz.
    """

    reply_id: str
    pcm: bytes = field(repr=False)
    samples: int


@dataclass(frozen=True, slots=True)
class Flush:
    """Fall silent at once and forget what is queued.

    Attributes:
        reply_id: the reply that was cut off, or None when several were.
        why: ``"speech"`` (the caller began to speak) or ``"interrupted"`` (the service ended the reply).
    """

    reply_id: str | None
    why: Literal["speech", "interrupted"]


@dataclass(frozen=True, slots=True)
class RunTool:
    """A tool to run; the service waits for its result.

    Attributes:
        call_id: to be echoed with the result.
        name: the tool.
        arguments: already parsed.
        timeout: seconds until the service gives up.
        known: whether this client offered the tool. A call to a name that it did not offer is for its
            information only (the service runs such a tool by itself) and must not be answered.
        theirs: whether the service has told that it runs the tool by itself. Of a stored agent's tools it may
            have told nothing: then whoever has a function of that name answers.
    """

    call_id: str
    name: str
    arguments: dict[str, Any]
    timeout: float
    known: bool = True
    theirs: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """The service reported an error; ``fatal`` when the session does not survive it."""

    error: ServiceError
    fatal: bool


@dataclass(frozen=True, slots=True)
class Dropped:
    """The connection was lost unasked; for 30 s the session can be resumed on a new one, by the contract.

    Attributes:
        session_id: what to resume.
        code: the close code.
        reason: the close reason.
    """

    session_id: str
    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over; nothing follows.

    Attributes:
        reason: ``"ended"`` after a clean end, else the code of the error or ``"closed with <code>"``.
    """

    reason: str


Action = Play | Flush | RunTool | Failed | Dropped | Ended
