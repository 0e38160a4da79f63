"""The panel on recordings as it stays in a saved notebook."""

from __future__ import annotations

import pytest

import voicenb as vn
from tests.tuning.known import build
from voicenb.tuning.sweep import Sweep
from voicenb.tuning.whatif import whatif
from voicenb.widgets.recorded_static import static_html, static_text

TURN = {"call": 0, "start": 65.2, "words": "Two <of> clubs."}


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    return whatif(build(tmp_path_factory.mktemp("recorded") / "call")[0], min_silence=[800])


def test_a_table_and_the_turns_that_would_be_cut(sweep: Sweep) -> None:
    text = static_text(sweep, vn.TurnDetection(min_silence=800), [TURN])
    lines = text.splitlines()
    assert lines[0].startswith("1 call · 4 turns of the caller's · 2 mid-turn pauses")
    assert "1000 to 3000 ms at 0.5, as recorded" in lines[2]
    assert "800 to 3000 ms at 0.5, where the sliders stand" in lines[3]
    assert "1 of 2" in lines[3]
    assert lines[4:6] == ["1 turn would be cut off:", "    call 1 at 1:05 Two <of> clubs."]
    assert lines[-1] == "Run this cell again to move the sliders."


def test_the_same_in_html_with_a_mark_by_which_a_live_panel_hides_it(sweep: Sweep) -> None:
    html = static_html(sweep, vn.TurnDetection(min_silence=800), [TURN] * 15, "voicenb-static-1")
    assert html.startswith('<div class="voicenb-static-1"')
    assert "Two &lt;of&gt; clubs." in html
    assert html.count("Two &lt;of&gt; clubs.") == 12, "not all of many"
    assert "15 turns would be cut off:" in html
    assert "where the sliders stand" in html
    assert "Calibration" in html


def test_where_nothing_would_be_cut_nothing_is_listed(sweep: Sweep) -> None:
    assert "would be cut" not in static_text(sweep, vn.TurnDetection(min_silence=2000), [])
    assert "would be cut" not in static_html(sweep, vn.TurnDetection(min_silence=2000), [], "m")
