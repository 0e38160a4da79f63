"""Where the time went, as a picture."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

import voicenb as vn
from voicenb.analysis.report import Report
from voicenb.analysis.turns import Turns
from voicenb.plot.latency import FULL_MARKS, latency


def test_a_row_for_each_answered_turn(call: vn.Recording) -> None:
    ax = vn.plot.latency(call)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["1 · Two cards, please.", "3 · A tool, please."], "as vn.turns counts them"
    report = vn.report(call)
    bars = [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_zorder() == 3]
    for row, turn in enumerate(report.caller_turns[:2]):
        mine = [bar for bar in bars if round(bar.get_y() + bar.get_height() / 2) == row]
        wait = turn.first_answer if turn.kind == "tool" else turn.response_latency
        assert sum(bar.get_width() for bar in mine) == pytest.approx(wait, abs=0.002)
    hatched = [bar for bar in bars if bar.get_hatch()]
    assert len(hatched) >= 2, "waiting looks like waiting"
    texts = [text.get_text() for text in ax.texts]
    assert any("look_up" in text for text in texts)
    assert "1 unanswered" in ax.get_xlabel()
    bands = {round(patch.get_x() + patch.get_width(), 3) for patch in ax.patches if patch.get_zorder() == 0}
    assert bands == set(FULL_MARKS[1:])
    (above,) = ax.child_axes
    spans = {round(patch.get_x() + patch.get_width(), 3) for patch in above.patches}
    assert spans == set(FULL_MARKS[1:]), "the band is there too"
    dots = [(line.get_xdata()[0], line.get_ydata()[0]) for line in above.lines if line.get_marker() == "o"]
    assert dots == [(report.latency.p50, 0.5), (report.first_answer.p50, 0.5)]
    legend = [text.get_text() for text in above.get_legend().get_texts()]
    assert legend == [f"plain turns: {report.latency}", f"tool turns, answer: {report.first_answer}"]


def test_tool_turns_lie_below_the_others(call: vn.Recording) -> None:
    """Whenever they were; of several calls a row says of which."""
    ax = latency([call, call])
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == [
        "A 1 · Two cards, please.",
        "B 1 · Two cards, please.",
        "A 3 · A tool, please.",
        "B 3 · A tool, please.",
    ], "as vn.turns counts them"
    assert ax.get_xlabel().splitlines()[1] == f"A {call.name} · B {call.name}"
    first, second, third, fourth = ax.get_yticks()
    assert third - second > second - first == fourth - third


def test_of_many_calls_those_are_named_that_have_room(call: vn.Recording) -> None:
    ax = latency([call] * 30)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert {"A 3 · A tool, please.", "Z 3 · A tool, please.", "AD 3 · A tool, please."} <= set(labels)
    below = ax.get_xlabel().splitlines()[1]
    assert below.startswith(f"A {call.name} · B {call.name}")
    assert below.endswith("more calls")
    assert len(below) <= 100
    assert "\n" not in latency(call).get_xlabel()


def test_the_90th_percentile_from_twenty_turns_on(call: vn.Recording) -> None:
    (above,) = latency([call] * 20).child_axes
    dots = {line.get_ydata()[0] for line in above.lines if line.get_marker() == "o"}
    assert dots == {0.5, 0.9}


@pytest.mark.parametrize("turns", [1, 3, 40])
def test_all_of_it_lies_within_its_figure(call: vn.Recording, turns: int) -> None:
    """Also where nobody cuts the figure to what is drawn, as a notebook does."""
    report = vn.report([call] * 20)
    kept = [replace(report.calls[0], turns=turn) for turn in [_first(report, turns)]]
    ax = latency(replace(report, calls=tuple(kept)))
    ax.figure.canvas.draw()
    drawn, figure = ax.get_tightbbox(), ax.figure.bbox
    assert drawn.x0 >= -1
    assert drawn.y0 >= -1
    assert drawn.x1 <= figure.x1 + 1
    assert drawn.y1 <= figure.y1 + 1
    (above,) = ax.child_axes
    legend = ax.get_legend().get_window_extent()
    bars = max(patch.get_window_extent().y1 for patch in ax.patches if patch.get_zorder() == 3)
    assert above.get_window_extent().y0 >= legend.y1 - 1
    assert legend.y0 >= bars - 1


def _first(report: Report, count: int) -> Turns:
    answered = [turn for turn in report.caller_turns if turn.response_latency is not None]
    return Turns(answered[:count])


@pytest.mark.parametrize("style", ["default", "dark_background", "grayscale"])
@pytest.mark.parametrize("size", [(4.0, 2.5), (12.0, 6.0)])
def test_it_is_drawn_on_axes_of_ones_own(call: vn.Recording, style: str, size: tuple[float, float]) -> None:
    with plt.style.context(style):
        figure, ax = plt.subplots(figsize=size, layout="constrained")
        assert latency([call, call], ax=ax) is ax
        assert len(ax.get_yticks()) == 4
        file = io.BytesIO()
        figure.savefig(file, format="png")
        assert len(file.getvalue()) > 5_000


def test_a_report_will_do_and_many_turns_are_cut_to_the_longest(call: vn.Recording) -> None:
    ax = latency(vn.report([call] * 25))
    assert len(ax.get_yticks()) == 40
    assert "10 shorter waits left out" in ax.get_xlabel()


def test_where_nothing_was_answered_it_says_so(tmp_path: object, call: vn.Recording) -> None:
    empty = vn.report(call)
    ax = latency(type(empty)(()))
    assert [text.get_text() for text in ax.texts] == ["no turn was answered"]


@pytest.mark.parametrize("wrong", [None, [], 3, [None]])
@pytest.mark.parametrize("picture", [vn.plot.latency, vn.plot.timeline, vn.plot.endpointing])
def test_what_is_no_call_is_refused(picture: Any, wrong: object) -> None:
    with pytest.raises(vn.InvalidConfiguration, match=r"takes|no recording"):
        picture(wrong)


@pytest.mark.parametrize("picture", [vn.plot.latency, vn.plot.timeline, vn.plot.endpointing])
def test_a_path_is_as_good_as_its_recording(picture: Any, call: vn.Recording) -> None:
    assert isinstance(picture(str(call.folder)), Axes)


@pytest.mark.parametrize("given", [{"start": "x"}, {"start": None}, {"end": float("nan")}])
def test_what_is_no_second_is_refused(given: Any, call: vn.Recording) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="is no second of a call"):
        vn.plot.timeline(call, **given)
