import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicenb.turn_taking.decide import Ending, Pauses, Policies, decide
from voicenb.turn_taking.settings import Settings

F = 0.032
FRAMES = st.integers(0, 320)
MOMENTS = st.one_of(st.just(0.0), st.just(float("inf")), st.floats(0, 8))
PAUSES = st.tuples(FRAMES, MOMENTS, st.booleans())
POLICIES = st.tuples(st.integers(50, 9_999), st.integers(1, 9_950)).map(
    lambda p: (p[0], min(10_000, p[0] + p[1]))
)


@pytest.mark.parametrize(
    ("length", "complete_at", "resumed", "at", "by"),
    [
        (5.0, 0.0, False, 1.024, Ending.MIN_SILENCE),  # the first frame end at or after 1 s
        (0.9, 0.0, True, float("inf"), Ending.NONE),
        (0.992, 0.0, False, float("inf"), Ending.NONE),
        (
            0.992,
            0.0,
            True,
            1.024,
            Ending.MIN_SILENCE,
        ),  # the first frame of the resumption still counts as silence
        (5.0, 1.5, False, 1.504, Ending.MIN_SILENCE),
        (5.0, float("inf"), False, 3.008, Ending.MAX_SILENCE),
        (2.5, float("inf"), True, float("inf"), Ending.NONE),
        (5.0, 3.5, False, 3.008, Ending.MAX_SILENCE),
        (5.0, 3.0, False, 3.008, Ending.MIN_SILENCE),  # both on one frame
        (float("inf"), float("inf"), False, 3.008, Ending.MAX_SILENCE),
    ],
)
def test_which_limit_ends_a_turn_and_when(
    length: float, complete_at: float, resumed: bool, at: float, by: Ending
) -> None:
    decision = decide(Pauses(length, complete_at, resumed), Settings())
    assert float(decision.at) == pytest.approx(at)
    assert Ending(int(decision.by)) is by


def test_a_limit_on_a_frame_end_costs_no_frame() -> None:
    for frames in range(2, 313):
        policy = Policies(frames * 32, 10_000)
        assert float(decide(Pauses(frames * F), policy).at) == pytest.approx(frames * F)
        assert int(decide(Pauses((frames - 1) * F), policy).by) == Ending.NONE


@settings(max_examples=60)
@given(st.lists(PAUSES, min_size=1, max_size=8), st.lists(POLICIES, min_size=1, max_size=8))
def test_scalars_and_arrays_decide_alike(
    pauses: list[tuple[int, float, bool]], policies: list[tuple[int, int]]
) -> None:
    frames, complete_at, resumed = (np.array(column)[:, None] for column in zip(*pauses, strict=True))
    shortest, longest = (np.array(column) for column in zip(*policies, strict=True))
    many = decide(Pauses(frames * F, complete_at, resumed), Policies(shortest, longest))
    assert many.at.shape == many.by.shape == (len(pauses), len(policies))
    for p, (count, complete, again) in enumerate(pauses):
        for k, (low, high) in enumerate(policies):
            one = decide(Pauses(count * F, complete, again), Settings(min_silence=low, max_silence=high))
            assert one.at == many.at[p, k]
            assert one.by == many.by[p, k]


@settings(max_examples=60)
@given(PAUSES, POLICIES)
def test_asked_frame_by_frame_it_comes_to_the_same(
    pause: tuple[int, float, bool], policy: tuple[int, int]
) -> None:
    frames, complete_at, resumed = pause
    offline = decide(Pauses(frames * F, complete_at, resumed), Policies(*policy))
    for count in range(1, frames + resumed + 1):
        live = decide(Pauses(count * F, complete_at), Policies(*policy))
        if live.by != Ending.NONE:
            assert float(live.at) == pytest.approx(count * F)
            assert (live.at, live.by) == (offline.at, offline.by)
            return
    assert offline.by == Ending.NONE
    assert offline.at == np.inf


def test_a_hundred_thousand_policies_at_once() -> None:
    random = np.random.default_rng(0)
    low = random.integers(50, 5000, 100_000)
    began = time.process_time()
    many = decide(Pauses(np.array([[0.5], [1.2], [4.0]]), resumed=True), Policies(low, low + 500))
    assert time.process_time() - began < 2
    assert many.by.shape == (3, 100_000)
    assert (many.by[0] > 0).mean() < (many.by[1] > 0).mean() < (many.by[2] > 0).mean()


def test_endings_have_the_names_of_the_settings() -> None:
    assert [ending.setting for ending in Ending] == ["none", "min_silence", "max_silence"]
