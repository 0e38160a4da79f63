import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.audio.pcm import to_float, to_pcm
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
