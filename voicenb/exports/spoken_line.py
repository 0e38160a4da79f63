"""A line that was spoken: who, from when to when, and the words that were heard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from voicenb.analysis.turn import Turn


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """One turn as it was heard.

    Attributes:
        speaker: ``"caller"`` or ``"agent"``.
        start: its first sound, in the engine's seconds.
        end: its last.
        text: the words; of the agent those that were heard.
    """

    speaker: str
    start: float
    end: float
    text: str


def spoken_lines(turns: Iterable[Turn]) -> list[SpokenLine]:
    """The turns that were heard, in order; what was silent, or whose sound was not captured, is left out."""
    return [
        SpokenLine(
            "caller" if turn.role == "user" else "agent", turn.start, turn.end, " ".join(turn.text.split())
        )
        for turn in turns
        if turn.start is not None and turn.end is not None and turn.end > turn.start
    ]
