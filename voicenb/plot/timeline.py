"""A call from left to right: who spoke when, what was said, and where somebody waited."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np

from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns, turns
from voicenb.errors import InvalidConfiguration
from voicenb.plot.axes import axes, clock, fitting, quiet
from voicenb.plot.envelope import envelope
from voicenb.plot.palette import Palette
from voicenb.plot.stages import look, stages, whole
from voicenb.recording.alignment import LaidOut, caller_pieces, heard_pieces

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from voicenb.recording.recording import Recording

RATE = 24_000
CALLER, AGENT, WAITS = 1.0, 0.0, -0.72
"""Where the lanes lie."""

LOW, HIGH = -1.05, 1.8
"""Where the picture ends, below and above."""

COLUMNS = 1_200
"""Columns of a waveform."""

LETTERS = 150
"""Letters of small text that go into the width of a picture."""


def timeline(
    recording: Recording, *, start: float = 0.0, end: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a call: both voices, their words, overlaps, interruptions, tool calls, and the waits below.

    Everything stands on the engine's clock: the caller's voice where it was said, the agent's where it was
    heard; what was never heard is not there. Below each turn of the caller's is what was waited for until
    the answer, as in :func:`voicenb.plot.latency`.

    Args:
        recording: of the call.
        start: the first second that is shown.
        end: the last; that of the call where it is not given.
        ax: to draw on; a new figure where it is not given.

    Raises:
        InvalidConfiguration: ``end`` is not behind ``start``, or ``ax`` is no Axes.
    """
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
    _voices(ax, recording, start, until, colours)
    _turns(ax, found, start, until, colours)
    _overlaps(ax, found, colours)
    _tools(ax, recording, start, until, colours)
    for turn in found.caller:
        _wait(ax, turn, start, until, colours)
    ax.set_xlim(start, until)
    ax.set_ylim(LOW, HIGH)
    ax.set_yticks([CALLER, AGENT, WAITS], ["Caller", fitting(recording.agent_name, 16), "waits"])
    for label, colour in zip(
        ax.get_yticklabels(), (colours.caller, colours.agent, colours.faint), strict=True
    ):
        label.set_color(colour)
        label.set_fontweight("normal" if label.get_text() == "waits" else "bold")
    ax.grid(axis="x", color=colours.edge, linewidth=0.8)
    ax.xaxis.set_major_formatter(lambda seconds, _: clock(seconds))
    parts = [recording.agent_name, f"{len(found.caller)} turns of the caller's", found.service]
    ax.set_title(" · ".join(part for part in parts if part), loc="left", color=colours.ink, fontsize="medium")
    return ax


def _voices(ax: Axes, recording: Recording, start: float, until: float, colours: Palette) -> None:
    sound = {reply_id: recording.sound(reply_id) for reply_id in recording.conversation.replies}
    events = recording.events
    pieces = heard_pieces(events, sound)
    tracks = (
        (LaidOut(recording.caller, caller_pieces(events)), CALLER, colours.caller),
        (LaidOut(recording.agent, pieces), AGENT, colours.agent),
    )
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


def _turns(ax: Axes, found: Turns, start: float, until: float, colours: Palette) -> None:
    for side, lane, wash, ink in (
        (found.caller, CALLER, colours.caller_wash, colours.caller),
        (found.agent, AGENT, colours.agent_wash, colours.agent),
    ):
        shown = [turn for turn in side if turn.start is not None and turn.end is not None]
        for turn, following in zip_longest(shown, shown[1:]):
            begin, end = float(turn.start or 0.0), float(turn.end or 0.0)
            ax.axvspan(begin, end, *_share(lane), color=wash, linewidth=0, zorder=1)
            after = until if following is None else float(following.start or until)
            words = fitting(turn.text, (after - max(begin, start)) / (until - start) * LETTERS - 1)
            if words and begin >= start:
                _write(ax, begin, lane + (0.46 if lane == CALLER else -0.46), words, ink)
            if not start <= end <= until:
                continue
            if turn.interrupted:
                ax.plot([end, end], [lane - 0.4, CALLER + 0.58], color=colours.wrong, linewidth=1.2, zorder=5)
                name = "stopped for no words" if turn.false_interruption else "interruption"
                _write(ax, end, CALLER + 0.66, name, colours.wrong)
            if turn.false_cutoffs or turn.candidate_cut:
                name = "cut off" if turn.false_cutoffs else "cut off?"
                _write(ax, end, CALLER + 0.66, name, colours.wrong)


def _share(lane: float) -> tuple[float, float]:
    """Where a lane lies, in shares of the picture's height."""
    return (lane - 0.38 - LOW) / (HIGH - LOW), (lane + 0.38 - LOW) / (HIGH - LOW)


def _overlaps(ax: Axes, found: Turns, colours: Palette) -> None:
    for said in found.said:
        for heard in found.heard:
            begin, end = max(said.start, heard.start), min(said.end, heard.end)
            if begin < end:
                ax.axvspan(begin, end, *_share(0.5), color=colours.wrong, alpha=0.12, linewidth=0, zorder=2)


def _tools(ax: Axes, recording: Recording, start: float, until: float, colours: Palette) -> None:
    for call in recording.tool_calls:
        over = call.result_at if call.result_at is not None else call.at
        if not start <= call.at <= until:
            continue
        wide = max(over - call.at, (until - start) / 250)
        ax.barh(0.5, wide, left=call.at, height=0.13, color=colours.tool, zorder=5)
        text = f"{call.name} {over - call.at:.2f} s"
        ax.text(
            call.at + wide, 0.5, f" {text}", color=colours.tool, fontsize="small", va="center", clip_on=True
        )


def _wait(ax: Axes, turn: Turn, start: float, until: float, colours: Palette) -> None:
    if turn.end is None:
        return
    parts = stages(turn)
    for stage in parts:
        ax.barh(
            WAITS,
            stage.length,
            left=turn.end + stage.start,
            height=0.14,
            linewidth=0.6,
            zorder=3,
            **look(stage.kind, colours),
        )
    wait = whole(turn)
    if parts and wait is not None:
        why = turn.ended_by if turn.ended_by in ("min_silence", "max_silence") else ""
        text = f"{why} {wait:.2f} s".strip() if (until - start) < 40 else f"{wait:.1f}"
    elif turn.unanswered:
        text = "unanswered"
    else:
        return
    if start <= turn.end <= until:
        _write(
            ax, turn.end, WAITS - 0.2, text, colours.wrong if turn.unanswered else colours.faint, "x-small"
        )


def _write(ax: Axes, at: float, height: float, text: str, colour: str, size: str = "small") -> None:
    ax.text(at, height, text, color=colour, fontsize=size, va="center", zorder=6, clip_on=True)
