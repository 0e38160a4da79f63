"""A call on one line: how many turns, how long they waited, what was interrupted."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from voicenb.analysis.answer import Answer


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a call. Turns with tools stand apart: their waits are never pooled with the others'.

    Attributes:
        turns: turns of the caller.
        waits: response latencies of turns without tools, in seconds.
        tool_waits: the same of turns with tools: until the reply that uses the result.
        interruptions: how often the agent was interrupted, as the transcript marks it.
        first_sounds: of turns in which nothing but the announcement of a tool was heard: seconds until that.
    """

    turns: int
    waits: tuple[float, ...] = ()
    tool_waits: tuple[float, ...] = ()
    interruptions: int = 0
    first_sounds: tuple[float, ...] = ()

    @classmethod
    def of(
        cls, turns: int, answers: Sequence[Answer], interruptions: int, announced: Sequence[Answer] = ()
    ) -> Summary:
        """Of what was measured.

        Args:
            turns: turns of the caller, answered or not.
            answers: one per answered turn.
            interruptions: how many (:func:`voicenb.protocol.lines.interruptions`).
            announced: one per turn that came no further than to the announcement of a tool.
        """
        plain = tuple(answer.response_latency for answer in answers if answer.tools is None)
        tools = tuple(answer.response_latency for answer in answers if answer.tools is not None)
        return cls(turns, plain, tools, interruptions, tuple(each.response_latency for each in announced))

    @property
    def told_waits(self) -> list[str]:
        """How long answers took, in words; those of turns with tools apart."""
        parts = [f"answered in {_middle(self.waits)}"] if self.waits else []
        if self.tool_waits:
            parts.append(f"{'with' if self.waits else 'answered with'} a tool in {_middle(self.tool_waits)}")
        return parts

    def __str__(self) -> str:
        if not self.turns and not self.interruptions:
            return "nobody spoke to the agent"
        parts = [_count(self.turns, "turn"), *self.told_waits]
        if self.first_sounds:
            parts.append(
                f"{len(self.first_sounds)} not answered, first sound after {_middle(self.first_sounds)}"
            )
        parts.append(_count(self.interruptions, "interruption") if self.interruptions else "no interruption")
        return " · ".join(parts)


def _middle(waits: Sequence[float]) -> str:
    """The median with the number that it rests on; of one, that one."""
    if len(waits) == 1:
        return f"{waits[0]:.1f} s"
    return f"{statistics.median(waits):.1f} s (median of {len(waits)}, longest {max(waits):.1f})"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
