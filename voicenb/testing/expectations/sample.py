"""A sample: the calls of which something is expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from voicenb.analysis.report import CallFacts, Report, report
from voicenb.analysis.turn import Turn
from voicenb.testing.expectations.verdict import Concern

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording

_NAMES = frozenset({"item_id", "reply_id", "replies", "tools"})
"""What identifiers are in: two calls that differ in them alone are the same call."""


@dataclass(frozen=True)
class Sample:
    """Calls, measured.

    Attributes:
        report: of all of them.
        counted: whether a share is taken as it is, as of one run among several: nothing is said of others.
        errors: what ended calls before their time, by the place of the call, 0 for the first.
    """

    report: Report
    counted: bool = False
    errors: Mapping[int, Exception] = field(default_factory=dict)

    @classmethod
    def of(
        cls, recordings: Sequence[Recording], cost_rate: float | None, errors: Mapping[int, Exception]
    ) -> Sample:
        """Measure some calls.

        Args:
            recordings: one or more.
            cost_rate: dollars per connected hour, as for ``vn.report``.
            errors: what ended calls before their time.
        """
        return cls(report(recordings, cost_rate=cost_rate), errors=errors)

    @property
    def calls(self) -> tuple[CallFacts, ...]:
        """Each of them."""
        return self.report.calls

    def alone(self, at: int) -> Sample:
        """One of the calls by itself, its shares counted.

        Args:
            at: its place, 0 for the first.
        """
        call = self.calls[at]
        assert call.recording is not None
        errors = {0: self.errors[at]} if at in self.errors else {}
        rate = call.cost / call.connected * 3600 if call.cost is not None and call.connected else None
        return Sample(report(call.recording, cost_rate=rate), counted=True, errors=errors)

    def concern(self, at: int, turn: Turn | None = None, note: str = "") -> Concern:
        """A turn of one of the calls, or the call, for a verdict.

        Args:
            at: the call's place, 0 for the first.
            turn: of its turns.
            note: what there is to say.
        """
        return Concern(at + 1, self.calls[at].name, note, turn)

    @cached_property
    def distinct(self) -> frozenset[int]:
        """Places of the calls that differ from all before them in what was said, or when.

        On the virtual clock a call that nothing random has a part in is the same each time: held five times
        it tells as much as held once.
        """
        seen: dict[object, int] = {}
        for at, call in enumerate(self.calls):
            seen.setdefault(_story(call), at)
        return frozenset(seen.values())

    @property
    def unfinished(self) -> list[int]:
        """Places of the calls that still run, or that a crash cut off."""
        return [
            at
            for at, call in enumerate(self.calls)
            if call.recording is not None and not call.recording.finished
        ]


def _story(call: CallFacts) -> object:
    told = tuple(_bare(turn) for turn in call.turns)
    tools = () if call.recording is None else call.recording.tool_calls
    return told, tuple((tool.name, repr(tool.arguments), tool.at, tool.result) for tool in tools)


def _bare(turn: Turn) -> tuple[Any, ...]:
    bare = replace(turn, turn_detection=None)
    return tuple(getattr(bare, each.name) for each in fields(bare) if each.name not in _NAMES)
