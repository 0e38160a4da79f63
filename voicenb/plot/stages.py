"""The stages of a wait: what the caller waited for, one after the other, until the agent was heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from voicenb.analysis.turn import Turn
from voicenb.plot.palette import Palette

Kind = Literal["silence", "service", "tool", "announcement", "reply", "playback"]

LABELS: dict[Kind, str] = {
    "silence": "silence that the setting asks for",
    "service": "end of turn, not separable",
    "tool": "tool",
    "announcement": "announcement, heard",
    "reply": "reply",
    "playback": "playback and leading silence",
}

SHORT: dict[Kind, str] = {
    "silence": "silence",
    "service": "end of turn",
    "tool": "tool",
    "announcement": "announcement",
    "reply": "reply",
    "playback": "playback",
}
"""The same in a word or two."""

SHORTEST = 0.0005
"""Seconds; what is shorter is not shown, and belongs to what follows."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a wait.

    Attributes:
        kind: what was waited for.
        start: seconds after the caller's last sound.
        length: seconds.
    """

    kind: Kind
    start: float
    length: float


def look(kind: Kind, colours: Palette) -> dict[str, Any]:
    """How a stage is drawn: waits for the end of a turn are hatched, the rest is filled."""
    hatch = {"silence": "/////", "service": "....."}.get(kind)
    if hatch is not None:
        return {"facecolor": colours.ground, "edgecolor": colours.wait, "hatch": hatch}
    if kind == "announcement":
        return {"facecolor": colours.agent_wash, "edgecolor": colours.agent}
    fill = {"tool": colours.tool, "playback": colours.agent_soft}.get(kind, colours.agent)
    return {"facecolor": fill, "edgecolor": fill}


def stages(turn: Turn) -> list[Stage]:
    """What a turn's wait was made of, in order and where it was; empty where it was not answered.

    The configured silence and what the service took beyond it are apart where the setting is known; under
    the adaptive default they are one. Tools and announcement are the turn's ``waits``; the service's own
    time is between them.
    """
    wait = turn.wait
    if wait is None or wait <= 0:
        return []
    delay = turn.end_of_turn_delay
    if delay is None:
        return [Stage("service", 0.0, wait)]
    silence = min(turn.configured_silence or 0.0, delay)
    parts: list[tuple[Kind, float]] = [("silence", silence), ("service", delay)]  # and until when
    if turn.kind == "tool" and turn.end is not None:
        for each in turn.waits:
            parts += [("reply", each.start - turn.end), (each.kind, each.end - turn.end)]
        parts.append(("reply", wait))
    else:
        behind = (turn.playback_delay or 0.0) + (turn.leading_silence or 0.0)
        parts += [("reply", max(delay, wait - behind)), ("playback", wait)]
    return _laid_out(parts, wait)


def _laid_out(parts: list[tuple[Kind, float]], wait: float) -> list[Stage]:
    found: list[Stage] = []
    at = 0.0
    for kind, until in parts:
        until = min(until, wait)
        if until - at > SHORTEST:
            found.append(Stage(kind, at, until - at))
            at = until
    return found
