"""Identifiers in the shapes that were seen live: random when live, counted when a run must repeat itself."""

from __future__ import annotations

import hashlib
import secrets


class Identifiers:
    """Makes identifiers; all of them are opaque to clients.

    Args:
        seed: makes them a function of it and of the order in which they are asked for; random when None.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._seed = seed
        self._count = 0

    def _hex(self, kind: str, digits: int = 32) -> str:
        if self._seed is None:
            return secrets.token_hex(digits // 2)
        self._count += 1
        text = f"{self._seed}/{kind}/{self._count}"
        return hashlib.blake2b(text.encode(), digest_size=digits // 2).hexdigest()

    def session(self) -> str:
        """``sess_`` and 32 hex digits."""
        return "sess_" + self._hex("session")

    def agent(self) -> str:
        """``agent_`` and 32 hex digits."""
        return "agent_" + self._hex("agent")

    def item(self) -> str:
        """``msg_…``: a line of the conversation."""
        return "msg_" + self._hex("item", 24)

    def reply(self) -> str:
        """``resp_…``."""
        return "resp_" + self._hex("reply", 24)

    def call(self) -> str:
        """``call_…``: a tool call."""
        return "call_" + self._hex("call", 24)

    def request(self) -> str:
        """``req_…``: a REST request."""
        return "req_" + self._hex("request", 24)

    def subscription(self) -> str:
        """``whsub_…``: a webhook subscription."""
        return "whsub_" + self._hex("subscription", 24)

    def delivery(self) -> str:
        """``whdel_…``: what is sent to one subscription."""
        return "whdel_" + self._hex("delivery", 24)

    def event(self) -> str:
        """``evt_…``: something that subscriptions are told of."""
        return "evt_" + self._hex("event", 24)

    def secret(self) -> str:
        """64 hex digits that nobody can guess, but where the identifiers are counted."""
        return self._hex("secret", 64)

    def token(self) -> str:
        """A temporary token, as long as real ones (about 2.4 kB), so that nobody relies on a short one."""
        return "".join(self._hex("token", 120) for _ in range(20))


def is_token(text: str) -> bool:
    """Whether that has the shape of a temporary token of ours."""
    return len(text) == 2400 and set(text) <= set("0123456789abcdef")
