"""Loopback: whether a host is this machine itself."""

from __future__ import annotations

import ipaddress


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address means this machine.

    Only names that no DNS server can give a meaning of its own: ``127.example.com`` is somebody else.

    Args:
        host: as ``urlsplit(url).hostname`` gives it, without brackets; None is no host.
    """
    if host is None or host.lower() == "localhost":
        return host is not None
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
