"""The figures of a setting as the panel shows them on recordings."""

from __future__ import annotations

from typing import Any

import numpy as np

from voicenb.tuning.score import Score
from voicenb.tuning.scores import Ground
from voicenb.tuning.share import TELLS, Share
from voicenb.tuning.sweep import Sweep
from voicenb.tuning.truth import Truth
from voicenb.turn_detection import TurnDetection

BUDGET = 0.05
"""The share of mid-turn pauses that is drawn as a budget."""


def figures(score: Score) -> dict[str, Any]:
    """How often a setting cuts callers off, and how long it makes them wait.

    Args:
        score: of the setting.

    Returns:
        ``pauses``, ``turns``, ``calls`` and ``doubtful`` with ``k``, ``n`` and the interval (``low``,
        ``high``, 95 %); ``latency`` (EOT latency, true end → decision, mean in seconds) with its interval and
        ``p50``; what they rest on (``ends``, ``missed``, ``beyond``); and in words how the first stands to
        the budget.
    """
    low, high = score.latency_interval or (None, None)
    return {
        **{
            name: _share(getattr(score, of))
            for name, of in (("pauses", "false_cutoffs"), ("turns", "turns"), ("calls", "calls"))
        },
        "doubtful": _share(score.doubtful),
        "latency": score.latency,
        "latency_low": low,
        "latency_high": high,
        "p50": score.latency_p50,
        "ends": score.ends,
        "missed": score.missed,
        "beyond": score.beyond,
        "verdict": verdict(score.false_cutoffs),
    }


def verdict(share: Share, budget: float = BUDGET) -> str:
    """How a false-cutoff rate stands to a budget, as far as its interval tells.

    Args:
        share: pauses cut, of all.
        budget: a share of the pauses.
    """
    if not share.n:
        return "These calls have no mid-turn pause: nobody could have been cut off in one."
    of = f"the {budget:.0%} budget".replace("%", " %")
    if share.n < TELLS:
        return f"{share.n} pause{'' if share.n == 1 else 's'}: too few to hold against {of}."
    low, high = share.interval
    if high < budget:
        return f"Within {of}."
    if low > budget:
        return f"Beyond {of}."
    return f"Not distinguishable from {of} with {share.n} pauses."


def waited(ground: Ground) -> tuple[float, int] | None:
    """The EOT latency as it was, and of how many turns: the caller's true end → the recorded decision.

    Args:
        ground: the calls, with their truth.

    Returns:
        Mean in seconds; None where no decision behind an end was recorded.
    """
    known = [
        max(0.0, turn.last.decision.at - turn.end)
        for call in ground.calls
        for turn in call.turns
        if turn.last.truth is Truth.END and turn.last.decision is not None
    ]
    return (float(np.mean(known)), len(known)) if known else None


def front(sweep: Sweep) -> list[dict[str, Any]]:
    """The settings that none beats in both figures, by latency; empty where a figure is missing."""
    return [_point(each) for each in sweep.frontier(observed=False)]


def tried(sweep: Sweep) -> str:
    """Which settings the front is made of, in words."""
    grid = sweep.grid
    thresholds = ", ".join(f"{each:g}" for each in np.unique(grid.vad_threshold))
    return (
        f"Dots: the best of {len(sweep)} settings (min_silence {grid.min_silence.min()} to "
        f"{grid.min_silence.max()} ms, max_silence {grid.max_silence.min()} to {grid.max_silence.max()} ms, "
        f"vad_threshold {thresholds})."
    )


def marks(sweep: Sweep) -> list[dict[str, Any]]:
    """What was really decided, by the settings in force, as points; those without a turn are left out."""
    found = []
    for each in sweep.recorded:
        if not each.turns.n:
            continue
        adaptive = each.setting is None
        found.append({**_point(each), "name": "adaptive default" if adaptive else "as recorded"})
    return found


def begins_with(sweep: Sweep) -> TurnDetection:
    """Where the sliders stand at first: at what most turns were held with, else at the recommendation."""
    held = [each for each in sweep.recorded if each.setting is not None and each.turns.n]
    if not held:
        return TurnDetection.recommended()
    setting = max(held, key=lambda each: each.turns.n).setting
    assert setting is not None
    return setting


def _point(score: Score) -> dict[str, Any]:
    setting = score.setting
    return {
        "latency": score.latency,
        "rate": score.false_cutoffs.rate,
        "k": score.false_cutoffs.k,
        "n": score.false_cutoffs.n,
        "observed": score.observed,
        "setting": None if setting is None else setting.to_wire(),
    }


def _share(share: Share) -> dict[str, Any]:
    low, high = share.interval
    return {"k": share.k, "n": share.n, "low": low, "high": high, "tells": share.n >= TELLS}
