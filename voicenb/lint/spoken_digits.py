"""Whether a pattern would refuse digits because of the spaces that they have when they are dictated."""

from __future__ import annotations

import re

_RUN = re.compile(r"(?:\\d|\[0-9\]|\[\\d\])(?:\{(?:[2-9]|\d{2,})|\{\d*,|[+*]|\\d|\[0-9\]|\[\\d\])")
_SPACE = re.compile(r" |\\s|\\W|\\D|\[\^|(?<!\\)\.")
_WRITTEN = ("2026-06-15", "20:30", "2026-06-15T20:30", "2026-06-15T20:30:00Z")
"""Nobody dictates these digit by digit: the model writes them."""


def refuses_spaces(pattern: re.Pattern[str]) -> bool:
    """Whether a pattern asks for digits in a row and leaves no room for a space."""
    source = pattern.pattern
    if not _RUN.search(source) or _SPACE.search(source):
        return False
    return not any(pattern.fullmatch(text) for text in _WRITTEN)
