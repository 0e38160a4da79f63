"""From a client's audio messages to frames with a probability of speech, and back to samples of a stretch."""

from __future__ import annotations

import numpy as np

from voicenb.audio import g711
from voicenb.audio.resample import Resampler
from voicenb.emulator.recognizer import Samples
from voicenb.errors import AudioError
from voicenb.turn_taking.detector import FRAME, Frame, SpeechDetector

EARS_RATE = 16_000
PIECE = 512
"""Samples of a frame at `EARS_RATE`."""

KEPT = 40.0
"""Seconds of the track that can be looked back on: more than any segment is long."""


class Hearing:
    """Hears one client's track.

    Args:
        encoding: of the input, e.g. ``"audio/pcm"``.
    """

    def __init__(self, encoding: str) -> None:
        self._detector = SpeechDetector()
        # A ring and not a list of frames: of some thousand objects for each of sixty clients, the garbage
        # collector would make pauses that can be heard.
        self._ring = np.zeros((round(KEPT * EARS_RATE / PIECE), PIECE), np.float32)
        self.switch(encoding)

    def switch(self, encoding: str) -> None:
        """Take another encoding from here on; the track goes on."""
        self._encoding = encoding
        self._resampler = None if encoding == "audio/pcm" else Resampler(8_000, 24_000)

    @property
    def now(self) -> float:
        """The end of the last frame, in seconds of the track."""
        return self._detector.position / 24_000

    def seconds(self, audio: bytes) -> float:
        """How long ``audio`` sounds.

        Raises:
            AudioError: half a sample.
        """
        if self._encoding != "audio/pcm":
            return len(audio) / 8_000
        if len(audio) % 2:
            raise AudioError("Half a sample.", bytes=len(audio))
        return len(audio) / 48_000

    def push(self, audio: bytes) -> list[Frame]:
        """Take audio as it came in; give the frames that are now known."""
        if self._resampler is None:
            frames = self._detector.push(audio)
        else:
            decode = g711.decode_ulaw if self._encoding == "audio/pcmu" else g711.decode_alaw
            frames = self._detector.push_samples(self._resampler.push(decode(audio)))
        self._keep(frames)
        return frames

    def push_silence(self, seconds: float) -> list[Frame]:
        """Take silence in place of audio that did not come."""
        frames = self._detector.push_samples(np.zeros(round(seconds * 24_000), np.float32))
        self._keep(frames)
        return frames

    def _keep(self, frames: list[Frame]) -> None:
        for frame in frames:
            self._ring[frame.start // FRAME % len(self._ring)] = frame.samples

    def forget(self) -> None:
        """Give the samples back; nothing can be looked back on any more."""
        self._ring = self._ring[:0].copy()

    def stretch(self, start: float, end: float) -> Samples:
        """The samples at 16 kHz from ``start`` to ``end``, seconds of the track, as far as they are kept."""
        kept = len(self._ring)
        known = self._detector.position // FRAME * PIECE
        first = max(round(start * EARS_RATE), known - kept * PIECE, 0)
        last = min(round(end * EARS_RATE), known)
        if not kept or last <= first:
            return np.zeros(0, np.float32)
        pieces = np.arange(first // PIECE, (last - 1) // PIECE + 1)
        offset = int(pieces[0]) * PIECE
        joined: Samples = self._ring[pieces % kept].ravel()
        return joined[first - offset : last - offset]
