"""The trade-off of settings: how often callers are cut off, against how long they wait."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

import numpy as np

from voicenb.errors import InvalidConfiguration
from voicenb.plot.axes import around, axes, quiet
from voicenb.plot.palette import Palette
from voicenb.plot.placing import Name
from voicenb.plot.sweep_marks import Mark, best, look, policies, short
from voicenb.plot.sweep_names import Kept, Line, write
from voicenb.recording.given import told

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from voicenb.tuning.score import Score
    from voicenb.tuning.sweep import Sweep

FEW = 10
"""Mid-turn pauses below which the height is told as a count, not as a percentage."""

ENOUGH = 0.3
"""The rate up to which the picture reaches at least where more is cut: what is worse, nobody chooses."""

NAMED = 6
"""Settings of the front that have their name written, and error bars."""

SMALL = (5.0, 3.2)
"""Inches, wide and high, below which a figure has room for fewer names."""

DOTS = 2_000
"""Dots that no name is written over; of more, some are."""

LINE = 0.17
"""Inches that a line of words takes below the picture."""

INSIDE = ((0.8, -0.8),)
"""Where the name of the grey part stands: right of its edge, and below the top."""

BESIDE_THE_TOP = ((-0.8, -0.8), (0.8, -0.8))
"""Where it is told how far the front goes: beside it, below the top."""

CORNERS = ((-0.3, 0.3), (0.3, 0.3), (-0.3, -0.3), (0.3, -0.3))
"""Where the name of a line stands: close beside it."""

TOP = (0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0)


def sweep(
    swept: Sweep,
    *,
    false_cutoff_rate: float | None = None,
    eot_latency: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the trade-off: the share of pauses that each setting cuts, against how long the caller waits.

    To the right is the mean EOT latency, the caller's true last sound → the decision (acoustic), upwards the
    share of the mid-turn pauses in which the setting would have ended the turn; down and to the left is
    better. Small dots are the settings, the line joins those that no other beats in both. A square is what
    was really decided with the settings in force, a diamond the service's adaptive default (named, with what
    is missing, where no call was held with it), circles and triangles are the presets. Bars are the 95 %
    intervals of both figures. Grey and dashed is what nobody observed: settings more patient than the
    recorded one, which without labels rest on the assumption that callers would have kept quiet.

    Args:
        swept: what :func:`voicenb.whatif` returns.
        false_cutoff_rate: a budget, 0 to 1: a line, and the best setting within it by name.
        eot_latency: a budget in seconds: a line, and the best setting within it by name.
        ax: to draw on; a new figure where it is not given.

    Returns:
        The Axes.

    Raises:
        InvalidConfiguration: that is no sweep, a budget is none, or ``ax`` is no Axes.
    """
    from voicenb.tuning.sweep import Sweep as Kind

    if not isinstance(swept, Kind):
        raise InvalidConfiguration(
            f"vn.plot.sweep takes a sweep, not {told(swept)}.",
            remedy="vn.plot.sweep(vn.whatif(call, min_silence=range(200, 2001, 100)))",
            param="swept",
        )
    _budget("false_cutoff_rate", false_cutoff_rate, 1.0)
    _budget("eot_latency", eot_latency, 60.0)
    ax, colours = axes(ax, (8.0, 4.8))
    quiet(ax, colours)
    known = np.isfinite(swept.rates) & np.isfinite(swept.scores.mean)
    if not known.any():
        what = "mid-turn pause" if not len(swept.ground.pause_call) else "end of a turn"
        ax.text(0.5, 0.5, f"no {what} in these calls", ha="center", va="center", color=colours.faint)
        ax.set(xticks=[], yticks=[])
        _words(ax, swept, colours)
        return ax
    front = swept.frontier(observed=False)
    marks = [*best(swept, false_cutoff_rate, eot_latency, colours), *policies(swept, colours)]
    _limits(ax, swept, front, marks, false_cutoff_rate, eot_latency)
    begin = swept.unobserved_from
    _ground(ax, begin, colours)
    dots = _dots(ax, swept, colours)
    corners = _front(ax, front, begin, colours)
    named = _some(front, ax)
    for score in [*named, *(mark.score for mark in marks)]:
        _bars(ax, score, colours)
    for mark in marks:
        if mark.place is not None:
            latency, rate = mark.place
            ax.plot([latency], [rate], **look(mark, colours), zorder=6 if mark.ring else 5)
    _words(ax, swept, colours)
    notes, lines = _budgets(ax, false_cutoff_rate, eot_latency, colours)
    notes += _above(ax, front, colours)
    if begin is not None:
        texts = ("not observed: rests on labels, or on callers keeping quiet", "not observed")
        places = product(
            np.linspace(*ax.get_ylim()[::-1], 9).tolist(), np.linspace(begin, ax.get_xlim()[1], 5).tolist()
        )
        notes.append([Name(x, y, texts, colours.wait, sides=INSIDE, leads=False) for y, x in places])
    lines.append([(0.0, 0.0), (ax.get_xlim()[1], 0.0)])
    lines += [bar for score in [*named, *(mark.score for mark in marks)] for bar in _crosses(score)]
    others = [
        Name(x, y, (short(score, swept),), colours.caller if score.observed else colours.wait)
        for score, x, y in zip(named, *_places(named), strict=True)
    ]
    kept = Kept(corners, lines, list(zip(*_places(front), strict=True)), dots)
    write(ax, marks, notes, others, kept, colours, "small" if _roomy(ax) else "x-small")
    return ax


def _budget(name: str, value: Any, most: float) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise InvalidConfiguration(
            f"{name} must be a number from 0 to {most:g}; got {value!r}.",
            remedy="A share of the pauses is 0.05, a latency 0.6 (seconds).",
            param=name,
        )


def _limits(
    ax: Axes,
    swept: Sweep,
    front: Sequence[Score],
    marks: Sequence[Mark],
    rate: float | None,
    latency: float | None,
) -> None:
    """To the right all that is named and the front, upwards what somebody may choose."""
    places = [mark.place for mark in marks if mark.place is not None]
    wide = [x for x, _ in places] + [each.latency or 0.0 for each in front] + [latency or 0.0]
    ax.set_xlim(0.0, max(0.2, 1.12 * max(wide)))
    pauses = len(swept.ground.pause_call)
    if pauses < FEW:
        top = 1.0
        ax.set_yticks(np.arange(pauses + 1) / pauses, [f"{k} of {pauses}" for k in range(pauses + 1)])
    else:
        high = [mark.score.false_cutoffs.interval[1] for mark in marks if mark.place is not None]
        high += [y for _, y in places]
        high += [rate_of for each in front if (rate_of := each.false_cutoffs.rate or 0.0) <= ENOUGH]
        wanted = max([0.04, 1.2 * (rate or 0.0), *high])
        top = next(each for each in TOP if each >= min(1.0, wanted))
        step = next(each for each in (0.01, 0.02, 0.05, 0.1, 0.2) if top / each <= 6.01)
        ticks = np.arange(0.0, top + step / 2, step)
        ax.set_yticks(ticks, [f"{100 * each:.0f} %" for each in ticks])
    ax.set_ylim(-0.06 * top, 1.06 * top)


def _ground(ax: Axes, begin: float | None, colours: Palette) -> None:
    ax.grid(axis="both", color=colours.edge, linewidth=0.8)
    ax.axhline(0.0, color=colours.faint, linewidth=0.8, zorder=1)
    if begin is not None:
        ax.axvspan(begin, ax.get_xlim()[1], color=colours.wait, alpha=0.14, linewidth=0, zorder=0)


def _dots(ax: Axes, swept: Sweep, colours: Palette) -> Line:
    """All settings, those that decide alike once."""
    places = np.stack([swept.scores.mean, swept.rates, swept.scores.beyond > 0])
    places = np.unique(places[:, np.isfinite(places).all(axis=0)], axis=1)
    for beyond, colour in ((0, colours.caller), (1, colours.wait)):
        latency, rate, _ = places[:, places[2] == beyond]
        ax.scatter(latency, rate, s=7, color=colour, alpha=0.4, linewidth=0, zorder=2)
    return [(x, y) for x, y, _ in places.T[:DOTS].tolist()]


def _front(ax: Axes, front: Sequence[Score], begin: float | None, colours: Palette) -> Line:
    """Steps: between two settings nothing can be had but what the quicker one gives."""
    right = ax.get_xlim()[1]
    edge = right if begin is None else begin
    corners: Line = []
    for score, x, y in zip(front, *_places(front), strict=True):
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, y))
        seen = score.observed
        ax.plot(
            [x],
            [y],
            "o",
            markersize=4.5,
            markerfacecolor=colours.caller if seen else colours.ground,
            markeredgecolor=colours.caller if seen else colours.wait,
            zorder=4,
        )
    for (x, y), (to_x, to_y) in pairwise(corners):
        middle = min(max(x, edge), to_x)
        if middle > x or x == to_x < edge:
            ax.plot([x, middle], [y, to_y], color=colours.caller, linewidth=1.8, zorder=3)
        if middle < to_x or x == to_x >= edge:
            dashed = (0, (4, 2))
            ax.plot([middle, to_x], [y, to_y], color=colours.wait, linewidth=1.4, linestyle=dashed, zorder=3)
    return corners


def _places(scores: Sequence[Score]) -> tuple[list[float], list[float]]:
    return [each.latency or 0.0 for each in scores], [each.false_cutoffs.rate or 0.0 for each in scores]


def _some(front: Sequence[Score], ax: Axes) -> list[Score]:
    """Settings of the front that are named: the first, the last, and some as far from each other."""
    shown = [each for each in front if (each.false_cutoffs.rate or 0.0) <= ax.get_ylim()[1]]
    if not shown:
        return []
    pixels = ax.transData.transform(np.array(_places(shown)).T)
    along = np.concatenate([[0.0], np.hypot(*np.diff(pixels, axis=0).T).cumsum()])
    most = NAMED if _roomy(ax) else NAMED // 2
    wanted = np.linspace(0.0, along[-1], min(most, len(shown)))
    places = sorted({int(np.argmin(np.abs(along - each))) for each in wanted})
    return [shown[at] for at in places]


def _roomy(ax: Axes) -> bool:
    box = ax.figure.bbox
    return bool(box.width / ax.figure.dpi >= SMALL[0] and box.height / ax.figure.dpi >= SMALL[1])


def _bars(ax: Axes, score: Score, colours: Palette) -> None:
    """The intervals of both figures."""
    colour = colours.caller if score.observed else colours.wait
    if score.recorded:
        colour = colours.agent if score.setting is None else colours.ink
    for bar in _crosses(score):
        ax.plot(*zip(*bar, strict=True), "-", color=colour, linewidth=0.9, alpha=0.55, zorder=3)


def _crosses(score: Score) -> list[Line]:
    """The two bars of a score's intervals: of the latency, and of the rate."""
    rate, latency = score.false_cutoffs.rate, score.latency
    if rate is None or latency is None:
        return []
    low, high = score.false_cutoffs.interval
    soon, late = score.latency_interval or (latency, latency)
    return [[(soon, rate), (late, rate)], [(latency, low), (latency, high)]]


def _above(ax: Axes, front: Sequence[Score], colours: Palette) -> list[list[Name]]:
    """How far the front goes beyond the top, where it does."""
    top = ax.get_ylim()[1]
    latency, rates = _places(front)
    hidden = [at for at, rate in enumerate(rates) if rate > top]
    if not hidden:
        return []
    first, leaves = hidden[0], latency[min(hidden[-1] + 1, len(front) - 1)]
    text = (f"↑ {100 * rates[first]:.0f} % at {latency[first]:.1f} s",)
    colour = colours.caller if front[first].observed else colours.wait
    return [[Name(leaves, top, text, colour, sides=BESIDE_THE_TOP, leads=False)]]


def _budgets(
    ax: Axes, rate: float | None, latency: float | None, colours: Palette
) -> tuple[list[list[Name]], list[Line]]:
    """The budgets' lines, and where their names may be."""
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    names: list[list[Name]] = []
    lines: list[Line] = []
    if rate is not None:
        lines.append([(left, rate), (right, rate)])
        text = (f"budget {100 * rate:.3g} %",)
        ends = np.linspace(right, left, 9).tolist()
        names.append([Name(x, rate, text, colours.agent, sides=CORNERS, leads=False) for x in ends])
    if latency is not None:
        lines.append([(latency, low), (latency, high)])
        text = (f"budget {latency:.3g} s",)
        ends = np.linspace(high, low, 9).tolist()
        names.append([Name(latency, y, text, colours.agent, sides=CORNERS, leads=False) for y in ends])
    for line in lines:
        ax.plot(
            *zip(*line, strict=True), color=colours.agent, linewidth=1.2, linestyle=(0, (1.5, 2)), zorder=3
        )
    return names, lines


def _words(ax: Axes, swept: Sweep, colours: Palette) -> None:
    """The title, and what the figures are and rest on."""
    ground, roomy = swept.ground, _roomy(ax)
    title = "Callers cut off, against the wait for the decision" if roomy else "Cut off, against the wait"
    ax.set_title(title, loc="left", color=colours.ink, fontsize="medium")
    upwards = "mid-turn pauses cut off" if roomy else "pauses cut off"
    size, letters = ("small", 15.5) if roomy else ("x-small", 18.0)
    ax.set_ylabel(upwards, color=colours.faint, fontsize=size)
    counts = [
        (len(ground.calls), "call"),
        (ground.turns, "turn"),
        (len(ground.pause_call), "mid-turn pause"),
    ]
    if doubtful := int(ground.doubtful.sum()):
        counts.append((doubtful, "doubtful end"))
    parts = [f"{n:,} {name}{'' if n == 1 else 's'}" for n, name in counts]
    parts += list(filter(None, swept.services))
    agreement = swept.calibration.agreement
    if agreement.n:
        parts.append(f"the model decides as recorded in {agreement.k} of {agreement.n} silences")
    else:
        parts.append("no turn to hold the model against")
    needed = swept.calls_needed()
    if needed is not None and needed > len(ground.calls):
        parts.append(f"inconclusive: telling 5 % from 10 % takes about {needed:,} calls")
    first = "EOT latency: seconds from the caller's last sound to the decision, mean"
    lines = [first if roomy else "EOT latency: seconds to the decision, mean"]
    room = int(ax.figure.bbox.width / ax.figure.dpi * letters)
    lines += _wrapped(parts, room)
    fit = around(ax).below / LINE - 1.5
    if fit < len(lines):  # what it rests on is worth more than what the axis is called at length
        lines = _wrapped(["mean EOT latency, s", *parts], room)
    ax.set_xlabel(
        "\n".join(lines[: max(1, int(min(fit, len(lines))))]),
        color=colours.faint,
        fontsize=size,
        parse_math=False,
    )


def _wrapped(parts: Sequence[str], room: int) -> list[str]:
    """Parts in lines, broken between them where they are longer than the room."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 3 + len(part) <= room:
            lines[-1] = f"{lines[-1]} · {part}"
        else:
            lines.append(part)
    return lines
