"""Text cut to what can be listened to."""

from __future__ import annotations

import re

LONGEST = 300
"""Letters that are said in one go: some twenty seconds."""

MOST = 3
"""Sentences of a text that are said."""

LONGEST_ITEM = 110
"""Letters of one thing among several."""

MORE = "There is more."


def brief(text: str, most: int | None = MOST) -> str:
    """``text`` as far as it is listened to, and that there is more where that is not all.

    Args:
        text: sentences.
        most: how many of them; None sets no limit but that of letters.
    """
    text = text.strip()
    sentences = re.split(r"(?<=[.!?…])\s+", text)
    said = " ".join(sentences[:most])
    if said == " ".join(sentences) and len(said) <= LONGEST:
        return text
    said = _cut(said, LONGEST)
    return f"{said if said[-1:] in '.!?…' else said + '.'} {MORE}"


def brief_item(text: str) -> str:
    """One thing among several, as far as it is listened to."""
    return text if len(text) <= LONGEST_ITEM else f"{_cut(text, LONGEST_ITEM)} and so on"


def _cut(text: str, longest: int) -> str:
    """The beginning of a text, up to the end of a sentence, or else of a word, that is not far back."""
    if len(text) <= longest:
        return text
    begin = text[: longest + 1]
    ends = [found.end() for found in re.finditer(r"[.!?…](?=\s)", begin)]
    words = begin.rfind(" ")
    end = ends[-1] if ends and ends[-1] > longest / 2 else words if words > longest / 2 else longest
    return begin[:end].rstrip(" ,;:-")
