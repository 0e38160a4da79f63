"""Asking who is at an address of this machine: an emulator says so, with its profile and its brain."""

from __future__ import annotations

import http.client
import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from voicenb.loopback import is_loopback
from voicenb.service.address import Address

EMULATOR = "voicenb emulator"
"""What ``GET /`` of an emulator calls itself."""

PATIENCE = 0.5
"""Seconds that one has for the answer: it comes from this machine."""

LONGEST = 65_536
"""Bytes of an answer that are looked at."""


def identified(address: Address, *, patience: float = PATIENCE) -> Address:
    """The address with what is there, where that is an emulator on this machine; else as it was.

    Only an address on loopback of which nothing is known is asked, by ``GET /`` and without its key. It
    waits for the answer, so it has no place on an event loop.

    Args:
        address: where sessions are to connect to.
        patience: seconds to connect, and to wait for each part of the answer.
    """
    told = _about(address, patience) if address.kind == "address" else {}
    profile, brain = told.get("profile"), told.get("brain")
    if not isinstance(profile, str) or not isinstance(brain, str):
        return address
    return replace(address, kind="emulator", profile=profile, brain=brain)


def notice_of(address: Address, *, patience: float = PATIENCE) -> str:
    """What an emulator on this machine says is amiss with it, e.g. that it cannot hear; else ``""``.

    It waits for the answer, so it has no place on an event loop. Nobody else than loopback is asked, and
    without the key.

    Args:
        address: where sessions connect to.
        patience: seconds to connect, and to wait for each part of the answer.
    """
    notice = _about(address, patience).get("notice")
    return notice if isinstance(notice, str) else ""


def _about(address: Address, patience: float) -> dict[str, Any]:
    """What the emulator at an address of this machine says of itself; empty where there is none."""
    parts = urlsplit(address.url)
    if parts.scheme != "ws" or not is_loopback(parts.hostname) or not parts.port:
        return {}
    told = _ask(str(parts.hostname), parts.port, patience)
    return told if isinstance(told, dict) and told.get("service") == EMULATOR else {}


def _ask(host: str, port: int, patience: float) -> Any:
    # Not httpx: no proxy of the environment has a say in what is on loopback.
    connection = http.client.HTTPConnection(host, port, timeout=patience)
    try:
        connection.request("GET", "/", headers={"Accept": "application/json"})
        response = connection.getresponse()
        return json.loads(response.read(LONGEST)) if response.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
