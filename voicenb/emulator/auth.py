"""Keys and temporary tokens: who may come in."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from voicenb.emulator.ids import Identifiers, is_token

LONGEST_SESSION = 10_800
"""Seconds; the cap of a session that has no cap of its own."""


@dataclass(frozen=True, slots=True)
class Token:
    """One minted token: redeemable until that loop time, for a session of so many seconds, by that key."""

    redeem_until: float
    longest_session: int
    owner: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Pass:
    """Somebody who may come in.

    Attributes:
        longest_session: in seconds.
        owner: the key, or that by which the token was minted.
    """

    longest_session: int = LONGEST_SESSION
    owner: str = field(default="", repr=False)


class Doorkeeper:
    """Knows the key and the tokens that were minted.

    Args:
        key: the only API key that passes; None lets any non-empty one pass.
        enforce: whether a token opens one session only and caps its length.
    """

    def __init__(self, key: str | None, ids: Identifiers, *, enforce: bool) -> None:
        self._key = key
        self._ids = ids
        self._enforce = enforce
        self._tokens: dict[str, Token] = {}

    def key_passes(self, candidate: str) -> bool:
        """Whether ``candidate`` is an API key that passes; a token is not one."""
        if not candidate:
            return False
        if self._key is None:
            return not is_token(candidate)  # one that was forgotten, too
        return hmac.compare_digest(candidate.encode(), self._key.encode())

    def mint(self, *, now: float, redeem_within: int, longest_session: int, owner: str = "") -> str:
        """A new token of that key.

        Both limits are in seconds, the first for redeeming it, the second for its session.
        """
        self._forget(now)
        token = self._ids.token()
        self._tokens[token] = Token(now + redeem_within, longest_session, owner)
        return token

    def admit(self, candidate: str, *, now: float) -> Pass | None:
        """Let a socket in by key or token; None when it may not come in. Redeems the token."""
        self._forget(now)
        token = self._tokens.get(candidate)
        if token is None:
            return Pass(owner=candidate) if self.key_passes(candidate) else None
        if not self._enforce:
            return Pass(owner=token.owner)
        del self._tokens[candidate]
        return Pass(token.longest_session, token.owner)

    @property
    def tokens(self) -> int:
        """How many tokens are kept: those that may still open something, and some whose time is just over."""
        return len(self._tokens)

    def _forget(self, now: float) -> None:
        """Drop the tokens whose time is over."""
        self._tokens = {text: token for text, token in self._tokens.items() if now <= token.redeem_until}


def credential(headers: Mapping[str, str], query: Mapping[str, str]) -> str:
    """The key or token of a request: ``Authorization`` (raw or Bearer), else ``?token=``, else empty."""
    return header_credential(headers) or query.get("token", "").strip()


def header_credential(headers: Mapping[str, str]) -> str:
    """The key of the ``Authorization`` header, raw or Bearer; empty when there is none."""
    value = headers.get("authorization", "").strip()
    scheme, _, rest = value.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    return value
