"""How likely the caller's sound was speech, frame by frame, as a turn detector heard it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from voicenb.analysis.boundaries import BLOCK, Track
from voicenb.audio.pcm import to_float
from voicenb.recording.alignment import Piece
from voicenb.recording.layout import RATE
from voicenb.turn_taking.detector import FRAME, SpeechDetector
from voicenb.turn_taking.segmenter import Stretch, stretches

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording


class SpeechProbability:
    """Silero's probabilities of exactly the samples that were sent, on the engine's clock.

    Frame ``i`` is samples ``768 * i`` to ``768 * (i + 1)`` of the caller's track, whenever they were said: a
    detector at the other end counts in the same way, and so its frames begin at the same samples. The
    emulator's is this one; what the hosted service hears with is not told.

    Args:
        recording: of the call.

    Attributes:
        values: one for each whole frame of 32 ms, 0…1, float32, shape ``(n,)``.
        times: when each frame began, in the engine's seconds, and last when the last one was over; shape
            ``(n + 1,)``.
    """

    def __init__(self, recording: Recording) -> None:
        self.values = _probabilities(recording.caller)
        self._pieces = recording.said_pieces()
        self.times = self.when(np.arange(len(self.values) + 1) * FRAME)

    def when(self, samples: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """When these samples of the caller's track were said, in the engine's seconds."""
        return _when(np.asarray(samples, np.float64), self._pieces)

    def speech(self, threshold: float) -> list[Stretch]:
        """Speech at a ``vad_threshold``, in the engine's seconds; what lies between two stretches is a pause.

        By the rule that the emulator lives by and what-if computes with
        (:mod:`voicenb.turn_taking.segmenter`).
        """
        found = stretches(self.values.tolist(), threshold)
        edges = np.array([[each.start, each.end] for each in found]).reshape(-1, 2)
        # A stretch ends with its last sample: behind that the microphone may have been off.
        begin, end = self.when(edges[:, 0] * RATE), self.when(edges[:, 1] * RATE - 1) + 1 / RATE
        return [Stretch(float(one), float(other)) for one, other in zip(begin, end, strict=True)]


def _probabilities(track: Track) -> npt.NDArray[np.float32]:
    """Of each whole frame; the track is read in blocks: an hour takes no more memory than a minute."""
    detector, values = SpeechDetector(), []
    for at in range(0, len(track), BLOCK):
        samples = to_float(np.ascontiguousarray(track[at : at + BLOCK]).tobytes())
        values += [frame.probability for frame in detector.push_samples(samples)]
    values += [frame.probability for frame in detector.finish()]
    return np.array(values, np.float32)


def _when(samples: npt.NDArray[np.float64], pieces: Sequence[Piece]) -> npt.NDArray[np.float64]:
    if not pieces:
        return samples / RATE
    first = np.array([piece[0] for piece in pieces])
    on_clock = np.array([piece[2] for piece in pieces])
    at = np.clip(np.searchsorted(first, samples, side="right") - 1, 0, None)
    when: npt.NDArray[np.float64] = (on_clock[at] + samples - first[at]) / RATE
    return when
