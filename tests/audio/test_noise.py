import numpy as np
import pytest

from voicenb.audio.level import level
from voicenb.audio.noise import pink, with_noise
from voicenb.errors import AudioError


def test_the_seed_says_which_noise() -> None:
    np.testing.assert_array_equal(pink(1000, 3), pink(1000, 3))
    assert not np.array_equal(pink(1000, 3), pink(1000, 4))
    assert [pink(count, 0).size for count in (0, 1, 2, 999)] == [0, 1, 2, 999]


def test_every_octave_holds_the_same_power() -> None:
    power = np.abs(np.fft.rfft(pink(48_000, 0))) ** 2
    octaves = [power[low : 2 * low].sum() for low in (250, 500, 1000, 2000, 4000, 8000)]
    assert max(octaves) / min(octaves) < 1.25


@pytest.mark.parametrize("snr", [0.0, 10.0, 20.0])
def test_the_ratio_is_kept(snr: float) -> None:
    tone = (0.2 * np.sin(np.arange(24_000) * 0.1)).astype(np.float32)
    padded = np.concatenate([np.zeros(24_000, np.float32), tone])
    noise = with_noise(padded, snr, seed=1, power_of=slice(24_000, None)) - padded
    assert level(tone) - level(noise) == pytest.approx(snr, abs=0.05)


def test_silence_has_no_ratio() -> None:
    with pytest.raises(AudioError, match="480 samples"):
        with_noise(np.zeros(480), 20, seed=0)
