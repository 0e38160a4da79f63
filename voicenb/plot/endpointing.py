"""How each turn of the caller's ended: what a detector heard, the silence that grew, and the decision."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from voicenb.analysis.speech_probability import SpeechProbability
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns, turns
from voicenb.errors import InvalidConfiguration
from voicenb.plot.axes import axes, fitting, quiet
from voicenb.plot.palette import Palette
from voicenb.plot.turn_end import BEHIND, TurnEnd, draw
from voicenb.recording.given import OneCall, one_call

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 12
"""Turns that are drawn at once; of more, those that were cut off, then those with the longest delays; where
neither is known the last."""

WIDE = 8.0
"""Inches of width from which there are two columns."""

BEFORE = (1.5, 3.5, 12.0)
"""Seconds before a turn's end that are shown: at least, at most of several turns, at most of one."""

GAP = 0.03
"""Between two columns, as a share of the width."""

ROOM, LEAST = 2.5, 1.2
"""Inches of height for one turn: in a new figure, and at least; what has no room is left out."""

NARROW = 4.0
"""Inches of width up to which words are cut short."""


def endpointing(recording: OneCall, *, turn: int | Turn | None = None, ax: Axes | None = None) -> Axes:
    """Draw how turns ended: level, probability of speech, the silence as it grew, and the service's decision.

    Zero is the caller's last sound (acoustic). The probabilities are Silero's, of exactly the samples that
    were sent; with them the emulator decides, and nobody tells what the hosted service hears with. Speech
    begins when two frames of 32 ms reach the threshold (the dashed line) and goes on down to the dotted one;
    hatched are the silences in between. On the last one lie the marks of ``min_silence`` and ``max_silence``
    that were in force at that moment; under the adaptive default there are none, because nobody tells how
    long it waits. The decision is the service's event (wire). Red is a decision behind which the caller went
    on.

    Args:
        recording: of the call, or its path.
        turn: one turn of the caller's, or its number in :func:`voicenb.turns`; all where it is not given.
        ax: to draw on; a new figure where it is not given.

    Returns:
        The Axes; of several turns one that holds an Axes for each, ``ax.child_axes``.

    Raises:
        InvalidConfiguration: that is no recording and no path, there is no such turn of the caller's, or
            ``ax`` is no Axes.
        RecordingError: there is no recording at that path.
    """
    recording = one_call(recording, "vn.plot.endpointing")
    found = turns(recording)
    spoken = [each for each in found.caller if each.end is not None]
    shown = _chosen(spoken, MOST) if turn is None else [_named(turn, found)]
    columns = 1 if len(shown) < 3 else 2
    rows = -(-max(1, len(shown)) // columns)
    ax, colours = axes(ax, (5.2 * columns + 0.6, ROOM * rows + 0.5))
    shown = _chosen(shown, _places(ax))
    quiet(ax, colours)
    if not shown:
        ax.text(0.5, 0.5, "no turn of the caller's was heard", ha="center", va="center", color=colours.faint)
        ax.set(xticks=[], yticks=[])
        return ax
    heard = SpeechProbability(recording)
    ends = [TurnEnd.of(each, recording, heard, found.heard) for each in shown]
    title = _title(ends, len(spoken), found.service)
    ax.set_title(title, loc="left", color=colours.ink, fontsize="medium", parse_math=False)
    if len(ends) == 1:
        draw(ax, ends[0], _window(ends, BEFORE[2]), colours, roomy=_size(ax)[0] > NARROW)
    else:
        _panels(ax, ends, colours)
    return ax


def _named(turn: int | Turn, found: Turns) -> Turn:
    number = turn.number if isinstance(turn, Turn) else turn
    mine = {each.number: each for each in found.caller if each.end is not None}
    if isinstance(number, bool) or number not in mine:
        known = ", ".join(map(str, mine)) or "none"
        raise InvalidConfiguration(
            f"There is no turn {turn!r} of the caller's with sound in this call."
            if not isinstance(turn, Turn)
            else f"Turn {number} of that call is none of this caller's.",
            remedy=f"Of the caller's, vn.turns(call) has {known}.",
            param="turn",
        )
    return mine[number]


def _size(ax: Axes) -> tuple[float, float]:
    """Inches, wide and high."""
    box, dots = ax.get_window_extent(), ax.figure.dpi
    return box.width / dots, box.height / dots


def _places(ax: Axes) -> int:
    """How many turns there is room for; at least one."""
    wide, high = _size(ax)
    return max(1, int(high / LEAST)) * (2 if wide >= WIDE else 1)


def _chosen(spoken: Sequence[Turn], places: int) -> list[Turn]:
    """As many as there is room for, by time."""

    def telling(turn: Turn) -> tuple[int, float]:
        return turn.false_cutoffs or 0, turn.end_of_turn_delay or 0.0

    most = sorted(spoken, key=telling)[-places:]
    return sorted(most, key=lambda turn: turn.number)


def _title(ends: Sequence[TurnEnd], spoken: int, service: str) -> str:
    some = f"{len(ends)} of {spoken} turns" if len(ends) < spoken else "each turn"
    if len(ends) < spoken and not any(each.turn.end_of_turn_delay for each in ends):
        some = f"the last {some}"  # nothing tells which to choose
    which = f"turn {ends[0].turn.number}" if len(ends) == 1 else some
    return " · ".join(part for part in (f"How {which} ended", service) if part)


def _window(ends: Sequence[TurnEnd], longest: float) -> tuple[float, float]:
    """The seconds that are shown, around the caller's last sound; of all turns the same."""
    begin = min(max(-longest, each.begins - 0.3) for each in ends)
    return min(begin, -BEFORE[0]), max(each.until for each in ends) + BEHIND


def _panels(ax: Axes, ends: Sequence[TurnEnd], colours: Palette) -> None:
    ax.set(xticks=[], yticks=[])
    width, _ = _size(ax)
    columns = 2 if width >= WIDE else 1
    rows = -(-len(ends) // columns)
    window = _window(ends, BEFORE[1])
    edges = [number / columns for number in range(columns + 1)]
    places = [(left, right - left) for left, right in pairwise(edges)]
    for number, each in enumerate(ends):
        row, column = divmod(number, columns)
        left, wide = places[column]
        high = 1 / rows
        below = 1 - (row + 1) * high
        panel = ax.inset_axes((left, below + 0.2 * high, wide - GAP * (column < columns - 1), 0.68 * high))
        panel.set_facecolor("none")
        quiet(panel, colours)
        last = row == rows - 1 or number + columns >= len(ends)
        draw(panel, each, window, colours, labelled=last, roomy=width / columns > NARROW)
        panel.tick_params(labelleft=column == 0)
        panel.set_title(
            " · ".join(filter(None, (str(each.turn.number), fitting(each.turn.text, 9 * width / columns)))),
            loc="left",
            color=colours.caller,
            fontsize="small",
            parse_math=False,
        )
