"""A tone that rises: when it arrives can be told to a fraction of a millisecond, also in a noisy room."""

from __future__ import annotations

import numpy as np

from voicenb.audio.pcm import RATE, Samples

LOW, HIGH = 400.0, 4500.0
"""Hz: what small loudspeakers play and echo cancellers let live."""

LENGTH = 0.25
"""Seconds."""

LOUD = 0.3
"""Peak, of full scale: as loud as a voice."""

_EDGE = 0.02


def chirp() -> Samples:
    """The tone at 24 kHz, shape ``(6000,)``, -1…1; it fades in and out."""
    time = np.arange(round(LENGTH * RATE)) / RATE
    phase = 2 * np.pi * (LOW * time + (HIGH - LOW) / (2 * LENGTH) * time**2)
    edge = np.minimum(1.0, np.minimum(time, LENGTH - time) / _EDGE)
    tone: Samples = (LOUD * np.sin(phase) * np.sin(edge * np.pi / 2) ** 2).astype(np.float32)
    return tone
