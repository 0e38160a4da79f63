"""Both sides of a call, slice by slice, against the whole."""

from __future__ import annotations

import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.recording.recorder import Recorder
from voicenb.widgets.player_sound import BothSides

RATE = 24_000


@pytest.fixture
def call(tmp_path: Path) -> vn.Recording:
    """The caller speaks, the agent answers and is interrupted."""
    made = KnownCall(tmp_path / "call", 20.0)
    over = made.says(1.0, speech("cards-002.wav"))
    made.turn("one", "Two cards, please.", told=1.1, decided=over + 0.85, transcribed=over + 0.9)
    sound = speech("austen-0880.wav")
    made.reply(
        "r1",
        "An answer.",
        sound,
        began=over + 0.9,
        received=over + 1.0,
        heard=over + 1.1,
        cut=over + 2.6,
    )
    made.says(over + 2.2, speech("cards-005.wav"))
    return made.build()


def test_slices_make_up_the_whole(call: vn.Recording) -> None:
    whole, sides = call.stereo(), BothSides(call)
    assert len(sides) == len(whole)
    assert sides.duration == len(whole) / RATE
    assert whole[:, 0].any()
    assert whole[:, 1].any()
    size = 4 * RATE + 1  # borders that fall anywhere
    parts = [sides[start : start + size] for start in range(0, len(sides), size)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_a_slice_that_a_page_asks_for(call: vn.Recording) -> None:
    whole, sides = call.stereo(), BothSides(call)
    np.testing.assert_array_equal(sides.asked({"start": 31_234, "count": 96_000}), whole[31_234:127_234])
    last = sides.asked({"start": len(whole) - 5, "count": 96_000})
    np.testing.assert_array_equal(last, whole[-5:])


@pytest.mark.parametrize(
    ("start", "count", "words"),
    [
        (-1, 10, "none at -1"),
        (20 * RATE, 10, "none at 480000"),
        (0, 0, "1 to 240000 samples, not 0"),
        (0, 240_001, "not 240001"),
        (0, -5, "not -5"),
        (0.0, 10, "start is in whole samples, not 0.0"),
        (True, 10, "not True"),
        (None, 10, "not None"),
        (0, "10", "count is in whole samples"),
        (0, 10**30, "samples, not 1000"),
    ],
)
def test_no_slice_of_the_call_is_refused(call: vn.Recording, start: Any, count: Any, words: str) -> None:
    with pytest.raises(vn.InvalidConfiguration, match=words):
        BothSides(call).asked({"start": start, "count": count})


def test_threads_may_ask_at_once(call: vn.Recording) -> None:
    whole, sides = call.stereo(), BothSides(call)
    together = threading.Barrier(4)

    def ask(start: int) -> np.ndarray[Any, Any]:
        together.wait(30)
        return np.concatenate([sides[at : at + 997] for at in range(start, start + 99_700, 997)])

    starts = [0, 50_000, 100_000, 200_000]
    with ThreadPoolExecutor(4) as pool:
        for start, got in zip(starts, pool.map(ask, starts), strict=True):
            np.testing.assert_array_equal(got, whole[start : start + 99_700])


def test_a_call_that_runs_is_there_as_far_as_it_has_come(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "call", about={"agent": {"name": "Lido"}})
    recorder.caller(np.full(RATE, 7, "<i2").tobytes())
    place = {"msg": {"type": "input.audio"}, "track": "caller", "start": 0, "samples": RATE}
    recorder.event({"t": 1.0, "dir": "out", "type": "input.audio", **place})
    recorder.flush()
    sides = BothSides(vn.Recording(tmp_path / "call"))
    assert sides.running
    assert len(sides) == RATE
    assert sides[0:RATE][:, 0].all()
    recorder.close({"t": 1.0, "reason": "ended"})
    assert not BothSides(vn.Recording(tmp_path / "call")).running


def test_of_a_long_call_only_the_slice_is_in_memory(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 300.0)
    made.says(250.0, speech("cards-002.wav"))
    sides = BothSides(made.build())
    tracemalloc.start()
    for start in range(0, len(sides), 20 * RATE):
        sides.asked({"start": start, "count": 4 * RATE})
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000  # both sides together have 29 MB, a slice has 0.4
