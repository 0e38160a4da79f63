"""What the caller said in one go: without its hesitations and courtesies, and what they did with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from voicenb.emulator.brains import thinking
from voicenb.emulator.brains.acts import Acts, acts_of
from voicenb.emulator.brains.line import plain

_COURTESIES = frozenset({"hello", "thanks", "how", "present"})
_HUMMED = (
    (re.compile(r"(?i)\b(?:u+h+|m+|h+m+)[- ]?(?:hu+h|h+m+)\b"), "yes"),
    (re.compile(r"(?i)\b(?:nu+h+|u+h+)[- ]u+h+\b"), "no"),
)
_HESITATION = re.compile(r"(?i)\b(?:u+m+|u+h+m*|e+r+m*|h+m+|m{2,}|a+h+|u+gh|arg+h+|eh)\b[,.!…]*(?=\s|$)")

_WHAT_WAS_IT = re.compile(r"what(?:'s| is| was) it\b")


@dataclass(frozen=True, slots=True)
class Utterance:
    """One turn of the caller's.

    Attributes:
        text: the words that mean something, as the recogniser wrote them; empty for silence.
        plain: the same in lower case without punctuation.
        acts: what the caller does with them.
        thanked: whether there was a thank you in it.
        paused: whether the caller thought aloud or asked for a moment in it.
    """

    text: str
    plain: str
    acts: Acts
    thanked: bool = False
    paused: bool = False

    @classmethod
    def of(cls, heard: str) -> Utterance:
        """Read what a recogniser heard.

        A greeting or thanks in a sentence of its own is set aside when there is more, and thinking aloud
        always. Hesitation alone, an answer that was only begun, and a yes with a "hold on" behind it are
        pleas for time.
        """
        text = heard
        for hum, meant in _HUMMED:
            text = hum.sub(meant, text)
        clear = _HESITATION.sub("", text).strip(" ,")
        if plain(text) and not plain(clear):
            return cls(heard, plain(heard), Acts(frozenset({"wait"})))
        whole = plain(clear)
        clear, paused, last = thinking.without(clear)
        if paused and (not plain(clear) or (last and "yes" in acts_of(plain(clear)))):
            asks = acts_of(whole).names & {"summary", "repeat"} if _WHAT_WAS_IT.match(whole) else ()
            return cls("Wait.", "wait", Acts(frozenset(asks or {"wait"})), paused=True)
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
            names = acts_of(plain(text)).names
            if paused and last and "no" in names:
                names |= {"wait"}
            elif paused and "yes" in names and whole.split()[:1] == plain(text).split()[:1]:
                names |= {"doubt"}  # the yes came first: "yes, let me think, Friday"
            return cls(text, plain(text), Acts(frozenset(names)), thanked, paused)
        names = frozenset(name for act in acts for name in act.names)
        return cls(clear, plain(clear), Acts(names), thanked, paused)
