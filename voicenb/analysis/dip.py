"""Dips: where an own ear made the agent's voice quieter, for it heard the caller (``barge_in="duck"``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording

TOGETHER = 0.25
"""Seconds by which what was heard may seem to come before the word for it: the page's clock is known to that
at worst."""


@dataclass(slots=True)
class Dip:
    """One of them; times in the engine's seconds.

    Attributes:
        onset: of the caller's speech, as the own ear heard it.
        decided: when the voice was to be quieter.
        gain: how loud then; 1 is as it came.
        taken_back: when it was to be as loud as before, or silent; None where the recording ends before.
        why: ``"confirmed"`` (the service heard the caller), ``"unconfirmed"`` or ``"over"`` (the agent had
            finished).
        begin: when it began to be heard; None where no word of that came.
        end: when it was heard no more.
    """

    onset: float
    decided: float
    gain: float
    taken_back: float | None = None
    why: str = ""
    begin: float | None = None
    end: float | None = None


def dips(recording: Recording) -> list[Dip]:
    """Those of a call, in order."""
    found: list[Dip] = []
    for at, message in _told(recording, "duck"):
        if message["gain"] < 1:
            found.append(Dip(float(message["onset"]), at, float(message["gain"])))
        elif found and found[-1].taken_back is None:
            found[-1].taken_back, found[-1].why = at, str(message.get("why") or "")
    heard = [(float(message["t"]), float(message["gain"])) for _, message in _told(recording, "ducked")]
    for number, dip in enumerate(found):
        until = found[number + 1].decided if number + 1 < len(found) else float("inf")
        mine = [(at, gain) for at, gain in heard if dip.decided - TOGETHER <= at < until - TOGETHER]
        dip.begin = next((at for at, gain in mine if gain < 1), None)
        if dip.begin is not None:
            dip.end = next((at for at, gain in mine if gain == 1 and at >= dip.begin), None)
    return found


def _told(recording: Recording, kind: str) -> Iterable[tuple[float, Mapping[str, Any]]]:
    for event in recording.events.select(kind, direction="local"):
        if event.get("msg"):
            yield float(event["t"]), event["msg"]
