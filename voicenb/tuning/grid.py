"""The settings of a sweep: every combination that the service would take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from voicenb.errors import InvalidConfiguration
from voicenb.turn_detection import TurnDetection

USUAL = {"vad_threshold": 0.5, "min_silence": 1000, "max_silence": 3000}
"""The service's defaults, for what is not swept."""

OVER_THE_AGENT = frozenset({"interrupt_response", "interruption_delay"})
_LIMITS = {"vad_threshold": (0, 1), "min_silence": (50, 10_000), "max_silence": (50, 10_000)}


Setting = tuple[float, int, int] | None
"""``vad_threshold``, ``min_silence`` and ``max_silence`` in force; None for the adaptive default."""


def setting_of(turn_detection: Mapping[str, Any] | None) -> Setting:
    """What decides of settings that were in force, the service's defaults in what they leave open."""
    if turn_detection is None:
        return None
    whole = {name: turn_detection.get(name) for name in USUAL}
    told = {name: USUAL[name] if value is None else value for name, value in whole.items()}
    return float(told["vad_threshold"]), int(told["min_silence"]), int(told["max_silence"])


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Settings, one in each place; shape ``(k,)`` each.

    Attributes:
        vad_threshold: probabilities.
        min_silence: milliseconds.
        max_silence: milliseconds.
        left_out: how many combinations have no ``min_silence`` below ``max_silence``.
    """

    vad_threshold: npt.NDArray[np.float64]
    min_silence: npt.NDArray[np.int64]
    max_silence: npt.NDArray[np.int64]
    left_out: int = field(default=0)

    def __len__(self) -> int:
        return len(self.min_silence)

    def __getitem__(self, at: int) -> TurnDetection:
        return TurnDetection(
            vad_threshold=float(self.vad_threshold[at]),
            min_silence=int(self.min_silence[at]),
            max_silence=int(self.max_silence[at]),
        )

    def find(self, setting: TurnDetection) -> int | None:
        """Where a setting is; what it leaves open is the service's default."""
        wanted = {name: getattr(setting, name) for name in USUAL}
        wanted = {name: USUAL[name] if value is None else value for name, value in wanted.items()}
        same = np.ones(len(self), np.bool_)
        for name, value in wanted.items():
            same &= np.isclose(getattr(self, name), value)
        found = np.flatnonzero(same)
        return int(found[0]) if len(found) else None


def grid(swept: dict[str, Any]) -> Grid:
    """All combinations of the given values.

    Args:
        swept: for each setting a value or several.

    Raises:
        InvalidConfiguration: a setting that cannot be swept, no value, one out of range, or no combination
            in which ``min_silence`` is less than ``max_silence``.
    """
    for name in swept:
        if name not in USUAL:
            why, remedy = "is no setting of when a turn ends.", f"Swept are {', '.join(USUAL)}."
            if name in OVER_THE_AGENT:
                why = "decides over the agent's voice, and not when a turn ends."
                remedy = f"On calls with the emulator: vn.whatif(calls).interruptions({name}=[...])."
            raise InvalidConfiguration(f"{name} {why}", remedy=remedy, param=name)
    values = {name: _values(name, swept.get(name, usual)) for name, usual in USUAL.items()}
    every = list(product(*values.values()))
    kept = [each for each in every if each[1] < each[2]]
    if not kept:
        raise InvalidConfiguration(
            f"min_silence must be less than max_silence; the least is {min(values['min_silence']):g}, "
            f"the largest max_silence {max(values['max_silence']):g}.",
            param="min_silence",
        )
    threshold, shortest, longest = zip(*kept, strict=True)
    return Grid(
        np.array(threshold, np.float64),
        np.array(shortest, np.int64),
        np.array(longest, np.int64),
        len(every) - len(kept),
    )


def _values(name: str, given: Any) -> list[float]:
    if isinstance(given, np.ndarray):
        given = given.ravel()  # of no axis it is one value
    several = given if isinstance(given, Iterable) and not isinstance(given, str) else [given]
    values = list(dict.fromkeys(_number(name, each) for each in several))
    if not values:
        raise InvalidConfiguration(f"{name} has no value.", param=name)
    return values


def _number(name: str, value: Any) -> float:
    low, high = _LIMITS[name]
    number = value.item() if isinstance(value, np.generic) else value
    good = isinstance(number, int | float) and not isinstance(number, bool) and low <= number <= high
    if not good or (name != "vad_threshold" and number != int(number)):
        kind = "a number" if name == "vad_threshold" else "whole milliseconds"
        raise InvalidConfiguration(f"{name} must be {kind} from {low} to {high}; got {value!r}.", param=name)
    return float(number)
