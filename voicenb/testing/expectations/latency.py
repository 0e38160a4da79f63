"""Expectations of how long something took: the answer to a turn, the agent's giving way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, get_args

from voicenb.analysis.figure import FEWEST, Figure
from voicenb.analysis.report import CallFacts
from voicenb.analysis.turn import Turn
from voicenb.errors import InvalidConfiguration
from voicenb.recording.given import told
from voicenb.testing.expectations.limit import HALF, Case, Limit, amount
from voicenb.testing.expectations.sample import Sample
from voicenb.testing.expectations.verdict import Verdict

Answering = Literal["latency", "first_sound", "first_answer"]
"""Figures of ``vn.report`` for the wait for an answer: of plain turns, and two of turns with tools."""

_NAMED: dict[str, str] = {
    "latency": "plain turns",
    "first_sound": "turns with tools",
    "first_answer": "turns with tools",
}


def limit_of(percentile: object, at_most: object, counted: bool, name: str) -> Limit:
    """What may be later than the limit: none or a few, or what lies beyond a percentile.

    Args:
        percentile: None for every turn.
        at_most: turns that may be later.
        counted: whether the percentile is taken as it was found.
        name: of the expectation.

    Raises:
        InvalidConfiguration: that is no percentile, or both are given.
    """
    if percentile is None:
        return Limit.given(name, 0 if at_most is None else at_most, None, counted)
    if at_most is not None:
        raise InvalidConfiguration(
            f"{name}() takes percentile= or at_most=, not both.",
            remedy="A percentile says what share may be later, at_most= how many turns.",
            param="at_most",
        )
    if isinstance(percentile, bool) or not isinstance(percentile, int | float) or not 0 < percentile < 100:
        raise InvalidConfiguration(
            f"There is no percentile {told(percentile)}.",
            remedy="Give one between 0 and 100.",
            param="percentile",
        )
    return Limit(share=1 - percentile / 100, counted=counted)


def answers_within(
    sample: Sample, seconds: float, limit: Limit, percentile: float | None, of: Answering
) -> Verdict:
    """Whether turns were answered in time; an unanswered one was not.

    Args:
        sample: the calls.
        seconds: the time that an answer may take.
        limit: how many may take longer.
        percentile: that the limit stands for.
        of: the figure.
    """
    expectation = f"answers within {seconds:g} s{_of(percentile, of)}"
    cases = [case for at, call in enumerate(sample.calls) for case in _answers(at, call, seconds, of)]
    figure: Figure = getattr(sample.report, of)
    return _verdict(
        sample,
        expectation,
        cases,
        figure,
        seconds,
        limit,
        percentile,
        what=_NAMED[of],
        nothing=f"There are no {_NAMED[of]}.",
        remedy=_elsewhere(sample, of),
    )


def yields_within(sample: Sample, seconds: float, limit: Limit, percentile: float | None) -> Verdict:
    """Whether the agent fell silent in time when it was interrupted.

    Args:
        sample: the calls.
        seconds: the time that it may take.
        limit: how many interruptions may take longer.
        percentile: that the limit stands for.
    """
    cases = []
    for at, call in enumerate(sample.calls):
        if not call.tells("interruptions"):
            cases.append(Case(at, None, note=untold(call, "interruptions")))
        for turn in call.turns.caller:
            if turn.yield_latency is not None:
                late = turn.yield_latency > seconds + HALF
                cases.append(Case(at, late, turn, f"yield latency {turn.yield_latency:.2f} s"))
    return _verdict(
        sample,
        f"yields within {seconds:g} s{_of(percentile, None)}",
        cases,
        sample.report.yield_latency,
        seconds,
        limit,
        percentile,
        what="interruptions",
        nothing="Nobody interrupted the agent, or it never gave way.",
        remedy="Let a vn.BargeIn interrupt it; talk_over(at_most=…) holds one that never gives way.",
    )


def seconds_of(given: object) -> float:
    """A time that somebody gave.

    Args:
        given: what.

    Raises:
        InvalidConfiguration: it is no number of seconds.
    """
    return amount(given, "seconds", "number of seconds")


def figure_named(given: object) -> Answering:
    """Which figure is meant.

    Args:
        given: what somebody gave.

    Raises:
        InvalidConfiguration: there is none of that name.
    """
    for name in get_args(Answering):
        if given == name:
            found: Answering = name
            return found
    raise InvalidConfiguration(
        f"of={told(given)} is no figure of an answer.",
        remedy='Take "latency" (plain turns), "first_sound" or "first_answer" (turns with tools).',
        param="of",
    )


def untold(call: CallFacts, *what: str) -> str:
    """What a call from elsewhere has not captured, in words.

    Args:
        call: the call.
        what: names of :attr:`voicenb.Recording.absent`; the first that it lacks is told.
    """
    absent = {} if call.recording is None else call.recording.absent
    known = next((absent[each] for each in what if each in absent), "")
    return f"not captured: {known}" if known else "not captured"


def _verdict(
    sample: Sample,
    expectation: str,
    cases: list[Case],
    figure: Figure,
    seconds: float,
    limit: Limit,
    percentile: float | None,
    *,
    what: str,
    nothing: str,
    remedy: str,
) -> Verdict:
    value = figure.largest if percentile is None else _percentile(figure, percentile)
    name = "largest" if percentile is None else "median" if percentile == 50 else f"p{percentile:g}"
    shown = f"{name} {value:.2f} s" if value is not None else f"{name} not told" if figure.n else ""
    verdict = limit.verdict(
        sample,
        expectation,
        cases,
        what=what,
        wrong="later",
        nothing=nothing,
        remedy=remedy,
        figure=shown,
        value=value,
        limit=seconds,
    )
    if percentile is not None and figure.n and value is None and verdict.outcome == "passed":
        fewest = next((count for each, count in FEWEST.items() if percentile <= each), 300)
        return replace(
            verdict,
            outcome="inconclusive",
            why=f"A percentile so far out needs {fewest} values or more, and there are {figure.n}.",
            remedy="Take more calls, or no percentile=: then each turn is held to it.",
        )
    return verdict


def _percentile(figure: Figure, percentile: float) -> float | None:
    if percentile == 50:
        return figure.p50
    return figure.percentile(percentile)  # type: ignore[arg-type]


def _answers(at: int, call: CallFacts, seconds: float, of: Answering) -> Iterator[Case]:
    kind = "plain" if of == "latency" else "tool"
    caller = call.turns.caller
    for number, turn in enumerate(caller):
        if turn.kind != kind:
            continue
        following = caller[number + 1] if number + 1 < len(caller) else None
        case = _answer(at, call, turn, following, seconds, of)
        if case is not None:
            yield case


def _answer(
    at: int, call: CallFacts, turn: Turn, following: Turn | None, seconds: float, of: Answering
) -> Case | None:
    """One turn's; None where the call's end, or the caller, left it open."""
    if turn.unanswered:
        return Case(at, True, turn, "unanswered")
    taken: float | None = turn.response_latency if of == "latency" else getattr(turn, of)
    if taken is not None:
        return Case(at, taken > seconds + HALF, turn, f"after {taken:.2f} s")
    if turn.end is None:
        return Case(at, None, turn, "its sound was not captured")
    if call.absent or call.recording is None:
        return None
    until = call.recording.duration if following is None else following.start
    if until is not None and until - turn.end > seconds + HALF:
        return Case(at, True, turn, f"no answer in the {until - turn.end:.1f} s that followed")
    return None


def _of(percentile: float | None, of: Answering | None) -> str:
    parts = [] if of is None or of == "latency" else [of.replace("_", " ") + " of turns with tools"]
    if percentile is not None:
        parts.append("median" if percentile == 50 else f"percentile {percentile:g}")
    return f" ({', '.join(parts)})" if parts else ""


def _elsewhere(sample: Sample, of: Answering) -> str:
    if of == "latency" and sample.report.tool_turns:
        return 'Its turns are with tools: answers_within(…, of="first_answer").'
    if of != "latency" and sample.report.plain_turns:
        return "Its turns are plain ones: answers_within(…) without of=."
    return "Let the caller say something, and wait for the vn.Answer()."
