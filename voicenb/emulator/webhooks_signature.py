"""``X-AAI-Signature``: who knows a subscription's secret can tell that a webhook is the service's."""

from __future__ import annotations

import hashlib
import hmac

HEADER = "X-AAI-Signature"


def signature(secret: str, stamp: int, body: bytes) -> str:
    """The header's value.

    Args:
        secret: of the subscription.
        stamp: epoch seconds of the sending.
        body: as it is sent.
    """
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"
