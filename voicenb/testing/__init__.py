"""Conversations without people: scripted callers, the virtual clock, and runs of both."""

from __future__ import annotations

from voicenb.testing.caller import Caller, Utterance
from voicenb.testing.moves import Answer, BargeIn, Greeting, Pause, Say
from voicenb.testing.run import run
from voicenb.testing.virtual_clock import VirtualLoop, run_virtually

__all__ = [
    "Answer",
    "BargeIn",
    "Caller",
    "Greeting",
    "Pause",
    "Say",
    "Utterance",
    "VirtualLoop",
    "run",
    "run_virtually",
]
