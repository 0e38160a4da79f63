"""One turn's end as a picture: level, probability of speech, and the silence as it grew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from voicenb.analysis.measure import PAUSE
from voicenb.analysis.speech_probability import SpeechProbability
from voicenb.analysis.turn import Turn
from voicenb.analysis.voiced import Voiced
from voicenb.plot.envelope import envelope
from voicenb.plot.palette import Palette
from voicenb.plot.stages import look
from voicenb.protocol.turn_defaults import DEFAULTS
from voicenb.recording.alignment import LaidOut
from voicenb.recording.layout import RATE
from voicenb.turn_taking.segmenter import Stretch

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from voicenb.recording.recording import Recording

BEHIND = 0.35
"""Seconds that are shown behind the last mark."""

LATE = 0.1
"""Seconds that a frame of speech may seem to end behind the decision on it."""

VOICE, VOICE_HIGH = 1.78, 0.3
"""Where the waveform lies: its middle, and how far it reaches."""

ANSWER = 1.42
"""Where the agent is told, below it."""

SAID = 1.17
"""Where the decision is told, above the probability's 0…1."""

RULER, RULER_HIGH = -0.3, 0.13
"""Where the silences lie, below the probability's 0…1."""

LOW, HIGH = -0.72, 2.3
"""Where the picture ends."""

ADAPTIVE_ROOM = 2.8
"""Seconds that the words on the adaptive default take."""

CLOSE, CLOSE_NARROW = 0.2, 0.36
"""Of the seconds shown: nearer to each other two marks have no room for a text each."""

AGENT = 0.14
"""Of the seconds shown: what the word "agent" takes."""

QUIETER = 0.75
"""Power that brings quiet speech out, and not so much the noise."""

PEAKS = 100
"""Columns of the waveform for each second."""


@dataclass(frozen=True, slots=True)
class TurnEnd:
    """What is known of a turn's end; all times are seconds after the caller's last sound (acoustic).

    Attributes:
        turn: the turn.
        settings: in force when it was decided; None for the adaptive default.
        times: edges of the frames, shape ``(n + 1,)``.
        probability: of speech in each frame, shape ``(n,)``.
        speech: stretches of speech at the threshold, near the turn.
        peaks: the waveform, a value for each 10 ms from ``first`` on.
        first: where the waveform begins.
        decided: the decision; None where it was not captured.
        taken_back: decisions behind which the caller went on, each with the silence before it (acoustic).
        answer: where the agent was heard next; None where it was not before the caller spoke again.
        broken: when anyone was heard again.
    """

    turn: Turn
    settings: Mapping[str, object] | None
    times: npt.NDArray[np.float64]
    probability: npt.NDArray[np.float32]
    speech: Sequence[Stretch]
    peaks: npt.NDArray[np.float64]
    first: float
    decided: float | None
    taken_back: tuple[tuple[float, float], ...]
    answer: Stretch | None
    broken: float

    @classmethod
    def of(
        cls, turn: Turn, recording: Recording, heard: SpeechProbability, agent: Sequence[Voiced]
    ) -> TurnEnd:
        """Of a turn of this recording."""
        assert turn.start is not None
        assert turn.end is not None
        zero = turn.end
        settings = None if turn.turn_detection is None else {**DEFAULTS, **_given(turn.turn_detection)}
        low, high = turn.start - 2.0, zero + 12.0
        first, last = np.searchsorted(heard.times, [low, high])
        first, last = max(0, int(first) - 1), min(int(last), len(heard.values))
        threshold = float(str((settings or DEFAULTS)["vad_threshold"]))
        near = [each for each in heard.speech(threshold) if each.end > low and each.start < high]
        begin = max(0.0, low)
        decided = None if turn.decided is None else turn.decided - zero
        back = [(at, at - _ended_before(turn, at)) for at in turn.taken_back]
        if turn.ended_by == "resumed" and turn.decided is not None:
            back.append((turn.decided, turn.decided - zero))  # the turn's end-of-turn delay
        heard_next = (run for run in agent if run.start >= (turn.decided or zero))
        answer = next((Stretch(run.start - zero, run.end - zero) for run in heard_next), None)
        over = [max(zero, run.start) for run in agent if run.end > zero]
        over += [each.start for each in near if each.start > zero]
        return cls(
            turn=turn,
            settings=settings,
            times=heard.times[first : last + 1] - zero,
            probability=heard.values[first:last],
            speech=[Stretch(each.start - zero, each.end - zero) for each in near],
            peaks=_peaks(recording, begin, high),
            first=begin - zero,
            decided=decided,
            taken_back=tuple((at - zero, silence) for at, silence in back),
            answer=answer if turn.unanswered is not True else None,
            broken=min(over, default=inf) - zero,
        )

    @property
    def begins(self) -> float:
        """Where the turn began."""
        return (self.turn.start or 0.0) - (self.turn.end or 0.0)

    @property
    def threshold(self) -> float:
        """The ``vad_threshold`` in force; the documented default where nothing was set."""
        return float(str((self.settings or DEFAULTS)["vad_threshold"]))

    @property
    def silent_from(self) -> float:
        """Where the silence began that was decided on: the end of the last frame of speech before."""
        return _silent_from(self.speech, self.decided if self.decided is not None else BEHIND)

    @property
    def limits(self) -> dict[str, float]:
        """Where the two settings would end the turn, by name; empty where they are not known."""
        if self.settings is None:
            return {}
        return {
            name: self.silent_from + float(str(self.settings[name])) / 1000
            for name in ("min_silence", "max_silence")
        }

    @property
    def until(self) -> float:
        """How far there is something to be seen."""
        answered = None if self.answer is None else self.answer.start + 0.4
        seen = [0.5, *self.limits.values(), *(at for at in (self.decided, answered) if at is not None)]
        return min(max(seen), 8.0)


def _ended_before(turn: Turn, at: float) -> float:
    """Where the turn's speech before this moment ended (acoustic)."""
    assert turn.start is not None
    return max((pause.start for pause in turn.pauses if pause.start <= at), default=turn.start)


def _length_at(turn: Turn, at: float, counted: float) -> float:
    """How long the pause is around a moment after the turn's end, as the turn has it; else as counted."""
    moment = at + (turn.end or 0.0)
    return next((pause.length for pause in turn.pauses if pause.start < moment < pause.end), counted)


def _silent_from(speech: Sequence[Stretch], until: float) -> float:
    """Where the speech before this moment ended."""
    return max((each.end for each in speech if each.end <= until + LATE), default=0.0)


def _given(settings: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in settings.items() if isinstance(value, int | float)}


def _peaks(recording: Recording, begin: float, end: float) -> npt.NDArray[np.float64]:
    track = LaidOut(recording.caller, recording.said_pieces())
    first, length = round(begin * RATE), round((end - begin) * RATE)
    peaks = envelope(track[first : first + length], round((end - begin) * PEAKS), length)
    loudest = float(peaks.max(initial=0.0))
    return (peaks / loudest) ** QUIETER if loudest > 0 else peaks


def draw(
    ax: Axes,
    end: TurnEnd,
    window: tuple[float, float],
    colours: Palette,
    *,
    labelled: bool = True,
    roomy: bool = True,
) -> None:
    """Draw it.

    Args:
        ax: to draw on.
        end: the turn's end.
        window: the seconds that are shown.
        colours: for the ground that it stands on.
        labelled: whether the seconds are written below.
        roomy: whether there is room for every word.
    """
    _voice(ax, end, window, colours)
    _probability(ax, end, colours, roomy=roomy)
    _silences(ax, end, window, colours, roomy=roomy)
    _decision(ax, end, window, colours)
    ax.set_xlim(*window)
    ax.set_ylim(LOW, HIGH)
    ax.set_yticks([VOICE, 1.0, 0.0, RULER], ["caller", "1", "0", "silence"])
    ax.tick_params(axis="x", labelbottom=labelled)
    ax.grid(axis="x", color=colours.edge, linewidth=0.8)
    if labelled:
        what = "seconds from the caller's last sound"
        ax.set_xlabel(f"{what} · speech probability: Silero" if roomy else what)
        ax.xaxis.label.set(color=colours.faint, fontsize="small")


def _voice(ax: Axes, end: TurnEnd, window: tuple[float, float], colours: Palette) -> None:
    places = end.first + (np.arange(len(end.peaks)) + 0.5) / PEAKS
    shown = (places >= window[0]) & (places <= window[1])
    tall = VOICE_HIGH * end.peaks[shown]
    ax.fill_between(
        places[shown], VOICE - tall, VOICE + tall, color=colours.caller, linewidth=0, step="mid", zorder=3
    )
    if end.answer is not None and end.answer.start < window[1]:
        begin, stop = end.answer.start, min(end.answer.end, window[1])
        ax.barh(ANSWER, stop - begin, left=begin, height=0.1, color=colours.agent, zorder=2)
        behind = stop + AGENT * (window[1] - window[0]) < window[1]
        at, side = (stop, "left") if behind else (begin, "right")
        _write(ax, at, ANSWER, " agent ", colours.agent, ha=side)


def _probability(ax: Axes, end: TurnEnd, colours: Palette, *, roomy: bool) -> None:
    if len(end.probability):
        ax.stairs(end.probability, end.times, color=colours.ink, linewidth=1.0, zorder=4)
        middle = (end.times[:-1] + end.times[1:]) / 2
        spoken = np.zeros(len(middle), bool)
        for each in end.speech:
            spoken |= (middle > each.start) & (middle < each.end)
        inside = np.where(spoken, end.probability, 0.0)
        ax.stairs(inside, end.times, fill=True, color=colours.caller_wash, zorder=2)
    ax.axhline(end.threshold, color=colours.faint, linewidth=0.9, linestyle=(0, (5, 3)), zorder=3)
    ax.axhline(max(end.threshold - 0.15, 0.01), color=colours.faint, linewidth=0.7, linestyle=":", zorder=3)
    told = f"{end.threshold:g}" if end.settings is not None else f"{end.threshold:g}, assumed"
    ax.annotate(
        f"threshold {told}" if roomy else told,
        (1.0, end.threshold),
        xycoords=("axes fraction", "data"),
        xytext=(0, 2),
        textcoords="offset points",
        ha="right",
        color=colours.faint,
        fontsize="x-small",
        zorder=6,
    )


def _silences(ax: Axes, end: TurnEnd, window: tuple[float, float], colours: Palette, *, roomy: bool) -> None:
    """The pauses in the turn, and the silence that was decided on, with the marks of the settings."""
    waiting = {**look("silence", colours), "height": RULER_HIGH, "linewidth": 0.6, "zorder": 3}
    mine = [each for each in end.speech if each.end <= end.silent_from + 1e-6 and each.end > end.begins]
    for one, other in pairwise(mine):
        length = other.start - one.end
        if length < PAUSE:
            continue
        ax.barh(RULER, length, left=one.end, **waiting)
        if one.end > window[0]:
            middle = (one.end + other.start) / 2
            told = f"{_length_at(end.turn, middle, length):.2f}"
            _write(ax, middle, RULER - 0.2, told, colours.faint, ha="center")
    until = min(window[1], end.broken) if end.decided is None else end.decided
    if until > end.silent_from:
        ax.barh(RULER, until - end.silent_from, left=end.silent_from, **waiting)
    if end.settings is None:
        told = "adaptive default: how long it waits is not told" if roomy else "adaptive: not told"
        if end.decided is None:
            told = "settings: not captured"
        fits = end.silent_from + ADAPTIVE_ROOM < window[1]
        at, side = (end.silent_from, "left") if fits else (window[1], "right")
        _write(ax, at, RULER - 0.24, told, colours.faint, ha=side)
        return
    _marks(ax, end, window, colours, roomy=roomy)


def _marks(ax: Axes, end: TurnEnd, window: tuple[float, float], colours: Palette, *, roomy: bool) -> None:
    """Where the settings would end the turn; marks that stand close together have one text."""
    shown = {name: at for name, at in end.limits.items() if at <= window[1]}
    texts = []
    for name, at in shown.items():
        ax.plot([at, at], [RULER - 0.13, RULER + 0.13], color=colours.ink, linewidth=1.4, zorder=5)
        told = name if roomy else name.removesuffix("_silence")
        texts.append((at, f"{told} {at - end.silent_from:.2f}"))
    shown_seconds = window[1] - window[0]
    close = (CLOSE if roomy else CLOSE_NARROW) * shown_seconds
    if len(texts) == 2 and texts[1][0] - texts[0][0] < close:
        texts = [(texts[1][0], " · ".join(told for _, told in texts))]
    for at, told in texts:
        side = "right" if at > window[1] - max(0.8, close) else "center"
        _write(ax, at, RULER - 0.24, told, colours.ink, ha=side)


def _decision(ax: Axes, end: TurnEnd, window: tuple[float, float], colours: Palette) -> None:
    """The service's word for it, and those that it took back."""
    for at, silence in end.taken_back:
        if window[0] < at < window[1]:
            ax.plot([at, at], [RULER, HIGH - 0.1], color=colours.wrong, linewidth=1.2, zorder=5)
            side = "right" if at > (window[0] + 2 * window[1]) / 3 else "left"
            _write(ax, at, HIGH - 0.1, f" cut off after {silence:.2f} s ", colours.wrong, ha=side)
    if end.turn.ended_by == "resumed":
        return
    if end.decided is None:
        _write(ax, 0.0, SAID, "decision: not captured", colours.faint)
        return
    ax.plot([end.decided, end.decided], [RULER, SAID + 0.09], color=colours.ink, linewidth=1.4, zorder=5)
    why = "ended by: unknown" if end.turn.ended_by in (None, "unknown") else end.turn.ended_by
    side = "right" if end.decided > (window[0] + 2 * window[1]) / 3 else "left"
    _write(ax, end.decided, SAID, f" {end.decided:.2f} s · {why} ", colours.ink, ha=side)


def _write(ax: Axes, at: float, height: float, text: str, colour: str, ha: str = "left") -> None:
    ax.text(at, height, text, color=colour, fontsize="x-small", va="center", ha=ha, zorder=6, clip_on=True)
