"""Which of the caller's sounds belong to which turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from voicenb.analysis.boundaries import Speech
from voicenb.analysis.exchange import LONGEST_PAUSE, Exchange
from voicenb.analysis.measure import LATE, UTTERANCE


@dataclass(slots=True)
class Spoken:
    """The caller's speech, sorted.

    Attributes:
        turns: for each exchange its stretches of speech, in order; empty where none was captured.
        other: speech that no turn was made of: back-channels that passed, noise, words that were not taken.
    """

    turns: list[list[Speech]]
    other: list[Speech] = field(default_factory=list)


def sort(speech: Sequence[Speech], exchanges: Sequence[Exchange], agent: Sequence[float]) -> Spoken:
    """Sort speech into turns.

    A stretch belongs to the first turn that was decided behind its end. A turn begins with the utterance
    that the service told of (``input.speech.started``); where it told of none, it reaches back as far as no
    silence is longer than 5 s and the agent did not begin to speak in one. In a call from elsewhere it begins
    where it was found to (:attr:`Exchange.begun`).

    Args:
        speech: all stretches of the caller's, on the engine's clock, in order.
        exchanges: the turns, in order.
        agent: when the agent began to be heard, each time.
    """
    found = Spoken([])
    rest = list(speech)
    for exchange in exchanges:
        if exchange.decided is None:
            found.turns.append([])
            continue
        count = sum(each.end <= exchange.decided + LATE for each in rest)
        mine, rest = rest[:count], rest[count:]
        begin = _first(mine, exchange, agent)
        found.other += mine[:begin]
        found.turns.append(mine[begin:])
    found.other += rest
    return found


def _first(speech: Sequence[Speech], exchange: Exchange, agent: Sequence[float]) -> int:
    """The first of these stretches that belongs to this turn, which ends with them."""
    if exchange.begun is not None:
        return next((n for n, each in enumerate(speech) if each.end > exchange.begun), len(speech))
    return _begin(speech, exchange.told, agent)


def _begin(speech: Sequence[Speech], told: float | None, agent: Sequence[float]) -> int:
    """The first of these stretches that belongs to the turn which ends with them."""
    begins = [
        n for n, each in enumerate(speech) if n == 0 or each.start - speech[n - 1].end > UTTERANCE
    ]  # of utterances
    if told is not None:
        return next((n for n in reversed(begins) if speech[n].start <= told + LATE), 0)
    begin = len(speech) - 1
    while begin > 0 and _is_pause(speech[begin - 1].end, speech[begin].start, agent):
        begin -= 1
    return max(0, begin)


def _is_pause(start: float, end: float, agent: Sequence[float]) -> bool:
    return end - start <= LONGEST_PAUSE and not any(start < began < end for began in agent)
