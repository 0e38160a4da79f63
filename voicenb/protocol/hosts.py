"""Hosts: whether anybody could reach one, as far as that can be seen without a name server."""

from __future__ import annotations

import socket
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit


def https_host(url: str) -> str:
    """The host that an ``https://`` address names; empty if it is no such address, or names none."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket that is not closed
        return ""
    return (parts.hostname or "") if parts.scheme == "https" else ""


def is_public(host: str) -> bool:
    """Whether a host may be one that anybody can reach."""
    host = host.rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        address = ip_address(host)
    except ValueError:
        try:
            # Resolvers also take an address in fewer parts, or in other bases: 127.1, 0x7f000001.
            address = ip_address(socket.inet_aton(host))
        except (OSError, ValueError):
            return True
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    return address.is_global and not address.is_multicast
