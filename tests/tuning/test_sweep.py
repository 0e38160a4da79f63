"""The front, the best within a budget, and whether the calls are enough to choose it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tuning.calls import HAND, F, calls, heard, sweep_of
from voicenb.errors import InvalidConfiguration
from voicenb.turn_detection import TurnDetection


@settings(max_examples=30)
@given(st.lists(calls(), min_size=1, max_size=4), st.booleans())
def test_a_front_is_not_dominated_and_dominates_the_rest(found, observed):
    taken = sweep_of(found, min_silence=range(100, 2000, 150), max_silence=[1000, 2500])
    front = taken.frontier(observed=observed)
    every = [each for each in taken if each.observed or not observed]
    every = [each for each in every if each.false_cutoffs.n and each.latency is not None]
    assert bool(front) == bool(every)
    for each in every:
        rate, latency = each.false_cutoffs.rate, each.latency
        assert not any(
            rate <= other.false_cutoffs.rate
            and latency <= other.latency
            and (rate, latency) != (other.false_cutoffs.rate, other.latency)
            for other in front
        )
        assert any(other.false_cutoffs.rate <= rate and other.latency <= latency + 1e-9 for other in front)


def test_the_best_within_a_budget():
    taken = sweep_of([HAND] * 12, min_silence=range(200, 1300, 100))
    best = taken.best(false_cutoff_rate=0.0)
    assert best.setting.min_silence == 900  # the first beyond the pause
    assert best.next.setting.min_silence == 1000
    assert best.distinguishable  # each turn of each call is as much later
    assert best.difference == pytest.approx((3 * F, 3 * F))
    quick = taken.best(eot_latency=0.5)
    assert quick.score.false_cutoffs.rate == 1.0
    assert not quick.distinguishable
    assert "Not distinguishable" in str(quick)
    assert taken.operating_points() == {
        "false_cutoff_rate at 0.3 s": 1.0,
        "false_cutoff_rate at 0.6 s": 1.0,
        "eot_latency at 5%": pytest.approx(29 * F),
        "eot_latency at 10%": pytest.approx(29 * F),
    }


def test_what_was_not_observed_is_not_chosen_unasked():
    taken = sweep_of([HAND], min_silence=[400, 1500])
    with pytest.raises(InvalidConfiguration, match="No setting that rests on what was observed"):
        taken.best(false_cutoff_rate=0.0)
    assert taken.best(false_cutoff_rate=0.0, observed=False).setting.min_silence == 1500


@pytest.mark.parametrize(
    ("budget", "asked", "given"),
    [
        ({"false_cutoff_rate": 0.05}, "false_cutoff_rate=0.05", "cuts 0 of 1 pauses"),
        ({"eot_latency": 1.6}, "eot_latency=1.6", "EOT latency 1.50 s"),
    ],
)
def test_the_way_out_is_named_where_nothing_observed_keeps_the_budget(budget, asked, given):
    taken = sweep_of([HAND], min_silence=[1500, 1600] if "eot_latency" in budget else [400, 1500])
    with pytest.raises(InvalidConfiguration) as caught:
        taken.best(**budget)
    told = str(caught.value)
    assert f"sweep.best({asked}, observed=False) gives 1500 to 3000 ms at 0.5" in told
    assert given in told
    assert "2 of 2 ends" in told
    assert "later than anybody observed" in told
    assert "sweep.frontier()" in told


def test_where_no_setting_keeps_the_budget_none_is_promised():
    with pytest.raises(InvalidConfiguration) as caught:
        sweep_of([HAND], min_silence=[400, 1500]).best(eot_latency=0.1)
    assert "observed=False" not in str(caught.value)


@pytest.mark.parametrize("way", ["best", "by_state"])
def test_calls_that_nothing_can_be_judged_by_want_more_calls(way):
    quiet = heard([(20, 100)], replies=[(70, 110)], decided=[60])
    taken = sweep_of([quiet], min_silence=500)
    with pytest.raises(InvalidConfiguration, match="There is no mid-turn pause") as caught:
        (taken if way == "best" else taken.by_state()).best(false_cutoff_rate=0.05)
    assert "Sweep other settings" not in str(caught.value)
    assert "More calls" in str(caught.value)


@pytest.mark.parametrize("budget", [{}, {"false_cutoff_rate": 0.1, "eot_latency": 0.5}])
def test_one_budget_and_no_more(budget):
    with pytest.raises(InvalidConfiguration, match="Exactly one budget"):
        sweep_of([HAND], min_silence=500).best(**budget)


def test_a_score_of_a_setting_that_is_not_in_the_sweep():
    taken = sweep_of([HAND], min_silence=500)
    assert taken.of(TurnDetection(min_silence=400)) == sweep_of([HAND], min_silence=400)[0]
    assert taken.grid.find(TurnDetection(min_silence=500)) == 0
    assert taken.grid.find(TurnDetection(min_silence=510)) is None


def test_presets_are_named_whether_they_are_swept_or_not():
    taken = sweep_of([HAND], min_silence=500)
    named = {each.name.partition(",")[0]: each for each in taken.presets}
    assert list(named) == ["recommended", "dictation", "patient"]
    for name, each in named.items():
        preset = getattr(TurnDetection, name)()
        assert (each.setting.min_silence, each.setting.max_silence) == (
            preset.min_silence,
            preset.max_silence,
        )
        assert replace(each, name=taken.of(preset).name) == taken.of(preset)


def test_calls_that_tell_a_difference_of_a_stated_size():
    taken = sweep_of([HAND] * 3, min_silence=500)
    assert taken.calls_needed() == 432  # of 5 % and 10 %, with a pause in each call
    assert taken.calls_needed(0.1) < 200
    assert taken.calls_needed(0.05, rate=0.0) < 432
    quiet = heard([(20, 100)], replies=[(70, 110)], decided=[60])
    assert sweep_of([quiet], min_silence=500).calls_needed() is None
    nothing = [{"difference": "x"}, {"rate": None}, {"difference": True}, {"rate": float("nan")}]
    for wrong in ({"difference": 0.0}, {"difference": 1.0}, {"rate": -0.1}, *nothing):
        with pytest.raises(InvalidConfiguration, match="are from 0 to 1"):
            taken.calls_needed(**wrong)


@pytest.mark.parametrize(
    ("budget", "match"),
    [
        ({"false_cutoff_rate": -0.1}, "false_cutoff_rate must be a number from 0 to 1; got -0.1"),
        ({"false_cutoff_rate": 5}, "from 0 to 1; got 5"),
        ({"false_cutoff_rate": "few"}, "got 'few'"),
        ({"false_cutoff_rate": True}, "got True"),
        ({"eot_latency": float("nan")}, "eot_latency must be a number from 0 to 60; got nan"),
        ({"eot_latency": 600}, "from 0 to 60; got 600"),
    ],
)
def test_a_budget_that_is_none(budget, match):
    with pytest.raises(InvalidConfiguration, match=match):
        sweep_of([HAND], min_silence=500).best(**budget)


@pytest.mark.parametrize("ask", ["of", "examples"])
def test_a_setting_may_be_a_dict_and_must_be_one(ask):
    taken = sweep_of([HAND], min_silence=[500, 900])
    found = getattr(taken, ask)
    if ask == "of":
        assert found({"min_silence": 500}) == taken[0]
    for wrong in ("fast", None, 500):
        with pytest.raises(InvalidConfiguration, match="must be a TurnDetection or a dict"):
            found(wrong)
    with pytest.raises(InvalidConfiguration, match="has no min_silense"):
        found({"min_silense": 500})
