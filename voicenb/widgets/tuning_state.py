"""What a panel of turn detection shows, as plain values: the dials, how they stand, the last turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from voicenb.turn_detection import TurnDetection
from voicenb.widgets.shown import PRESETS, service_state, turn_detection_state
from voicenb.widgets.tuned import Tuned
from voicenb.widgets.tuned_call import TunedCall
from voicenb.widgets.tuned_settings import DEFAULTS, DELAYS, MODE, left_to_mode, whole
from voicenb.widgets.tuned_turns import InForce

RUNNING = ("running", "reconnecting")
"""Phases in which a call has settings of its own, also those in which none can be changed."""

LAST = 5
"""Turns that are shown."""

_UNITS = {"min_silence": " ms", "max_silence": " ms", "interruption_delay": " ms"}


def dials() -> dict[str, Any]:
    """What the dials can be set to, which never changes."""
    return {
        "presets": {name: getattr(TurnDetection, name)().to_wire() for name in PRESETS},
        "defaults": DEFAULTS,
        "delays": DELAYS,
    }


def standing(tuned: Tuned, call: TunedCall | None) -> dict[str, Any]:
    """How the dials stand: of a running call as the service has confirmed it, else what the next begins with.

    Args:
        tuned: whose they are.
        call: the running call, or the last one.
    """
    phase = "before" if call is None else call.phase
    coming = tuned.coming
    if call is not None and phase == "before" and coming is not None:
        phase = "connecting"  # a Talk makes a session to begin it: it has its settings already
    running = call is not None and (phase in RUNNING or coming is None)
    in_force = call.turns.in_force if running and call is not None else InForce.of(coming)
    address = None if call is None else call.session.address
    known = service_state(address)
    return {
        "agent": tuned.name,
        "phase": phase,
        "once": coming is None,
        "restarts": tuned.restarts if phase == "running" else "",
        "service": known["service"],
        "profile": known["profile"],
        "brain": known["brain"],
        "turn_detection": None
        if in_force.turn_detection is None
        else left_to_mode(in_force.turn_detection, in_force.mode),
        "mode": in_force.mode,
    }


def rows_of(turns: Sequence[tuple[str, dict[str, Any]]], now: InForce | None) -> dict[str, Any]:
    """The last turns, and where the settings changed between them.

    Args:
        turns: with each the id of its session, oldest first.
        now: what is in force; None where no call runs.
    """
    shown: list[dict[str, Any]] = []
    before: tuple[str, InForce] | None = None
    for session, row in turns:
        in_force = row["in_force"]
        change = ""
        if before is not None:
            change = difference(before[1], in_force)
            if session != before[0]:
                change = f"another call{f': {change}' if change else ''}"
        shown.append(
            {
                **{key: value for key, value in row.items() if key not in ("in_force", "reply")},
                "change": change,
            }
        )
        before = (session, in_force)
    coming = "" if before is None or now is None else difference(before[1], now)
    return {"turns": shown[-LAST:], "coming": coming}


def difference(before: InForce, after: InForce) -> str:
    """What changed, e.g. ``"min_silence 1400 → 800 ms"``; empty where nothing did."""
    told = _turns_differ(before, after)
    modes = before.mode or MODE, after.mode or MODE
    if modes[0] != modes[1]:
        told.append(f"{modes[0]} → {modes[1]}")
    return ", ".join(told)


def _turns_differ(before: InForce, after: InForce) -> list[str]:
    old, new = before.turn_detection, after.turn_detection
    if old is None or new is None:
        if old is new:
            return []
        return [f"{_named(old, before.mode)} → {_named(new, after.mode)}"]
    one, other = whole(old, before.mode), whole(new, after.mode)
    told = {*left_to_mode(old, before.mode), *left_to_mode(new, after.mode)}
    return [
        f"{name} {_said(one[name])} → {_said(other[name])}{_UNITS.get(name, '')}"
        for name in one
        if one[name] != other[name] and (name != "interruption_delay" or name in told)
    ]


def _named(settings: Mapping[str, Any] | None, mode: str | None) -> str:
    """A preset by its name, others by their figures."""
    name = turn_detection_state(settings, mode, running=False)["name"]
    if name != "custom":
        return name
    filled = whole(settings or {}, mode)
    return " · ".join(f"{filled[name]:g}" for name in ("vad_threshold", "min_silence", "max_silence"))


def _said(value: Any) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else f"{value:g}"
