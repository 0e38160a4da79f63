"""Labels; Praat's read back with praatio."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from praatio import textgrid as praat

from voicenb.exports.labels import audacity, rttm, textgrid
from voicenb.exports.spoken_line import SpokenLine

from .conftest import LINES


def test_rttm_has_ten_fields_a_line() -> None:
    rows = [row.split() for row in rttm(LINES, "my call").splitlines()]
    assert {len(row) for row in rows} == {10}
    assert rows[1] == ["SPEAKER", "my_call", "1", "2.000", "1.500", "<NA>", "<NA>", "caller", "<NA>", "<NA>"]


def test_audacity_has_tabs_between_start_end_and_label() -> None:
    rows = [row.split("\t") for row in audacity(LINES).splitlines()]
    assert [(float(start), float(end)) for start, end, _ in rows] == [(one.start, one.end) for one in LINES]
    assert rows[0][2] == "agent: Hello & welcome."


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
