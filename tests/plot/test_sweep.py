"""The trade-off of settings, as a picture."""

from __future__ import annotations

import io
from itertools import combinations
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes

import voicenb as vn
from tests.plot.sweeps import swept
from tests.tuning.calls import HAND, heard, sweep_of

MANY = swept()
FEW = swept(1, 0, 4)
ALL_SEEN = swept(12, 0)
LABELLED = {"many": MANY, "few": FEW, "seen": ALL_SEEN}


def written(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_text()]


def legend(ax: Axes) -> list[str]:
    found = ax.get_legend()
    return [] if found is None else [text.get_text() for text in found.get_texts()]


def marks(ax: Axes, marker: str) -> list[tuple[float, float]]:
    lines = [line for line in ax.lines if line.get_marker() == marker]
    return [(float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in lines]


def test_each_policy_is_where_its_figures_are() -> None:
    ax = vn.plot.sweep(MANY)
    default, recorded = MANY.recorded
    assert marks(ax, "D") == [(default.latency, default.false_cutoffs.rate)]
    assert marks(ax, "s") == [(recorded.latency, recorded.false_cutoffs.rate)]
    dictation, patient = MANY.presets[1:]
    assert marks(ax, "^") == [(dictation.latency, dictation.false_cutoffs.rate)]
    assert marks(ax, "v") == [(patient.latency, patient.false_cutoffs.rate)]
    front = {(each.latency, each.false_cutoffs.rate) for each in MANY.frontier(observed=False)}
    assert front <= set(marks(ax, "o"))
    told = written(ax) + legend(ax)
    for name in ("adaptive default", "as recorded", "recommended", "dictation", "patient"):
        assert any(each.startswith(name) for each in told), name


def test_bars_are_the_intervals_both_ways() -> None:
    ax = vn.plot.sweep(ALL_SEEN)
    bars = {
        (tuple(map(float, line.get_xdata())), tuple(map(float, line.get_ydata())))
        for line in ax.lines
        if line.get_alpha() == 0.55
    }
    (recorded,) = [each for each in ALL_SEEN.recorded if each.setting is not None]
    rate, latency = recorded.false_cutoffs.rate, recorded.latency
    assert (recorded.latency_interval, (rate, rate)) in bars
    assert ((latency, latency), recorded.false_cutoffs.interval) in bars


def test_the_default_is_never_missing() -> None:
    assert any(each.startswith("adaptive default") for each in written(vn.plot.sweep(MANY)))
    assert "adaptive default: no call was held with it" in legend(vn.plot.sweep(FEW))


def test_what_was_not_observed_is_grey_and_said() -> None:
    ax = vn.plot.sweep(ALL_SEEN)
    (grey,) = [patch for patch in ax.patches if patch.get_alpha() == 0.14]
    latency, beyond = ALL_SEEN.scores.mean, ALL_SEEN.scores.beyond > 0
    assert latency[~beyond].max() < grey.get_x() < latency[beyond].min()
    assert any(each.startswith("not observed") for each in written(ax))
    dashed = [line for line in ax.lines if line.is_dashed()]
    assert dashed
    assert all(min(line.get_xdata()) >= grey.get_x() - 1e-9 for line in dashed)
    seen = sweep_of(ALL_SEEN.ground.calls, min_silence=range(200, 1001, 100))
    ax = vn.plot.sweep(seen)
    assert not [patch for patch in ax.patches if patch.get_alpha() == 0.14]
    assert not any(each.startswith("not observed") for each in written(ax))


def test_a_budget_is_a_line_and_the_best_within_it_named() -> None:
    ax = vn.plot.sweep(ALL_SEEN, false_cutoff_rate=0.2, eot_latency=0.6)
    told = written(ax)
    assert {"budget 20 %", "budget 0.6 s"} <= set(told)
    best = [ALL_SEEN.best(false_cutoff_rate=0.2), ALL_SEEN.best(eot_latency=0.6)]
    for choice, text in zip(best, ("within 20 %", "within 0.6 s"), strict=True):
        assert (choice.score.latency, choice.score.false_cutoffs.rate) in marks(ax, "o")
        assert any(text in each and f"{choice.setting.min_silence} ms" in each for each in told)
    nothing = vn.plot.sweep(ALL_SEEN, eot_latency=0.01)
    assert "budget 0.01 s" in written(nothing)
    assert not any(each.startswith("best") for each in written(nothing))


def test_few_pauses_are_counted_and_many_are_percentages() -> None:
    n = len(FEW.ground.pause_call)
    assert n < 10
    labels = [label.get_text() for label in vn.plot.sweep(FEW).get_yticklabels()]
    assert labels == [f"{k} of {n}" for k in range(n + 1)]
    assert all(label.get_text().endswith(" %") for label in vn.plot.sweep(MANY).get_yticklabels())


def test_what_it_rests_on_is_on_its_face() -> None:
    told = vn.plot.sweep(MANY).get_xlabel().replace("\n", " · ")
    agreement = MANY.calibration.agreement
    assert f"12 calls · 144 turns · {len(MANY.ground.pause_call)} mid-turn pauses · built" in told
    assert f"the model decides as recorded in {agreement.k} of {agreement.n} silences" in told
    assert f"inconclusive: telling 5 % from 10 % takes about {MANY.calls_needed()} calls" in told
    assert told.startswith("EOT latency: seconds ")


def test_doubtful_ends_are_counted_on_its_face() -> None:
    doubtful = heard([(20, 45), (20, 120)], replies=[(60, 95), (140, 170)], decided=[50, 130])
    told = vn.plot.sweep(sweep_of([HAND, doubtful, doubtful], min_silence=[500, 900])).get_xlabel()
    assert "1 mid-turn pause · 2 doubtful ends" in told.replace("\n", " · ")
    assert "doubtful" not in vn.plot.sweep(MANY).get_xlabel()


@pytest.mark.parametrize(
    ("size", "style"), [((4.0, 2.5), "dark_background"), ((8.0, 4.8), "default"), ((13.0, 5.0), "grayscale")]
)
@pytest.mark.parametrize("which", list(LABELLED))
def test_no_name_lies_over_another(which: str, size: tuple[float, float], style: str) -> None:
    with plt.style.context(style):
        figure, ax = plt.subplots(figsize=size, layout="constrained")
        assert vn.plot.sweep(LABELLED[which], ax=ax, false_cutoff_rate=0.1) is ax
        figure.canvas.draw()
    found = [text.get_window_extent() for text in ax.texts if text.get_text()]
    if ax.get_legend() is not None:
        found.append(ax.get_legend().get_window_extent())
    assert len(found) >= 5
    for one, other in combinations(found, 2):
        overlap = one.intersection(one, other)
        assert overlap is None or min(overlap.width, overlap.height) < 1.0
    around = figure.bbox
    for box in [*found, ax.xaxis.label.get_window_extent(), ax.title.get_window_extent()]:
        assert box.x0 >= around.x0 - 1
        assert box.x1 <= around.x1 + 1
    file = io.BytesIO()
    figure.savefig(file, format="png")
    assert len(file.getvalue()) > 5_000


def test_it_is_drawn_on_a_part_of_a_figure_and_without_a_layout() -> None:
    part = plt.figure(figsize=(9, 5)).subfigures(1, 2)[1]
    ax = part.subplots()
    assert vn.plot.sweep(MANY, ax=ax) is ax
    plain = plt.figure(figsize=(6, 4)).add_subplot()
    assert "EOT latency" in vn.plot.sweep(MANY, ax=plain).get_xlabel()


@pytest.mark.parametrize("size", [(6.4, 4.8), (4.0, 2.5)])
def test_in_little_room_it_still_says_what_it_rests_on(size: tuple[float, float]) -> None:
    for swept_calls in (FEW, MANY):
        _, ax = plt.subplots(figsize=size)
        told = vn.plot.sweep(swept_calls, ax=ax).get_xlabel()
        n = len(swept_calls.ground.calls)
        assert f"{n} call{'' if n == 1 else 's'} · {swept_calls.ground.turns} turns" in told
        assert f"{len(swept_calls.ground.pause_call)} mid-turn pause" in told
        assert "EOT latency" in told


def test_where_there_is_nothing_to_judge_by_it_is_named_all_the_same() -> None:
    ax = vn.plot.sweep(sweep_of([heard([(20, 20), (20, 30)])], min_silence=[500, 900]))
    assert ax.get_title(loc="left").startswith("Callers cut off")
    assert "1 call · 1 turn · " in ax.get_xlabel().replace("\n", " · ")
    assert ax.get_ylabel() == "mid-turn pauses cut off"


def test_where_there_is_nothing_to_judge_by_it_says_so() -> None:
    alone = sweep_of([heard([(20, 100)], replies=[(70, 110)], decided=[60])], min_silence=[500, 900])
    assert written(vn.plot.sweep(alone)) == ["no mid-turn pause in these calls"]
    quiet = sweep_of([heard([(20, 20), (20, 30)])], min_silence=[500, 900])
    assert written(vn.plot.sweep(quiet)) == ["no end of a turn in these calls"]


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"swept": None}, "takes a sweep, not None"),
        ({"swept": "calls/lido"}, "takes a sweep, not 'calls/lido'"),
        ({"false_cutoff_rate": 5}, r"a number from 0 to 1; got 5"),
        ({"false_cutoff_rate": True}, "got True"),
        ({"eot_latency": -1}, "a number from 0 to 60; got -1"),
        ({"eot_latency": np.nan}, "got nan"),
        ({"ax": 3}, "takes a matplotlib Axes"),
    ],
)
def test_what_cannot_be_drawn(given: dict[str, Any], match: str) -> None:
    with pytest.raises(vn.InvalidConfiguration, match=match):
        vn.plot.sweep(**{"swept": MANY, **given})


def test_what_is_cut_off_by_the_top_is_said() -> None:
    quickest = ALL_SEEN.frontier(observed=False)[0]
    ax = vn.plot.sweep(ALL_SEEN)
    assert quickest.false_cutoffs.rate > ax.get_ylim()[1]
    assert f"↑ {quickest.false_cutoffs.rate:.0%} at {quickest.latency:.1f} s".replace("%", " %") in written(
        ax
    )
    assert not any(each.startswith("↑") for each in written(vn.plot.sweep(FEW)))
