"""Addresses that the service calls by itself: only such as anybody can reach, whatever their names mean."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from voicenb.protocol.hosts import is_public

NOT_PUBLIC = "the address is not public"
UNKNOWN = "the host is not known"


def why_not_public(url: str) -> str:
    """Why an address may not be called; empty where it may. Asks a name server: it belongs on a thread.

    Raises:
        ValueError: it is none.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not is_public(host):
        return NOT_PUBLIC
    try:
        found = socket.getaddrinfo(host, parts.port or 443, proto=socket.IPPROTO_TCP)
    except OSError:
        return UNKNOWN
    return "" if all(is_public(str(address[0])) for *_, address in found) else NOT_PUBLIC
