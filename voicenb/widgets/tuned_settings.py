"""All that counts in a ``turn_detection`` object: what it says, and what is left out of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voicenb.protocol.settings import DEFAULT_SILENCES

DEFAULTS = {
    "vad_threshold": 0.5,
    "min_silence": DEFAULT_SILENCES[0],
    "max_silence": DEFAULT_SILENCES[1],
    "interrupt_response": True,
}
"""What counts in an object that leaves it out."""

DELAYS = {"min_latency": 0, "balanced": 500, "max_accuracy": 500}
"""Modes, and the ``interruption_delay`` in ms that each brings where none is set."""

MODE = "balanced"
"""The mode where none is set."""


def whole(settings: Mapping[str, Any], mode: str | None) -> dict[str, Any]:
    """A ``turn_detection`` object with all that counts in it."""
    given = {name: value for name, value in settings.items() if value is not None}
    filled = {**DEFAULTS, "interruption_delay": DELAYS.get(mode or MODE, DELAYS[MODE])}
    return {name: given.get(name, default) for name, default in filled.items()}
