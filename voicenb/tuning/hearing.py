"""Probabilities of speech for several tracks at once: bit for bit those of one track after the other.

The model takes the next frames of several tracks in one run, each with its own memory. What comes out does
not depend on which others a frame was run with, and costs less: `SpeechDetector` is what it must equal.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
import numpy.typing as npt

from voicenb.analysis.boundaries import BLOCK, Track
from voicenb.audio.pcm import Samples, to_float
from voicenb.audio.vad import Silero
from voicenb.turn_taking.detector import FRAME, QUIET, REACH, REST, taps

SIDE_BY_SIDE = 8
"""Tracks that are heard at once; more gain nothing."""

Values = npt.NDArray[np.float32]


class _Hearing:
    """One track on its way: each frame that the model has to hear, one at a time.

    Args:
        track: int16 at 24 kHz; it is read in blocks.
    """

    def __init__(self, track: Track) -> None:
        self.silero = Silero()
        self.values = np.zeros(len(track) // FRAME, np.float32)
        self._track = track
        self._frames = self._ask()
        self.frame = next(self._frames, None)

    def answer(self, probability: float) -> None:
        """The model's answer to `frame`; the next one takes its place."""
        try:
            self.frame = self._frames.send(probability)
        except StopIteration:
            self.frame = None

    def _ask(self) -> Generator[Samples, float, None]:
        piece = np.zeros(FRAME + 2 * REACH, np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(piece, 2 * REACH + 3)[::3]
        block, begin, quiet = np.zeros(0, np.float32), 0, 0
        for number in range(len(self.values)):
            first = number * FRAME - REACH
            if number == 0 or first + len(piece) > begin + len(block):
                begin = max(0, first)
                block = to_float(np.ascontiguousarray(self._track[begin : begin + BLOCK]).tobytes())
            low = max(0, -first)  # in front of the track, and behind it, is silence
            known = block[max(0, first) - begin : first + len(piece) - begin]
            piece[:] = 0.0
            piece[low : low + len(known)] = known
            if quiet >= REST and not piece.any():
                continue
            probability = yield (windows @ taps()).ravel()
            self.values[number] = probability
            quiet = quiet + 1 if probability < QUIET else 0
            if quiet == REST:
                self.silero.reset()


def hear(tracks: Sequence[Track], *, side_by_side: int = SIDE_BY_SIDE) -> list[Values]:
    """The probability of each whole frame of each track, as `voicenb.turn_taking.detector` hears them.

    Args:
        tracks: int16 at 24 kHz, shape ``(n,)`` each; they are read in blocks.
        side_by_side: how many are heard at once.

    Returns:
        For each track shape ``(n // 768,)``, 0…1.
    """
    waiting = list(range(len(tracks)))[::-1]
    out: list[Values] = [np.zeros(0, np.float32)] * len(tracks)
    active: dict[int, _Hearing] = {}
    while waiting or active:
        while waiting and len(active) < side_by_side:
            number = waiting.pop()
            active[number] = _Hearing(tracks[number])
        for number in [each for each, hearing in active.items() if hearing.frame is None]:
            out[number] = active.pop(number).values
        asking = list(active.values())
        if asking:
            frames = [each.frame for each in asking if each.frame is not None]
            answers = Silero.together([each.silero for each in asking], frames)
            for each, answer in zip(asking, answers, strict=True):
                each.answer(answer)
    return out
