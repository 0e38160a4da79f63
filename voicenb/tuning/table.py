"""Silences as arrays, and what many policies decide in them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voicenb.tuning.silences import Silence
from voicenb.turn_taking.decide import Pauses, Policies, decide, limit_frames
from voicenb.turn_taking.segmenter import FRAME_SECONDS

_HAIR = 1e-6

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Table:
    """Silences of any number of calls, as columns of shape ``(p,)``; spans have shape ``(p, j)``.

    Attributes:
        length: seconds.
        resumed: whether speech went on.
        since: from when on the words look complete, for each span.
        until: up to when; ``-inf`` where there are fewer spans.
    """

    length: Floats
    resumed: npt.NDArray[np.bool_]
    since: Floats
    until: Floats

    @classmethod
    def of(cls, silences: Sequence[Silence]) -> Table:
        """Of these, in their order."""
        most = max([1, *(len(each.spans) for each in silences)])
        since, until = np.full((len(silences), most), np.inf), np.full((len(silences), most), -np.inf)
        for row, each in enumerate(silences):
            for at, (begin, end) in enumerate(each.spans):
                since[row, at], until[row, at] = begin, end
        length = np.array([each.length for each in silences], np.float64)
        return cls(length, np.array([each.resumed for each in silences], np.bool_), since, until)

    def decide(self, min_silence: npt.ArrayLike, max_silence: npt.ArrayLike) -> Floats:
        """When each policy ends the turn in each silence, in seconds into it; ``inf`` where it does not.

        Args:
            min_silence: milliseconds, shape ``(k,)``.
            max_silence: milliseconds, shape ``(k,)``.

        Returns:
            Shape ``(p, k)``.
        """
        shortest = np.asarray(min_silence, np.float64)
        complete = self._complete_at(shortest)
        pauses = Pauses(self.length[:, None], complete, self.resumed[:, None])
        return decide(pauses, Policies(shortest, max_silence)).at

    def _complete_at(self, min_silence: Floats) -> Floats:
        """From when on the words look complete once ``min_silence`` is over: the words may grow meanwhile."""
        if self.since.shape[1] == 1 and np.all(np.isinf(self.until)):
            return self.since
        asked = limit_frames(min_silence) * FRAME_SECONDS
        complete = np.full((len(self.since), len(asked)), np.inf)
        for at in reversed(range(self.since.shape[1])):
            still = self.until[:, at, None] > asked + _HAIR
            complete = np.where(still, self.since[:, at, None], complete)
        return complete
