"""Webhook subscriptions: who wants to be told of what."""

from __future__ import annotations

import json
from typing import Any

from voicenb.emulator import cursor, webhooks_checks
from voicenb.emulator.checks import JSONObject
from voicenb.emulator.clock import Stamps
from voicenb.emulator.database import Database
from voicenb.emulator.errors import Refusal
from voicenb.emulator.ids import Identifiers

EXISTS = "webhook_subscription_already_exists"
"""The code of a refusal that is no matter of the body's shape."""


class Subscriptions:
    """The subscriptions of one emulator, newest first.

    Args:
        database: where they are kept, their secrets in the clear.
        ids: gives them their names.
        stamps: gives the times.
        loopback: whether the emulator is on loopback, and may send to a http address there.
    """

    def __init__(self, database: Database, ids: Identifiers, stamps: Stamps, *, loopback: bool) -> None:
        self._database = database
        self._ids = ids
        self._stamps = stamps
        self._loopback = loopback

    def create(self, body: Any) -> JSONObject | Refusal:
        """Subscribe; returns the subscription as it reads back."""
        refusal = webhooks_checks.creation(body, loopback=self._loopback)
        if refusal:
            return refusal
        now = self._stamps.iso()
        kept: JSONObject = {
            "id": self._ids.subscription(),
            "agent_id": body.get("agent_id"),
            "url": body["url"],
            "events": body["events"],
            "enabled": body.get("enabled", True),
            "secret": body["secret"],
            "secret_version": 1,
            "created_at": now,
            "updated_at": now,
        }
        refusal = self._alone(kept)
        if refusal:
            return refusal
        self._database.write(
            "INSERT INTO subscriptions (id, body) VALUES (?, ?)", kept["id"], json.dumps(kept)
        )
        return read(kept)

    def update(self, subscription_id: str, body: Any) -> JSONObject | Refusal | None:
        """Change the fields that ``body`` holds; None when there is no such subscription."""
        kept = self.get(subscription_id)
        if kept is None:
            return None
        refusal = webhooks_checks.change(body, loopback=self._loopback)
        if refusal:
            return refusal
        changed = {**kept, **body, "updated_at": self._stamps.iso()}
        changed["secret_version"] += "secret" in body
        refusal = self._alone(changed)
        if refusal:
            return refusal
        self._database.write(
            "UPDATE subscriptions SET body = ? WHERE id = ?", json.dumps(changed), subscription_id
        )
        return read(changed)

    def _alone(self, wanted: JSONObject) -> Refusal | None:
        """An address is told of an agent once."""
        for other in self._all():
            same = (other["url"], other["agent_id"]) == (wanted["url"], wanted["agent_id"])
            if same and other["id"] != wanted["id"]:
                return Refusal(EXISTS, f"{other['id']} has this url already", "url")
        return None

    def get(self, subscription_id: str) -> JSONObject | None:
        """The subscription with its secret, for signing."""
        rows = self._database.read("SELECT body FROM subscriptions WHERE id = ?", subscription_id)
        return json.loads(rows[0][0]) if rows else None

    def delete(self, subscription_id: str) -> bool:
        """Whether there was such a subscription."""
        if self.get(subscription_id) is None:
            return False
        self._database.write("DELETE FROM subscriptions WHERE id = ?", subscription_id)
        return True

    def page(self, limit: int, after: str = "") -> tuple[list[JSONObject], str] | Refusal:
        """Some subscriptions, newest first, and the cursor of the next page (empty when there is none)."""
        before = cursor.before(after, self._database.newest("subscriptions"))
        if isinstance(before, Refusal):
            return before
        rows = self._database.read(
            "SELECT place, body FROM subscriptions WHERE place < ? ORDER BY place DESC LIMIT ?",
            before,
            limit + 1,
        )
        shown = [read(json.loads(body)) for _, body in rows[:limit]]
        return shown, str(rows[limit - 1][0]) if len(rows) > limit else ""

    def wanting(self, event: str, agent_id: str | None) -> list[JSONObject]:
        """Those that are to be told of an event of a session with that agent, the oldest first."""
        return [
            entry
            for entry in self._all()
            if entry["enabled"] and event in entry["events"] and entry["agent_id"] in (None, agent_id)
        ]

    def _all(self) -> list[JSONObject]:
        rows = self._database.read("SELECT body FROM subscriptions ORDER BY place")
        return [json.loads(body) for (body,) in rows]


def read(kept: JSONObject) -> JSONObject:
    """A subscription as REST shows it: without its secret."""
    return {key: value for key, value in kept.items() if key != "secret"}
