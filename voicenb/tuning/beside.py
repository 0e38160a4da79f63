"""Beside a running call: what another setting would have done in a turn that was just held."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voicenb.tuning.evidence import Words as Said
from voicenb.tuning.grid import setting_of
from voicenb.tuning.silences import Row, Silence
from voicenb.tuning.table import Table
from voicenb.tuning.words import complete_spans
from voicenb.turn_detection import TurnDetection
from voicenb.turn_taking.completeness import Completeness, Words
from voicenb.turn_taking.segmenter import FRAME_SECONDS, Stretch, stretches

_HAIR = 1e-6


@dataclass(frozen=True, slots=True)
class Beside:
    """The decision that another setting would have made. Seconds.

    Attributes:
        delay: the caller's true speech end → the decision; below 0 where it cuts the caller off.
        silence: that it waited for.
        pause: how long the pause is in which it would have cut the caller off; None where it does not.
    """

    delay: float
    silence: float
    pause: float | None = None


def beside(
    values: Sequence[float],
    setting: TurnDetection,
    *,
    begin: float,
    end: float,
    words: Sequence[Said] = (),
    judge: Completeness | None = None,
) -> Beside | None:
    """Decide one turn by another setting, as `voicenb.whatif` does.

    Args:
        values: probability of speech of each frame of 32 ms, from before the turn to behind it; second 0 is
            where they begin.
        setting: the other one; what it leaves open is the service's default.
        begin: where the turn begins; speech that is over by then is none of it.
        end: where the caller's speech ended in truth: behind that the caller waited.
        words: of the turn, with the times at which they were known.
        judge: says whether words look complete; None: as the emulator does by default.

    Returns:
        The first decision in the turn; None where no speech is heard in it at that threshold.
    """
    limits = setting_of(setting.to_wire())
    assert limits is not None
    threshold, shortest, longest = limits
    heard = [each for each in stretches(values, threshold) if each.end > begin]
    speech = [each for each in heard if each.start < end - _HAIR]
    if not speech:
        return None
    found = [_silence(at, speech, begin, end, words, judge or Words()) for at in range(len(speech))]
    decided = Table.of(found).decide(np.array([shortest]), np.array([longest]))[:, 0]
    for each, after in zip(found, decided.tolist(), strict=True):
        if math.isfinite(after):
            pause = each.length if each.kind is Row.MID else None
            return Beside(each.offset + after, after, pause)
    return None


def _silence(
    at: int, speech: Sequence[Stretch], begin: float, end: float, words: Sequence[Said], judge: Completeness
) -> Silence:
    start, last = speech[at].end, at + 1 == len(speech)
    resumes = math.inf if last else speech[at + 1].start
    spans = complete_spans(words, judge, begin - FRAME_SECONDS, start, resumes)
    kind = Row.END if last else Row.MID
    return Silence(kind, 0, -1, start, start - end, resumes - start, not last, spans)
