"""Two texts word by word: what was taken out, what was put in, and a few words around it."""

from __future__ import annotations

import difflib
import re
from typing import Literal

Piece = tuple[Literal["same", "out", "in"], str]

AROUND = 4
"""Words that are shown on either side of a change."""

_WORD = re.compile(r"\S+\s*|\s+")
_LONG = 4000


def pieces(left: str, right: str) -> list[Piece]:
    """The texts as runs of words; of what is the same only what stands beside a change.

    Args:
        left: one text.
        right: the other.
    """
    before, after = _WORD.findall(left), _WORD.findall(right)
    # Long texts are matched less closely, so that nobody waits.
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=len(before) + len(after) > _LONG)
    found: list[Piece] = []
    steps = matcher.get_opcodes()
    for n, (kind, a, b, c, d) in enumerate(steps):
        if kind == "equal":
            found.append(("same", _around(before[a:b], first=n == 0, last=n == len(steps) - 1)))
            continue
        if b > a:
            found.append(("out", "".join(before[a:b])))
        if d > c:
            found.append(("in", "".join(after[c:d])))
    return found


def _around(words: list[str], *, first: bool, last: bool) -> str:
    head, tail = (0 if first else AROUND), (0 if last else AROUND)
    if len(words) <= head + tail + 1:
        return "".join(words)
    end = "".join(words[len(words) - tail :]) if tail else ""
    return f"{''.join(words[:head]).rstrip()}{' ' if head else ''}…{' ' if tail else ''}{end}"
