"""Whether a webhook is the service's: for whoever receives one."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from voicenb.errors import InvalidConfiguration

HEADER = "X-AAI-Signature"

TOLERANCE = 300
"""Seconds that the sender's clock and ours may be apart, the way included."""

_STAMP = re.compile(r"[0-9]{1,12}")

Text = str | bytes


@runtime_checkable
class WithItems(Protocol):
    """Headers as frameworks have them: a dict, an ``email.message.Message``, a multi-dict."""

    def items(self) -> Iterable[tuple[Text, Text]]:
        """Names and values."""
        ...


Headers = WithItems | Iterable[tuple[Text, Text]]


def verify_webhook(headers: Headers, body: bytes, secret: str, now: float | None = None) -> bool:
    """Whether a request was sent by the service, with this secret, and less than five minutes ago.

    Pure, and in constant time. The service sends again what was not answered with 2xx: whoever acts on an
    event remembers its ``event_id``.

    Args:
        headers: of the request: anything with ``items()`` (a dict, ``self.headers`` of ``http.server``,
            ``request.headers`` of frameworks), or pairs as in ASGI; the names in any case.
        body: as it came, byte for byte. What was parsed and written again has another signature.
        secret: of the subscription.
        now: epoch seconds; the clock's by default.

    Returns:
        False where the signature is missing, malformed, somebody else's, or too old: answer with 401.

    Raises:
        InvalidConfiguration: the body is no bytes, the headers are none, or there is no secret.

    Example:
        >>> verify_webhook({}, b"{}", "s" * 32)
        False
    """
    if not isinstance(body, bytes | bytearray | memoryview):
        raise InvalidConfiguration(
            f"The body must be the bytes that came, not {type(body).__name__}.",
            remedy="In FastAPI and Starlette that is `await request.body()`, in Flask `request.get_data()`.",
            param="body",
        )
    if not isinstance(secret, str) or not secret:
        raise InvalidConfiguration("Without the subscription's secret nothing is verified.", param="secret")
    stamp, signatures = _read(_header(headers))
    if not _STAMP.fullmatch(stamp):
        return False
    wanted = (
        hmac.new(secret.encode(), f"{stamp}.".encode() + bytes(body), hashlib.sha256).hexdigest().encode()
    )
    # All of them are compared: how long it takes tells nothing.
    good = [hmac.compare_digest(wanted, each.encode("utf-8", "replace")) for each in signatures]
    return any(good) and abs((time.time() if now is None else now) - int(stamp)) <= TOLERANCE


def _header(headers: Headers) -> str:
    try:
        pairs = [(_text(name), _text(value)) for name, value in _pairs(headers)]
    except (TypeError, ValueError):
        # Not what they hold: it may be a login.
        raise InvalidConfiguration(
            f"The headers must be a mapping or pairs of names and values, not {type(headers).__name__}.",
            remedy="Pass the request's own: request.headers, or self.headers in http.server.",
            param="headers",
        ) from None
    return next((value for name, value in pairs if name.lower() == HEADER.lower()), "")


def _pairs(headers: Headers) -> Iterable[tuple[Text, Text]]:
    return headers.items() if isinstance(headers, WithItems) else headers


def _text(value: Text) -> str:
    return value if isinstance(value, str) else memoryview(value).tobytes().decode("latin-1")


def _read(header: str) -> tuple[str, list[str]]:
    """The stamp and the signatures of ``t=…,v1=…``."""
    stamp, signatures = "", []
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        if name == "t":
            stamp = value
        elif name == "v1":
            signatures.append(value)
    return stamp, signatures
