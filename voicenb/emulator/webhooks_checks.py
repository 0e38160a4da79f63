"""What a webhook subscription may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from voicenb.emulator import errors
from voicenb.emulator.errors import Refusal
from voicenb.loopback import is_loopback

EVENTS = ("session.started", "session.completed", "call.connected", "call.ended", "call.failed")
"""All that may be subscribed to. Those of calls never happen here: there is no telephone."""

LONGEST_URL = 2048
_SECRET = re.compile(r"[\x21-\x7e]{32,256}")
_WRITABLE = ("url", "events", "secret", "enabled")
_REQUIRED = ("url", "events", "secret")


def creation(body: Any, *, loopback: bool) -> Refusal | None:
    """What is wrong with the body of a ``POST``.

    Args:
        body: as it came.
        loopback: whether the emulator is on loopback, and may send to a http address there.
    """
    return _fields(body, (*_WRITABLE, "agent_id"), _REQUIRED) or _values(body, loopback)


def change(body: Any, *, loopback: bool) -> Refusal | None:
    """What is wrong with the body of a ``PATCH`` or ``PUT``: any of the writable fields, at least one."""
    refusal = _fields(body, _WRITABLE, ())
    if refusal is None and not body:
        refusal = errors.value(f"give at least one of {', '.join(_WRITABLE)}", None)
    return refusal or _values(body, loopback)


def _fields(body: Any, known: tuple[str, ...], required: tuple[str, ...]) -> Refusal | None:
    if not isinstance(body, Mapping):
        return errors.value("the body must be a JSON object", None)
    for key in body:
        if key not in known:
            return errors.value(f"'{key}' cannot be set on a webhook subscription", key)
    for key in required:
        if key not in body:
            return errors.value(f"'{key}' is required", key)
    return None


def _values(body: Mapping[str, Any], loopback: bool) -> Refusal | None:
    if "url" in body and not _reachable(body["url"], loopback):
        here = ", or begin with http:// and a loopback address" if loopback else ""
        message = f"'url' must begin with https://{here}, and have at most {LONGEST_URL} characters"
        return errors.value(message, "url")
    if "events" in body:
        events = body["events"]
        if not isinstance(events, list) or not events or any(event not in EVENTS for event in events):
            return errors.value(f"'events' must be a list of at least one of {', '.join(EVENTS)}", "events")
        if len(set(events)) < len(events):
            return errors.value("'events' must not have the same event twice", "events")
    secret = body.get("secret", "x" * 32)
    if not isinstance(secret, str) or not _SECRET.fullmatch(secret):
        message = "'secret' must be 32 to 256 printable ASCII characters without white space"
        return errors.value(message, "secret")
    if body.get("agent_id") is not None and not isinstance(body["agent_id"], str):
        return errors.value("'agent_id' must be a string or null", "agent_id")
    if not isinstance(body.get("enabled", True), bool):
        return errors.value("'enabled' must be true or false", "enabled")
    return None


def _reachable(url: Any, loopback: bool) -> bool:
    if not isinstance(url, str) or len(url) > LONGEST_URL or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or not url.startswith(("https://", "http://")):
        return False
    return parts.scheme == "https" or (loopback and is_loopback(host))
