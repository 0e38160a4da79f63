"""Expectations of the tools that an agent calls."""

from __future__ import annotations

from dataclasses import replace

from voicenb.analysis.report import CallFacts
from voicenb.analysis.turn import Turn
from voicenb.names import did_you_mean
from voicenb.testing.expectations.latency import untold
from voicenb.testing.expectations.limit import Case, Limit
from voicenb.testing.expectations.moments import Called, Happened, Moment, lies, tool_calls, written
from voicenb.testing.expectations.sample import Sample
from voicenb.testing.expectations.speech import order
from voicenb.testing.expectations.verdict import Concern, Verdict

NONE = Limit(at_most=0)

_TOLD = 4
"""Calls of tools that are told where the one that was expected is missing."""


def calls(
    sample: Sample,
    wanted: Called,
    times: int | None,
    limit: Limit,
    before: Moment | None,
    after: Moment | None,
) -> Verdict:
    """Whether a tool was called in each call, or in enough of them.

    Args:
        sample: the calls.
        wanted: the tool, and its arguments.
        times: how often; None for once or more.
        limit: in how many calls it may be missing.
        before: what it has to come before.
        after: what it has to come after.
    """
    often = "" if times is None else " once" if times == 1 else f" {times} times"
    cases: list[Case] = []
    found: list[Concern] = []
    for at, call in enumerate(sample.calls):
        if not call.tells("tool_turns"):
            cases.append(Case(at, None, note=untold(call, "tools")))
            continue
        all_ = list(wanted.times(call))
        there = [each for each in all_ if lies(each, call, before, after)]
        right = bool(there) if times is None else len(there) == times
        open_ = not right and any(each is not None and each.unknown(call) for each in (before, after))
        note = "" if right else _instead(call, wanted, all_, there, before is not None or after is not None)
        turn = there[0].turn if there else all_[0].turn if all_ else _asked(call, wanted)
        cases.append(Case(at, None if open_ else not right, turn, note))
        if right:
            found += [sample.concern(at, each.turn, f"called at {each.begin:.1f} s") for each in there]
    verdict = limit.verdict(
        sample,
        f"calls {wanted}{often}{order(before, after)}{limit.of_calls}",
        cases,
        what="calls",
        wrong="without it",
        nothing="There is no call.",
        remedy="A recording of voicenb's own tells of tools.",
    )
    if len(cases) == 1 and cases[0].wrong is not None:
        verdict = replace(verdict, figure=found[0].note if found else "not called so")
    return replace(verdict, turns=tuple(found)) if verdict.passed else verdict


def never_calls(sample: Sample, wanted: Called) -> Verdict:
    """Whether a tool was called in no call.

    Args:
        sample: the calls.
        wanted: the tool, and its arguments.
    """
    cases: list[Case] = []
    for at, call in enumerate(sample.calls):
        if not call.tells("tool_turns"):
            cases.append(Case(at, None, note=untold(call, "tools")))
            continue
        there = list(wanted.times(call))
        turn = there[0].turn if there else None
        made = next((tool for tool in tool_calls(call) if wanted.fits(tool)), None)
        note = f"{written(made.name, made.arguments)} at {made.at:.1f} s" if made else ""
        cases.append(Case(at, bool(there), turn, note, max(len(there), 1)))
    return NONE.verdict(
        sample,
        f"never calls {wanted}",
        cases,
        what="calls",
        wrong="with it",
        nothing="There is no call.",
        remedy="A recording of voicenb's own tells of tools.",
    )


def _instead(
    call: CallFacts, wanted: Called, all_: list[Happened], there: list[Happened], placed: bool
) -> str:
    """What happened, where the call that was expected did not."""
    if there:
        return f"called {len(there)} times"
    if all_:
        return f"called at {all_[0].begin:.1f} s, but not there" if placed else f"called {len(all_)} times"
    made = tool_calls(call)
    if made:
        shown = ", ".join(written(each.name, each.arguments) for each in made[:_TOLD])
        return f"called instead: {shown}{f' and {len(made) - _TOLD} more' if len(made) > _TOLD else ''}"
    hint = did_you_mean(wanted.name, _offered(call)) if wanted.name not in _offered(call) else ""
    return f"no tool was called{f'; the agent has no {wanted.name}. {hint}'.rstrip() if hint else ''}"


def _asked(call: CallFacts, wanted: Called) -> Turn | None:
    """The caller's turn in which the tool was called with other arguments."""
    return next(
        (turn for turn in call.turns.caller if any(use.name == wanted.name for use in turn.tools)), None
    )


def _offered(call: CallFacts) -> list[str]:
    agent = {} if call.recording is None else call.recording.session.get("agent")
    tools = agent.get("tools") if isinstance(agent, dict) else None
    return [str(tool.get("name")) for tool in tools or () if isinstance(tool, dict)]
