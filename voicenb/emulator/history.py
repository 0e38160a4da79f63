"""The sessions that were held, newest first: their records, and what is kept of each."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import Any

from voicenb.emulator import clock, cursor
from voicenb.emulator.checks import JSONObject
from voicenb.emulator.database import Database
from voicenb.emulator.errors import Refusal
from voicenb.emulator.json_text import json_text

REMEMBERED = 10_000
"""Sessions kept in memory; beyond these the oldest are forgotten. A file keeps all of them."""

CRASHED = "internal_error"
"""The public reason of a session that was open when its emulator came to its end without a word."""


@dataclass(frozen=True, slots=True)
class Past:
    """A session as it is kept.

    Attributes:
        record: with its ``config``.
        timeline: the artifact, or None while it runs.
        metadata: likewise.
        complete_at: the epoch second from which its artifacts are shown.
    """

    record: JSONObject
    timeline: JSONObject | None = None
    metadata: JSONObject | None = None
    complete_at: float | None = None


class History:
    """Records of sessions; one that is deleted is not shown any more, and its conversation is gone.

    Args:
        database: where they are kept. Sessions that a crash left open in it are closed now; they ended when
            the file was last written, as far as anybody knows.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        for (body,) in database.read("SELECT body FROM sessions WHERE status = 'created'"):
            self._write({**json.loads(body), **_torn(json.loads(body)["created_at"], database.last_written)})

    def begin(self, record: JSONObject) -> None:
        """A session has begun."""
        self._database.write(
            "INSERT INTO sessions (id, agent_id, status, body) VALUES (?, ?, ?, ?)",
            record["id"],
            record["agent_id"],
            record["status"],
            json_text(record),
        )
        if not self._database.keeps:
            oldest = self._database.newest("sessions") - REMEMBERED
            self._database.write("DELETE FROM sessions WHERE place <= ? AND status <> 'created'", oldest)

    def end(self, past: Past) -> None:
        """It is over. Of one that was deleted meanwhile nothing is kept but its end."""
        with self._database.together():
            self._write(past.record)
            self._database.write(
                "UPDATE sessions SET timeline = ?, metadata = ?, complete_at = ?"
                " WHERE id = ? AND deleted = 0",
                json_text(past.timeline),
                json_text(past.metadata),
                past.complete_at,
                past.record["id"],
            )

    def _write(self, record: JSONObject) -> None:
        self._database.write(
            "UPDATE sessions SET status = ?, body = ? WHERE id = ?",
            record["status"],
            json_text(record),
            record["id"],
        )

    def get(self, session_id: str) -> Past | None:
        """The session, unless there is none or it was deleted."""
        rows = self._database.read(
            "SELECT body, timeline, metadata, complete_at FROM sessions WHERE id = ? AND deleted = 0",
            session_id,
        )
        if not rows:
            return None
        body, timeline, metadata, complete_at = rows[0]
        return Past(json.loads(body), _parsed(timeline), _parsed(metadata), complete_at)

    def there(self, session_id: str) -> bool:
        """Whether there is such a session that was not deleted."""
        return bool(self._database.read("SELECT 1 FROM sessions WHERE id = ? AND deleted = 0", session_id))

    def delete(self, session_id: str) -> bool:
        """Show it no more, and drop what was said in it; whether there was one."""
        if not self.there(session_id):
            return False
        self._database.write(
            "UPDATE sessions SET deleted = 1, timeline = NULL, metadata = NULL WHERE id = ?", session_id
        )
        return True

    def page(
        self, limit: int, after: str = "", status: str | None = None, agent_id: str | None = None
    ) -> tuple[list[JSONObject], str] | Refusal:
        """Some records, newest first, and the cursor of the next page (empty when there is none).

        Args:
            limit: of the page.
            after: a cursor.
            status: only sessions in that one.
            agent_id: only sessions of that agent.
        """
        before = cursor.before(after, self._database.newest("sessions"))
        if isinstance(before, Refusal):
            return before
        rows = self._database.read(
            "SELECT place, body FROM sessions WHERE place < ? AND deleted = 0 AND (? IS NULL OR status = ?)"
            " AND (? IS NULL OR agent_id = ?) ORDER BY place DESC LIMIT ?",
            *(before, status, status, agent_id, agent_id, limit + 1),
        )
        records = [json.loads(body) for _, body in rows[:limit]]
        for record in records:
            record.pop("config", None)
        return records, str(rows[limit - 1][0]) if len(rows) > limit else ""


def _torn(began: str, last_known: float | None) -> JSONObject:
    """How a session ended that began then, and of which no end is known."""
    ended = began if last_known is None else max(began, clock.iso(last_known))
    lasted = datetime.datetime.fromisoformat(ended) - datetime.datetime.fromisoformat(began)
    return {
        "status": "completed",
        "public_close_reason": CRASHED,
        "duration_seconds": round(lasted.total_seconds(), 3),
        "ended_at": ended,
    }


def _parsed(text: str | None) -> Any:
    return None if text is None else json.loads(text)
