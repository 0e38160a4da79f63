"""When each word was said, about: so that a click leads there and the word is lit while it is heard."""

from __future__ import annotations

from collections.abc import Sequence

from voicenb.analysis.overlap import Span
from voicenb.protocol.replies import Word

RATE = 24_000

Note = tuple[int, int, float]
"""What was heard of a reply: first sample, the one after the last, when the first was heard."""

TimedWord = tuple[str, float | None, float | None]
"""A word, from, to in the engine's seconds; None where nothing is known of it."""


def placed(text: str, words: Sequence[Word], notes: Sequence[Note]) -> list[TimedWord] | None:
    """The words of a reply at the times that the service gave, on the clock of what was heard.

    Args:
        text: its words, heard or not.
        words: as they came, with times in ms from the reply's first sample.
        notes: what was heard of the reply, by time.

    Returns:
        None where the service gave no times, or other words than these.
    """
    tokens = text.split()
    timed: list[TimedWord] = []
    for word in words:
        parts = word.text.split()
        if word.start_ms is None or word.end_ms is None:
            return None
        length = (word.end_ms - word.start_ms) / max(1, len(parts))
        for n, _ in enumerate(parts):
            if len(timed) == len(tokens):
                return None
            begin = _heard(word.start_ms + n * length, notes)
            end = _heard(word.start_ms + (n + 1) * length, notes)
            timed.append((tokens[len(timed)], begin, end))
    return timed if len(timed) == len(tokens) else None


def spread(text: str, runs: Sequence[Span]) -> list[TimedWord]:
    """Words spread over the speech that they are in, by their letters."""
    tokens = text.split()
    whole = sum(run.end - run.start for run in runs)
    letters = sum(len(token) + 1 for token in tokens)
    if whole <= 0:
        return [(token, None, None) for token in tokens]
    found: list[TimedWord] = []
    before = 0
    for token in tokens:
        after = before + len(token) + 1
        begin = _along(runs, whole * before / letters)
        found.append((token, begin, _along(runs, whole * after / letters)))
        before = after
    return found


def _heard(ms: float, notes: Sequence[Note]) -> float | None:
    """When that place of a reply was heard; None where it was not."""
    sample = ms / 1000 * RATE
    for first, stop, at in notes:
        if first <= sample < stop:
            return round(at + (sample - first) / RATE, 3)
    last = max(notes, key=lambda note: note[1], default=None)
    if last is None or sample > last[1] + 0.3 * RATE:
        return None
    return round(last[2] + (last[1] - last[0]) / RATE, 3)


def _along(runs: Sequence[Span], seconds: float) -> float:
    """The moment at which so much of the speech is over."""
    for run in runs:
        length = run.end - run.start
        if seconds <= length:
            return round(run.start + seconds, 3)
        seconds -= length
    return round(runs[-1].end, 3)
