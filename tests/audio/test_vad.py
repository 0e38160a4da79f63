from pathlib import Path

import numpy as np
import pytest

from voicenb.audio.resample import resample
from voicenb.audio.vad import FRAME, RATE, Silero
from voicenb.audio.wav import read_wav
from voicenb.errors import AudioError

CLIPS = Path(__file__).parents[1] / "data" / "audio"


def frames_of(name: str) -> list[np.ndarray]:
    samples, rate = read_wav(CLIPS / name)
    low = resample(samples, rate, RATE)
    return [low[at : at + FRAME] for at in range(0, len(low) - FRAME + 1, FRAME)]


def test_speech_and_silence_are_told_apart() -> None:
    silero = Silero()
    speech = [silero(frame) for frame in frames_of("austen-0880.wav")]
    assert np.median(speech[12:80]) > 0.9
    assert max(speech[:5]) < 0.2
    silero.reset()
    assert max(silero(np.zeros(FRAME, np.float32)) for _ in range(50)) < 0.1


def test_reset_forgets_everything() -> None:
    frames = frames_of("cards-001.wav")
    silero = Silero()
    fresh = [silero(frame) for frame in frames]
    silero.reset()
    assert [silero(frame) for frame in frames] == fresh
    assert [silero(frame) for frame in frames] != fresh  # without it, the memory of the clip is there


def test_instances_share_the_model_and_not_the_memory() -> None:
    one, other = Silero(), Silero()
    first, second = frames_of("cards-001.wav"), frames_of("go-forward.wav")
    mixed = [(one(a), other(b)) for a, b in zip(first, second, strict=False)]
    alone = Silero()
    assert [a for a, _ in mixed] == [alone(frame) for frame in first]
    assert one._model is other._model


def test_a_frame_has_512_samples() -> None:
    with pytest.raises(AudioError, match="512"):
        Silero()(np.zeros(480, np.float32))
