"""Values out of what the service wrote, which may leave anything out or write it otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def text(wire: Mapping[str, Any], name: str) -> str | None:
    """A text; None where there is none."""
    value = wire.get(name)
    return value if isinstance(value, str) else None


def number(wire: Mapping[str, Any], name: str) -> float | None:
    """A number; None where there is none."""
    value = wire.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def seconds(wire: Mapping[str, Any], name: str) -> float | None:
    """Milliseconds as seconds; None where there are none."""
    value = number(wire, name)
    return None if value is None else value / 1000


def entries(wire: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of objects; empty where there is none, for the service leaves empty ones out."""
    value = wire.get(name)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def part(wire: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object; empty where there is none."""
    value = wire.get(name)
    return value if isinstance(value, dict) else {}
