"""How alike two pieces of English sound: eSpeak NG's phonemes, and what turns one into the other."""

# ruff: noqa: RUF001 (phonetic letters are meant)

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from voicenb.errors import MissingExtra

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Phones = tuple[str, ...]
"""Sounds in order, one letter of IPA each; neither stress nor length."""

_VOWELS: dict[str, tuple[float, float, float]] = {
    # letter: (height, backness, rounding), each 0…1
    "i": (1.0, 0.0, 0), "ɪ": (0.8, 0.2, 0), "e": (0.65, 0.0, 0), "ɛ": (0.4, 0.1, 0), "æ": (0.15, 0.1, 0),
    "a": (0.0, 0.4, 0), "ɐ": (0.15, 0.5, 0), "ɑ": (0.0, 0.9, 0), "ɒ": (0.0, 1.0, 0.6), "ɔ": (0.4, 1.0, 0.8),
    "o": (0.65, 1.0, 0.8), "ʊ": (0.8, 0.8, 0.6), "u": (1.0, 1.0, 0.8), "ʌ": (0.35, 0.7, 0),
    "ə": (0.5, 0.5, 0), "ɜ": (0.45, 0.5, 0), "ɚ": (0.5, 0.5, 0.2), "ᵻ": (0.8, 0.4, 0), "y": (1.0, 0.0, 0.8),
    "ø": (0.65, 0.0, 0.8), "œ": (0.4, 0.1, 0.8),
}  # fmt: skip

_CONSONANTS: dict[str, tuple[float, str, bool]] = {
    # letter: (place from the lips 0 to the throat 1, manner, voiced)
    "p": (0.0, "stop", False), "b": (0.0, "stop", True), "t": (0.4, "stop", False), "d": (0.4, "stop", True),
    "ɾ": (0.4, "stop", True), "k": (0.8, "stop", False), "ɡ": (0.8, "stop", True), "ʔ": (1.0, "stop", False),
    "f": (0.1, "hiss", False), "v": (0.1, "hiss", True), "θ": (0.25, "hiss", False),
    "ð": (0.25, "hiss", True), "s": (0.4, "hiss", False), "z": (0.4, "hiss", True),
    "ʃ": (0.55, "hiss", False), "ʒ": (0.55, "hiss", True), "x": (0.8, "hiss", False),
    "ç": (0.6, "hiss", False), "h": (1.0, "hiss", False),
    "m": (0.0, "nose", True), "n": (0.4, "nose", True), "ŋ": (0.8, "nose", True), "ɲ": (0.6, "nose", True),
    "l": (0.4, "glide", True), "ɹ": (0.5, "glide", True), "r": (0.45, "glide", True),
    "j": (0.6, "glide", True), "w": (0.3, "glide", True),
}  # fmt: skip

_NEAR = {frozenset(pair): cost for pair, cost in {
    ("ɚ", "ɹ"): 0.2, ("ɜ", "ɹ"): 0.4, ("i", "j"): 0.2, ("ɪ", "j"): 0.3, ("u", "w"): 0.2, ("ʊ", "w"): 0.3,
    ("o", "w"): 0.5, ("l", "w"): 0.4, ("l", "ʊ"): 0.5, ("l", "o"): 0.6, ("l", "ə"): 0.7, ("ŋ", "ɡ"): 0.5,
}.items()}  # fmt: skip
"""Sounds of different classes that are nearly one."""

_WEAK = frozenset("əɪhʔɹjw")
"""Sounds that come and go in quick speech."""

_DROP, _DROP_WEAK = 0.7, 0.45

_NUMBERS = {letter: number for number, letter in enumerate([*_VOWELS, *_CONSONANTS], start=1)}


def phones(text: str, language: str = "en-us") -> Phones:
    """The sounds of ``text`` as somebody says it who reads it as ``language``.

    Letters where eSpeak NG is not installed.
    """
    # Capitals matter: "AI" is spelled out.
    return _phones(" ".join(text.split()), language)


@lru_cache(maxsize=8192)
def _phones(text: str, language: str) -> Phones:
    from voicenb.emulator.voices.espeakng import phonemes

    try:
        said = phonemes(text, language)
    except MissingExtra:
        return tuple(letter for letter in text.lower() if letter in _NUMBERS)
    return tuple(sound for sound in said if sound in _NUMBERS)


def distances(heard: Sequence[Phones], wanted: Sequence[Phones]) -> npt.NDArray[np.float32]:
    """What it takes to turn each of ``heard`` into its fellow in ``wanted``.

    Returns:
        Per pair, for each sound of the longer one: 0 the same, 1 nothing alike. All pairs at once: a sentence
        and fifty keyterms make thousands.
    """
    import numpy as np

    changes, drops = _costs()
    left, left_lengths = _packed(heard)
    right, right_lengths = _packed(wanted)
    pairs = np.arange(len(left))
    row = np.zeros((len(left), right.shape[1] + 1), np.float32)
    row[:, 1:] = np.cumsum(drops[right], axis=1)
    costs = row[pairs, right_lengths].copy()
    for at in range(left.shape[1]):
        sounds = left[:, at]
        above, row = row, np.empty_like(row)
        row[:, 0] = above[:, 0] + drops[sounds]
        step = np.minimum(
            above[:, :-1] + changes[sounds[:, None], right], above[:, 1:] + drops[sounds][:, None]
        )
        for column in range(right.shape[1]):
            row[:, column + 1] = np.minimum(step[:, column], row[:, column] + drops[right[:, column]])
        ends = left_lengths == at + 1
        costs[ends] = row[ends, right_lengths[ends]]
    longer = np.maximum(1, np.maximum(left_lengths, right_lengths))
    return np.asarray(np.minimum(1.0, costs / longer), np.float32)


def _packed(sequences: Sequence[Phones]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    import numpy as np

    lengths = np.array([len(sequence) for sequence in sequences], np.intp)
    packed = np.zeros((len(sequences), max(map(len, sequences), default=0)), np.intp)
    for place, sequence in enumerate(sequences):
        packed[place, : len(sequence)] = [_NUMBERS.get(sound, 0) for sound in sequence]
    return packed, lengths


@cache
def _costs() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """What a change of each sound into each costs, and what it costs to leave a sound out or put it in."""
    import numpy as np

    letters = sorted(_NUMBERS, key=_NUMBERS.__getitem__)
    changes = np.ones((len(letters) + 1, len(letters) + 1), np.float32)
    drops = np.full(len(letters) + 1, _DROP, np.float32)
    for left in letters:
        drops[_NUMBERS[left]] = _DROP_WEAK if left in _WEAK else _DROP
        for right in letters:
            changes[_NUMBERS[left], _NUMBERS[right]] = _change(left, right)
    return changes, drops


def _change(left: str, right: str) -> float:
    if left == right:
        return 0.0
    near = _NEAR.get(frozenset((left, right)))
    if near is not None:
        return near
    if left in _VOWELS and right in _VOWELS:
        (height, back, round_), (height_2, back_2, round_2) = _VOWELS[left], _VOWELS[right]
        apart = abs(height - height_2) + abs(back - back_2) + 0.4 * abs(round_ - round_2)
        return min(0.8, 0.15 + 0.5 * apart)
    if left in _CONSONANTS and right in _CONSONANTS:
        (place, manner, voiced), (place_2, manner_2, voiced_2) = _CONSONANTS[left], _CONSONANTS[right]
        cost = 0.8 * abs(place - place_2) + 0.2 * (voiced != voiced_2) + 0.35 * (manner != manner_2)
        return min(1.0, 0.1 + cost)
    return 1.0
