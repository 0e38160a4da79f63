from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.audio.noise import with_noise
from voicenb.turn_taking.detector import probabilities
from voicenb.turn_taking.segmenter import Paused, Resumed, Segmenter, Started, Stretch, stretches

from .conftest import Label, Track, labels, speech

F = 0.032


def events(values: list[float], threshold: float = 0.5) -> list[object]:
    segmenter = Segmenter(threshold)
    return [event for value in values if (event := segmenter.push(value)) is not None]


def test_speech_starts_with_two_frames_in_a_row() -> None:
    assert events([0.9, 0.1, 0.9, 0.1]) == []
    assert events([0.1, 0.5, 0.5]) == [Started(at=pytest.approx(3 * F), onset=pytest.approx(F))]


def test_speech_goes_on_down_to_the_lower_threshold() -> None:
    segmenter = Segmenter(0.5)
    for value in [0.9, 0.9, 0.36, 0.35]:
        segmenter.push(value)
    assert segmenter.speaking
    assert segmenter.speech_end == pytest.approx(4 * F)
    assert segmenter.push(0.34) == Paused(at=pytest.approx(5 * F), speech_end=pytest.approx(4 * F))
    assert segmenter.silence == pytest.approx(F)


@pytest.mark.parametrize(("threshold", "floor"), [(0.5, 0.35), (0.15, 0.01), (0.1, 0.01), (0.0, 0.01)])
def test_the_lower_threshold(threshold: float, floor: float) -> None:
    segmenter = Segmenter(threshold)
    segmenter.push(1)
    segmenter.push(1)
    segmenter.push(floor + 1e-9)
    assert segmenter.speaking
    segmenter.push(floor - 1e-9)
    assert not segmenter.speaking


def test_a_lone_frame_does_not_end_a_silence() -> None:
    segmenter = Segmenter()
    for value in [0.9, 0.9, 0.0, 0.9, 0.0, 0.4, 0.4]:
        segmenter.push(value)
    assert segmenter.silence == pytest.approx(5 * F)
    assert segmenter.silent_frames == 5
    segmenter.push(0.8)
    resumed = segmenter.push(0.8)
    assert isinstance(resumed, Resumed)
    assert resumed.pause == pytest.approx(5 * F)  # to the onset, not to the frame on which it was known
    assert segmenter.onset == 0
    assert segmenter.piece == pytest.approx(7 * F)


def test_after_close_speech_starts_anew() -> None:
    segmenter = Segmenter()
    for value in [0.9, 0.9, 0.0, 0.0]:
        segmenter.push(value)
    segmenter.close()
    assert (segmenter.onset, segmenter.speech_end, segmenter.silence) == (None, None, 0)
    segmenter.push(0.9)
    assert isinstance(segmenter.push(0.9), Started)
    assert segmenter.onset == pytest.approx(4 * F)


def test_the_first_frame_may_be_any_of_the_track() -> None:
    segmenter = Segmenter(frame=100)
    segmenter.push(0.9)
    assert segmenter.push(0.9) == Started(at=pytest.approx(102 * F), onset=pytest.approx(100 * F))


@given(st.lists(st.floats(0, 1), max_size=200), st.floats(0.01, 1))
def test_stretches_follow_from_their_definition(values: list[float], threshold: float) -> None:
    found = stretches(values, threshold)
    low = max(threshold - 0.15, 0.01)
    for stretch in found:
        first, last = round(stretch.start / F), round(stretch.end / F)
        assert min(values[first : first + 2]) >= threshold
        assert all(value >= low for value in values[first + 2 : last])
        assert last - first >= 2
        assert last == len(values) or values[last] < low
    assert all(a.end < b.start for a, b in pairwise(found))
    # Nothing was missed: outside the stretches no two frames in a row reach the threshold.
    outside = [True] * len(values)
    for stretch in found:
        outside[round(stretch.start / F) : round(stretch.end / F)] = [False] * round(
            (stretch.end - stretch.start) / F
        )
    assert not any(
        outside[i] and outside[i + 1] and min(values[i], values[i + 1]) >= threshold
        for i in range(len(values) - 1)
    )


def outer(found: list[Stretch]) -> tuple[float, float]:
    return found[0].start, found[-1].end


@pytest.mark.parametrize("label", labels(), ids=lambda label: label.file)
def test_real_speech_is_found_where_people_hear_it(label: Label, caller: Callable[..., Track]) -> None:
    # Frames are 32 ms, and Silero needs a vowel to be sure: a fricative at the beginning costs up to 170 ms.
    track = caller(1.0, label.file.removesuffix(".wav"), 1.0)
    (start, end), (found_start, found_end) = track.spoken[0], outer(stretches(track.probabilities))
    assert -0.033 - label.onset_uncertainty <= found_start - start <= 0.175 + label.onset_uncertainty
    assert -0.033 - label.offset_uncertainty <= found_end - end <= 0.130 + label.offset_uncertainty


def test_most_real_speech_is_found_much_closer(caller: Callable[..., Track]) -> None:
    late, long = [], []
    for label in labels():
        track = caller(1.0, label.file.removesuffix(".wav"), 1.0)
        start, end = outer(stretches(track.probabilities))
        late.append(abs(start - track.spoken[0][0]))
        long.append(abs(end - track.spoken[0][1]))
    assert sorted(late)[5] <= 0.064
    assert sorted(long)[5] <= 0.064


def test_pauses_of_known_length_are_measured(caller: Callable[..., Track]) -> None:
    track = caller(0.5, "go-forward", 0.8, "austen-0880", 1.5, "cards-005", 1.0)
    found = stretches(track.probabilities)
    for (_, end), (start, _) in pairwise(track.spoken):
        before = max(s.end for s in found if s.end < end + 0.2)
        after = min(s.start for s in found if s.start > start - 0.1)
        assert after - before == pytest.approx(start - end, abs=0.2)


def test_noise_at_20_db_is_not_speech() -> None:
    clip = speech("austen-0930")
    quiet = np.zeros(48_000, np.float32)
    whole = np.concatenate([quiet, clip, quiet])
    noisy = with_noise(whole, 20, seed=5, power_of=slice(48_000, 48_000 + len(clip)))
    start, end = outer(stretches(probabilities(noisy)))
    assert 1.9 < start < 2.2
    assert abs(end - 2 - len(clip) / 24_000) < 0.25
