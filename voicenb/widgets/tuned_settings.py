"""All that counts in a ``turn_detection`` object: what it says, and what is left out of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voicenb.protocol import turn_defaults
from voicenb.protocol.turn_defaults import DEFAULTS, DELAYS, MODE, left_to_mode

__all__ = ("DEFAULTS", "DELAYS", "MODE", "left_to_mode", "whole")

_SHOWN = (*DEFAULTS, "interruption_delay")


def whole(settings: Mapping[str, Any], mode: str | None) -> dict[str, Any]:
    """A ``turn_detection`` object with all that counts in it, and nothing else."""
    filled = turn_defaults.whole(settings, mode)
    return {name: filled[name] for name in _SHOWN}
