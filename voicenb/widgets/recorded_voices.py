"""What a page draws of a call's sound: both voices and the probability of speech, a byte a column."""

from __future__ import annotations

import base64
import math

import numpy as np

from voicenb.recording.recording import Recording
from voicenb.sharing.outline import outline, step
from voicenb.tuning.evidence import Evidence
from voicenb.turn_taking.segmenter import FRAME_SECONDS


def voices(recording: Recording, evidence: Evidence) -> tuple[dict[str, float], list[bytes]]:
    """Both sides and the probabilities, on the engine's clock.

    Args:
        recording: of the call.
        evidence: of the same.

    Returns:
        ``step`` and ``frame``, the seconds of a column of each; and three buffers of bytes: the caller's
        outline, the agent's (0 to 255, the square root of the largest magnitude), and the probabilities
        (0 to 255).
    """
    said, heard = recording.lanes()
    duration = max(recording.duration, len(said) / recording.rate, len(heard) / recording.rate)
    outlines = [base64.b64decode(outline(track, duration)) for track in (said, heard)]
    return {"step": step(duration), "frame": FRAME_SECONDS}, [*outlines, likely(evidence, duration)]


def likely(evidence: Evidence, duration: float) -> bytes:
    """The probability of speech in each 32 ms of a call, 0 to 255; where no sample was sent, 0.

    Args:
        evidence: of the call.
        duration: seconds of the call.
    """
    moments = (np.arange(math.ceil(duration / FRAME_SECONDS)) + 0.5) * FRAME_SECONDS
    track = moments if evidence.clock is None else evidence.clock(moments)
    frames = np.floor(track / FRAME_SECONDS).astype(np.int64)
    known = (frames >= 0) & (frames < len(evidence.values))
    shown = np.zeros(len(moments))
    shown[known] = evidence.values[frames[known]]
    return np.round(255 * shown).astype(np.uint8).tobytes()
