"""Labels, read back with pyannote (RTTM), pandas (Audacity) and praatio (Praat)."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from praatio import textgrid as praat
from pyannote.database.util import load_rttm

from voicenb.exports.labels import audacity, rttm, textgrid
from voicenb.exports.spoken_line import SpokenLine

from .conftest import LINES


def test_rttm(tmp_path: Path) -> None:
    path = tmp_path / "call.rttm"
    path.write_text(rttm(LINES, "my call"), encoding="utf-8")
    assert {len(row.split()) for row in path.read_text("utf-8").splitlines()} == {10}
    (annotation,) = load_rttm(path).values()
    assert annotation.uri == "my_call"
    told = [(turn.start, turn.end, who) for turn, _, who in annotation.itertracks(yield_label=True)]
    assert told == [(line.start, line.end, line.speaker) for line in LINES]


def test_audacity() -> None:
    """Its labels are a table with tabs, without a heading, in which a quotation mark is only a letter."""
    table = pd.read_csv(io.StringIO(audacity(LINES)), sep="\t", header=None, quoting=csv.QUOTE_NONE)
    assert list(zip(table[0], table[1], strict=True)) == [(line.start, line.end) for line in LINES]
    assert list(table[2]) == [f"{line.speaker}: {line.text}" for line in LINES]


def test_praat(tmp_path: Path) -> None:
    path = tmp_path / "call.TextGrid"
    path.write_text(textgrid(LINES, 4000.0), encoding="utf-8")
    grid = praat.openTextgrid(str(path), includeEmptyIntervals=False)
    assert grid.tierNames == ("caller", "agent")
    assert grid.maxTimestamp == 4000
    for name in grid.tierNames:
        mine = [(line.start, line.end, line.text) for line in LINES if line.speaker == name]
        assert [tuple(entry) for entry in grid.getTier(name).entries] == mine


@given(
    st.lists(
        st.builds(
            lambda start, length: SpokenLine("caller", start, start + length, "x"),
            st.integers(0, 50),
            st.integers(1, 9),
        ),
        max_size=8,
    )
)
def test_a_tier_has_neither_gaps_nor_overlaps(lines: list[SpokenLine]) -> None:
    lines.sort(key=lambda line: line.start)
    text = textgrid(lines, 60.0)
    tier = text[: text.index('name = "agent"')]
    times = [
        float(row.split("=")[1]) for row in tier.splitlines() if row.strip().startswith(("xmin", "xmax"))
    ]
    intervals = times[4 : -0 or None]
    begins, ends = intervals[0::2], intervals[1::2]
    assert begins[0] == 0
    assert begins[1:] == pytest.approx(ends[: len(begins) - 1])
    assert all(end > begin for begin, end in zip(begins, ends, strict=False))
