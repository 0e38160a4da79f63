"""Links to what is kept of a session: whoever has one may follow it, for an hour."""

from __future__ import annotations

import hashlib
import hmac

LIFE = 3600
"""Seconds that a link is good for."""


class Links:
    """Signs paths, and checks them. Nothing is kept of a link but in the link.

    Args:
        secret: nobody else knows it.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def path(self, session_id: str, kind: str, now: float) -> str:
        """The path to an artifact, good for an hour from ``now`` (epoch seconds)."""
        expires = str(int(now) + LIFE)
        signature = self._signature(session_id, kind, expires)
        return f"/v1/artifacts/{signature}/{expires}/{session_id}/{kind}"

    def good(self, signature: str, expires: str, session_id: str, kind: str) -> bool:
        """Whether a path is one of ours, in time or not."""
        return hmac.compare_digest(signature.encode(), self._signature(session_id, kind, expires).encode())

    def _signature(self, *parts: str) -> str:
        return hmac.new(self._secret, "/".join(parts).encode(), hashlib.sha256).hexdigest()
