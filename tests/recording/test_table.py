"""Events as a pandas table, on three clocks."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import voicenb as vn
from voicenb.recording.recording import Recording


def test_a_row_for_each_event_on_three_clocks(finished: Path) -> None:
    call = Recording(finished)
    table = call.to_dataframe()
    assert len(table) == len(call.events)
    assert table["n"].tolist() == list(range(len(table)))
    np.testing.assert_allclose(table["t"], call.events.t)
    frames = table[table["type"] == "input.audio"]
    # A frame is sent when its last sample has been said.
    np.testing.assert_allclose(frames["acoustic"], frames["t"] - 0.02, atol=1e-4)
    assert frames["heard"].isna().all()
    sound = table[table["type"] == "reply.audio"]
    np.testing.assert_allclose(sound["heard"][:5], 2.5 + 0.01 * np.arange(5), atol=1e-4)
    assert sound["heard"][5:].isna().all()  # cut off before that
    assert sound["acoustic"].isna().all()
    (note,) = table[table["type"] == "heard"].to_dict("records")
    assert (note["heard"], note["uncertainty"]) == (2.5, 0.0)
    assert table[table["type"] == "transcript.user"]["text"].tolist() == ["A table for <four>."]
    assert table[table["type"] == "tool.call"]["call_id"].tolist() == ["c1"]
    assert table["samples"].sum() == len(call.caller) + len(call.agent)
    assert table["msg"][1] == call.events[1]["msg"]


def test_how_far_a_browser_s_clock_may_be_off(call) -> None:
    call.opens()
    for frame in range(10):
        call.says(1.05 + 0.02 * frame, bytes(960))
    call.recorder.update(clocks={"caller": [{"start": 0, "t": 1.0, "uncertainty": 0.003}]})
    call.recorder.close({"t": 2.0})
    table = Recording(call.recorder.folder).to_dataframe()
    frames = table[table["type"] == "input.audio"]
    np.testing.assert_allclose(frames["acoustic"], 1.0 + 0.02 * np.arange(10), atol=1e-4)
    assert frames["uncertainty"].tolist() == [0.003] * 10


def test_of_a_call_in_which_nothing_happened(call) -> None:
    call.recorder.close({"t": 0.0})
    assert Recording(call.recorder.folder).to_dataframe().empty


def test_without_pandas(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(vn.MissingExtra, match=r'pip install "voicenb\[data\]"'):
        Recording(finished).to_dataframe()
