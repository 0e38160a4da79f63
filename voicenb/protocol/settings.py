"""The ``session`` object of the contract: how updates merge, what may change when, which values work."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from voicenb.errors import ImmutableField, InvalidConfiguration
from voicenb.protocol.fields import PLATFORM
from voicenb.protocol.turn_defaults import DEFAULTS

Settings = dict[str, Any]

DEFAULT_TOOL_TIMEOUT = 120.0
KEYS = frozenset({"agent_id", "system_prompt", "greeting", "tools", "input", "output"})
IMMUTABLE = ("greeting", "output.voice", "output.format", "output.type", "input.type")
"""Dotted paths that are frozen after ``session.ready``."""

ENCODINGS = {"audio/pcm": 24_000, "audio/pcmu": 8000, "audio/pcma": 8000}
"""Audio formats of the wire, with their samples per second."""

DEFAULT_SILENCES: tuple[int, int] = (DEFAULTS["min_silence"], DEFAULTS["max_silence"])
"""Milliseconds that ``min_silence`` and ``max_silence`` count with in an object that leaves them out."""

_SILENCE = (50, 10_000)
_RANGES = {
    "vad_threshold": (0, 1),
    "min_silence": _SILENCE,
    "max_silence": _SILENCE,
    "interruption_delay": (0, 1000),
}
_CHOICES = {
    "transcription_mode": ("min_latency", "balanced", "max_accuracy"),
    "voice_focus": ("near-field", "far-field"),
}


def merge(old: Mapping[str, Any], new: Mapping[str, Any]) -> Settings:
    """``old`` with ``new`` over it; lists and ``turn_detection`` replace, None is no change."""
    merged = dict(old)
    for key, value in new.items():
        before = merged.get(key)
        if key != "turn_detection" and isinstance(value, Mapping) and isinstance(before, Mapping):
            merged[key] = merge(before, value)
        elif value is not None or key not in merged:
            merged[key] = dict(value) if isinstance(value, Mapping) else value
    return merged


def at_path(settings: Mapping[str, Any] | None, path: str) -> Any:
    """The value at a dotted path, or None."""
    value: Any = settings
    for key in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def in_two(settings: Mapping[str, Any]) -> tuple[Settings, Settings]:
    """A session's settings as its first update and its second: a binding goes alone, the rest behind it."""
    if "agent_id" not in settings:
        return dict(settings), {}
    rest = {key: value for key, value in settings.items() if key != "agent_id"}
    return {"agent_id": settings["agent_id"]}, rest


def check_update(session: Mapping[str, Any], *, first: bool) -> None:
    """Refuse what the service would refuse, before it is sent.

    Raises:
        ImmutableField: a later update that touches a frozen field.
        InvalidConfiguration: an unknown key, ``agent_id`` in the wrong place, or a value out of range.
    """
    unknown = sorted(str(key) for key in set(session) - KEYS)
    if unknown:
        raise InvalidConfiguration(
            f"Unknown session settings: {', '.join(unknown)}.",
            remedy=f"Known are {', '.join(sorted(KEYS))}.",
            param=unknown[0],
        )
    if "agent_id" in session and (len(session) > 1 or not first):
        raise InvalidConfiguration(
            "agent_id goes alone into the first session.update.",
            remedy="Bind the stored agent first, then update what should differ.",
            param="agent_id",
        )
    if not first:
        for path in IMMUTABLE:
            if at_path(session, path) is not None or path in session:
                raise ImmutableField(
                    f"'{path}' cannot be changed after the session has begun.",
                    remedy="Start a new session to change it.",
                    param=path,
                )
    for name in ("system_prompt", "tools"):
        if name in session and session[name] is None:
            raise InvalidConfiguration(
                f"{name} cannot be null.", remedy="Leave it out where it is to stay as it is.", param=name
            )
    for problem, param in problems(session):
        raise InvalidConfiguration(problem, param=param)


def problems(session: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each value that cannot work: what is wrong, and its dotted path."""
    shapes = list(_shape_problems(session))
    yield from shapes
    if shapes:  # then the values are not what they would be read as
        return
    settings = session.get("input") or {}
    for problem, name in turn_detection_problems(settings.get("turn_detection") or {}):
        yield problem, f"input.turn_detection.{name}"
    keyterms = settings.get("keyterms")
    if keyterms is not None and len(keyterms) > 100:
        yield f"{len(keyterms)} keyterms; the service takes at most 100.", "input.keyterms"
    for name, choices in _CHOICES.items():
        value = settings.get(name)
        if value is not None and value not in choices:
            yield f"{name} {value!r} is none of {', '.join(choices)}.", f"input.{name}"
    prompt = settings.get("transcription_prompt")
    if prompt is not None and len(prompt) > 1750:
        yield (
            f"transcription_prompt has {len(prompt)} characters; at most 1750.",
            "input.transcription_prompt",
        )
    focus = settings.get("voice_focus_threshold")
    if focus is not None and not 0 <= focus <= 1:
        yield f"voice_focus_threshold {focus} is not within 0 to 1.", "input.voice_focus_threshold"
    volume = (session.get("output") or {}).get("volume")
    if volume is not None and not 0 <= volume <= 100:
        yield f"volume {volume} is not within 0 to 100.", "output.volume"
    for side in ("input", "output"):
        for problem, name in _format_problems(at_path(session, f"{side}.format") or {}):
            yield problem, f"{side}.format.{name}"
    names = [tool["name"] for tool in session.get("tools") or ()]
    for name in {name for name in names if names.count(name) > 1}:
        yield f"Two tools are called {name!r}.", "tools"


def _format_problems(wanted: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with an audio format. The service was seen to fail without a word about a wrong rate."""
    encoding, rate = wanted.get("encoding", "audio/pcm"), wanted.get("sample_rate")
    if encoding not in ENCODINGS:
        yield f"The encoding {encoding!r} is none of {', '.join(ENCODINGS)}.", "encoding"
    elif rate is not None and rate != ENCODINGS[encoding]:
        yield f"{encoding} has {ENCODINGS[encoding]} samples per second, not {rate!r}.", "sample_rate"


_TEXT = (str,)
_OBJECT = (Mapping,)
_LIST = (list, tuple)
_NUMBER = (int, float)
_SHAPES: dict[str, tuple[type, ...]] = {
    "agent_id": _TEXT,
    "system_prompt": _TEXT,
    "greeting": _TEXT,
    "tools": _LIST,
    "input": _OBJECT,
    "input.format": _OBJECT,
    "input.turn_detection": _OBJECT,
    "input.keyterms": _LIST,
    "input.transcription_prompt": _TEXT,
    "input.language_codes": _LIST,
    "input.voice_focus_threshold": _NUMBER,
    "output": _OBJECT,
    "output.format": _OBJECT,
    "output.volume": _NUMBER,
}
_CALLED: dict[tuple[type, ...], str] = {
    _TEXT: "text",
    _OBJECT: "a dict",
    _LIST: "a list",
    _NUMBER: "a number",
}


def _shape_problems(session: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for path, shape in _SHAPES.items():
        value = at_path(session, path)
        if value is not None and (not isinstance(value, shape) or isinstance(value, bool)):
            yield f"{path.rpartition('.')[2]} must be {_CALLED[shape]}, not {value!r}.", path
    tools = session.get("tools")
    for place, tool in enumerate(tools if isinstance(tools, _LIST) else ()):
        if not isinstance(tool, Mapping):
            yield f"tools must hold a dict for each tool, not {tool!r}.", f"tools[{place}]"
        elif not isinstance(tool.get("name"), str) or not tool["name"]:
            yield f"The tool at place {place + 1} has no name.", f"tools[{place}].name"


def turn_detection_problems(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each turn-detection value that cannot work: what is wrong, and its name."""
    for name, (low, high) in _RANGES.items():
        value = settings.get(name)
        if value is None:
            continue
        whole = name != "vad_threshold"
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            what = "whole number of milliseconds" if whole else "number"
            yield f"{name} must be a {what}, not {value!r}.{_in_seconds(name, value)}", name
        elif not low <= value <= high:
            yield f"{name} {value} is not within {low} to {high}{' ms' if whole else ''}.", name
    interrupts = settings.get("interrupt_response")
    if interrupts is not None and not isinstance(interrupts, bool):
        yield f"interrupt_response must be True or False, not {interrupts!r}.", "interrupt_response"
    problem = _silence_problem(settings.get("min_silence"), settings.get("max_silence"))
    if problem:
        yield problem, "min_silence"


def _in_seconds(name: str, value: Any) -> str:
    """What was meant, where a time looks like one in seconds."""
    low, high = _RANGES[name]
    meant = round(1000 * value) if isinstance(value, float) and 0 < value < 20 else 0
    return f" Did you mean {meant}?" if name != "vad_threshold" and low <= meant <= high and meant else ""


def _silence_problem(shorter: Any, longer: Any) -> str:
    """What is wrong with two silences; one that is left out counts with what the service takes for it."""
    least, most = (
        default if value is None else value
        for value, default in zip((shorter, longer), DEFAULT_SILENCES, strict=True)
    )
    if not isinstance(least, int) or not isinstance(most, int) or least < most:
        return ""
    if shorter is None:
        return (
            f"min_silence, which is {least} when left out, must be less than max_silence ({most}). Set both."
        )
    if longer is None:
        return (
            f"min_silence ({least}) must be less than max_silence, which is {most} when left out. Set both."
        )
    return f"min_silence ({least}) must be less than max_silence ({most})."


def tools_in(settings: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """The tools of a ``session`` object that have a name, flat, whichever form they were written in.

    A service may tell of them in the form that has them in ``function``, and of what is no list of tools.
    """
    tools = (settings or {}).get("tools")
    flat = (
        [flat_tool(tool) for tool in tools if isinstance(tool, Mapping)]
        if isinstance(tools, list | tuple)
        else []
    )
    return [tool for tool in flat if isinstance(tool.get("name"), str) and tool["name"]]


def flat_tool(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    """A tool without ``function``, whichever form it was written in."""
    inner = tool.get("function")
    if not isinstance(inner, Mapping):
        return tool
    return {**{key: value for key, value in tool.items() if key != "function"}, **inner}


def client_tools(settings: Mapping[str, Any] | None) -> dict[str, float]:
    """Tools that the client itself must run, with their timeouts in seconds."""
    return {
        tool["name"]: _seconds(tool.get("timeout_seconds"))
        for tool in tools_in(settings)
        if not is_run_by_the_service(tool)
    }


def is_run_by_the_service(tool: Mapping[str, Any]) -> bool:
    """Whether the service runs a tool by itself: by a request, or as one of its own."""
    return bool(tool.get("http")) or tool["name"] in PLATFORM


def _seconds(value: Any) -> float:
    """A timeout; the default for what is none."""
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf
    return float(value) if good else DEFAULT_TOOL_TIMEOUT
