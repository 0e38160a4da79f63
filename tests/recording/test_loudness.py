"""How loud the agent was heard."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import voicenb as vn
from voicenb.recording.loudness import RAMP, Loudness

sys.path.insert(0, str(Path(__file__).parents[1]))
from analysis.known_call import RATE, KnownCall

ONES = np.full(RATE, 10_000, np.int16)


def gains(loudness: Loudness, first: float = 0.0) -> np.ndarray:
    return loudness.over(ONES, round(first * RATE)) / 10_000


def test_as_loud_as_it_came() -> None:
    assert Loudness().over(ONES, 0) is ONES
    assert Loudness([(5.0, 0.2)]).over(ONES, 0) is ONES, "later"
    assert Loudness([(5.0, 0.2), (6.0, 1.0)]).over(ONES, 7 * RATE) is ONES, "before"


def test_quieter_for_a_while() -> None:
    heard = gains(Loudness([(0.25, 0.2), (0.75, 1.0)]))
    begin, end, ramp = RATE // 4, 3 * RATE // 4, round(RAMP * RATE)
    assert heard[:begin] == pytest.approx(1.0)
    assert heard[begin + ramp : end] == pytest.approx(0.2, abs=1e-3)
    assert heard[end + ramp :] == pytest.approx(1.0)
    assert np.abs(np.diff(heard)).max() < 1.1 * 0.8 / ramp, "without a step"


def test_quieter_all_along() -> None:
    assert gains(Loudness([(0.5, 0.2)]), first=3.0) == pytest.approx(0.2, abs=1e-3)


def test_another_change_on_the_way_makes_no_step() -> None:
    heard = gains(Loudness([(0.5, 0.2), (0.51, 1.0)]))
    assert heard.min() == pytest.approx(0.6, abs=0.01)
    assert heard[round(0.54 * RATE) :] == pytest.approx(1.0)
    assert np.abs(np.diff(heard)).max() < 1.1 * 0.8 / (RAMP * RATE)


def test_nothing_of_nothing() -> None:
    assert len(Loudness([(0.0, 0.2)]).over(ONES[:0], 0)) == 0


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    """A hum from 1 s to 9 s, quieter from 3 s to 6 s, as the page told."""
    known = KnownCall(tmp_path_factory.mktemp("calls") / "hum", 10.0)
    known.put(0.5, "local", "barge_in", mode="duck")
    known.reply("r", "Hum.", np.full(8 * RATE, 0.3, np.float32), began=0.9, received=0.9, heard=1.0)
    known.put(2.95, "local", "duck", gain=0.2, onset=2.8)
    known.put(3.05, "local", "ducked", gain=0.2, t=3.0, uncertainty=0.002)
    known.put(6.0, "local", "duck", gain=1.0, why="unconfirmed")
    known.put(6.05, "local", "ducked", gain=1.0, t=6.0, uncertainty=0.002)
    return known.build()


def level(track: np.ndarray, at: float) -> float:
    return float(track[round(at * RATE)]) / (0.3 * 32767)


def test_a_call_is_heard_as_it_was(call: vn.Recording) -> None:
    heard, (_, lane) = call.heard(), call.lanes()
    for at, loud in ((2.0, 1.0), (3.5, 0.2), (5.9, 0.2), (6.5, 1.0)):
        assert level(heard, at) == pytest.approx(loud, abs=0.01)
        assert level(lane[: len(lane)], at) == pytest.approx(loud, abs=0.01)
    assert (lane[3 * RATE : 4 * RATE] == heard[3 * RATE : 4 * RATE]).all()
    assert abs(call.agent).min() > 9000, "what was received is kept as it came"


@pytest.mark.parametrize("begin", [2.0, 4.0])
def test_a_part_of_it_as_well(call: vn.Recording, begin: float) -> None:
    part = call[begin:8.0]
    assert level(part.heard(), 5.0 - begin) == pytest.approx(0.2, abs=0.01)
    assert level(part.heard(), 7.0 - begin) == pytest.approx(1.0, abs=0.01)
    assert part.conversation.barge_in == "duck"
    (stop,) = vn.stops(part)
    assert (stop.by, stop.outcome, stop.barge_in) == ("duck", "back", "duck")
    assert stop.at == pytest.approx(max(3.0 - begin, 0.0), abs=0.26)
