"""Ghosts: where each turn of recorded calls would have ended under another setting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voicenb.tuning.grid import grid
from voicenb.tuning.scores import Ground, Scorer
from voicenb.tuning.silences import Row
from voicenb.tuning.truth import CallerTurn
from voicenb.turn_detection import TurnDetection


@dataclass(frozen=True, slots=True)
class Ghost:
    """The first decision that a setting makes in a turn. Seconds of the caller's track.

    Attributes:
        kind: what it is: in a pause (``MID``) or in speech that is not heard (``SPEECH``) it cuts the caller
            off; ``END``; ``DOUBTFUL``, where nobody knows whether the caller had done.
        start: where the silence begins in which it falls, as the detector hears it.
        decided: the decision.
        sound: the agent's first audible sample: the decision and what the service took in this turn from its
            decision to that (where it is not known, the median of the calls); None where no call tells.
        pause: the silence that it falls into, start and end as the sound has them (``end`` may be ``inf``);
            None for one that is too short to be a pause.
    """

    kind: Row
    start: float
    decided: float
    sound: float | None
    pause: tuple[float, float] | None


class Ghosts:
    """Ghosts of any setting on the same calls.

    Args:
        ground: the calls, with their truth.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._turns = [turn for call in ground.calls for turn in call.turns]
        self._pauses = [(start, end) for call in ground.pauses for _, start, end in call]
        self._scorers: dict[float, Scorer] = {}
        known = ground.rest[np.isfinite(ground.rest)]
        usual = float(np.median(known)) if len(known) else None
        self._rest = [usual if turn is None else turn for turn in map(_rest_of, self._turns)]
        self._usual = usual

    def of(self, setting: TurnDetection) -> list[Ghost | None]:
        """For each of the caller's turns, of all calls, the first decision; None where none falls in it.

        Args:
            setting: what it leaves open is the service's default.
        """
        told = {name: getattr(setting, name) for name in ("vad_threshold", "min_silence", "max_silence")}
        one = grid({name: value for name, value in told.items() if value is not None})
        threshold = float(one.vad_threshold[0])
        rows, turns, pauses = self._ground.silences(threshold)
        at = self._scorer(threshold).decisions(one.min_silence, one.max_silence)[:, 0]
        found: list[Ghost | None] = [None] * len(self._turns)
        for place in np.flatnonzero(np.isfinite(at)).tolist():
            turn = int(turns[place])
            if found[turn] is not None:
                continue  # the turn is over; what follows would never have taken place
            row, decided = rows[place], rows[place].start + float(at[place])
            cuts = row.kind in (Row.MID, Row.SPEECH)
            rest = self._usual if cuts else self._rest[turn]
            pause = self._pauses[pauses[place]] if pauses[place] >= 0 else None
            if not cuts:
                pause = self._turns[turn].last.start, self._turns[turn].last.end
            sound = None if rest is None else decided + rest
            found[turn] = Ghost(row.kind, row.start, decided, sound, pause)
        return found

    def _scorer(self, threshold: float) -> Scorer:
        if threshold not in self._scorers:
            self._scorers[threshold] = Scorer(self._ground, threshold)
        return self._scorers[threshold]


def _rest_of(turn: CallerTurn) -> float | None:
    """From the turn's recorded decision to the first audible sample behind it, as it was."""
    last = turn.last
    if last.decision is None or last.answered is None or last.answered < last.decision.at:
        return None
    return last.answered - last.decision.at
