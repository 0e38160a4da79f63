"""How deep a value of JSON nests: what nests deeper than anybody means is refused before it makes trouble."""

from __future__ import annotations

from typing import Any

DEEPEST = 100
"""Objects and lists in each other. Python gives up at some hundreds, depending on who asks."""


def too_deep(value: Any) -> bool:
    """Whether objects and lists lie in each other more than :data:`DEEPEST` times."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(DEEPEST):
        if not level:
            return False
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    return bool(level)
