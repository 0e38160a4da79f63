"""What a scripted caller did, as `voicenb.run` keeps it beside the recording (``truth`` in its session).

It is not guessed from the sound: the script says whether the caller went on, or waited for the agent. Of a
caller who hung up behind the last words nobody knows whether that turn was over, and the script is silent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from voicenb.recording.alignment import Piece
from voicenb.recording.excerpt import Excerpt
from voicenb.recording.layout import RATE
from voicenb.recording.recording import Recording

NEAR = 0.3
"""Seconds that the end of the words may lie before or behind the end of the speech that is in the sound."""


@dataclass(frozen=True, slots=True)
class Scripted:
    """A stretch of the call of which the script says what it was. Seconds of the call.

    Attributes:
        start: of the words; of a pause, where the words before it end.
        end: of the words; of a pause, where those behind it begin.
        what: ``"words"``, ``"pause"`` (within a turn) or ``"last words"`` (the turn is over behind them).
    """

    start: float
    end: float
    what: Literal["words", "pause", "last words"]


def scripted(recording: Recording) -> tuple[Scripted, ...]:
    """What the script of a call's caller says of it, by time; nothing where nobody followed one.

    Args:
        recording: of the call, or a part of it.
    """
    if isinstance(recording, Excerpt):
        begin, end = recording.begin, recording.end
        inside = [each for each in scripted(recording.call) if each.start < end and each.end > begin]
        return tuple(Scripted(each.start - begin, each.end - begin, each.what) for each in inside)
    told = recording.session.get("truth")
    said = [each for each in told if _is_words(each)] if isinstance(told, list) else []
    if not said:
        return ()
    pieces = recording.said_pieces()
    found: list[Scripted] = []
    for each in said:
        start, stop = (_moment(each[name], pieces) for name in ("start", "stop"))
        found.append(Scripted(start, stop, "last words" if each["then"] == "waits" else "words"))
    pauses = [
        Scripted(one.end, other.start, "pause")
        for each, (one, other) in zip(said, pairwise(found), strict=False)
        if each["then"] == "goes on"
    ]
    return tuple(sorted((*found, *pauses), key=lambda each: each.start))


def _is_words(each: Any) -> bool:
    return (
        isinstance(each, Mapping)
        and each.get("kind") == "words"
        and each.get("then") in ("goes on", "waits", "hangs up")
        and all(isinstance(each.get(name), int) for name in ("start", "stop"))
    )


def _moment(sample: int, pieces: Sequence[Piece]) -> float:
    """When a sample of the caller's track was, in seconds of the call."""
    before = [piece for piece in pieces if piece[0] <= sample]
    first, _, on_clock = before[-1] if before else (0, 0, 0)
    return round((on_clock + sample - first) / RATE, 6)
