"""A comparison as text and on a page."""

import pytest

from voicenb.tuning.compared import Arm, Cell, ComparedRow, Comparison
from voicenb.tuning.compared_text import MINUS, difference_of, html, interval_of, text, value_of

SERVICES = ("emulator · contract · rules",)
SHARE = ComparedRow("cut off before the end", {}, "", share=True)
SECONDS = ComparedRow("end-of-turn delay", {}, "")


@pytest.fixture
def comparison():
    arms = [
        Arm("today", 12, 0, SERVICES, "its own, 600 to 2000 ms"),
        Arm("<b>", 12, 0, SERVICES, "its own, 300 to 2000 ms", ("turn_detection.min_silence: 600 → 300",)),
    ]
    rows = [
        ComparedRow(
            "end-of-turn delay",
            {"today": Cell(0.68), "<b>": Cell(0.39, None, -0.29, (-0.31, -0.27))},
            "medians of 40 turns of 12 calls",
        ),
        ComparedRow(
            "cut off before the end",
            {"today": Cell(0.1, (4, 40)), "<b>": Cell(0.2, (8, 40), 0.1, (-0.02, 0.22))},
            "40 turns of 12 calls",
            share=True,
        ),
        ComparedRow(
            "tools called, a call", {"today": Cell(1.0), "<b>": Cell(2.0, None, 1.0)}, "means", unit=""
        ),
    ]
    return Comparison(arms, rows, {})


def test_as_text(comparison):
    lines = text(comparison).splitlines()
    assert lines[0] == "today: emulated, 12 calls; turn detection its own, 600 to 2000 ms"
    assert lines[1].endswith("differs from today in turn_detection.min_silence: 600 → 300")
    assert lines[2].split()[:4] == ["arm", "answered", "by", "value"]
    assert lines[3].split("  ")[0] == "end-of-turn delay"
    figures = ["<b>", "emulated", "0.39", "s", "-0.29", "s", "-0.31", "s", "…", "-0.27", "s", "lower"]
    assert lines[4].replace(MINUS, "-").split() == figures
    assert "20% (8 of 40)" in lines[6]
    assert lines[6].endswith("inconclusive")
    assert "too few to tell" in lines[8]
    assert repr(comparison) == text(comparison)


def test_on_a_page(comparison):
    page = html(comparison)
    assert "&lt;b&gt;" in page
    assert "<b>lower</b> by 0.29 s" in page
    assert f"inconclusive: {MINUS}2% … +22%" in page
    assert page.count("<tr") == 1 + 3
    assert "turn_detection.<wbr>min_silence" in page
    assert comparison._repr_html_() == page


@pytest.mark.parametrize(
    ("row", "cell", "told"),
    [
        (SHARE, Cell(0.25, (2, 8), 0.125, (-0.2, 0.4)), ("2 of 8", "", f"{MINUS}20% … +40%")),
        (SHARE, Cell(0.5), ("50%", "", "not measured")),
        (SECONDS, Cell(None), ("not measured", "", "not measured")),
        (SECONDS, Cell(1.234, None, 0.5, None), ("1.23 s", "+0.50 s", "too few to tell")),
    ],
)
def test_figures_in_words(row, cell, told):
    assert (value_of(row, cell), difference_of(row, cell), interval_of(row, cell)) == told
