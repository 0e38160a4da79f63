"""Which policies a picture of a sweep names, and how."""

from __future__ import annotations

from tests.plot.sweeps import swept
from tests.tuning.calls import sweep_of
from voicenb.plot.palette import LIGHT
from voicenb.plot.sweep_marks import best, look, policies, short

MANY = swept()
FEW = swept(1, 0, 4)


def test_all_that_was_recorded_and_the_presets_each_with_a_mark_of_its_own() -> None:
    marks = policies(MANY, LIGHT)
    assert [mark.marker for mark in marks] == ["D", "s", "o", "^", "v"]
    assert marks[0].texts[0] == "adaptive default, as it decided"
    assert marks[1].texts == ("as recorded: 1440 to 4000 ms", "as recorded")
    assert all(mark.place == (mark.score.latency, mark.score.false_cutoffs.rate) for mark in marks)
    grey = [mark.colour == LIGHT.wait for mark in marks[2:]]
    assert grey == [not mark.score.observed for mark in marks[2:]]


def test_what_has_no_place_says_what_is_missing() -> None:
    default = policies(FEW, LIGHT)[0]
    assert default.place is None
    assert (default.listed, default.missing) == ("adaptive default", "no call was held with it")
    without = sweep_of([FEW.ground.calls[0]], min_silence=500)
    assert policies(without, LIGHT)[1].listed == "as recorded: 1440 to 4000 ms"


def test_the_best_is_a_ring_and_where_nothing_is_within_the_budget_there_is_none() -> None:
    (mark,) = best(MANY, None, 0.7, LIGHT)
    assert mark.ring
    assert mark.score == MANY.best(eot_latency=0.7).score
    assert mark.texts[0] == f"best within 0.7 s: {mark.score.setting.min_silence} ms"
    assert look(mark, LIGHT)["markerfacecolor"] == "none"
    assert best(MANY, None, None, LIGHT) == []
    assert best(MANY, None, 0.01, LIGHT) == []


def test_a_setting_is_told_by_what_is_not_the_same_in_all() -> None:
    assert short(MANY[3], MANY) == "500 ms"
    both = swept(1, 0, 4, min_silence=[500, 600], max_silence=[2000, 3000], vad_threshold=[0.3, 0.5])
    assert short(both[0], both) == "500 to 2000 ms at 0.3"
    assert short(MANY.recorded[0], MANY) == "adaptive"
