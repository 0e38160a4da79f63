"""Faults as one writes them in a shell: ``drop@12s``, ``delay=0.5s``, ``capacity,times=all``."""

from __future__ import annotations

import re
from typing import Any, get_args

from voicenb.emulator.faults import FRAMES, Fault, Kind, which_message
from voicenb.errors import InvalidConfiguration
from voicenb.names import did_you_mean
from voicenb.protocol.shapes import FIELDS

FORM = (
    "KIND[=VALUE][@WHEN] with ,for=SECONDS ,skip=N or ,times=N|all behind it: drop, delay=SECONDS, "
    "malformed[=FRAME], slow-reply=SECONDS, capacity[=CODE], expired-token, never-ready[=SECONDS], "
    "error=CODE; WHEN is seconds of a connection (drop@12s) or a message (drop@tool.call, "
    "drop@tool.call+0.5s)"
)
"""How a fault is written."""

_SHAPE = re.compile(r"(?P<kind>[a-z-]+)(?:=(?P<value>[^@,]*))?(?:@(?P<when>[^,]*))?(?P<more>(?:,.*)?)", re.S)
_SECONDS = re.compile(r"(\d+(?:\.\d+)?|\.\d+)s?")
_VALUES: dict[str, str] = {
    "delay": "seconds",
    "slow-reply": "seconds",
    "never-ready": "seconds",
    "malformed": "frame",
    "capacity": "code",
    "error": "code",
}
"""What stands behind the equals sign."""
_LIKE = {
    "delay": "seconds, as in delay=0.5s",
    "slow-reply": "seconds, as in slow-reply=4s",
    "error": "a code, as in error=session_expired",
}
"""Those that mean nothing without."""


def read(text: str) -> Fault:
    """The fault that is written.

    Raises:
        InvalidConfiguration: none is, or one that cannot be.
    """
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        raise _unreadable(text, "")
    kind, value, when, more = match["kind"], match["value"], match["when"], match["more"]
    kinds = get_args(Kind)
    if kind not in kinds:
        raise _unreadable(text, did_you_mean(kind, kinds))
    settings: dict[str, Any] = {"kind": kind}
    if value is not None:
        settings |= _value(text, kind, value)
    elif kind in ("malformed", "capacity"):
        settings[_VALUES[kind]] = {"malformed": "text", "capacity": "at_capacity"}[kind]
    elif kind in _LIKE:
        raise _unreadable(text, f"{kind} wants {_LIKE[kind]}. ")
    if when is not None:
        settings |= _when(text, when)
    for option in more.split(",")[1:]:
        settings |= _option(text, option.strip())
    if kind == "delay":
        settings.setdefault("times", None)
    return Fault(**settings)


def write(fault: Fault) -> str:
    """The fault as it is written; a malformed frame that has no name is left out."""
    text: str = fault.kind
    name = _VALUES.get(fault.kind)
    if name == "seconds" and fault.seconds:
        text += f"={fault.seconds:.12g}s"
    elif name == "frame" and fault.frame in FRAMES:
        text += f"={fault.frame!s}"
    elif name == "code":
        text += f"={fault.code}"
    if fault.on or fault.after:
        wait = f"{fault.after:.12g}s" if fault.after else ""
        text += f"@{fault.on}{'+' if fault.on and wait else ''}{wait}"
    if fault.lasting is not None:
        text += f",for={fault.lasting:.12g}s"
    if fault.skip:
        text += f",skip={fault.skip}"
    if fault.times != 1 and fault.kind != "delay":
        text += f",times={fault.times or 'all'}"
    return text


def _value(text: str, kind: str, value: str) -> dict[str, Any]:
    name = _VALUES.get(kind)
    if name is None:
        raise _unreadable(text, f"{kind} takes nothing behind an equals sign. ")
    if name == "seconds":
        return {name: _seconds(text, value)}
    if name == "frame" and value not in FRAMES:
        raise _unreadable(text, f"Frames are {', '.join(FRAMES)}. ")
    return {name: value}


def _when(text: str, when: str) -> dict[str, Any]:
    if _SECONDS.fullmatch(when):
        return {"after": _seconds(text, when)}
    on, plus, wait = when.partition("+")
    if not on:
        raise _unreadable(text, "")
    if on not in FIELDS:
        raise InvalidConfiguration(
            f"{text!r}: {on!r} is no message of the service.", remedy=which_message(on), param="on"
        )
    return {"on": on, "after": _seconds(text, wait) if plus else 0.0}


def _option(text: str, option: str) -> dict[str, Any]:
    name, _, value = option.partition("=")
    match name, value:
        case "for", _:
            return {"lasting": _seconds(text, value)}
        case "times", "all":
            return {"times": None}
        case "times" | "skip", _ if value.isascii() and value.isdigit():
            return {name: int(value)}
        case _:
            raise _unreadable(text, "")


def _seconds(text: str, value: str) -> float:
    match = _SECONDS.fullmatch(value)
    if match is None:
        raise _unreadable(text, f"{value!r} is no number of seconds. ")
    return float(match[1])


def _unreadable(text: str, hint: str) -> InvalidConfiguration:
    return InvalidConfiguration(f"{text!r} is no fault.", remedy=f"{hint}One is written {FORM}.")
