"""How a session ended, in the words of its record and its timeline."""

from __future__ import annotations

REASONS = {
    "session.end": ("user_initiated", "client_end"),
    "close": ("participant_disconnected", "client_disconnected"),
    "duration": ("max_duration_reached", "max_duration"),
    "refused": ("error", "error"),
    "fault": ("internal_error", "internal_error"),
    "stop": ("server_shutdown", "server_shutdown"),
}
"""By ``EmulatedSession.ended_by``: the timeline's ``reason`` and the public one.

The reference knows ``user_initiated``, ``participant_disconnected`` and ``client_end``; the others are ours.
"""


def reasons(ended_by: str) -> tuple[str, str]:
    """The reason and the public reason."""
    return REASONS.get(ended_by, ("internal_error", "internal_error"))
