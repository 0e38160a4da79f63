"""How far what-if can be believed: its decisions under the settings in force, beside those really made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voicenb.analysis.figure import Figure
from voicenb.tuning.arms import last_decision
from voicenb.tuning.grid import setting_of
from voicenb.tuning.scores import NEAR, Ground
from voicenb.tuning.share import Share
from voicenb.tuning.silences import Row
from voicenb.tuning.table import Table


@dataclass(frozen=True, slots=True)
class Calibration:
    """The model's decisions against the recorded ones, in the silences of turns held with known settings.

    Attributes:
        agreement: silences in which both decide within 0.1 s of each other, or neither does, of those
            compared. From 0.2 s on they are; doubtful ones are among them.
        error: the model's decision → the recorded one, in seconds, where both decide.
        only_model: silences that the model alone ends.
        only_recorded: silences that the service alone ended.
        adaptive: turns that were held with the adaptive default: no model stands for it.
    """

    agreement: Share
    error: Figure
    only_model: int
    only_recorded: int
    adaptive: int

    def __str__(self) -> str:
        if not self.agreement.n:
            why = f"all {self.adaptive} turns" if self.adaptive else "no turn with known settings"
            return f"Calibration: not possible, {why}{' had the adaptive default' if self.adaptive else ''}."
        told = f"Calibration: the model decides as recorded in {self.agreement} silences"
        if self.error.n:
            told += f"; recorded minus model: {self.error}"
        return told + "."


def calibrate(ground: Ground) -> Calibration:
    """Hold the model against the recorded decisions.

    Args:
        ground: the calls.
    """
    both: list[bool] = []
    call_of: list[int] = []
    errors: list[float] = []
    only_model = only_recorded = adaptive = 0
    for number, call in enumerate(ground.calls):
        held = [last_decision(call, turn) for turn in range(len(call.turns))]
        adaptive += sum(made is not None and made.turn_detection is None for made in held)
        settings = [None if made is None else setting_of(made.turn_detection) for made in held]
        for setting in {each for each in settings if each is not None}:
            threshold, shortest, longest = setting
            rows, turns, _ = ground.silences(threshold)
            first = int(np.searchsorted(ground.turn_call, number))
            mine = [
                row
                for row, turn in zip(rows, turns.tolist(), strict=True)
                if first <= turn < first + len(call.turns) and settings[turn - first] == setting
                if row.kind is not Row.SPEECH and row.length >= 0.2
            ]
            at = Table.of(mine).decide(np.array([shortest]), np.array([longest]))[:, 0]
            for row, decided in zip(mine, at.tolist(), strict=True):
                end = row.start + min(row.length, _rest(call.turns[row.turn].last.end, row.start))
                moments = [made.at for made in call.evidence.decisions if row.start < made.at <= end + NEAR]
                model = np.isfinite(decided)
                if model and moments:
                    error = moments[0] - row.start - decided
                    errors.append(error)
                    both.append(abs(error) <= NEAR)
                else:
                    both.append(not model and not moments)
                    only_model += int(model)
                    only_recorded += bool(moments)
                call_of.append(number)
    hits = np.bincount(np.array(call_of, np.intp)[np.array(both, np.bool_)], minlength=len(ground.calls))
    totals = np.bincount(np.array(call_of, np.intp), minlength=len(ground.calls))
    agreement = Share.of(hits.tolist(), totals.tolist())
    return Calibration(agreement, Figure.of(_rounded(errors)), only_model, only_recorded, adaptive)


def _rest(end: float, start: float) -> float:
    return max(0.0, end - start)


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(value, 6) for value in values]
