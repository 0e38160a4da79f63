"""From the caller's 24 kHz track to one probability of speech per 32 ms frame.

Frame ``i`` stands for the samples ``768 * i`` to ``768 * (i + 1)`` of the track, whatever the chunks it
came in: live and offline, the same samples give the same probabilities, bit for bit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from voicenb.audio.pcm import Samples, to_float
from voicenb.audio.vad import Silero

FRAME = 768
"""Samples of the 24 kHz track in a frame: 32 ms, which is 512 samples at 16 kHz."""

QUIET, REST = 0.1, 31
"""After so many frames in a row (one second) with less probability of speech the model begins afresh.

What it remembers of many turns makes it slow to hear the next: in a call of a minute a short first word
("Wait, …") stays below every threshold. While what follows is digital silence (samples of zero: a muted
microphone, a scripted caller who listens) it stays at that beginning and is not asked: the probability is 0,
and speech is heard the same however long the silence was.
"""

_SILENCE = np.zeros(512, np.float32)
_SILENCE.setflags(write=False)
REACH = 32
"""Samples that the filter looks to each side: a frame is known 1.3 ms after its end."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of the track.

    Attributes:
        start: its first sample in the 24 kHz track.
        end: the sample after its last.
        probability: of speech, 0…1.
        samples: the frame at 16 kHz, shape ``(512,)``: the ears can collect them and need not resample again.
    """

    start: int
    end: int
    probability: float
    samples: Samples = field(repr=False, compare=False)


@lru_cache(maxsize=1)
def taps() -> npt.NDArray[np.float32]:
    """Three samples become two: a low-pass at 7.9 kHz; one column for each of the two, shape ``(67, 2)``.

    A general resampler (soxr) would hold back 37 ms of every decision. Here the ratio is fixed and the
    filter short.
    """
    offsets = np.arange(-REACH, REACH + 3)
    # In half samples of the 24 kHz track: the first output lies on an input, the second one and a half
    # further on.
    places = np.stack([2 * offsets, 2 * offsets - 3], axis=1)
    inside = np.abs(places) <= 2 * REACH
    window = np.i0(6.0 * np.sqrt(np.maximum(0, 1 - (places / (2 * REACH)) ** 2))) / np.i0(6.0)
    kernel = np.where(inside, np.sinc(2 * 7_900 / 48_000 * places) * window, 0.0)
    # Each phase passes a constant unchanged.
    normal: npt.NDArray[np.float32] = (kernel / kernel.sum(axis=0)).astype(np.float32)
    return normal


class SpeechDetector:
    """Hears one track. About 0.2 ms of work per frame, next to nothing in digital silence."""

    def __init__(self) -> None:
        self._silero = Silero()
        # What one frame is made of, and a view of it, made once: a window for every third sample.
        self._piece = np.zeros(FRAME + 2 * REACH, np.float32)
        self._windows = np.lib.stride_tricks.sliding_window_view(self._piece, 2 * REACH + 3)[::3]
        self.reset()

    def reset(self) -> None:
        """Begin a new track at sample 0."""
        self._silero.reset()
        self._held = np.zeros(REACH, np.float32)  # from REACH samples before the next frame on
        self._position = 0
        self._quiet = 0  # frames in a row

    @property
    def position(self) -> int:
        """The end of the last frame given, in samples of the track."""
        return self._position

    def push(self, pcm: bytes) -> list[Frame]:
        """Take PCM16 at 24 kHz in chunks of any size; give the frames that are now known.

        Raises:
            AudioError: half a sample.
        """
        return self.push_samples(to_float(pcm))

    def push_samples(self, samples: Samples) -> list[Frame]:
        """The same for float samples, shape ``(n,)``."""
        self._held = np.concatenate([self._held, samples])
        frames: list[Frame] = []
        offset = 0
        # One product of a fixed shape per frame, so that rounding cannot depend on how the samples came in.
        while self._held.size - offset >= FRAME + 2 * REACH:
            self._piece[:] = self._held[offset : offset + FRAME + 2 * REACH]
            start, self._position = self._position, self._position + FRAME
            if self._quiet >= REST and not self._piece.any():
                frames.append(Frame(start, self._position, 0.0, _SILENCE))
            else:
                low = (self._windows @ taps()).ravel()
                frames.append(Frame(start, self._position, self._probability(low), low))
            offset += FRAME
        self._held = self._held[offset:]
        return frames

    def _probability(self, low: Samples) -> float:
        probability = self._silero(low)
        self._quiet = self._quiet + 1 if probability < QUIET else 0
        if self._quiet == REST:  # once in a silence: in noise, each new beginning is a little unsure
            self._silero.reset()
        return probability

    def finish(self) -> list[Frame]:
        """The track is over: the last whole frame, if the filter was still waiting for what follows it."""
        return self.push_samples(np.zeros(REACH, np.float32))


def at_16k(track: npt.NDArray[np.int16], first: int, last: int) -> Samples:
    """Samples of a track as its frames have them, bit for bit; behind the track is silence.

    Args:
        track: int16 at 24 kHz, shape ``(n,)``.
        first: at 16 kHz.
        last: the one behind the last, at 16 kHz.

    Returns:
        Shape ``(last - first,)``.
    """
    piece = np.zeros(FRAME + 2 * REACH, np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(piece, 2 * REACH + 3)[::3]
    size = len(_SILENCE)
    frames = range(first // size, -(-last // size))
    out = np.zeros((len(frames), size), np.float32)
    for row, number in enumerate(frames):
        begin = number * FRAME - REACH
        low = max(0, -begin)
        known = to_float(np.ascontiguousarray(track[begin + low : begin + len(piece)]).tobytes())
        piece[:] = 0.0
        piece[low : low + len(known)] = known
        out[row] = (windows @ taps()).ravel()
    offset = frames.start * size
    return out.ravel()[first - offset : last - offset]


def probabilities(track: bytes | Samples) -> npt.NDArray[np.float32]:
    """The probability of each whole frame of a whole track at 24 kHz, shape ``(len(track) // 768,)``."""
    detector = SpeechDetector()
    samples = to_float(track) if isinstance(track, bytes | bytearray | memoryview) else track
    values: list[float] = []
    for at in range(0, len(samples), 100 * FRAME):
        values += [frame.probability for frame in detector.push_samples(samples[at : at + 100 * FRAME])]
    values += [frame.probability for frame in detector.finish()]
    return np.array(values, np.float32)
