"""Back-channels: "mm-hm", "yeah", "okay", which say *go on* and do not want the floor. English."""

from __future__ import annotations

import re

_WORDS = "yeah yea yes yep yup ok okay okey right sure ah aha oh wow great good cool nice alright indeed"
_SINGLE = frozenset(_WORDS.split())
_PAIRS = frozenset({("i", "see"), ("got", "it"), ("all", "right"), ("go", "on")})
_HUMS = re.compile(r"m+(?:h+m+)*|h+m+|m+h+u+h+|u+h+h+u+h+|a+h+h+a+h*")
"""Hums however a recogniser spells them: mm, mhm, mm-hmm, hmm, uh-huh (hyphens and spaces taken out)."""

_WORD = re.compile(r"[a-z']+")
_MOST_WORDS = 5


def is_backchannel(text: str) -> bool:
    """Whether the words are nothing but back-channels; no words are none.

    >>> is_backchannel("Mm-hmm. Yeah, okay."), is_backchannel("Okay, stop.")
    (True, False)
    """
    words = _WORD.findall(text.lower())
    if not words or len(words) > _MOST_WORDS:
        return False
    at = 0
    while at < len(words):
        pair = tuple(words[at : at + 2])
        if pair in _PAIRS or (len(pair) == 2 and _HUMS.fullmatch("".join(pair))):
            at += 2
        elif words[at] in _SINGLE or _HUMS.fullmatch(words[at]):
            at += 1
        else:
            return False
    return True
