"""One policy's score: what it counts, what it leaves out, and how it is told."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tuning.calls import HAND, F, heard, sweep_of
from voicenb.tuning.score import Score, per_call


def test_by_hand():
    (score,) = sweep_of([HAND, HAND], min_silence=500)
    assert score.name == "500 to 3000 ms at 0.5"
    assert (score.setting.min_silence, score.setting.max_silence, score.setting.vad_threshold) == (
        500,
        3000,
        0.5,
    )
    shares = (score.false_cutoffs, score.turns, score.calls, score.doubtful)
    assert [(each.k, each.n) for each in shares] == [(2, 2), (2, 4), (2, 2), (0, 0)]
    assert (score.ends, score.missed, score.beyond, score.observed, score.recorded) == (4, 0, 0, True, False)
    assert score.latency == score.latency_p50 == pytest.approx(16 * F)
    assert score.response_latency == pytest.approx((16 + 7.5) * F)


@pytest.mark.parametrize(("turns", "known"), [(19, False), (20, True), (21, True)])
def test_a_90th_percentile_wants_twenty_ends(turns, known):
    one = heard([(20, 100), (20, 60)], replies=[(60, 75)], decided=[50])
    assert [turn.last.truth.name for turn in one.turns] == ["END", "UNCLEAR"]
    (score,) = sweep_of([one] * turns, min_silence=500)
    assert score.ends == turns
    assert score.latency_p90 == (pytest.approx(16 * F) if known else None)


def test_what_there_is_nothing_to_tell_from_is_none():
    (score,) = sweep_of([heard([(20, 40)])], min_silence=500)
    assert (score.false_cutoffs.rate, score.latency, score.latency_p50, score.response_latency) == (None,) * 4
    assert str(score).startswith("500 to 3000 ms at 0.5: cuts 0 of 0 pauses, 0 of 1 turns, in 0 of 1 calls;")
    assert str(score).endswith("EOT latency not measured (n = 0)")


def test_a_tool_turn_has_no_part_in_the_response_latency():
    told = {"replies": [(80, 100), (200, 215)], "decided": [60, 190]}
    plain, tool = (heard([(20, 100), (20, 100)], **told, tools=tools) for tools in ((), (60,)))
    assert sweep_of([plain], min_silence=500)[0].response_latency == pytest.approx((16 + 15) * F)
    assert sweep_of([tool], min_silence=500)[0].response_latency == pytest.approx((16 + 10) * F)
    assert sweep_of([tool], min_silence=500)[0].ends == 2  # as an end it counts all the same


def test_it_reads_as_a_line():
    told = sweep_of([HAND], min_silence=[500, 1500])
    cuts = "cuts 1 of 1 pauses, 1 of 2 turns, in 1 of 1 calls"
    assert str(told[0]) == f"500 to 3000 ms at 0.5: {cuts}; EOT latency 0.51 s (n = 2)"
    assert str(told[1]).endswith("EOT latency 1.50 s (n = 2), 2 of them not observed")


def test_ends_that_nobody_can_judge_are_told_beside():
    one = heard([(20, 45), (20, 120)], replies=[(60, 95), (140, 170)], decided=[50, 130])
    (told,) = sweep_of([one, one], min_silence=500)
    assert (told.doubtful.k, told.doubtful.n) == (2, 2)
    assert str(told).endswith("; 2 of 2 doubtful ends besides")
    (later,) = sweep_of([one, one], min_silence=9000, max_silence=10000)
    assert "0 of 2 doubtful ends besides" in str(later)
    assert "doubtful" not in str(sweep_of([HAND], min_silence=500)[0])


def test_a_row_of_the_table_has_all_of_it():
    score = sweep_of([HAND] * 3, min_silence=500)[0]
    row = score.to_dict()
    flat = {"name", "setting", "false_cutoffs", "latency", "latency_p50", "latency_p90"}
    flat |= {"latency_interval", "agreement"}
    same = {each.name for each in fields(Score)} - flat - {"turns", "calls", "doubtful"}
    assert {name: row[name] for name in same} == {name: getattr(score, name) for name in same}
    assert row["policy"] == score.name
    assert (row["rate_low"], row["false_cutoff_rate"], row["rate_high"]) == (
        score.false_cutoffs.interval[0],
        1.0,
        score.false_cutoffs.interval[1],
    )
    assert (row["latency_low"], row["latency_high"]) == score.latency_interval
    assert (row["agreement"], row["compared"]) == (score.agreement.k, score.agreement.n)
    assert (row["turns_cut"], row["turns"], row["calls_cut"], row["calls"]) == (3, 6, 3, 3)
    adaptive = sweep_of([HAND], min_silence=500).recorded[0].to_dict()
    assert (adaptive["min_silence"], adaptive["recorded"]) == (None, True)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=20))
def test_counts_of_calls_are_those_of_all(marks):
    hits, call = np.array([hit for hit, _ in marks], bool), np.array([at for _, at in marks], np.intp)
    some, every = per_call(hits, call, 4)
    assert sum(some) == sum(hit for hit, _ in marks)
    assert every == [sum(at == number for _, at in marks) for number in range(4)]
    assert all(one <= other for one, other in zip(some, every, strict=True))
