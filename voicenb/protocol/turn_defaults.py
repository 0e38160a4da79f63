"""What counts in a ``turn_detection`` object that leaves something out, and the object with all of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DEFAULTS: dict[str, Any] = {
    "vad_threshold": 0.5,
    "min_silence": 1000,
    "max_silence": 3000,
    "interrupt_response": True,
}
"""What counts in an object that leaves it out (section 10); without any object the service is adaptive."""

DELAYS = {"min_latency": 0, "balanced": 500, "max_accuracy": 500}
"""Modes, and the ``interruption_delay`` in ms that each brings where none is set."""

MODE = "balanced"
"""The mode where none is set."""


def delay_of(mode: Any) -> int:
    """The ``interruption_delay`` in ms that a ``transcription_mode`` brings; None is the default mode."""
    return DELAYS.get(str(mode or MODE), DELAYS[MODE])


def whole(settings: Mapping[str, Any], mode: Any) -> dict[str, Any]:
    """An object with all that counts in it, in the place of what it leaves out or has as null.

    What a service does with fields that a later object leaves out is not known: it may keep those of an
    earlier one.

    Args:
        settings: the object; what is not known here stays in it.
        mode: the ``transcription_mode`` that it goes with.
    """
    given = {name: value for name, value in settings.items() if value is not None}
    return {**DEFAULTS, "interruption_delay": delay_of(mode), **given}


def left_to_mode(settings: Mapping[str, Any], mode: Any) -> dict[str, Any]:
    """An object without the ``interruption_delay`` that the mode brings anyway."""
    return {
        name: value
        for name, value in settings.items()
        if name != "interruption_delay" or value != delay_of(mode)
    }


def whole_update(session: Mapping[str, Any], in_force: Mapping[str, Any]) -> dict[str, Any]:
    """A ``session`` object whose ``turn_detection`` is whole.

    Where only the mode changes, an ``interruption_delay`` that came from the mode before goes along.

    Args:
        session: the update.
        in_force: the settings that it goes over.
    """
    inside, there = session.get("input"), in_force.get("input")
    if not isinstance(inside, Mapping):
        return dict(session)
    there = there if isinstance(there, Mapping) else {}
    turns, before = inside.get("turn_detection"), there.get("turn_detection")
    old = there.get("transcription_mode")
    mode = inside.get("transcription_mode") or old
    if not isinstance(turns, Mapping):
        told = before.get("interruption_delay") if isinstance(before, Mapping) else None
        if told is None or told != delay_of(old) or told == delay_of(mode):
            return dict(session)
        turns = left_to_mode(before, old) if isinstance(before, Mapping) else {}
    return {**session, "input": {**inside, "turn_detection": whole(turns, mode)}}
