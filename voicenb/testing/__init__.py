"""Conversations without people: scripted callers, the virtual clock, and runs of both.

A run is ``voicenb.run``, from :mod:`voicenb.testing.run`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voicenb.testing.caller import Caller as Caller
    from voicenb.testing.caller_truth import Utterance as Utterance
    from voicenb.testing.conditions import Conditions as Conditions
    from voicenb.testing.expectations.moments import Called as Called
    from voicenb.testing.expectations.moments import Said as Said
    from voicenb.testing.moves import Answer as Answer
    from voicenb.testing.moves import BackChannel as BackChannel
    from voicenb.testing.moves import BargeIn as BargeIn
    from voicenb.testing.moves import Cough as Cough
    from voicenb.testing.moves import FirstWord as FirstWord
    from voicenb.testing.moves import Greeting as Greeting
    from voicenb.testing.moves import HangUp as HangUp
    from voicenb.testing.moves import Pause as Pause
    from voicenb.testing.moves import Say as Say
    from voicenb.testing.virtual_clock import VirtualLoop as VirtualLoop
    from voicenb.testing.virtual_clock import run_virtually as run_virtually

# The clock is of use without the session and the emulator that callers and runs need.
_HOMES = {
    "Answer": "moves",
    "BackChannel": "moves",
    "BargeIn": "moves",
    "Called": "expectations.moments",
    "Caller": "caller",
    "Conditions": "conditions",
    "Cough": "moves",
    "FirstWord": "moves",
    "Greeting": "moves",
    "HangUp": "moves",
    "Pause": "moves",
    "Said": "expectations.moments",
    "Say": "moves",
    "Utterance": "caller_truth",
    "VirtualLoop": "virtual_clock",
    "run_virtually": "virtual_clock",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
