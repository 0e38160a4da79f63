"""Expectations to read, as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicenb.testing.expectations.expectation import Expectation
    from voicenb.testing.expectations.verdict import Concern, Verdict

MOST = 5
"""Turns that are told of one verdict."""


def text(expectation: Expectation) -> str:
    """What was expected and what came of it, a line for each; below it why not, and where.

    Args:
        expectation: of some calls.
    """
    lines = [title(expectation)]
    alone = len(expectation.sample.calls) == 1
    width = max((len(verdict.outcome) for verdict in expectation.verdicts), default=0)
    for verdict in expectation.verdicts:
        lines.append(f"  {verdict.outcome.ljust(width)}  {verdict.expectation}: {verdict.figure}")
        if not verdict.passed:
            lines += [f"  {' ' * width}    {line}" for line in _below(verdict, alone=alone)]
    lines += [f"  {line}" for line in runs(expectation)]
    return "\n".join(lines)


def title(expectation: Expectation) -> str:
    """The outcome in a line.

    Args:
        expectation: of some calls.
    """
    calls = len(expectation.sample.calls)
    verdicts = expectation.verdicts
    counts = [
        f"{len(group)} {name}"
        for name, group in (
            ("failed", expectation.failed),
            ("inconclusive", expectation.inconclusive),
            ("passed", [verdict for verdict in verdicts if verdict.passed]),
        )
        if group
    ]
    parts = [
        ", ".join(counts) if verdicts else "nothing was expected",
        f"{calls} call{'' if calls == 1 else 's'}",
        *expectation.sample.report.services,
    ]
    return f"{expectation.outcome}: {' · '.join(parts)}"


def _below(verdict: Verdict, *, alone: bool) -> Iterator[str]:
    """What there is to say of one that did not pass."""
    if verdict.why or verdict.remedy:
        yield f"{verdict.why} {verdict.remedy}".strip()
    turns = told_turns(verdict, alone=alone)
    yield from (each.told(alone=alone) for each in turns[:MOST])
    if len(turns) > MOST:
        yield f"and {len(turns) - MOST} more"


def told_turns(verdict: Verdict, *, alone: bool) -> list[Concern]:
    """The turns concerned that say more than the figure does.

    Args:
        verdict: any.
        alone: whether there is but one call.
    """
    return [each for each in verdict.turns if each.told(alone=alone) not in ("", verdict.figure)]


def runs(expectation: Expectation) -> list[str]:
    """How the calls do one by one, where there are several.

    Args:
        expectation: of some calls.
    """
    if len(expectation.sample.calls) < 2 or not expectation.verdicts:
        return []
    first, *more = expectation.repeats.lines()
    return [f"call by call, counted: {first}", *(f"  {line}" for line in more)]
