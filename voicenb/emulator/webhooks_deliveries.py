"""What was sent to whom, and what came of it."""

from __future__ import annotations

import json
from typing import Any

from voicenb.emulator import cursor
from voicenb.emulator.checks import JSONObject
from voicenb.emulator.clock import Stamps
from voicenb.emulator.database import Database
from voicenb.emulator.errors import Refusal
from voicenb.emulator.ids import Identifiers

REMEMBERED = 10_000
"""Deliveries kept in memory; beyond these the oldest are forgotten. A file keeps all of them."""

STOPPED = "The emulator stopped before it was delivered."


class Deliveries:
    """The deliveries of one emulator, newest first.

    Args:
        database: where they are kept. What a stop of the emulator left pending in it has failed.
        ids: gives them their names.
        stamps: gives the times.
    """

    def __init__(self, database: Database, ids: Identifiers, stamps: Stamps) -> None:
        self._database = database
        self._ids = ids
        self._stamps = stamps
        for (body,) in database.read("SELECT body FROM deliveries WHERE status = 'pending'"):
            left: JSONObject = json.loads(body)
            self._write(left | {"status": "failed", "error": STOPPED, "next_retry_at": None})

    def add(self, session_id: str, subscription_id: str, event: str, event_id: str) -> JSONObject:
        """Something is to be sent."""
        now = self._stamps.iso()
        delivery: JSONObject = {
            "id": self._ids.delivery(),
            "session_id": session_id,
            "subscription_id": subscription_id,
            "event": event,
            "event_id": event_id,
            "status": "pending",
            "attempt_count": 0,
            "http_status_code": None,
            "error": None,
            "next_retry_at": None,
            "created_at": now,
            "updated_at": now,
        }
        place = self._database.write(
            "INSERT INTO deliveries (id, session_id, status, body) VALUES (?, ?, 'pending', ?)",
            delivery["id"],
            session_id,
            json.dumps(delivery),
        )
        if not self._database.keeps:
            self._database.write("DELETE FROM deliveries WHERE place <= ?", place - REMEMBERED)
        return delivery

    def note(self, delivery: JSONObject, **news: Any) -> None:
        """Something came of it, or is still to come."""
        delivery |= {**news, "updated_at": self._stamps.iso()}
        self._write(delivery)

    def _write(self, delivery: JSONObject) -> None:
        self._database.write(
            "UPDATE deliveries SET status = ?, body = ? WHERE id = ?",
            delivery["status"],
            json.dumps(delivery),
            delivery["id"],
        )

    def page(self, session_id: str, limit: int, after: str = "") -> tuple[list[JSONObject], str] | Refusal:
        """Some deliveries of a session, newest first, and the cursor of the next page."""
        before = cursor.before(after, self._database.newest("deliveries"))
        if isinstance(before, Refusal):
            return before
        rows = self._database.read(
            "SELECT place, body FROM deliveries WHERE session_id = ? AND place < ?"
            " ORDER BY place DESC LIMIT ?",
            *(session_id, before, limit + 1),
        )
        shown = [json.loads(body) for _, body in rows[:limit]]
        return shown, str(rows[limit - 1][0]) if len(rows) > limit else ""
