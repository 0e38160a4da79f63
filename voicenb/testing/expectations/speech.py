"""Expectations of what was said, and of whether it was heard."""

from __future__ import annotations

from dataclasses import replace

from voicenb.analysis.report import CallFacts
from voicenb.analysis.turn import Turn
from voicenb.testing.expectations.latency import untold
from voicenb.testing.expectations.limit import Case, Limit
from voicenb.testing.expectations.moments import Happened, Moment, Side, lies, spoken
from voicenb.testing.expectations.sample import Sample
from voicenb.testing.expectations.verdict import Concern, Verdict
from voicenb.testing.expectations.wording import Wording

NONE = Limit(at_most=0)

ALIKE = 0.5
"""How like the words of a turn must be to be told as the nearest."""


def says(
    sample: Sample,
    wording: Wording,
    by: Side,
    limit: Limit,
    before: Moment | None,
    after: Moment | None,
) -> Verdict:
    """Whether something was said in each call, or in enough of them.

    Args:
        sample: the calls.
        wording: what.
        by: who is to say it.
        limit: in how many calls it may be missing.
        before: what it has to come before.
        after: what it has to come after.
    """
    cases: list[Case] = []
    found: list[Concern] = []
    for at, call in enumerate(sample.calls):
        told, turn = _says(call, wording, by, before, after)
        note = "" if told else _nearest(call, wording, by) if told is False else _not_known(call)
        cases.append(Case(at, None if told is None else not told, turn, note))
        if told and turn is not None:
            found.append(sample.concern(at, turn, "said"))
    return _of_calls(
        sample,
        f"the {by} says {wording}{order(before, after)}{limit.of_calls}",
        cases,
        found,
        limit,
        "without it",
    )


def never_says(sample: Sample, wording: Wording, by: Side) -> Verdict:
    """Whether something was said in no call.

    Args:
        sample: the calls.
        wording: what.
        by: who.
    """
    cases: list[Case] = []
    for at, call in enumerate(sample.calls):
        if "words" in call.absent:
            cases.append(Case(at, None, note=_not_known(call)))
            continue
        for turn in spoken(call, by):
            said = wording.said(turn)
            cases.append(
                Case(
                    at,
                    said,
                    turn,
                    "said" if said else "may have been said: which words were heard is known to about one",
                )
            )
    return NONE.verdict(
        sample,
        f"the {by} never says {wording}",
        cases,
        what="turns",
        wrong="with it",
        nothing=f"The {by} said nothing.",
        remedy="Listen to it, or let the call last until the reply has been heard.",
    )


def heard_in_full(sample: Sample, wording: Wording | None) -> Verdict:
    """Whether the agent's replies were heard to their ends.

    Args:
        sample: the calls.
        wording: which replies; None for all.
    """
    which = "each reply" if wording is None else f"the reply with {wording}"
    cases: list[Case] = []
    for at, call in enumerate(sample.calls):
        if "ear" in call.absent or (call.recording is not None and not call.recording.tells_hearing):
            cases.append(Case(at, None, note=untold(call, "ear") + ": what was heard"))
            continue
        for turn in call.turns.agent:
            if turn.cancelled or (turn.start is None and not turn.text and not turn.unheard):
                continue
            if wording is not None and not wording.found(f"{turn.text} {turn.unheard}"):
                continue
            cut = bool(turn.unheard) or turn.interrupted is True or turn.start is None
            note = (
                f"not heard: {turn.unheard or turn.text}" if turn.unheard or turn.start is None else "cut off"
            )
            cases.append(Case(at, cut, turn, note if cut else ""))
    return NONE.verdict(
        sample,
        f"{which} heard in full",
        cases,
        what="replies",
        wrong="not heard in full",
        nothing="There is no such reply." if wording is not None else "There is no reply.",
        remedy="Does the agent say it? says(…) looks in what was heard.",
    )


def order(before: Moment | None, after: Moment | None) -> str:
    """Where something has to lie, in words.

    Args:
        before: what it has to come before.
        after: what it has to come after.
    """
    return "".join(
        f" {name} {each}" for name, each in (("before", before), ("after", after)) if each is not None
    )


def _of_calls(
    sample: Sample, expectation: str, cases: list[Case], found: list[Concern], limit: Limit, wrong: str
) -> Verdict:
    verdict = limit.verdict(
        sample,
        expectation,
        cases,
        what="calls",
        wrong=wrong,
        nothing="There is no call.",
        remedy="Listen to it, or let the call last until the reply has been heard.",
    )
    if len(cases) == 1 and cases[0].wrong is not None:
        turn = found[0].turn if found else None
        figure = "not said" if cases[0].wrong else "said" if turn is None else f"in turn {turn.number}"
        verdict = replace(verdict, figure=figure)
    return replace(verdict, turns=tuple(found)) if verdict.passed else verdict


def _says(
    call: CallFacts, wording: Wording, by: Side, before: Moment | None, after: Moment | None
) -> tuple[bool | None, Turn | None]:
    """Whether it was said where it has to be, and the turn."""
    unsure: Turn | None = None
    open_ = any(each is not None and each.unknown(call) for each in (before, after))
    for turn in spoken(call, by):
        said = wording.said(turn)
        if said is False:
            continue
        if said and before is None and after is None:
            return True, turn
        if turn.start is None or turn.end is None:
            unsure = turn
            continue
        if lies(Happened(turn.start, turn.end, turn), call, before, after):
            if said:
                return True, turn
            unsure = unsure or turn
        elif open_:
            unsure = unsure or turn
    return (None if unsure is not None or "words" in call.absent else False), unsure


def _nearest(call: CallFacts, wording: Wording, by: Side) -> str:
    turns = spoken(call, by)
    if not turns:
        return f"the {by} said nothing"
    alike = [(wording.likeness(turn.text), turn) for turn in turns]
    likeness, turn = max(alike, key=lambda pair: pair[0])
    said_elsewhere = next((each for each in turns if wording.said(each)), None)
    if said_elsewhere is not None:
        return f"said in turn {said_elsewhere.number}, but not there"
    return (
        f'nearest is turn {turn.number}, "{turn.text}" ({likeness:.0%} alike)'
        if likeness >= ALIKE
        else "not said"
    )


def _not_known(call: CallFacts) -> str:
    if "words" in call.absent:
        return untold(call, "words")
    return "may have been said: which words were heard is known to about one"
