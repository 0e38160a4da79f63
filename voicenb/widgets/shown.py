"""What the panel shows: a session's state and lines as plain values; nothing secret is among them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from voicenb.errors import InvalidConfiguration, VoicenbError, sentence
from voicenb.protocol.calls import ToolCallState
from voicenb.protocol.conversation import Conversation
from voicenb.protocol.lines import Line
from voicenb.service.address import Address
from voicenb.service.prices import COST_RATES
from voicenb.session.lost import KEPT
from voicenb.session.thrift import minutes
from voicenb.turn_detection import TurnDetection
from voicenb.widgets.tuned_settings import whole

RESULT_LENGTH = 300
"""Characters of a tool's result that a line shows."""

PRESETS = ("recommended", "dictation", "patient", "no_interruption")


def service_state(address: Address | None) -> dict[str, Any]:
    """Which service answers, and what it costs."""
    if address is None:
        return {"service": "", "profile": "", "brain": "", "cost_rate": None}
    service = "service" if address.kind == "address" else address.kind
    return {
        "service": service,
        "profile": address.profile,
        "brain": address.brain,
        "cost_rate": COST_RATES.get(address.kind),
    }


def rate_of(cost_rate: Any) -> float | None:
    """A rate that somebody gave, in dollars per hour of an open session; None where the usual one holds.

    Raises:
        InvalidConfiguration: it is no number, or less than nothing.
    """
    if cost_rate is None:
        return None
    number = isinstance(cost_rate, int | float) and not isinstance(cost_rate, bool)
    if not number or not math.isfinite(cost_rate) or cost_rate < 0:
        raise InvalidConfiguration(
            f"cost_rate={cost_rate!r} is no price.",
            remedy="Give dollars per hour of an open session, e.g. cost_rate=4.50, or nothing.",
        )
    return float(cost_rate)


def priced(state: dict[str, Any], rate: float | None) -> dict[str, Any]:
    """A panel's state with a rate of the user's own in the place of the service's usual one.

    Args:
        state: as it would be.
        rate: dollars per hour; None leaves the state as it is.
    """
    return state if rate is None else {**state, "cost_rate": rate}


def ends_shown(max_duration: float | None, idle_end: float | None) -> str:
    """When a call ends by itself, as the panel says it; empty where it does not."""
    limits = [
        f"after {minutes(max_duration)}" if max_duration is not None else "",
        f"after {minutes(idle_end)} without a word" if idle_end is not None else "",
    ]
    told = ", or ".join(filter(None, limits))
    return f"The call ends by itself {told}: an open session is billed." if told else ""


def error_shown(error: VoicenbError) -> dict[str, str]:
    """An error as the panel says it: a session is started there with a button."""
    if error.facts.get("gone") == "emulator":
        return {"message": error.message, "remedy": f"Press Start: another one is started. {KEPT}"}
    return {"message": sentence(error.message) if error.remedy else error.message, "remedy": error.remedy}


def turn_detection_state(
    settings: Mapping[str, Any] | None, mode: str | None = None, *, running: bool
) -> dict[str, str]:
    """The turn detection in force, by name and in figures.

    Args:
        settings: the service's ``turn_detection`` object, or None while the adaptive default holds.
        mode: the ``transcription_mode``, which brings an ``interruption_delay`` where none is set.
        running: whether a session runs, which the object has then made non-adaptive for good.
    """
    if settings is None:
        return {"name": "adaptive", "detail": "· the service's default"}
    known = TurnDetection.from_wire(settings)
    counts = whole(settings, mode)
    named = {preset: getattr(TurnDetection, preset)().to_wire() for preset in PRESETS}
    name = next(
        (name.replace("_", " ") for name, each in named.items() if whole(each, mode) == counts), "custom"
    )
    figures = [known.vad_threshold, known.min_silence, known.max_silence]
    parts = [f"{figure:g}" if figure is not None else "default" for figure in figures]
    if known.interrupt_response is False and name != "no interruption":
        parts.append("no interruption")
    return {
        "name": name,
        "detail": " · ".join([*parts, *(["adaptive off until restart"] if running else [])]),
    }


def line_shown(line: Line) -> dict[str, Any]:
    """A line: what was said, what may still change or is still to be heard, what never was."""
    text, tail = line.text, ""
    if line.role == "user":
        if not line.final:
            text, tail = "", line.text
    elif line.unheard:
        text = line.heard
    elif line.heard != line.text:
        text, tail = line.heard, line.text[len(line.heard) :].lstrip()
    return {
        "id": line.id,
        "role": line.role,
        "at": round(line.started, 3),
        "text": text,
        "tail": tail,
        "unheard": line.unheard,
        "partial": not line.final,
        "interrupted": line.interrupted,
    }


def call_shown(call: ToolCallState) -> dict[str, Any]:
    """A tool call as a line of its own."""
    took = None if call.result_at is None else round(1000 * (call.result_at - call.at))
    arguments = ", ".join(f"{name}={_literal(value)}" for name, value in call.arguments.items())
    result = call.result if call.known else "run by the service"
    if result is not None and len(result) > RESULT_LENGTH:
        result = result[: RESULT_LENGTH - 1] + "…"
    return {
        "id": f"tool-{call.call_id}",
        "role": "tool",
        "at": round(call.at, 3),
        "text": "",
        "partial": result is None,
        "tool": {
            "name": call.name,
            "arguments": arguments,
            "result": result,
            "ms": took,
            "error": call.is_error,
        },
    }


def lines_shown(conversation: Conversation) -> list[dict[str, Any]]:
    """Everything that was said and done, in order."""
    lines = [line_shown(line) for line in conversation.lines if line.text]
    lines += [call_shown(call) for call in conversation.calls.values()]
    return sorted(lines, key=place)


_RANKS = {"yield": 0, "cost": 1, "tool": 3}


def place(line: Mapping[str, Any]) -> tuple[float, int]:
    """What lines are sorted by.

    What an answer cost stands above it; a reply that announces a call begins in the same moment, and stands
    above that.
    """
    return line["at"], _RANKS.get(line["role"], 2)


def _literal(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
