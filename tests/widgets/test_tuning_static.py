from __future__ import annotations

import re
from typing import Any

import pytest

from voicenb.widgets.tuning_static import panel_html, panel_text

STATE: dict[str, Any] = {
    "agent": "<Lido>",
    "turn_detection": {"vad_threshold": 0.5, "min_silence": 800, "max_silence": 4000},
    "mode": None,
    "turns": [
        {
            "n": 1,
            "text": "A <b>table</b>.",
            "latency": 1.04,
            "ended_by": "min_silence",
            "limit": 800,
            "outcome": "cut",
            "note": "",
        },
        {
            "n": 2,
            "text": "Yes.",
            "latency": None,
            "ended_by": "",
            "limit": None,
            "outcome": "",
            "note": "not captured",
        },
    ],
}


def test_as_text() -> None:
    first, *turns = panel_text(STATE).splitlines()
    assert first.startswith(
        "Turn detection of <Lido> when this cell ran: custom 0.5 · 800 · 4000 · balanced."
    )
    assert turns == [
        "    1. “A <b>table</b>.” · answered in 1.04 s · min_silence 800 ms · cut: the caller went on",
        "    2. “Yes.”",
    ]


@pytest.mark.parametrize("note", ["measuring", "not captured"])
def test_what_had_not_been_measured_when_the_cell_ran_is_not_said_of_the_call(note: str) -> None:
    state = {**STATE, "turns": [{**STATE["turns"][1], "note": note}]}
    assert note not in panel_text(state)
    assert note not in panel_html(state)
    assert "when this cell ran" in panel_text(state)
    assert "when this cell ran" in panel_html(state)


def test_as_html_nothing_that_was_said_is_markup() -> None:
    html = panel_html(STATE)
    assert "A &lt;b&gt;table&lt;/b&gt;." in html
    assert "<b>table" not in html
    assert "&lt;Lido&gt;" in html
    assert "answered in 1.04 s" in html


def test_in_the_table_each_figure_keeps_its_column() -> None:
    turns = [{**STATE["turns"][0], "ended_by": "", "limit": None}, STATE["turns"][0]]
    html = panel_html({**STATE, "turns": turns})
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in html.split("<tr")[1:]]
    assert [row[2:] for row in rows] == [
        ["answered in 1.04 s", "", "cut: the caller went on"],
        ["answered in 1.04 s", "min_silence 800 ms", "cut: the caller went on"],
    ]
