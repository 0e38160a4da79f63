"""Tickets: what lets one page in, once, and proves to it that it came to the right place."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

VALID = 60.0
"""Seconds for which a ticket can be used."""


@dataclass(frozen=True, slots=True)
class Ticket(Generic[T]):
    """Lets one page in.

    Attributes:
        holder: the call that it is for.
        origin: where the page says that it comes from; its browser must say so too.
        secret: shown by the page.
        nonce: sent along by the page.
        proof: sent back, which only this process can.
        until: when it expires, in the clock's seconds.
    """

    holder: T
    origin: str
    secret: str = field(repr=False)
    nonce: str = field(repr=False)
    proof: str = field(repr=False)
    until: float = 0.0


class Tickets(Generic[T]):
    """Tickets that were given out and not used yet.

    Args:
        clock: seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._open: list[Ticket[T]] = []

    def issue(self, holder: T, origin: str) -> Ticket[T]:
        """A new ticket for a page of that origin."""
        now = self._clock()
        self._open = [ticket for ticket in self._open if ticket.until > now]
        secret, nonce, proof = (secrets.token_urlsafe(24) for _ in range(3))
        ticket = Ticket(holder, origin, secret, nonce, proof, now + VALID)
        self._open.append(ticket)
        return ticket

    def redeem(self, secret: str, nonce: str, origin: str | None) -> Ticket[T] | None:
        """The ticket of that secret, which is used up by this; None when there is none for this page."""
        for ticket in self._open:
            if hmac.compare_digest(ticket.secret.encode(), secret.encode()):
                self._open.remove(ticket)
                good = ticket.until > self._clock() and ticket.origin == origin
                return ticket if good and hmac.compare_digest(ticket.nonce.encode(), nonce.encode()) else None
        return None

    def withdraw(self, holder: T) -> None:
        """Forget the tickets of a call that is over."""
        self._open = [ticket for ticket in self._open if ticket.holder is not holder]
