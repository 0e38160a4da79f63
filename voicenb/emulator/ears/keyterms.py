"""Keyterms: words that are likelier here than elsewhere, put where something that sounds like them was heard.

Two witnesses must agree. What was heard must *sound* like the keyterm (eSpeak NG's phonemes, across the
borders of words: "anthrop pick", "Anthropic"), and the recogniser itself must find the keyterm nearly as
*likely*, in that sound and sentence, as what it chose. The first alone would turn every "leader" into a
"Lido"; the second tells "queen of gloves" from "he wore gloves because it was cold".

What the agent has just offered is *expected*: it helps where speech is hardly heard, over the agent's voice
for instance. Nobody asked for it to be heard, so it must be likelier still, and it never takes the place of
a number, a day or a choice that was heard. What tools give as an *example* must be the likeliest of all, for
any other word of its kind may have been said; it helps short answers, which have no sentence to tell by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from voicenb.emulator.ears.phonetics import Phones, distances, phones
from voicenb.emulator.recognizer import EXAMPLE

_ALIKE = 0.4
"""Distance in sound up to which a keyterm is tried."""

_TRIED = 8
"""The most changes that are tried in one text; the likest in sound first."""

_BASE, _PER_PIECE, _PER_DISTANCE = 5.0, 2.0, 8.0
"""How many nats less likely a keyterm may be than what was heard: a rare word is unlikely with each of
its pieces, and the less it sounds like what was heard, the better it must fit.
"""

_EXPECTED = 5.5
"""How many nats less likely an expected phrase may be than what was heard."""

_EXAMPLE, _SHORT = 3.5, 4
"""The same for an example, in an answer of at most so many words.

Measured with three voices: of nineteen answers that were misheard, thirteen were within this; of some hundred
words that sound like an example, three are ("Harris" for "Paris"), and "Mary" for "Maria" at 4.8 is not.
"""

_CASE_ONLY, _COMMON = 3.0, 2
"""The same for a change that nobody hears, as from "piper" to "Piper", in a word of at most so many pieces;
a longer one is no common word, and is written as the keyterm has it.
"""

_READINGS = ("en-us", "it")
"""As what a keyterm may be read: English, or letter by letter as most names that are not English."""

_WORDS_OF_VALUES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred noon midnight "
    "first second third last earlier later half quarter today tomorrow monday tuesday wednesday thursday "
    "friday saturday sunday january february march april june july august september october november "
    "december yes no not never"
)
"""Words that say what is meant: one of them that was heard is not lost to an expected phrase without it."""

_TAKEN_FOR = {"Thursday": "first day"}
"""What some values are heard as that may be meant as well: they are weighed like examples there."""

_WORD = re.compile(r"(\W*)(.*?)((?:['’]s)?)(\W*)", re.DOTALL)  # noqa: RUF001 (the typographic apostrophe)


class Judge(Protocol):
    """A recogniser's judgement, once it has heard."""

    def gain(self, text: str) -> float:
        """How much likelier ``text`` is than what was heard, in nats; seldom above 0."""
        ...

    def pieces(self, text: str) -> int:
        """Of how many tokens ``text`` consists: one for a common word, more for a rare one."""
        ...


@dataclass(frozen=True, slots=True)
class Change:
    """A keyterm in the place of some words.

    Attributes:
        start: the first word's place.
        stop: one past the last word's.
        text: what is to stand there, with the marks that stood around it.
        term: the keyterm.
        apart: how unlike the two sound, from 0 to 1.
        case_only: whether nothing but the case of letters differs.
        expected: whether the term is only expected, no keyterm.
        example: whether it is only an example of what is expected.
    """

    start: int
    stop: int
    text: str
    term: str
    apart: float
    case_only: bool
    expected: bool = False
    example: bool = False

    def allowance(self, pieces: int) -> float:
        """How many nats less likely this may be, for a term of so many pieces."""
        if self.example:
            return _EXAMPLE
        if self.expected:
            return _EXPECTED
        if self.case_only and pieces <= _COMMON:
            return _CASE_ONLY
        return _BASE + _PER_PIECE * pieces - _PER_DISTANCE * self.apart


def corrected(text: str, keyterms: Sequence[str], judge: Judge, expected: Sequence[str] = ()) -> str:
    """``text`` with those keyterms and expected phrases put in that sound alike and are likely enough.

    Args:
        text: what was heard.
        keyterms: words and phrases, written as they shall appear.
        judge: the recogniser's judgement of other texts.
        expected: what the caller may well answer with, examples behind ``EXAMPLE``.
    """
    words = text.split()
    weighed = []
    for change in (*_changes(tuple(words), tuple(keyterms)), *_guesses(words, keyterms, expected)):
        gain = judge.gain(" ".join(_with(words, [change])))
        margin = gain + change.allowance(judge.pieces(change.term))
        if margin >= 0:
            weighed.append((margin, change))
    taken: list[Change] = []
    for _, change in sorted(weighed, key=lambda one: -one[0]):
        if all(change.stop <= other.start or change.start >= other.stop for other in taken):
            taken.append(change)
    return " ".join(_with(words, taken))


def _with(words: Sequence[str], changes: Sequence[Change]) -> list[str]:
    changed = list(words)
    for change in sorted(changes, key=lambda one: -one.start):
        changed[change.start : change.stop] = [change.text]
    return changed


def _guesses(words: Sequence[str], keyterms: Sequence[str], expected: Sequence[str]) -> Iterator[Change]:
    """Expected phrases in the place of words that mean nothing by themselves."""
    examples = {phrase.removeprefix(EXAMPLE) for phrase in expected if phrase.startswith(EXAMPLE)}
    expected = [phrase for phrase in expected if not phrase.startswith(EXAMPLE)]
    if len(words) <= _SHORT:
        expected += sorted(examples.difference(expected))
    if not expected:
        return
    meant = _known([_parts(word) for word in words], _terms(tuple(keyterms)))
    values = {*_WORDS_OF_VALUES.split()} | {_letters(word) for phrase in expected for word in phrase.split()}
    for change in _changes(tuple(words), tuple(expected)):
        kept = {_letters(word) for word in change.text.split()}
        replaced = [_letters(part) for word in words[change.start : change.stop] for part in _pieces(word)]
        lost = [word for word in replaced if word not in kept and (word in values or word.isdigit())]
        mistaken = " ".join(replaced) == _TAKEN_FOR.get(change.term)
        if (not lost or mistaken) and not change.case_only and not any(meant[change.start : change.stop]):
            yield replace(change, expected=True, example=mistaken or change.term in examples)


def _pieces(word: str) -> list[str]:
    return re.split(r"[-\u2013]", word)


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    letters: str
    words: int
    readings: tuple[Phones, ...]


@lru_cache(maxsize=64)
def _terms(keyterms: tuple[str, ...]) -> tuple[_Term, ...]:
    terms = []
    for text in dict.fromkeys(" ".join(term.split()) for term in keyterms):
        readings = tuple(
            dict.fromkeys(sounds for language in _READINGS if (sounds := phones(text, language)))
        )
        if readings:
            terms.append(_Term(text, _letters(text), len(text.split()), readings))
    return tuple(terms)


def _letters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


@lru_cache(maxsize=64)
def _changes(words: tuple[str, ...], keyterms: tuple[str, ...]) -> tuple[Change, ...]:
    """What is worth weighing, the likest in sound first."""
    terms = _terms(keyterms)
    parts = [_parts(word) for word in words]
    known = _known(parts, terms)
    places: list[tuple[int, int, _Term, str, bool]] = []
    heard: list[Phones] = []
    wanted: list[Phones] = []
    for start, stop, sounds, suffix in _windows(parts, 2 + max((term.words for term in terms), default=0)):
        letters = "".join(_letters(core + tail) for _, core, tail, _ in parts[start:stop])
        for term in terms:
            same = letters in (term.letters, term.letters + _letters(suffix))
            if stop - start > term.words + 2 or (not same and any(known[start:stop])):
                continue
            if same and term.text == " ".join(core for _, core, _, _ in parts[start:stop]):
                continue
            for reading in term.readings:
                if same or 2 * min(len(sounds), len(reading)) >= max(len(sounds), len(reading)):
                    places.append((start, stop, term, suffix, same))
                    heard.append(sounds)
                    wanted.append(reading)
    found: dict[tuple[int, int, str], Change] = {}
    for (start, stop, term, suffix, same), apart in zip(
        places, distances(heard, wanted).tolist(), strict=True
    ):
        if same or apart <= _ALIKE:
            change = _change(parts, start, stop, term, suffix, 0.0 if same else apart)
            key = (start, stop, change.text)
            if change.text != " ".join(words[start:stop]) and (key not in found or apart < found[key].apart):
                found[key] = change
    ordered = sorted(found.values(), key=lambda one: (one.apart, one.start, one.stop, one.text))
    return tuple(ordered[:_TRIED])


def _parts(word: str) -> tuple[str, str, str, str]:
    """A word's opening marks, itself, a possessive ending, and its closing marks."""
    match = _WORD.fullmatch(word)
    return (match[1], match[2], match[3], match[4]) if match else ("", word, "", "")


def _known(parts: Sequence[tuple[str, str, str, str]], terms: Sequence[_Term]) -> list[bool]:
    """Which words are keyterms, or part of one, as they stand: these are left alone."""
    cores = [_letters(core) for _, core, _, _ in parts]
    known = [False] * len(parts)
    for term in terms:
        wanted = [_letters(word) for word in term.text.split()]
        for start in range(len(cores) - len(wanted) + 1):
            if cores[start : start + len(wanted)] == wanted:
                known[start : start + len(wanted)] = [True] * len(wanted)
    return known


def _windows(
    parts: Sequence[tuple[str, str, str, str]], longest: int
) -> Iterator[tuple[int, int, Phones, str]]:
    """Stretches of words with their sounds; a possessive at the end with its ending and without."""
    whole = [phones(core + tail) for _, core, tail, _ in parts]
    for start in range(len(parts)):
        sounds: Phones = ()
        for stop in range(start + 1, min(len(parts), start + longest) + 1):
            _, core, tail, _ = parts[stop - 1]
            if tail:
                yield start, stop, sounds + phones(core), tail
            sounds += whole[stop - 1]
            yield start, stop, sounds, ""


def _change(
    parts: Sequence[tuple[str, str, str, str]], start: int, stop: int, term: _Term, suffix: str, apart: float
) -> Change:
    opening, first, _, _ = parts[start]
    text = term.text
    if start == 0 and first[:1].isupper() and text.islower():
        text = text[:1].upper() + text[1:]
    heard = " ".join(core for _, core, _, _ in parts[start:stop])
    case_only = heard.lower() == term.text.lower()
    return Change(start, stop, opening + text + suffix + parts[stop - 1][3], term.text, apart, case_only)
