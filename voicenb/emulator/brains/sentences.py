"""Cuts text that comes in pieces into sentences that can be spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(r"(?<=[.!?…])([\"'”)*_`]*)\s+|\n+")
_NO_END = re.compile(
    r"\b(?i:e\.g|i\.e|etc|mr|mrs|ms|dr|st|vs|approx|prof|[ap]\.m)\.$|^\s*\d{1,2}\.$|\b[A-Z]\.$"
)
_OPEN, _CLOSE = "<think>", "</think>"


class Sentences:
    """Takes pieces of text, gives whole sentences.

    Markup that a model writes in spite of being asked not to, and the reasoning that some put between
    ``<think>`` tags, is left out.
    """

    def __init__(self) -> None:
        self._text = ""
        self._raw = ""
        self._thinking = False

    def push(self, piece: str) -> Iterator[str]:
        """The sentences that ``piece`` completes."""
        self._raw += piece
        self._text += self._spoken()
        start = 0
        for end in _END.finditer(self._text):
            candidate = self._text[start : end.start()] + (end[1] or "")
            if _NO_END.search(candidate) and "\n" not in end[0]:
                continue
            start = end.end()
            said = plain(candidate)
            if said:
                yield said
        self._text = self._text[start:]

    def rest(self) -> str:
        """What is left when no more comes."""
        text = self._text + ("" if self._thinking else self._raw)
        self._text = self._raw = ""
        return plain(text)

    def _spoken(self) -> str:
        """What of the raw text is certainly not reasoning; the beginning of a tag is kept back."""
        spoken = ""
        while True:
            tag = _CLOSE if self._thinking else _OPEN
            before, found, after = self._raw.partition(tag)
            if found:
                spoken += "" if self._thinking else before
                self._raw, self._thinking = after, not self._thinking
                continue
            kept = next((size for size in range(len(tag) - 1, 0, -1) if self._raw.endswith(tag[:size])), 0)
            cut = len(self._raw) - kept
            spoken += "" if self._thinking else self._raw[:cut]
            self._raw = self._raw[cut:]
            return spoken


def plain(text: str) -> str:
    """``text`` without Markdown."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(?m)^\s*(?:#{1,6}\s+|[-*+•]\s+|>\s*)", "", text)
    return re.sub(r"\s+", " ", re.sub(r"[*`]+|(?<!\w)_+|_+(?!\w)", "", text)).strip()
