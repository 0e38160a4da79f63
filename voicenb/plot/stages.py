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


def whole(turn: Turn) -> float | None:
    """Seconds that the caller waited: in a tool turn for the answer that uses the result.

    None where no answer was heard.
    """
    if turn.kind == "tool" and turn.first_answer is not None:
        return turn.first_answer
    return turn.response_latency


def stages(turn: Turn) -> list[Stage]:
    """What a turn's wait was made of, in order; empty where no answer was heard.

    The configured silence and what the service took beyond it are apart where the setting is known; under
    the adaptive default they are one.
    """
    wait = whole(turn)
    if wait is None or wait <= 0:
        return []
    parts: list[tuple[Kind, float]] = []
    delay = turn.end_of_turn_delay
    if delay is None:
        return [Stage("service", 0.0, wait)]
    silence = min(turn.configured_silence or 0.0, delay)
    parts += [("silence", silence), ("service", delay - silence)]
    tools = sum(tool.round_trip or 0.0 for tool in turn.tools)
    if turn.kind == "tool":
        said = turn.announcement or 0.0
        parts += [("tool", tools), ("announcement", said), ("reply", wait - delay - tools - said)]
    else:
        behind = (turn.playback_delay or 0.0) + (turn.leading_silence or 0.0)
        parts += [("reply", wait - delay - behind), ("playback", behind)]
    return _laid_out(parts, wait)


def _laid_out(parts: list[tuple[Kind, float]], wait: float) -> list[Stage]:
    found: list[Stage] = []
    at = 0.0
    for kind, length in parts:
        length = min(length, wait - at)
        if length > 0.0005:
            found.append(Stage(kind, at, length))
            at += length
    return found
