"""A prompt as prose: its sentences, what it quotes, and whether it forbids."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


def bag(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


_ABBREVIATION = re.compile(
    r"\b(?:e\.\s?g|i\.\s?e|etc|approx|vs|mr|mrs|ms|dr|prof|st|a\.m|p\.m|z\.\s?b)\.", re.IGNORECASE
)
_ITEM = r"(?:[-*•+]|\d{1,3}[.)])[ \t]+"
_LABEL = r"[A-Z][\w ]{0,24}:"
_BLANK = re.compile(r"\n[ \t]*\n")
# The end of a line is a space, unless what follows begins anew.
_END = re.compile(rf"(?<=[.!?])[\"')\]]*(?=\s)|(?<=:)[ \t]*\n|\n(?=[ \t]*(?:{_ITEM}|\#{{1,6}} |{_LABEL}))")
_FORBIDS = re.compile(
    r"\b(?:never|avoid\w*|do not|does not|don't|doesn't|not|no|without|refrain\w*|instead of|rather than|"
    r"stop|skip|ban(?:ned)?|forbid(?:den)?|mustn't|cannot|can't|shouldn't|bad|wrong"
    # What is written is judged in every language, so what is forbidden must be seen in some more.
    r"|nie(?:mals)?|nicht|keine?[nmrs]?|ohne|vermeide\w*|jamais|pas|sans|évite\w*|nunca|jamás|evit[ae]\w*|mai|non|senza)\b",
    re.IGNORECASE,
)
_STRAIGHT = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"'})
"""Quotation marks and apostrophes as a keyboard has them, each for one."""
_QUOTED = re.compile(r"\"([^\"\n]{1,400})\"|(?<!\w)'([^'\n]{2,200})'(?!\w)")
_COMMON = bag(
    "the and of to you your are is it with for be that this not if when can do what how they "
    "their them on by from "
    "or as at only one who will have never always about any then should must short keep"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a prompt.

    Attributes:
        text: with its end, without space around it.
        start: the place of its first character in the prompt.
        forbids: whether it says what not to do, or stands in a list of such things.
    """

    text: str
    start: int
    forbids: bool


class Prose:
    """A text, with straight quotation marks; items of a list and headings are sentences too."""

    def __init__(self, text: str) -> None:
        self.text = text.translate(_STRAIGHT)

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences, in order."""
        # An abbreviation's dot ends none. As many characters, so that places stay.
        veiled = _ABBREVIATION.sub(lambda match: match[0].replace(".", "\u2024"), self.text)
        found: list[Sentence] = []
        forbidding = False
        for begin, end in _between(veiled, _BLANK, 0, len(veiled)):
            # What a heading forbids lasts to the end of the paragraph behind it.
            forbidding = forbidding and found[-1].text.endswith(":")
            for start, stop in _between(veiled, _END, begin, end):
                piece = self.text[start:stop]
                if said := piece.strip():
                    forbids = forbidding or bool(_FORBIDS.search(said))
                    found.append(Sentence(said, start + len(piece) - len(piece.lstrip()), forbids))
                    forbidding = forbids and (forbidding or said.endswith(":"))
        return found

    @cached_property
    def is_english(self) -> bool:
        """Whether it is likely to be English: then one may say what it does not say."""
        all_of_them = words(self.text)
        return sum(word in _COMMON for word in all_of_them) >= max(1, 0.12 * len(all_of_them))

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def at(self, place: int) -> Sentence:
        """The sentence around a place."""
        before = bisect.bisect_right(self._starts, place)
        return self.sentences[before - 1] if before else Sentence(self.text.strip(), 0, False)

    def wanted(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """The matches that stand in no sentence that forbids something."""
        return [match for match in pattern.finditer(self.text) if not self.at(match.start()).forbids]

    def says(self, pattern: re.Pattern[str]) -> bool:
        """Whether a pattern is anywhere in it."""
        return pattern.search(self.text) is not None


def _between(text: str, cut: re.Pattern[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in cut.finditer(text, start, end):
        yield start, match.end()
        start = match.end()
    yield start, end


def quotes(text: str) -> Iterator[tuple[str, int]]:
    """What stands in quotation marks, with its place."""
    for match in _QUOTED.finditer(text):
        group = 1 if match[1] is not None else 2
        yield match[group], match.start(group)


def words(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.lower())
