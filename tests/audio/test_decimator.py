from __future__ import annotations

import numpy as np
import pytest

from voicenb.audio.decimator import Decimator

RATE = 24_000


def tone(hertz: float, rate: int) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(rate) / rate).astype(np.float32)


@pytest.mark.parametrize("chunk", [1, 7, 480, 24_000])
def test_what_comes_out_stands_where_it_stood(chunk: int) -> None:
    third = Decimator(3)
    said = tone(440, RATE)
    heard = np.concatenate([third.push(said[at : at + chunk]) for at in range(0, len(said), chunk)])
    assert len(heard) == 8000 - 12
    assert np.abs(heard[20:] - tone(440, 8000)[20:-12]).max() < 1e-3


def test_each_chunk_has_its_share_at_once() -> None:
    third = Decimator(3)
    assert [len(third.push(np.zeros(480, np.float32))) for _ in range(4)] == [148, 160, 160, 160]


@pytest.mark.parametrize(("hertz", "least", "most"), [(300, 0.49, 0.51), (3000, 0.45, 0.51), (5200, 0, 0.01)])
def test_what_the_lower_rate_cannot_carry_is_left_out(hertz: float, least: float, most: float) -> None:
    heard = Decimator(3).push(tone(hertz, RATE))[100:]
    assert least <= np.abs(heard).max() <= most


def test_nothing_makes_nothing() -> None:
    assert len(Decimator(3).push(np.zeros(0, np.float32))) == 0
