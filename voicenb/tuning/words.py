"""When the words of a silence looked complete: what ends a turn at ``min_silence``."""

from __future__ import annotations

import math
from collections.abc import Sequence

from voicenb.tuning.evidence import Words
from voicenb.turn_taking.completeness import Completeness, Said, Utterance
from voicenb.turn_taking.segmenter import FRAME_SECONDS

_HAIR = 1e-6

Span = tuple[float, float]
"""Seconds into a silence, on frame ends: from the first to before the second the words look complete."""

ALWAYS: tuple[Span, ...] = ((0.0, math.inf),)


def complete_spans(
    words: Sequence[Words], judge: Completeness, turn: float, start: float, end: float
) -> tuple[Span, ...]:
    """When the words looked complete in a silence, as the emulator asks: at frame ends, of the newest words.

    Args:
        words: of the call, by time.
        judge: says whether words look complete.
        turn: where the turn began: older words belong to another one.
        start: where the silence began.
        end: where it ended.

    Returns:
        In order, with times counted from ``start``. Where no words came before the transcript, that is taken
        for what was known all the while; :data:`ALWAYS` where no word is known at all: there the silence
        alone decides.
    """
    of_turn = [each for each in words if turn < each.at < end]
    before = [each for each in of_turn if each.at <= start]
    known = [(0.0, before[-1].text)] if before else []
    if of_turn and all(each.final for each in of_turn):
        known = [(0.0, of_turn[-1].text)]  # when they were known nobody told: they are what was said
    else:
        known += [(_frame_end(each.at - start), each.text) for each in of_turn if each.at > start]
    if not known:
        return ALWAYS
    found: list[Span] = []
    for number, (since, text) in enumerate(known):
        until = known[number + 1][0] if number + 1 < len(known) else math.inf
        if until <= since or not judge.looks_complete(Utterance(text, said(of_turn, start, since, text))):
            continue
        if found and found[-1][1] == since:
            since = found.pop()[0]
        found.append((since, until))
    return tuple(found)


def words_at(words: Sequence[Words], turn: float, start: float, since: float) -> tuple[Said, ...]:
    """How a turn's words had grown ``since`` seconds into the silence that began at ``start``."""
    of_turn = [each for each in words if turn < each.at]
    return tuple((each.at - start, each.text) for each in of_turn if each.at - start <= since + _HAIR)


def said(words: Sequence[Words], start: float, since: float, text: str) -> tuple[Said, ...]:
    """How the words had grown, as `Utterance.said` has it.

    Args:
        words: of the turn, by time.
        start: where the silence began.
        since: seconds into it.
        text: the words then.
    """
    grown = tuple((each.at - start, each.text) for each in words if each.at - start <= since + _HAIR)
    return grown if grown and grown[-1][1] == text else (*grown, (since, text))


def _frame_end(seconds: float) -> float:
    return math.ceil(seconds / FRAME_SECONDS - _HAIR) * FRAME_SECONDS
