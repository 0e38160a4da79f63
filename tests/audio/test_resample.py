import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicenb.audio.resample import Resampler, resample

NOISE = np.random.default_rng(1).standard_normal(4000).astype(np.float32) * 0.1


@settings(max_examples=40)
@given(
    st.sampled_from([(24_000, 16_000), (22_050, 24_000), (8_000, 24_000), (24_000, 8_000), (24_000, 24_000)]),
    st.lists(st.integers(0, 700), min_size=1, max_size=20),
)
def test_chunks_make_no_difference(rates: tuple[int, int], cuts: list[int]) -> None:
    whole = resample(NOISE, *rates)
    stream = Resampler(*rates)
    pieces, at = [], 0
    for size in [*cuts, len(NOISE)]:
        pieces.append(stream.push(NOISE[at : at + size]))
        at += size
    pieces.append(stream.finish())
    np.testing.assert_array_equal(np.concatenate(pieces), whole)


def test_after_finish_a_resampler_is_new() -> None:
    stream = Resampler(24_000, 16_000)
    first = np.concatenate([stream.push(NOISE), stream.finish()])
    again = np.concatenate([stream.push(NOISE), stream.finish()])
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize(("source", "target"), [(24_000, 16_000), (48_000, 24_000), (22_050, 24_000)])
def test_a_tone_keeps_pitch_level_and_place(source: int, target: int) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(source) / source).astype(np.float32)
    wanted = np.sin(2 * np.pi * 440 * np.arange(target) / target)
    found = resample(tone, source, target)
    assert len(found) == target
    middle = slice(target // 10, -target // 10)
    np.testing.assert_allclose(found[middle], wanted[middle], atol=2e-3)
