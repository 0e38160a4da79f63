"""Stage one: probabilities of one track become speech and pauses, once per ``vad_threshold``.

Speech starts when two frames in a row reach the threshold, and goes on while frames stay at or above
``max(threshold - 0.15, 0.01)``. The silence is counted from the end of the last such frame, and grows frame
by frame until speech starts again in the same way: a lone frame does not end a silence. Times are in
seconds of the track.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

FRAME_SECONDS = 0.032
"""One frame; every decision falls on a multiple of it."""


@dataclass(frozen=True, slots=True)
class Started:
    """Speech where there was none: known at ``at``, the end of its second frame."""

    at: float
    onset: float


@dataclass(frozen=True, slots=True)
class Paused:
    """Speech has stopped, perhaps only for a moment: known one frame after ``speech_end``."""

    at: float
    speech_end: float


@dataclass(frozen=True, slots=True)
class Resumed:
    """Speech goes on after a pause: from ``onset``, known at ``at``, the end of its second frame."""

    at: float
    onset: float
    speech_end: float

    @property
    def pause(self) -> float:
        """How long the pause was, from the end of the speech before it to the onset after it, in seconds."""
        return self.onset - self.speech_end


Event = Started | Paused | Resumed


class Segmenter:
    """Takes one probability per frame; keeps the onset, the end and the silence of the speech at hand.

    Args:
        threshold: the ``vad_threshold``; may be set while frames come in.
        frame: which frame of the track comes first, when it is not the first of all.
    """

    def __init__(self, threshold: float = 0.5, *, frame: int = 0) -> None:
        self.threshold = threshold
        self._frame = frame  # frames seen, which is also the index of the next
        self._loud = 0  # frames in a row that reached the threshold
        self._onset: int | None = None
        self._piece: int | None = None
        self._speech_end = 0
        self.speaking = False

    @property
    def now(self) -> float:
        """The end of the last frame."""
        return self._frame * FRAME_SECONDS

    @property
    def frame(self) -> int:
        """How many frames of the track have been seen; the index of the next."""
        return self._frame

    @property
    def onset(self) -> float | None:
        """Where the utterance began: the start of the first of its two frames; None while there is none."""
        return None if self._onset is None else self._onset * FRAME_SECONDS

    @property
    def piece(self) -> float | None:
        """Where the last stretch of speech began that had no pause in it."""
        return None if self._piece is None else self._piece * FRAME_SECONDS

    @property
    def speech_end(self) -> float | None:
        """The end of the last frame of speech; None while there is no utterance."""
        return None if self._onset is None else self._speech_end * FRAME_SECONDS

    @property
    def silence(self) -> float:
        """Seconds since the last frame of speech; 0 while there is speech or no utterance."""
        return self.silent_frames * FRAME_SECONDS

    @property
    def silent_frames(self) -> int:
        """The same in frames."""
        return 0 if self.speaking or self._onset is None else self._frame - self._speech_end

    def close(self) -> None:
        """The utterance is over: the next speech is a start and not a resumption."""
        self._onset = self._piece = None
        self.speaking = False

    def push(self, probability: float) -> Event | None:
        """Take the next frame; tell what changed with it, if anything did."""
        self._frame += 1
        self._loud = self._loud + 1 if probability >= self.threshold else 0
        if self.speaking:
            if probability >= max(self.threshold - 0.15, 0.01):
                self._speech_end = self._frame
                return None
            self.speaking = False
            self._loud = 0  # below a threshold of 0.01 a frame can reach it and still be silence
            return Paused(self.now, self._speech_end * FRAME_SECONDS)
        if self._loud < 2:
            return None
        self.speaking = True
        before, self._speech_end, self._piece = self._speech_end, self._frame, self._frame - 2
        onset = self._piece * FRAME_SECONDS
        if self._onset is None:
            self._onset = self._piece
            return Started(self.now, onset)
        return Resumed(self.now, onset, before * FRAME_SECONDS)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Speech without a pause, in seconds of the track."""

    start: float
    end: float


def stretches(probabilities: Iterable[float], threshold: float = 0.5) -> list[Stretch]:
    """All speech of a track; what lies between two of them is a pause."""
    segmenter = Segmenter(threshold)
    found: list[Stretch] = []
    onset = 0.0
    for probability in probabilities:
        match segmenter.push(probability):
            case Started(onset=start) | Resumed(onset=start):
                onset = start
            case Paused(speech_end=end):
                found.append(Stretch(onset, end))
            case None:
                pass
    if segmenter.speaking:
        found.append(Stretch(onset, segmenter.now))
    return found
