"""How loud a sound is, and where it becomes audible."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FLOOR = -100.0
"""dBFS given for digital silence, where the logarithm has no answer."""

AUDIBLE = -50.0
"""dBFS from which a 10 ms window is audible: above a voice's idle hiss, below its quietest word."""


def level(samples: npt.ArrayLike) -> float:
    """Root mean square of float samples in dBFS (a full-scale square wave is 0), never below `FLOOR`."""
    values = np.asarray(samples, dtype=np.float64)
    if values.size == 0:
        return FLOOR
    power = float(np.mean(values * values))
    return max(FLOOR, 10 * float(np.log10(power))) if power > 0 else FLOOR


def levels(samples: npt.ArrayLike, rate: int, window: float = 0.01) -> npt.NDArray[np.float64]:
    """The level of each window of ``window`` seconds in dBFS; a last window that is not full is left out.

    Returns:
        Shape ``(len(samples) // round(rate * window),)``.
    """
    width = max(1, round(rate * window))
    values = np.asarray(samples, dtype=np.float64)
    count = values.size // width
    power = np.mean(values[: count * width].reshape(count, width) ** 2, axis=1)
    found: npt.NDArray[np.float64] = 10 * np.log10(np.maximum(power, 10 ** (FLOOR / 10)))
    return found


def first_audible(samples: npt.ArrayLike, rate: int, threshold: float = AUDIBLE) -> int | None:
    """The first sample of the first 10 ms window at or above ``threshold`` dBFS, or None."""
    loud = np.flatnonzero(levels(samples, rate) >= threshold)
    return int(loud[0]) * max(1, round(rate * 0.01)) if loud.size else None


def last_audible(samples: npt.ArrayLike, rate: int, threshold: float = AUDIBLE) -> int | None:
    """The sample after the last window at or above ``threshold`` dBFS, or None."""
    loud = np.flatnonzero(levels(samples, rate) >= threshold)
    return (int(loud[-1]) + 1) * max(1, round(rate * 0.01)) if loud.size else None
