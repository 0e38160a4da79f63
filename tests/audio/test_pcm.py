import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.audio.level import FLOOR, first_audible, last_audible, levels
from voicenb.audio.pcm import level, to_float, to_pcm
from voicenb.errors import AudioError


@given(st.binary(max_size=400).filter(lambda data: len(data) % 2 == 0))
def test_pcm_comes_back_unchanged(pcm: bytes) -> None:
    assert to_pcm(to_float(pcm)) == pcm


def test_beyond_full_scale_is_clipped_and_not_a_number_is_silence() -> None:
    values = np.frombuffer(to_pcm([2.0, -2.0, np.nan, np.inf, -np.inf]), "<i2")
    assert values.tolist() == [32767, -32768, 0, 32767, -32768]


def test_half_a_sample_is_refused_with_its_length() -> None:
    with pytest.raises(AudioError, match="got 3 bytes") as caught:
        to_float(b"abc")
    assert caught.value.facts == {"bytes": 3}


def test_level_of_known_sounds() -> None:
    square = np.tile([1.0, -1.0], 500)
    assert level(square) == pytest.approx(0)
    assert level(square / 10) == pytest.approx(-20)
    assert level(np.zeros(100)) == FLOOR
    assert level([]) == FLOOR


def test_levels_per_window_and_where_sound_becomes_audible() -> None:
    sound = np.concatenate([np.zeros(4800), np.full(2400, 0.1), np.full(2400, 0.001)])
    found = levels(sound, 24_000)
    assert found.shape == (40,)
    assert found[0] == FLOOR
    assert found[25] == pytest.approx(-20)
    assert first_audible(sound, 24_000) == 4800
    assert last_audible(sound, 24_000) == 7200
    assert first_audible(np.zeros(2400), 24_000) is None
    assert last_audible(np.zeros(10), 24_000) is None
