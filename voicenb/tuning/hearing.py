"""Probabilities of speech for several tracks at once: bit for bit those of one track after the other.

The model takes the next frames of several tracks in one run, each with its own memory. What comes out does
not depend on which others a frame was run with, and costs less: `SpeechDetector` is what it must equal.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from itertools import count

import numpy as np
import numpy.typing as npt

from voicenb.analysis.boundaries import BLOCK, Track
from voicenb.audio.pcm import Samples, to_float
from voicenb.audio.vad import Silero
from voicenb.recording.layout import RATE
from voicenb.turn_taking.detector import FRAME, QUIET, REACH, REST, taps

SIDE_BY_SIDE = 8
"""Tracks that are heard at once; more gain nothing."""

_TOLD = 1_000
"""Runs of the model between two words about how far it is: some tenths of a second."""

Values = npt.NDArray[np.float32]


class _Hearing:
    """One track on its way: each frame that the model has to hear, one at a time.

    Args:
        track: int16 at 24 kHz; it is read in blocks.

    Attributes:
        values: the answers so far.
        at: which frame it is at.
        frame: the samples that are asked about; None where all are known.
    """

    def __init__(self, track: Track) -> None:
        self.silero = Silero()
        self.values = np.zeros(len(track) // FRAME, np.float32)
        self.at = 0  # of the frame
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
            self.at = number
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


def hear(
    tracks: Sequence[Track],
    *,
    side_by_side: int = SIDE_BY_SIDE,
    step: Callable[[float], None] | None = None,
) -> list[Values]:
    """The probability of each whole frame of each track, as `voicenb.turn_taking.detector` hears them.

    Args:
        tracks: int16 at 24 kHz, shape ``(n,)`` each; they are read in blocks.
        side_by_side: how many are heard at once.
        step: is told now and then how many minutes more have been heard.

    Returns:
        For each track shape ``(n // 768,)``, 0…1.
    """
    waiting = list(range(len(tracks)))[::-1]
    out: list[Values] = [np.zeros(0, np.float32)] * len(tracks)
    active: dict[int, _Hearing] = {}
    told: dict[int, float] = {}  # minutes of those that are not over
    for turn in count():
        if not waiting and not active:
            break
        if step is not None and turn % _TOLD == _TOLD - 1:
            for number, hearing in active.items():
                minutes = hearing.at * FRAME / RATE / 60
                step(minutes - told.get(number, 0.0))
                told[number] = minutes
        while waiting and len(active) < side_by_side:
            number = waiting.pop()
            active[number] = _Hearing(tracks[number])
        for number in [each for each, hearing in active.items() if hearing.frame is None]:
            out[number] = active.pop(number).values
            if step is not None:
                step(len(out[number]) * FRAME / RATE / 60 - told.pop(number, 0.0))
        asking = list(active.values())
        if asking:
            frames = [each.frame for each in asking if each.frame is not None]
            answers = Silero.together([each.silero for each in asking], frames)
            for each, answer in zip(asking, answers, strict=True):
                each.answer(answer)
    return out
