"""Sweeps of calls with known pauses, for pictures."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.tuning.calls import F, heard
from voicenb.tuning.grid import grid
from voicenb.tuning.scores import Ground, Heard
from voicenb.tuning.sweep import Sweep
from voicenb.turn_taking.completeness import Words

SETTINGS = {"vad_threshold": 0.5, "min_silence": 1440, "max_silence": 4000}


def call(chance: np.random.Generator, settings: dict[str, Any] | None, wait: int, turns: int = 12) -> Heard:
    """Turns, half of them with a pause, decided after so many frames, and answered after five more."""
    pattern, replies, decided, at = [], [], [], 0
    for _ in range(turns):
        if chance.random() < 0.5:
            spoken, pause = int(chance.integers(20, 50)), int(np.clip(chance.lognormal(2.9, 0.5), 7, 100))
            pattern.append((spoken, pause))
            if pause > wait:
                decided.append(at + spoken + wait)
            at += spoken + pause
        spoken = int(chance.integers(20, 50))
        pattern.append((spoken, wait + 100))
        decided.append(at + spoken + wait)
        replies.append((at + spoken + wait + 5, at + spoken + wait + 60))
        at += spoken + wait + 100
    return heard(pattern, replies=replies, decided=decided, settings=settings)


def swept(calls: int = 12, adaptive: int = 3, turns: int = 12, **given: Any) -> Sweep:
    """Some of them with the adaptive default, which decides after 0.75 s, the others after 1.44 s."""
    chance = np.random.default_rng(3)
    found = [
        call(chance, None, round(0.75 / F), turns) if n < adaptive else call(chance, SETTINGS, 45, turns)
        for n in range(calls)
    ]
    judge = Words()
    return Sweep(grid(given or {"min_silence": range(200, 2001, 100)}), Ground(found, judge), judge, [])
