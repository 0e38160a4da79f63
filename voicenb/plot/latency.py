"""Where the time went: a row for each turn, and how the waits are spread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from voicenb.analysis.figure import Figure
from voicenb.analysis.report import Report, report
from voicenb.analysis.turn import Turn
from voicenb.plot.axes import LETTERS, around, axes, fitting, quiet
from voicenb.plot.palette import Palette
from voicenb.plot.stages import LABELS, Kind, look, stages
from voicenb.recording.given import Calls, some_calls

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FULL_MARKS = (0.5, 2.0, 3.0)
"""Seconds in which EVA's turn score gives full marks: from, to, and to in tool turns."""

SMALL = (5.0, 3.0)
"""Inches, wide and high, below which a figure has room for the rows only."""

APART = 0.35
"""Of a row's height, between the plain turns and those with tools."""

ABOVE, LEGEND = 1.2, 0.6
"""Inches of height for the distribution, and for the legend below it."""

TWO_LINES, THREE_LINES = 0.4, 0.56
"""Inches that the numbers below the rows take, and what they mean; and of several calls their names."""

LONGEST_NAME, LONGEST_LINE = 32, 86
"""Letters of a call's name, and of all of them: as many as have room below the rows."""

ROWS = 40
"""Turns that have a row each; of more, those that waited longest."""


def latency(calls: Calls | Report, *, ax: Axes | None = None) -> Axes:
    """Draw where the time went, turn by turn, and above it the distribution.

    A row is the wait from the caller's last sound (acoustic) to the agent's first audible one (heard); in a
    tool turn, all of which come below the others, to the answer that uses the result. Hatched is what was
    waited for the end of the turn: the silence that the setting asks for, and what the service took beyond
    it, which cannot be told apart under the adaptive default. The band is where EVA's turn score gives full
    marks: 0.5 to 2.0 s, in tool turns to 3.0 s. Above: the share of turns answered by then, plain turns and
    tool turns apart, with the median and, from 20 turns on, the 90th percentile as dots. A row has its
    number in :func:`voicenb.turns`, and of several calls a letter that says of which it is.

    Args:
        calls: a recording, some, their paths, or a report of them.
        ax: to draw on; a new figure where it is not given. In a figure of less than 5 by 3 inches there are
            the rows only.

    Returns:
        The Axes with the rows.

    Raises:
        InvalidConfiguration: that is no recording, no path and no report, or ``ax`` is no Axes.
        RecordingError: there is no recording at a path.
    """
    told = calls if isinstance(calls, Report) else report(some_calls(calls, "vn.plot.latency"))
    rows = _answered(told)
    left_out = max(0, len(rows) - ROWS)
    if left_out:
        longest_first = sorted(range(len(rows)), key=lambda n: rows[n][1].wait or 0.0, reverse=True)
        rows = [rows[n] for n in sorted(longest_first[:ROWS])]
    rows.sort(key=lambda row: row[1].kind == "tool")  # otherwise by time, as they are
    turns = [turn for _, turn in rows]
    places = _places(turns)
    ax, colours = axes(ax, (8.0, 2.8 + 0.3 * max(1, len(turns))))
    quiet(ax, colours)
    if not turns:
        ax.text(0.5, 0.5, "no turn was answered", ha="center", va="center", color=colours.faint)
        ax.set(xticks=[], yticks=[])
        return ax
    longest = max(turn.wait or 0.0 for turn in turns)
    right = max(longest * 1.22, 1.0)
    ax.set_xlim(0, right)
    seen = _rows(ax, turns, places, colours)
    _band(ax, turns, places, colours)
    ax.set_ylim(places[-1] + 0.6, -0.6)
    room = min(22.0, around(ax).left - len("10 · "))
    ax.set_yticks(places, [_label(*row, room) for row in rows], parse_math=False)
    ax.tick_params(axis="y", labelcolor=colours.ink)
    ax.grid(axis="x", color=colours.edge, linewidth=0.8)
    if around(ax).below >= TWO_LINES:
        lines = [_below(told, left_out)]
        if len(told.calls) > 1 and around(ax).below >= THREE_LINES:
            lines.append(_named([call.name for call in told.calls]))
        ax.set_xlabel("\n".join(lines), color=colours.faint, fontsize="small", parse_math=False)
    box = ax.figure.bbox
    width, height = box.width / ax.figure.dpi, box.height / ax.figure.dpi
    if width >= SMALL[0] and height >= SMALL[1]:
        high = ax.get_window_extent().height / ax.figure.dpi
        above, legend = (part / high for part in (min(ABOVE, 0.4 * high), LEGEND))
        # The rows make room for both, so that all of it lies within the Axes.
        row = (places[-1] + 1.2) / (1 - above - legend)
        ax.set_ylim(places[-1] + 0.6, -0.6 - (above + legend) * row)
        _legend(ax, seen, colours, 1 - above)
        _distribution(ax, told, colours, right, above)
    return ax


def _places(turns: Sequence[Turn]) -> list[float]:
    """Where each row is; the tool turns lie a little apart."""
    plain = sum(turn.kind != "tool" for turn in turns)
    return [row + (APART if plain and row >= plain else 0.0) for row in range(len(turns))]


def _rows(ax: Axes, turns: Sequence[Turn], places: Sequence[float], colours: Palette) -> list[Kind]:
    seen: dict[Kind, None] = {}
    right, behind = ax.get_xlim()[1], around(ax).right
    letters = ax.get_window_extent().width / ax.figure.dpi * LETTERS
    for row, turn in zip(places, turns, strict=True):
        for stage in stages(turn):
            seen[stage.kind] = None
            ax.barh(
                row,
                stage.length,
                left=stage.start,
                height=0.46,
                linewidth=0.6,
                zorder=3,
                **look(stage.kind, colours),
            )
        wait = turn.wait or 0.0
        tools = ", ".join(dict.fromkeys(tool.name for tool in turn.tools))
        text = f" {wait:.2f} "
        text += fitting(tools, letters * (1 - wait / right) + behind - len(text))
        ax.text(wait, row, text.rstrip(), va="center", color=colours.faint, fontsize="small", zorder=4)
        if turn.false_cutoffs:
            ax.text(0, row - 0.36, "caller cut off", va="center", color=colours.wrong, fontsize="x-small")
    return list(seen)


def _band(ax: Axes, turns: Sequence[Turn], places: Sequence[float], colours: Palette) -> None:
    begin, plain, tool = FULL_MARKS
    for row, turn in zip(places, turns, strict=True):
        until = tool if turn.kind == "tool" else plain
        ax.barh(row, until - begin, left=begin, height=1.0, color=colours.band, linewidth=0, zorder=0)


def _answered(told: Report) -> list[tuple[str, Turn]]:
    """The turns that have a row, and of several calls the letter of each one's."""
    several = len(told.calls) > 1
    return [
        (_letter(number) if several else "", turn)
        for number, call in enumerate(told.calls)
        for turn in call.turns
        if turn.role == "user" and stages(turn)
    ]


def _letter(number: int) -> str:
    """A to Z, AA, AB and on, as columns have them in a spreadsheet."""
    rest, last = divmod(number, 26)
    return (_letter(rest - 1) if rest else "") + chr(ord("A") + last)


def _named(calls: Sequence[str]) -> str:
    """What the letters stand for, as far as there is room in a line."""
    names = [f"{_letter(number)} {fitting(name, LONGEST_NAME)}" for number, name in enumerate(calls)]
    shown = len(names)
    while shown > 1 and len(" · ".join(names[:shown])) > LONGEST_LINE:
        shown -= 1
    more = [f"{len(names) - shown} more calls"] if shown < len(names) else []
    return " · ".join([*names[:shown], *more])


def _label(letter: str, turn: Turn, room: float) -> str:
    number = f"{letter} {turn.number}".strip()
    return " · ".join(part for part in (number, fitting(turn.text, room)) if part)


def _below(told: Report, left_out: int) -> str:
    parts = ["seconds from the caller's last sound", *told.services]
    if told.unanswered:
        parts.append(f"{told.unanswered} unanswered")
    if left_out:
        parts.append(f"{left_out} shorter waits left out")
    return " · ".join(parts)


def _legend(ax: Axes, seen: Sequence[Kind], colours: Palette, top: float) -> None:
    from matplotlib.patches import Patch

    order = [kind for kind in LABELS if kind in seen]
    handles = [Patch(label=LABELS[kind], linewidth=0.6, **look(kind, colours)) for kind in order]
    handles.append(Patch(facecolor=colours.band, label="EVA: full marks"))
    ax.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, top),
        ncols=3 if ax.get_window_extent().width / ax.figure.dpi >= 6.0 else 2,
        frameon=False,
        fontsize="small",
        labelcolor=colours.faint,
        handlelength=1.4,
        columnspacing=1.2,
    )


def _distribution(ax: Axes, told: Report, colours: Palette, right: float, high: float) -> None:
    """The share of turns answered by then, above the rows and on the same seconds."""
    above = ax.inset_axes((0.0, 1 - 0.94 * high, 1.0, 0.94 * high), sharex=ax)
    above.set_facecolor("none")
    quiet(above, colours)
    shown: list[tuple[Figure, str, str]] = [
        (told.latency, "plain turns", colours.agent),
        (told.first_answer, "tool turns, answer", colours.tool),
    ]
    begin, *limits = FULL_MARKS
    ends = [end for (figure, _, _), end in zip(shown, limits, strict=True) if figure.n]
    for end in ends:  # where both kinds are shown, what is for tool turns alone is paler
        above.axvspan(begin, end, color=colours.band, alpha=1 / len(ends), linewidth=0, zorder=0)
    for figure, name, colour in shown:
        if not figure.n:
            continue
        values = np.sort(np.array(figure.values))
        share = np.arange(1, figure.n + 1) / figure.n
        above.step([0, *values, right], [0, *share, 1], where="post", color=colour, linewidth=1.6)
        told_of = [(50, figure.p50), (90, figure.p90)]
        for percent, value in told_of:
            if value is not None:
                above.plot([value], [percent / 100], "o", color=colour, markersize=4)
        above.plot([], [], color=colour, label=f"{name}: {figure}")
    above.set(ylim=(0, 1.05), yticks=(0, 0.5, 1), yticklabels=("0 %", "50 %", "100 %"))
    above.tick_params(labelbottom=False)
    above.grid(axis="both", color=colours.edge, linewidth=0.8)
    ax.set_title("Where the time went, turn by turn", loc="left", color=colours.ink, fontsize="medium")
    above.legend(
        loc="best",  # where no curve is; where that is nowhere, they pass behind it
        facecolor=colours.ground,
        edgecolor="none",
        framealpha=0.8,
        fontsize="small",
        labelcolor=colours.ink,
        handlelength=1.2,
    )
