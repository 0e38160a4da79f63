"""Whether an utterance looks complete: asked when the silence has reached ``min_silence``."""

from __future__ import annotations

import re
from typing import Protocol


class Completeness(Protocol):
    """Says whether the words so far could be all that the caller wants to say."""

    def looks_complete(self, text: str) -> bool:
        """True when a reply would not cut into a sentence. Called on the loop: must not block."""
        ...


_ARTICLES = "a an the my your our their its"
_CONJUNCTIONS = "and or but nor because if unless whether although whereas while than"
# Not those that end sentences as adverbs ("I have been there before").
_PREPOSITIONS = (
    "about against among at beside between beyond by during for from in into of on onto per regarding to "
    "toward towards under until upon via with within without"
)
_FILLERS = "um umm uh uhh uhm er erm ehm eh hmm hm mm"
_NEVER_LAST = frozenset(f"{_ARTICLES} {_CONJUNCTIONS} {_FILLERS}".split())
_SELDOM_LAST = frozenset(_PREPOSITIONS.split())
_DIGIT_WORDS = "zero oh o one two three four five six seven eight nine double triple"
_DIGITS = frozenset(_DIGIT_WORDS.split())
_WHOLE_NUMBERS = frozenset({7, 10, 11, 16})
"""How many digits telephone and card numbers have; a dictation may be over there."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019\-][^\W_]+)*")


class Words:
    """The default, without a model: complete unless the last words cannot end a sentence. English.

    Those are articles and possessives, conjunctions, prepositions (but "what is it for?" is a question),
    fillers, a comma or a dash, and digits that are still being dictated.
    """

    def looks_complete(self, text: str) -> bool:
        """See `looks_complete`."""
        return looks_complete(text)


def looks_complete(text: str) -> bool:
    """Whether the words could be all; no words never are.

    >>> looks_complete("A table for four on"), looks_complete("A table for four on Friday.")
    (False, True)
    """
    words = [word.lower() for word in _WORD.findall(text)]
    if not words:
        return False
    ending = text.rstrip("\"')\u201d\u2019 ")
    if ending.endswith((",", ";", ":", "-", "\u2013", "\u2014", "\u2026", "...")):
        return False
    if words[-1] in _NEVER_LAST:
        return False
    if words[-1] in _SELDOM_LAST and not ending.endswith("?"):
        return False
    return not _still_dictating(words)


def _still_dictating(words: list[str]) -> bool:
    """Three or more digits said one by one or in groups, and not as many as a whole number has."""
    digits = parts = 0
    for word in reversed(words):
        plain = word.replace("-", "")
        if plain.isdigit():
            digits += len(plain)
        elif word in _DIGITS:
            digits += 1
        else:
            break
        parts += 1
    said_singly = parts >= 3 and digits >= 3
    in_groups = parts == 2 and digits >= 5
    return (said_singly or in_groups) and digits not in _WHOLE_NUMBERS
