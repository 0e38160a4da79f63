"""Sound, read back with soundfile."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

import voicenb as vn
from voicenb.exports.sound import Side, flac, track, wav


@pytest.mark.parametrize("side", ["both", "caller", "agent"])
@pytest.mark.parametrize("write", [wav, flac], ids=["wav", "flac"])
def test_every_sample_comes_back(call: vn.Recording, write: object, side: Side) -> None:
    samples, rate = soundfile.read(io.BytesIO(write(call, side)), dtype="int16")  # type: ignore[operator]
    assert rate == 24_000
    np.testing.assert_array_equal(samples, track(call, side))


def test_flac_is_smaller(call: vn.Recording) -> None:
    assert len(flac(call)) < len(wav(call)) / 2


def test_both_are_the_caller_left_and_the_agent_right(call: vn.Recording) -> None:
    both, caller, agent = (track(call, side) for side in ("both", "caller", "agent"))
    np.testing.assert_array_equal(both[: len(caller), 0], caller)
    np.testing.assert_array_equal(both[: len(agent), 1], agent)
