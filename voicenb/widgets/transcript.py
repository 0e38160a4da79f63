"""The transcript of a call as a panel shows it, and what of it has changed since it was shown last."""

from __future__ import annotations

import threading
from typing import Any

from voicenb.session.session import Session
from voicenb.widgets.shown import call_shown, line_shown, lines_shown, place

Shown = dict[str, Any]
"""A line as plain values (see :mod:`voicenb.widgets.shown`)."""


class Transcript:
    """Builds the lines of one session; those that did not change are not built again.

    Args:
        session: the session.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lock = threading.Lock()
        self._notes: list[Shown] = []
        self._noted = 0  # notes that were given out
        self._revision = 0  # of the conversation, up to which its lines were given out
        self._given: dict[str, Shown] = {}  # calls and lines, as they were given out last

    def note(self, id: str, at: float, text: str) -> None:  # noqa: A002 - a line's own word
        """Add a line of our own.

        Args:
            id: the line's.
            at: its time in the call.
            text: what it says.
        """
        self.put({"id": id, "role": "log", "at": at, "partial": False, "text": text})

    def put(self, line: Shown) -> None:
        """Add a line that is made elsewhere; it stands at its ``at``, and does not change any more."""
        with self._lock:
            self._notes.append(line)

    def all(self) -> list[Shown]:
        """Everything, in order."""
        with self._session.paused():
            lines = lines_shown(self._session.conversation)
        with self._lock:
            return sorted([*lines, *self._notes], key=place)

    def changes(self) -> list[Shown]:
        """What is new or different since this was asked last, in order."""
        with self._session.paused():
            conversation = self._session.conversation
            lines = [line_shown(line) for line in conversation.changed_since(self._revision) if line.text]
            lines += [
                call_shown(call) for call in conversation.calls.values() if not self._over(call.call_id)
            ]
            self._revision = conversation.revision
        with self._lock:
            notes, self._noted = self._notes[self._noted :], len(self._notes)
        changed = [line for line in lines if self._given.get(line["id"]) != line]
        self._given |= {line["id"]: line for line in changed}
        return sorted([*changed, *notes], key=place)

    def _over(self, call_id: str) -> bool:
        """Whether a tool call was given out with its result, and so stays as it is."""
        given = self._given.get(f"tool-{call_id}")
        return given is not None and not given["partial"]
