"""Keys and temporary tokens: who may come in."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from voicenb.emulator.database import Database
from voicenb.emulator.ids import Identifiers, is_token

LONGEST_SESSION = 10_800
"""Seconds; the cap of a session that has no cap of its own."""

RETURN = "resume_"
"""What the tokens begin with that lead back to a session."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Somebody who may come in.

    Attributes:
        longest_session: in seconds.
        owner: whose key it is, or by whose the token was minted; not the key itself.
        returns_to: the only session that it leads to; empty when it may begin one.
    """

    longest_session: int = LONGEST_SESSION
    owner: str = field(default="", repr=False)
    returns_to: str = ""


class Doorkeeper:
    """Knows the key and the tokens that were minted. All moments are epoch seconds.

    Args:
        key: the only API key that passes; None lets any non-empty one pass.
        ids: makes the tokens.
        database: keeps them, in a form that opens nothing.
        secret: nobody else knows it; signs the tokens that lead back to a session.
        enforce: whether a token opens one session only and caps its length.
    """

    def __init__(
        self, key: str | None, ids: Identifiers, database: Database, secret: str, *, enforce: bool
    ) -> None:
        self._key = key
        self._ids = ids
        self._database = database
        self._secret = secret.encode()
        self._enforce = enforce

    def key_passes(self, candidate: str) -> bool:
        """Whether ``candidate`` is an API key that passes; a token is not one."""
        if not candidate:
            return False
        if self._key is None:
            # One that was forgotten, too.
            return not is_token(candidate) and not candidate.startswith(RETURN)
        return hmac.compare_digest(candidate.encode(), self._key.encode())

    def mint(self, *, now: float, redeem_within: int, longest_session: int, owner: str = "") -> str:
        """A new token of that key.

        Both limits are in seconds, the first for redeeming it, the second for its session.
        """
        self._forget(now)
        token = self._ids.token()
        self._database.write(
            "INSERT INTO tokens (digest, redeem_until, longest_session, owner) VALUES (?, ?, ?, ?)",
            *(_digest(token), now + redeem_within, longest_session, _digest(owner)),
        )
        return token

    def return_token(self, session_id: str) -> str:
        """What leads back to a session, as often as its connection is lost, and to no other.

        Nothing is kept of it.
        """
        signature = hmac.new(self._secret, f"{RETURN}{session_id}".encode(), hashlib.sha256).hexdigest()
        return f"{RETURN}{session_id}.{signature}"

    def admit(self, candidate: str, *, now: float) -> Pass | None:
        """Let a socket in by key or token; None when it may not come in. Redeems the token."""
        self._forget(now)
        session_id = candidate.removeprefix(RETURN).partition(".")[0]
        if hmac.compare_digest(candidate.encode(), self.return_token(session_id).encode()):
            return Pass(returns_to=session_id)
        digest = _digest(candidate)
        minted = self._database.read("SELECT longest_session, owner FROM tokens WHERE digest = ?", digest)
        if not minted:
            return Pass(owner=digest) if self.key_passes(candidate) else None
        longest_session, owner = minted[0]
        if not self._enforce:
            return Pass(owner=owner)
        self._database.write("DELETE FROM tokens WHERE digest = ?", digest)
        return Pass(longest_session, owner)

    @property
    def tokens(self) -> int:
        """How many tokens are kept: those that may still open something, and some whose time is just over."""
        return int(self._database.read("SELECT count(*) FROM tokens")[0][0])

    def _forget(self, now: float) -> None:
        """Drop the tokens whose time is over."""
        self._database.write("DELETE FROM tokens WHERE redeem_until < ?", now)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


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
