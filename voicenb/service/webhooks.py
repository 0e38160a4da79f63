"""Webhook subscriptions: whom the service tells of sessions and calls, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from voicenb.errors import InvalidConfiguration
from voicenb.service import wire as read

SUBSCRIPTIONS = "/v1/webhook-subscriptions"

SHORTEST, LONGEST = 32, 256
"""Characters of a secret."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A webhook subscription; its secret is never told again.

    Attributes:
        id: of the subscription.
        url: who is told.
        events: of what, e.g. ``("session.completed",)``.
        agent_id: of which stored agent; None: of all.
        enabled: whether anything is sent.
        secret_version: counts the secrets that it has had.
        created_at: as the service writes it.
        updated_at: likewise.
        wire: all that the service wrote.
    """

    id: str
    url: str
    events: tuple[str, ...]
    agent_id: str | None = None
    enabled: bool = True
    secret_version: Any = None
    created_at: str | None = None
    updated_at: str | None = None
    wire: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Subscription:
        """Read the service's object."""
        events = wire.get("events")
        return cls(
            id=read.text(wire, "id") or "",
            url=read.text(wire, "url") or "",
            events=tuple(map(str, events)) if isinstance(events, list) else (),
            agent_id=read.text(wire, "agent_id"),
            enabled=wire.get("enabled") is not False,
            secret_version=wire.get("secret_version"),
            created_at=read.text(wire, "created_at"),
            updated_at=read.text(wire, "updated_at"),
            wire=wire,
        )


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was sent to one subscription.

    Attributes:
        event: what was told.
        status: ``"pending"``, ``"delivered"`` or ``"failed"``.
        attempt_count: attempts so far.
        http_status_code: of the last answer.
        error: what went wrong.
        next_retry_at: when it is tried again, as the service writes it.
        subscription_id: whom it was sent to.
        event_id: by which a server knows that it was told before.
        wire: all that the service wrote.
    """

    event: str = ""
    status: str = ""
    attempt_count: int | None = None
    http_status_code: int | None = None
    error: str | None = None
    next_retry_at: str | None = None
    subscription_id: str | None = None
    event_id: str | None = None
    wire: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Delivery:
        """Read the service's object."""
        count, status = read.number(wire, "attempt_count"), read.number(wire, "http_status_code")
        return cls(
            event=read.text(wire, "event") or "",
            status=read.text(wire, "status") or "",
            attempt_count=None if count is None else int(count),
            http_status_code=None if status is None else int(status),
            error=read.text(wire, "error"),
            next_retry_at=read.text(wire, "next_retry_at"),
            subscription_id=read.text(wire, "subscription_id"),
            event_id=read.text(wire, "event_id"),
            wire=wire,
        )


def written(
    *,
    url: str | None = None,
    events: Iterable[str] | None = None,
    secret: str | None = None,
    enabled: bool | None = None,
) -> dict[str, Any]:
    """The fields of a subscription that are set, for the wire.

    Raises:
        InvalidConfiguration: events that are no list of names, or a secret that the service would refuse. The
            message does not show it.
    """
    if isinstance(events, str):
        raise InvalidConfiguration(
            f"events must be a list of names, not {events!r}.",
            remedy=f"Write events=[{events!r}].",
            param="events",
        )
    if secret is not None and not _can_be_secret(secret):
        raise InvalidConfiguration(
            f"A secret has {SHORTEST} to {LONGEST} printable ASCII characters, and no white space.",
            remedy="secrets.token_urlsafe(32) makes a good one.",
            param="secret",
        )
    fields = {
        "url": url,
        "events": None if events is None else list(events),
        "secret": secret,
        "enabled": enabled,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _can_be_secret(secret: str) -> bool:
    return (
        isinstance(secret, str)
        and SHORTEST <= len(secret) <= LONGEST
        and all("!" <= character <= "~" for character in secret)
    )
