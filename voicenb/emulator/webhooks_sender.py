"""Tells subscribers of sessions, beside the conversation and never in its way."""

from __future__ import annotations

import asyncio
import json
import logging
import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from voicenb.emulator.checks import JSONObject
from voicenb.emulator.clock import Stamps
from voicenb.emulator.ids import Identifiers
from voicenb.emulator.webhooks import Subscriptions
from voicenb.emulator.webhooks_deliveries import Deliveries
from voicenb.emulator.webhooks_post import PATIENCE, Post
from voicenb.emulator.webhooks_signature import HEADER, signature
from voicenb.loopback import is_loopback

log = logging.getLogger(__name__)

WAITS = (1.0, 4.0, 16.0, 64.0)
"""Seconds between an attempt that failed and the next: five attempts, over about a minute and a half."""

NO_NETWORK = "An emulator that repeats itself has no network; set emulator.resources.webhooks.post."
OUTSIDE = "The emulator tells loopback addresses only, unless it is started with webhooks_outside."
GONE = "The subscription was deleted or disabled."


class Webhooks:
    """Sends what happens to whoever has subscribed to it.

    Args:
        subscriptions: who wants to be told.
        deliveries: where it is noted.
        ids: for events.
        stamps: for signatures.
        post: sends a body; None where there is no network.
        outside: whether addresses beyond loopback may be told.
    """

    def __init__(
        self,
        subscriptions: Subscriptions,
        deliveries: Deliveries,
        ids: Identifiers,
        stamps: Stamps,
        post: Post | None,
        *,
        outside: bool = False,
    ) -> None:
        self.subscriptions = subscriptions
        self.deliveries = deliveries
        self.post = post
        self._ids = ids
        self._stamps = stamps
        self._outside = outside
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, event: str, record: Mapping[str, Any]) -> None:
        """Something happened to a session; a fault in telling it is nobody's but the log's.

        Args:
            event: e.g. ``"session.started"``.
            record: of the session.
        """
        try:
            self._tell(event, record)
        except Exception:
            log.exception("Nobody could be told of %s of session %s", event, record["id"])

    def _tell(self, event: str, record: Mapping[str, Any]) -> None:
        wanting = self.subscriptions.wanting(event, record["agent_id"])
        if not wanting:
            return
        event_id = self._ids.event()
        session = {key: value for key, value in record.items() if key != "config"}
        payload = {
            "event": event,
            "event_id": event_id,
            "created_at": self._stamps.iso(),
            "session": session,
        }
        body = json.dumps(payload).encode()
        for subscription in wanting:
            delivery = self.deliveries.add(record["id"], subscription["id"], event, event_id)
            task = asyncio.get_running_loop().create_task(self._deliver(delivery, body))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("A webhook could not be delivered", exc_info=task.exception())

    async def _deliver(self, delivery: JSONObject, body: bytes) -> None:
        for attempt, wait in enumerate((*WAITS, math.inf), 1):
            subscription = self.subscriptions.get(delivery["subscription_id"])
            hindrance = self._hindrance(subscription)
            if hindrance or subscription is None:
                self.deliveries.note(delivery, status="failed", error=hindrance, next_retry_at=None)
                return
            status, error = await self._attempt(subscription, body)
            news: JSONObject = {"attempt_count": attempt, "http_status_code": status, "error": error}
            if error is None:
                self.deliveries.note(delivery, status="delivered", next_retry_at=None, **news)
                return
            if wait == math.inf:
                self.deliveries.note(delivery, status="failed", next_retry_at=None, **news)
                return
            again = self._stamps.iso(self._stamps.loop_time() + wait)
            self.deliveries.note(delivery, status="pending", next_retry_at=again, **news)
            await asyncio.sleep(wait)

    def _hindrance(self, subscription: JSONObject | None) -> str:
        """Why it is not even tried."""
        if subscription is None or not subscription["enabled"]:
            return GONE
        if not self._outside and not is_loopback(urlsplit(subscription["url"]).hostname):
            return OUTSIDE
        return NO_NETWORK if self.post is None else ""

    async def _attempt(self, subscription: JSONObject, body: bytes) -> tuple[int | None, str | None]:
        """The status that came, if any, and what is wrong with it."""
        assert self.post is not None
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "voicenb-emulator",
            HEADER: signature(subscription["secret"], int(self._stamps.now()), body),
        }
        try:
            status = await self.post(subscription["url"], headers, body)
        except TimeoutError:
            return None, f"No answer within {PATIENCE:g} s."
        except Exception as failure:  # whatever the network, or whoever stands in for it, has to say
            return None, f"{type(failure).__name__}: {failure}"[:500]
        return status, None if 200 <= status < 300 else f"The answer was {status}."
