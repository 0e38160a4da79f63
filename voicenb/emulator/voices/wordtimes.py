"""Where each word lies in a sound: phonemes with known lengths, shared out among the words they belong to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from voicenb.emulator.mouth import Word

if TYPE_CHECKING:
    from voicenb.audio.pcm import Samples

_SILENT = " ,.;:!?^$_"
"""Symbols that are pauses, not sounds."""

_VOWELS = frozenset("aeiouyæɐɑɒɔəɚɛɜɪʊʌᵻ")  # noqa: RUF001 (phonetic letters are meant)


@dataclass(frozen=True, slots=True)
class Phone:
    """One symbol of a phoneme sequence with its place in the sound, in seconds."""

    symbol: str
    start: float
    end: float


def word_times(
    words: Sequence[str], said: Sequence[str], phones: Sequence[Phone], phonemes: Callable[[str], str]
) -> tuple[Word, ...]:
    """The places of ``words``.

    Args:
        words: as they were written.
        said: what is said for each, empty for nothing.
        phones: the whole utterance's symbols in order, blanks and pauses included.
        phonemes: how a single piece of text would be said, as symbols.
    """
    expected: list[tuple[str, int]] = []
    for index, piece in enumerate(said):
        expected.extend(
            (symbol, index) for symbol in phonemes(piece) if symbol not in _SILENT
        ) if piece else None
    sounds = [phone for phone in phones if phone.symbol not in _SILENT]
    owners = _align("".join(symbol for symbol, _ in expected), "".join(phone.symbol for phone in sounds))
    spans: dict[int, tuple[float, float]] = {}
    for phone, place in zip(sounds, owners, strict=True):
        if expected:
            index = expected[place][1]
            start, end = spans.get(index, (phone.start, phone.end))
            spans[index] = min(start, phone.start), max(end, phone.end)
    times = []
    now = sounds[0].start if sounds else 0.0
    for index, word in enumerate(words):
        start, end = spans.get(index, (now, now))
        now = max(now, start)
        times.append(Word(word, round(now, 4), round(max(now, end), 4)))
        now = times[-1].end
    return tuple(times)


def without_pauses(words: Sequence[Word], samples: Samples, rate: int, audible: float) -> tuple[Word, ...]:
    """``words`` with each end brought forward to the last sample that is louder than ``audible``."""
    import numpy as np

    loud = np.flatnonzero(np.abs(samples) > audible)
    trimmed = []
    for word in words:
        start, end = round(word.start * rate), round(word.end * rate)
        last = int(np.searchsorted(loud, end))
        if last and loud[last - 1] >= start:
            trimmed.append(Word(word.text, word.start, round((int(loud[last - 1]) + 1) / rate, 4)))
        else:
            trimmed.append(word)
    return tuple(trimmed)


@lru_cache(maxsize=256)
def _align(expected: str, sounds: str) -> tuple[int, ...]:
    """For each of ``sounds`` the place in ``expected`` that it is (words run together change a little)."""
    rows, columns = len(expected), len(sounds)
    costs = [[float(row)] + [0.0] * columns for row in range(rows + 1)]
    costs[0] = [float(column) for column in range(columns + 1)]
    for row in range(1, rows + 1):
        above, here = costs[row - 1], costs[row]
        for column in range(1, columns + 1):
            change = _change(expected[row - 1], sounds[column - 1])
            here[column] = min(above[column - 1] + change, above[column] + 1, here[column - 1] + 1)
    places = [0] * columns
    row, column = rows, columns
    while column:
        cost = costs[row][column]
        if row and cost == costs[row - 1][column - 1] + _change(expected[row - 1], sounds[column - 1]):
            row, column = row - 1, column - 1
            places[column] = row
        elif row and cost == costs[row - 1][column] + 1:
            row -= 1
        else:
            column -= 1
            places[column] = max(row - 1, 0)
    return tuple(places)


def _change(left: str, right: str) -> float:
    if left == right:
        return 0.0
    return 0.7 if (left in _VOWELS) == (right in _VOWELS) else 1.6
