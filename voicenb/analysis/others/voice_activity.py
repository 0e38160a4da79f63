"""When the caller spoke, as the detectors of other tools would tell: from the same probabilities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from voicenb.analysis.speech_probability import SpeechProbability
from voicenb.turn_taking.segmenter import FRAME_SECONDS


@dataclass(frozen=True, slots=True)
class Told:
    """A stretch of speech as a detector tells of it; times in the engine's seconds.

    Attributes:
        began: when it told that speech had begun.
        ended: where it says that the speech was over.
        known: when it told so; ``inf`` where the recording ends before.
    """

    began: float
    ended: float
    known: float


def livekit_silero(heard: SpeechProbability) -> list[Told]:
    """As LiveKit's Silero plugin does with its defaults.

    Probabilities are smoothed (a third of the last value stays in the next); speech begins after 0.05 s at
    0.5, goes on above 0.35 and is over after 0.55 s of silence, which are taken off again.
    """
    return _told(heard, _smoothed(heard.values.tolist(), keep=0.35), (0.5, 0.35), (0.05, 0.55), 0.0)


def pipecat_silero(heard: SpeechProbability) -> list[Told]:
    """As Pipecat's analyzer does with its defaults: 0.7 for 0.2 s begins speech, 0.2 s below it end it.

    It counts whole frames (six, 0.192 s) and takes 0.2 s off. Its gate on the volume is left out.
    """
    frames = round(0.2 / FRAME_SECONDS) * FRAME_SECONDS
    return _told(heard, heard.values.tolist(), (0.7, 0.7), (frames, frames), 0.2 - frames)


def _smoothed(values: Iterable[float], *, keep: float) -> list[float]:
    found: list[float] = []
    for value in values:
        found.append(value if not found else keep * found[-1] + (1 - keep) * value)
    return found


def _told(
    heard: SpeechProbability,
    values: Iterable[float],
    thresholds: tuple[float, float],
    lasting: tuple[float, float],
    early: float,
) -> list[Told]:
    """Speech by two thresholds and two lengths.

    Args:
        heard: for the times of the frames.
        values: a probability for each.
        thresholds: at which speech begins; above which it goes on.
        lasting: seconds for which that must hold until it is told: that it began, that it is over.
        early: seconds that the end is told to be earlier than it was.
    """
    begin, go_on = thresholds
    starts, stops = (max(1, int(np.ceil(seconds / FRAME_SECONDS - 1e-9))) for seconds in lasting)
    found: list[Told] = []
    began: float | None = None
    loud = quiet = 0
    for frame, value in enumerate(values):
        over = float(heard.times[frame + 1])
        if value >= begin or (began is not None and value > go_on):
            loud, quiet = loud + 1, 0
            if began is None and loud >= starts:
                began = over
        else:
            loud, quiet = 0, quiet + 1
            if began is not None and quiet >= stops:
                found.append(Told(began, float(heard.times[frame + 1 - quiet]) - early, over))
                began = None
    if began is not None:
        found.append(Told(began, float(heard.times[len(heard.values) - quiet]) - early, float("inf")))
    return found
