"""The figures of a setting, as a page is told of them."""

from __future__ import annotations

import pytest

import voicenb as vn
from tests.tuning.known import NEAR, build
from voicenb.tuning.share import Share
from voicenb.widgets.recorded_calls import Decided, RecordedCalls
from voicenb.widgets.recorded_figures import begins_with, figures, front, marks, tried, verdict, waited


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Decided:
    calls = RecordedCalls([build(tmp_path_factory.mktemp("recorded") / "call")[0]])
    calls.read()
    return calls.decide()


def test_both_figures_with_what_they_rest_on(decided: Decided) -> None:
    told = figures(decided.sweep.of(vn.TurnDetection(min_silence=800, max_silence=3000)))
    assert (told["pauses"]["k"], told["pauses"]["n"], told["pauses"]["tells"]) == (1, 2, False)
    assert (told["turns"]["k"], told["turns"]["n"]) == (1, 4)
    assert told["latency"] == pytest.approx(0.8, abs=NEAR)
    assert (told["latency_low"], told["latency_high"]) == (None, None)  # of three ends
    assert (told["ends"], told["missed"], told["beyond"]) == (3, 0, 0)


@pytest.mark.parametrize(
    ("hits", "total", "words"),
    [
        (0, 0, "These calls have no mid-turn pause: nobody could have been cut off in one."),
        (1, 1, "1 pause: too few to hold against the 5 % budget."),
        (0, 9, "9 pauses: too few to hold against the 5 % budget."),
        (0, 200, "Within the 5 % budget."),
        (60, 200, "Beyond the 5 % budget."),
        (3, 60, "Not distinguishable from the 5 % budget with 60 pauses."),
    ],
)
def test_it_holds_the_rate_against_a_budget_as_far_as_it_can(hits: int, total: int, words: str) -> None:
    assert verdict(Share.of([hits], [total])) == words


def test_what_was_recorded(decided: Decided) -> None:
    was = waited(decided.ground)
    assert was is not None
    assert was == (pytest.approx(1.0, abs=NEAR), 3)
    (mark,) = marks(decided.sweep)
    assert mark["name"] == "as recorded"
    assert mark["setting"] == {"vad_threshold": 0.5, "min_silence": 1000, "max_silence": 3000}
    assert begins_with(decided.sweep) == vn.TurnDetection(**mark["setting"])


def test_the_front_falls_as_the_wait_grows(decided: Decided) -> None:
    points = front(decided.sweep)
    assert len(points) >= 3
    rates, waits = [each["rate"] for each in points], [each["latency"] for each in points]
    assert rates == sorted(rates, reverse=True)
    assert waits == sorted(waits)
    assert points[0]["observed"]
    assert not points[-1]["observed"]
    assert tried(decided.sweep) == (
        f"Dots: the best of {len(decided.sweep)} settings (min_silence 200 to 3000 ms, "
        "max_silence 1000 to 6000 ms, vad_threshold 0.3, 0.5, 0.7)."
    )


def test_what_was_decided_lies_before_what_nobody_observed(decided: Decided) -> None:
    (mark,) = marks(decided.sweep)
    begins = decided.sweep.unobserved_from
    assert begins is not None
    assert mark["latency"] < begins < front(decided.sweep)[-1]["latency"]


def test_calls_with_the_adaptive_default_begin_at_the_recommendation(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    calls = RecordedCalls([build(tmp_path_factory.mktemp("adaptive") / "call", None)[0]])
    calls.read()
    sweep = calls.decide().sweep
    assert [each["name"] for each in marks(sweep)] == ["adaptive default"]
    assert begins_with(sweep) == vn.TurnDetection.recommended()
