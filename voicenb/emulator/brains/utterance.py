"""What the caller said in one go: without its hesitations and courtesies, and what they did with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from voicenb.emulator.brains.acts import Acts, acts_of
from voicenb.emulator.brains.line import plain

_COURTESIES = frozenset({"hello", "thanks", "how", "present"})
_HUMMED = (
    (re.compile(r"(?i)\b(?:u+h+|m+|h+m+)[- ]?(?:hu+h|h+m+)\b"), "yes"),
    (re.compile(r"(?i)\b(?:nu+h+|u+h+)[- ]u+h+\b"), "no"),
)
_HESITATION = re.compile(r"(?i)\b(?:u+m+|u+h+m*|e+r+m*|h+m+|m{2,}|a+h+|u+gh|arg+h+|eh)\b[,.!…]*(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Utterance:
    """One turn of the caller's.

    Attributes:
        text: the words that mean something, as the recogniser wrote them; empty for silence.
        plain: the same in lower case without punctuation.
        acts: what the caller does with them.
        thanked: whether there was a thank you in it.
    """

    text: str
    plain: str
    acts: Acts
    thanked: bool = False

    @classmethod
    def of(cls, heard: str) -> Utterance:
        """Read what a recogniser heard.

        A greeting or thanks in a sentence of its own is set aside when there is more. Hesitation alone is
        a plea for time.
        """
        text = heard
        for hum, meant in _HUMMED:
            text = hum.sub(meant, text)
        clear = _HESITATION.sub("", text).strip(" ,")
        if plain(text) and not plain(clear):
            return cls(heard, plain(heard), Acts(frozenset({"wait"})))
        sentences = [sentence for sentence in re.split(r"(?<=[.?!])\s+", clear) if plain(sentence)]
        acts = [acts_of(plain(sentence)) for sentence in sentences]
        thanked = any("thanks" in act for act in acts) or bool(
            re.search(r"\b(?:thanks?|cheers)\b", plain(clear))
        )
        rest = [
            sentence
            for sentence, act in zip(sentences, acts, strict=True)
            if not act.names or not act.names <= _COURTESIES
        ]
        if rest:
            text = " ".join(rest)
            return cls(text, plain(text), acts_of(plain(text)), thanked)
        names = frozenset(name for act in acts for name in act.names)
        return cls(clear, plain(clear), Acts(names), thanked)
