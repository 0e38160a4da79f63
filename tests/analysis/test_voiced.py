"""Where the agent was heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voicenb.analysis.voiced import Voiced, audible_runs, heard_before, heard_runs

from .known_call import RATE, KnownCall


def tone(seconds: float, level: float = 0.1) -> np.ndarray:
    return (level * np.sin(2 * np.pi * 300 * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE), np.float32)


def test_audible_stretches_of_a_reply(tmp_path: Path) -> None:
    call = KnownCall(tmp_path / "call", 5.0)
    first = np.concatenate([silence(0.5), tone(0.4), silence(0.1), tone(0.2), silence(0.4), tone(0.3)])
    call.reply("r1", "a", first, began=0.1, received=0.2, heard=0.3)
    call.reply("r2", "b", tone(0.5, 0.001), began=3.0, received=3.1, heard=3.2)  # -63 dBFS: hiss
    recording = call.build()
    runs = [(begin / RATE, stop / RATE) for begin, stop in audible_runs(recording, "r1")]
    assert runs == [pytest.approx((0.5, 1.2)), pytest.approx((1.6, 1.9))], "a short silence parts nothing"
    assert audible_runs(recording, "r2") == []
    assert audible_runs(recording, "nobody") == []


def test_when_they_were_heard() -> None:
    notes = [(0, 12_000, 10.0), (12_000, 24_000, 10.5), (36_000, 48_000, 20.0)]
    found = heard_runs("r", [(6_000, 18_000), (30_000, 40_000)], notes)
    assert found == [Voiced("r", 10.25, 10.75, 6_000), Voiced("r", 20.0, 20.0 + 4_000 / RATE, 36_000)]


def test_a_pause_of_just_so_long_parts_what_is_heard_wherever_it_begins() -> None:
    audible = [(6_240, 12_000), (12_000 + round(0.3 * RATE), 30_000)]
    for begin in (0.3, 1.39, 2.0, 17.123456):
        assert len(heard_runs("r", audible, [(0, 30_000, begin)])) == 2, begin
    for first in range(0, 6_240, 240):  # of a part of a call
        assert len(heard_runs("r", audible, [(first, 30_000, 0.0)])) == 2, first


def test_what_a_part_of_a_call_begins_behind_was_heard_before() -> None:
    for at, before in ((0.0, True), (0.0006, True), (0.002, False)):
        assert heard_before(0, [(240, 480, at)]) is before, at
    assert not heard_before(300, [(240, 480, 0.0)])
    assert not heard_before(0, [])
