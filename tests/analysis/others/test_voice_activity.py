"""When other tools' detectors tell of speech, from probabilities that are given."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pytest

from voicenb.analysis.others.voice_activity import Told, livekit_silero, pipecat_silero

FRAME = 0.032


@dataclass
class Heard:
    """Probabilities, a frame of 32 ms each, from second 1 on."""

    values: np.ndarray
    times: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.values = np.asarray(self.values, np.float32)
        self.times = 1.0 + np.arange(len(self.values) + 1) * FRAME


def frames(*parts: tuple[float, int]) -> Heard:
    return Heard(np.concatenate([np.full(count, value) for value, count in parts]))


def after(count: int) -> float:
    return 1.0 + count * FRAME


def near(told: Told) -> tuple[object, ...]:
    return tuple(pytest.approx(value, abs=1e-6) for value in (told.began, told.ended, told.known))


def test_livekit_tells_of_the_end_055_s_later_and_takes_them_off() -> None:
    # Smoothed, 1 falls to 0.35 in one frame: 0.35 is not above 0.35.
    (told,) = livekit_silero(frames((0.0, 10), (1.0, 20), (0.0, 30)))
    assert (told.began, told.ended, told.known) == near(Told(after(12), after(30), after(48)))


def test_a_dip_of_livekits_is_no_end_while_the_smoothed_value_stays_above() -> None:
    (told,) = livekit_silero(frames((0.9, 20), (0.4, 10), (0.9, 10), (0.0, 30)))
    assert told.ended == pytest.approx(after(40), abs=1e-6)


def test_pipecat_counts_six_frames_and_takes_02_s_off() -> None:
    (told,) = pipecat_silero(frames((0.0, 10), (0.8, 20), (0.5, 30)))
    early = 0.2 - 6 * FRAME
    assert (told.began, told.ended, told.known) == near(Told(after(16), after(30) - early, after(36)))


def test_pipecat_does_not_hear_what_is_short_and_ends_at_a_dip() -> None:
    assert pipecat_silero(frames((0.9, 5), (0.0, 20))) == []
    one, other = pipecat_silero(frames((0.9, 10), (0.6, 6), (0.9, 10), (0.0, 10)))
    assert one.ended == pytest.approx(after(10) - 0.008, abs=1e-6)
    assert other.ended == pytest.approx(after(26) - 0.008, abs=1e-6)


def test_speech_to_the_end_of_the_recording_has_no_known_end() -> None:
    (told,) = livekit_silero(frames((1.0, 20), (0.0, 3)))
    assert told.known == math.inf
    assert told.ended == pytest.approx(after(20), abs=1e-6)
