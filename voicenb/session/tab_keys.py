"""What lets tabs in: a key that can be used once, and what a tab then keeps to come back after a reload."""

from __future__ import annotations

import hmac
import secrets

KEPT = 64
"""Keys that wait to be used, and tabs that may come back, at most: the oldest are forgotten."""


class TabKeys:
    """The keys of one Talk."""

    def __init__(self) -> None:
        self._unused: list[str] = []
        self._passes: list[str] = []

    def issue(self) -> str:
        """A new key."""
        return _remember(self._unused)

    def redeem(self, key: str) -> str | None:
        """Let a tab in.

        Args:
            key: a key, which is used up by this; or the pass of a tab that was let in before.

        Returns:
            The tab's pass; None for who is not let in.
        """
        if _among(self._passes, key):
            return key
        if not _among(self._unused, key):
            return None
        self._unused.remove(key)
        return _remember(self._passes)


def _remember(those: list[str]) -> str:
    those.append(secrets.token_urlsafe(32))
    del those[:-KEPT]
    return those[-1]


def _among(those: list[str], shown: str) -> bool:
    return any(hmac.compare_digest(each.encode(), shown.encode("utf-8", "replace")) for each in those)
