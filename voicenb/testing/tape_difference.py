"""How what a client sends differs from what is on a tape."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

SHOWN = 3
"""Differences that are told of one message."""

LONGEST = 120
"""Characters of a value that are shown."""


def differences(expected: Any, received: Any, place: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two values differ: the place, what is expected there and what came; ``...`` for nothing."""
    if isinstance(expected, dict) and isinstance(received, dict):
        for key in [*expected, *(key for key in received if key not in expected)]:
            inner = f"{place}.{key}" if place else str(key)
            yield from differences(expected.get(key, ...), received.get(key, ...), inner)
    elif isinstance(expected, list) and isinstance(received, list):
        for number in range(max(len(expected), len(received))):
            left, right = (side[number] if number < len(side) else ... for side in (expected, received))
            yield from differences(left, right, f"{place}[{number}]")
    elif expected != received:
        yield place, expected, received


def told(expected: dict[str, Any], received: dict[str, Any]) -> str:
    """The first differences, for a person."""
    found = list(differences(expected, received))
    lines = [f"{place}: expected {_shown(left)}, received {_shown(right)}" for place, left, right in found]
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return "; ".join(lines[:SHOWN]) + more


def _shown(value: Any) -> str:
    if value is ...:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
