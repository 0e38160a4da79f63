"""Tool calls of a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class ToolCallState:
    """One tool call.

    Attributes:
        call_id: the service's id.
        name: the tool.
        arguments: already parsed.
        at: when the call came, in the driver's seconds.
        timeout: seconds until the service gives up.
        known: whether this client offered the tool; others are for its information and never answered.
        theirs: whether the service has told that it runs the tool by itself.
        reply_id: the reply that was open when the call came; empty when none was.
        result: the text that was sent back, or None.
        result_at: when it was sent.
        is_error: whether it told of a failure.
        again: the connection was lost before anything showed that the result had come, so it is to be sent
            again, should the session be resumed.
        lost: its session is lost, and nobody waits for the result.
    """

    call_id: str
    name: str
    arguments: dict[str, Any]
    at: float
    timeout: float
    known: bool = True
    reply_id: str = ""
    result: str | None = None
    result_at: float | None = None
    is_error: bool = False
    again: bool = False
    lost: bool = False
    theirs: bool = False

    def pending(self, now: float) -> bool:
        """Whether the service still waits for the result, as far as is known."""
        due = self.result is None or self.again
        return self.known and due and not self.lost and now - self.at < self.timeout
