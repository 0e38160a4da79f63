"""A call from left to right: who spoke when, what was said, and where somebody waited."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, SupportsFloat

import numpy as np

from voicenb.analysis.measure import Measure
from voicenb.analysis.overlap import Span
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns, turns
from voicenb.analysis.words import Note, placed, spread
from voicenb.errors import InvalidConfiguration
from voicenb.plot.at_once import at_once, over
from voicenb.plot.axes import around, axes, fitting, quiet, tell_time
from voicenb.plot.envelope import envelope
from voicenb.plot.faults import faults
from voicenb.plot.palette import Palette
from voicenb.plot.stages import LABELS, SHORT, Kind, look, stages
from voicenb.plot.writing import Label, Writing, grouped
from voicenb.recording.alignment import LaidOut
from voicenb.recording.given import OneCall, one_call, told

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from voicenb.protocol.calls import ToolCallState
    from voicenb.recording.recording import Recording

RATE = 24_000
CALLER, AGENT, WAITS = 1.0, 0.0, -0.78
"""Where the lanes lie."""

WORDS, FAULTS = 0.46, 1.68
"""How far from their lane the words are, and where it is written what went wrong."""

LOW, HIGH = -1.12, 1.84
"""Where the picture ends, below and above."""

TOOLS, TALL = 0.22, 0.13
"""Room for tool calls between the lanes, and how tall one is at most."""

COLUMNS = 1_200
"""Columns of a waveform."""

HAIR = 1e-3
"""Seconds that a turn's times may be off those of its sounds: they are rounded."""

NAME, UPRIGHT = 8.0, 7.0
"""Letters of a lane's name for which there is room beside the Axes, or else along it."""

WIDE = 8.0
"""Inches from which there is room for a legend."""


def timeline(
    recording: OneCall, *, start: float = 0.0, end: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a call: both voices, their words, overlaps, interruptions, tool calls, and the waits below.

    Everything stands on the engine's clock: the caller's voice where it was said, the agent's where it was
    heard; what was never heard is not there. Each word stands where it was spoken as far as there is room,
    else behind the one before: show fewer seconds to see more. The agent's words lie at the times that the
    service gives (the hosted service's run 0.22 to 0.26 s short), the caller's are spread over his speech by
    their letters, for nobody tells more; both are about. Below each turn of the caller's is what was waited
    for until the answer, as in :func:`voicenb.plot.latency`.

    Args:
        recording: of the call, or its path.
        start: the first second that is shown.
        end: the last; that of the call where it is not given.
        ax: to draw on; a new figure where it is not given.

    Raises:
        InvalidConfiguration: that is no recording and no path, ``start`` or ``end`` are no seconds, ``end``
            is not behind ``start``, or ``ax`` is no Axes.
        RecordingError: there is no recording at that path.
    """
    recording = one_call(recording, "vn.plot.timeline")
    for name, value in (("start", start), ("end", end)):
        if not (name == "end" and value is None) and not _is_second(value):
            raise InvalidConfiguration(
                f"{name}={told(value)} is no second of a call.",
                remedy="Give seconds from its start: vn.plot.timeline(call, start=10, end=20).",
                param=name,
            )
    until = recording.duration if end is None else end
    if not start < until:
        raise InvalidConfiguration(
            f"A timeline from {start:g} s to {until:g} s is empty.",
            remedy="Let end be behind start.",
            param="end",
        )
    found = turns(recording)
    ax, colours = axes(ax, (11.0, 3.2))
    quiet(ax, colours)
    writing = Writing(ax, start, until)
    _voices(ax, recording, start, until, colours)
    _turns(ax, found, colours)
    _words(writing, recording, found, colours)
    _faults(ax, writing, found, colours)
    _overlaps(ax, found, colours)
    _tools(ax, writing, recording, colours)
    _waits(ax, writing, found, colours)
    ax.set_xlim(start, until)
    ax.set_ylim(LOW, HIGH)
    room = around(ax).left
    narrow = room < NAME  # then they stand upright
    name = fitting(recording.agent_name, UPRIGHT if narrow else min(16.0, room))
    ax.set_yticks([CALLER, AGENT, WAITS], ["Caller", name, "waits"], parse_math=False)
    for label, colour in zip(
        ax.get_yticklabels(), (colours.caller, colours.agent, colours.faint), strict=True
    ):
        label.set_color(colour)
        if narrow:
            label.set(rotation="vertical", va="center")
        label.set_fontweight("normal" if label.get_text() == "waits" else "bold")
    ax.grid(axis="x", color=colours.edge, linewidth=0.8)
    tell_time(ax)
    count = len(found.caller)
    parts = [recording.agent_name, f"{count} turn{'' if count == 1 else 's'} of the caller's", found.service]
    title = fitting(" · ".join(part for part in parts if part), 0.85 * writing.letters(until - start))
    ax.set_title(title, loc="left", color=colours.ink, fontsize="medium", parse_math=False)
    return ax


def _is_second(value: object) -> bool:
    if isinstance(value, bool | str) or not isinstance(value, SupportsFloat):
        return False
    return math.isfinite(value)


def _voices(ax: Axes, recording: Recording, start: float, until: float, colours: Palette) -> None:
    said, heard = recording.lanes()
    tracks = ((said, CALLER, colours.caller), (heard, AGENT, colours.agent))
    first, last = round(start * RATE), round(until * RATE)
    places = np.linspace(start, until, COLUMNS, endpoint=False) + (until - start) / COLUMNS / 2
    for track, lane, colour in tracks:
        peaks = envelope(_Part(track, first, last), COLUMNS, last - first)
        loudest = float(peaks.max())
        tall = 0.34 * np.sqrt(peaks / loudest) if loudest > 0 else peaks
        ax.vlines(places, lane - tall, lane + tall, color=colour, linewidth=0.7, zorder=3)


class _Part:
    """A part of a track, which begins at 0."""

    def __init__(self, track: LaidOut, first: int, last: int) -> None:
        self._track, self._first = track, first
        self._length = max(0, min(last, len(track)) - first)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice, /) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
        begin, stop, _ = part.indices(self._length)
        return self._track[self._first + begin : self._first + stop]


def _turns(ax: Axes, found: Turns, colours: Palette) -> None:
    """A wash behind what belongs to a turn."""
    for turn in found:
        if turn.start is not None and turn.end is not None:
            lane, wash = (CALLER, colours.caller_wash) if turn.role == "user" else (AGENT, colours.agent_wash)
            ax.axvspan(turn.start, turn.end, *_share(lane), color=wash, linewidth=0, zorder=1)


def _words(writing: Writing, recording: Recording, found: Turns, colours: Palette) -> None:
    measure = Measure(recording)
    measure.refresh()
    for side, height, colour in (
        (found.caller, CALLER + WORDS, colours.caller),
        (found.agent, AGENT - WORDS, colours.agent),
    ):
        labels: list[Label] = []
        for turn in side:
            # A turn that began before the picture has the words that are in it.
            notes = measure.heard.get(turn.reply_id, [])
            words = [(word, at) for word, at in _timed(recording, found, turn, notes) if at >= writing.start]
            labels += grouped(words, writing, colour)
        writing.row(height, labels)


def _timed(
    recording: Recording, found: Turns, turn: Turn, notes: Sequence[Note]
) -> Iterator[tuple[str, float]]:
    """The words of a turn that were heard, each with the second at which it began, about."""
    if turn.start is None or turn.end is None:
        return
    runs: list[Span] = [each for each in found.said if turn.start - HAIR <= each.start < turn.end]
    words = None
    if turn.role == "agent":
        runs = [run for run in found.heard if run.reply_id == turn.reply_id]
        reply = recording.conversation.replies[turn.reply_id]
        words = placed(f"{turn.text} {turn.unheard}".strip(), reply.words, notes)
        words = None if words is None else words[: len(turn.text.split())]
    if words is None:
        words = spread(turn.text, runs)
    for word, begin, _ in words:
        if begin is not None:
            yield word, begin


def _faults(ax: Axes, writing: Writing, found: Turns, colours: Palette) -> None:
    """What went wrong between the two: in red, through both lanes where the agent fell silent."""
    labels: list[Label] = []
    for fault in faults(found):
        low = AGENT if fault.kind == "interruption" else CALLER
        style = "-" if fault.sure else ":"
        place, reach = [fault.at, fault.at], [low - 0.4, FAULTS - 0.08]
        ax.plot(place, reach, color=colours.wrong, linewidth=1.2, linestyle=style, zorder=5)
        labels.append(Label(fault.at, fault.texts, colours.wrong))
    writing.beside(FAULTS, labels)


def _share(lane: float) -> tuple[float, float]:
    """Where a lane lies, in shares of the picture's height."""
    return (lane - 0.38 - LOW) / (HIGH - LOW), (lane + 0.38 - LOW) / (HIGH - LOW)


def _overlaps(ax: Axes, found: Turns, colours: Palette) -> None:
    for said in found.said:
        for heard in found.heard:
            begin, end = max(said.start, heard.start), min(said.end, heard.end)
            if begin < end:
                ax.axvspan(begin, end, *_share(0.5), color=colours.wrong, alpha=0.12, linewidth=0, zorder=2)


def _tools(ax: Axes, writing: Writing, recording: Recording, colours: Palette) -> None:
    least = (writing.until - writing.start) / 250
    labels = []
    for rows in at_once(recording.tool_calls):
        step = TOOLS / len(rows)
        height = min(TALL, 0.8 * step)
        for number, row in enumerate(rows):
            place = 0.5 + step * ((len(rows) - 1) / 2 - number)
            for call in row:
                wide = max(over(call) - call.at, least)
                ax.barh(place, wide, left=call.at, height=height, color=colours.tool, zorder=5)
        calls = sorted((call for row in rows for call in row), key=lambda call: call.at)
        end = max(max(over(call), call.at + least) for call in calls)
        names = ", ".join(dict.fromkeys(call.name for call in calls))
        labels.append(Label(end + least, (", ".join(map(_told, calls)), names), colours.tool))
    writing.row(0.5, labels)


def _told(call: ToolCallState) -> str:
    took = "no result" if call.result_at is None else f"{over(call) - call.at:.2f} s"
    return f"{call.name} {took}"


def _waits(ax: Axes, writing: Writing, found: Turns, colours: Palette) -> None:
    totals: list[Label] = []
    names: list[Label] = []
    seen: dict[Kind, None] = {}
    for turn in found.caller:
        if turn.end is None:
            continue
        parts = stages(turn)
        for stage in parts:
            at = turn.end + stage.start
            ax.barh(
                WAITS,
                stage.length,
                left=at,
                height=0.14,
                linewidth=0.6,
                zorder=3,
                **look(stage.kind, colours),
            )
            seen[stage.kind] = None
            name = f"{SHORT[stage.kind]} {stage.length:.2f}"
            if len(name) < writing.letters(stage.length, "x-small"):
                names.append(Label(at, (name,), colours.faint))
        if parts and (wait := turn.wait) is not None:
            why = turn.ended_by if turn.ended_by in ("min_silence", "max_silence", "adaptive") else ""
            texts = (f"{wait:.2f} s · {why}".removesuffix(" · "), f"{wait:.2f} s", f"{wait:.1f}")
            totals.append(Label(turn.end, texts, colours.faint))
        elif turn.unanswered:
            totals.append(Label(turn.end, ("unanswered",), colours.wrong))
        elif turn.wait is None and turn.first_sound is not None:
            totals.append(Label(turn.end, ("no answer",), colours.wrong))
    writing.row(WAITS - 0.2, totals)  # legible where a narrow notebook makes the picture smaller, too
    writing.row(WAITS + 0.17, names, "x-small")
    if seen and ax.get_window_extent().width / ax.figure.dpi >= WIDE:
        _legend(ax, list(seen), colours)


def _legend(ax: Axes, seen: list[Kind], colours: Palette) -> None:
    from matplotlib.patches import Patch

    kinds = [kind for kind in LABELS if kind in seen]
    ax.legend(
        handles=[Patch(label=SHORT[kind], linewidth=0.6, **look(kind, colours)) for kind in kinds],
        loc="lower right",
        bbox_to_anchor=(1.0, 0.99),
        ncols=len(kinds),
        frameon=False,
        fontsize="x-small",
        labelcolor=colours.faint,
        handlelength=1.4,
        columnspacing=1.0,
        borderaxespad=0.2,
    )
