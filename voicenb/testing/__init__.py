"""Conversations without people: scripted callers, the virtual clock, and runs of both.

A run is ``voicenb.run``, from :mod:`voicenb.testing.run`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voicenb.testing.caller import Caller as Caller
    from voicenb.testing.caller import Utterance as Utterance
    from voicenb.testing.moves import Answer as Answer
    from voicenb.testing.moves import BargeIn as BargeIn
    from voicenb.testing.moves import Greeting as Greeting
    from voicenb.testing.moves import Pause as Pause
    from voicenb.testing.moves import Say as Say
    from voicenb.testing.virtual_clock import VirtualLoop as VirtualLoop
    from voicenb.testing.virtual_clock import run_virtually as run_virtually

# The clock is of use without the session and the emulator that callers and runs need.
_HOMES = {
    "Answer": "moves",
    "BargeIn": "moves",
    "Caller": "caller",
    "Greeting": "moves",
    "Pause": "moves",
    "Say": "moves",
    "Utterance": "caller",
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
