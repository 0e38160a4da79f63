"""Expectations of a call as a whole: talk-over, what it cost, how long it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from voicenb.analysis.report import CallFacts
from voicenb.testing.expectations.latency import untold
from voicenb.testing.expectations.limit import HALF, Case, Limit
from voicenb.testing.expectations.sample import Sample
from voicenb.testing.expectations.verdict import Verdict
from voicenb.tuning.share import MANY_CALLS, Share

_FINE = 1_000
"""Parts of a second that a share of time is counted in."""

NONE = Limit(at_most=0)


def talk_over(sample: Sample, seconds: float) -> Verdict:
    """Whether both sides were heard at once no longer than so many seconds of each call.

    Args:
        sample: the calls.
        seconds: the limit.
    """
    return _each(
        sample,
        f"talk-over: at most {seconds:g} s",
        _talk_over,
        seconds,
        lambda value: f"{value:.2f} s of talk-over",
        "sound",
        "replies",
    )


def talk_over_share(sample: Sample, share: float, counted: bool) -> Verdict:
    """Whether both sides were heard at once for no more than a share of the connected time.

    Args:
        sample: the calls.
        share: the limit.
        counted: whether the share is taken as it was found; else its interval over calls has to keep to it.
    """
    expectation = f"talk-over: at most {100 * share:.4g} % of the time{', counted' if counted else ''}"
    counted = counted or sample.counted
    known = [at for at, call in enumerate(sample.calls) if _talk_over(call) is not None and call.connected]
    missing = [at for at in range(len(sample.calls)) if at not in known]
    value = sample.report.talk_over_share
    told = known if counted else [at for at in known if at in sample.distinct]
    concerns = tuple(sample.concern(at, note=untold(sample.calls[at], "sound")) for at in missing)
    if missing or value is None or not known:
        figure = f"not captured in {len(missing)} of {len(sample.calls)} calls"
        return Verdict(
            expectation,
            "inconclusive",
            figure,
            len(known),
            turns=concerns,
            limit=share,
            why=f"Talk-over was {figure}.",
        )
    figure = f"{value:.1%} of {sample.report.connected:.0f} s"
    verdict = Verdict(expectation, "passed", figure, len(known), value, share)
    if counted:
        return replace(verdict, outcome="passed" if value <= share + HALF else "failed")
    if len(told) < MANY_CALLS:
        return replace(
            verdict,
            outcome="inconclusive",
            why=f"A share of time has an interval from {MANY_CALLS} different calls up; {len(told)} here.",
            remedy="Take more calls, or talk_over(at_most=…) for seconds, or counted=True.",
        )
    calls = [sample.calls[at] for at in told]
    interval = Share.of(
        [round(call.talk_over * _FINE) for call in calls], [round(call.connected * _FINE) for call in calls]
    ).interval
    verdict = replace(verdict, interval=interval, figure=f"{figure} ({interval[0]:.1%} to {interval[1]:.1%})")
    if interval[1] <= share + HALF:
        return verdict
    if interval[0] > share + HALF:
        return replace(verdict, outcome="failed")
    return replace(
        verdict,
        outcome="inconclusive",
        why="The interval spans the limit: too few to tell.",
        remedy="Take more calls, or counted=True to take these as they are.",
    )


def cost(sample: Sample, dollars: float) -> Verdict:
    """Whether each call cost no more than so many dollars.

    Args:
        sample: the calls.
        dollars: the limit.
    """
    verdict = _each(
        sample,
        f"cost: at most ${dollars:g} a call",
        lambda call: call.cost,
        dollars,
        lambda value: f"${value:.4g}",
    )
    if verdict.outcome == "inconclusive":
        return replace(verdict, remedy="Its service has no known price: vn.expect(call, cost_rate=4.50).")
    return verdict


def duration(sample: Sample, seconds: float) -> Verdict:
    """Whether each call was connected for no more than so many seconds.

    Args:
        sample: the calls.
        seconds: the limit.
    """
    return _each(
        sample,
        f"duration: at most {seconds:g} s",
        lambda call: call.connected or None,
        seconds,
        lambda value: f"{value:.1f} s",
    )


def _talk_over(call: CallFacts) -> float | None:
    known = "sound" not in call.absent and all(turn.start is not None for turn in call.turns.caller)
    return call.talk_over if known else None


def _each(
    sample: Sample,
    expectation: str,
    figure: Callable[[CallFacts], float | None],
    limit: float,
    shown: Callable[[float], str],
    *absent: str,
) -> Verdict:
    cases, values = [], []
    for at, call in enumerate(sample.calls):
        value = figure(call)
        if value is None:
            cases.append(Case(at, None, note=untold(call, *absent)))
        else:
            values.append(value)
            cases.append(Case(at, value > limit + HALF, note=shown(value)))
    largest = max(values, default=None)
    verdict = NONE.verdict(
        sample,
        expectation,
        cases,
        what="calls",
        wrong="above",
        nothing="That was not captured.",
        figure="" if largest is None else f"{'largest ' if len(values) > 1 else ''}{shown(largest)}",
        value=largest,
        limit=limit,
    )
    # Of one call its figure says all.
    return replace(verdict, figure=shown(values[0])) if len(cases) == len(values) == 1 else verdict
