"""An agent's settings, as people write them and as the service tells of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from voicenb.errors import InvalidConfiguration
from voicenb.names import refuse_unknown
from voicenb.protocol import fields
from voicenb.protocol.settings import ENCODINGS, KEYS, tools_in
from voicenb.protocol.turn_defaults import left_to_mode
from voicenb.tools.function import Tool
from voicenb.tools.http import HttpTool
from voicenb.tools.wire import from_wire
from voicenb.turn_detection import BELONGS_HERE, TurnDetection

INPUT = (
    "turn_detection",
    "keyterms",
    "transcription_mode",
    "transcription_prompt",
    "language_codes",
    "voice_focus",
    "voice_focus_threshold",
)
OUTPUT = ("voice", "volume")
"""An agent's fields that stand in ``input`` and ``output`` on the wire, by these names; so do formats."""

PCM = "audio/pcm"

TURNS = tuple(BELONGS_HERE)
SESSION = (*sorted(KEYS), "name", "id", *fields.ELSEWHERE)
"""Of a ``session`` object, as sent or as echoed; the echo has some that only a stored agent can set."""
RESOURCE = (*fields.STORED, *fields.ELSEWHERE, *fields.ITS_OWN)

_PLACES = {
    **{name: f'It stands in "input": {{"{name}": …}}.' for name in INPUT},
    **{name: f'It stands in "output": {{"{name}": …}}.' for name in OUTPUT},
    **{name: f'It stands in "input": {{"turn_detection": {{"{name}": …}}}}.' for name in TURNS},
}
"""Where a setting stands that was written in another place."""


def words(name: str, value: Any) -> tuple[str, ...]:
    """A list of texts.

    Raises:
        InvalidConfiguration: it is something else.
    """
    texts = () if isinstance(value, str) or not isinstance(value, Iterable) else tuple(value)
    if (
        isinstance(value, str)
        or not isinstance(value, Iterable)
        or not all(isinstance(w, str) for w in texts)
    ):
        raise InvalidConfiguration(
            f"{name} must be a list of texts, not {value!r}.",
            remedy=f'Write {name}=["…"].',
            param=f"input.{name}",
        )
    return texts


def encoding(name: str, value: Any) -> str | None:
    """An audio format by its encoding; None for the service's default.

    Args:
        name: of the setting.
        value: ``"audio/pcmu"``, ``"pcmu"``, or the object of the wire.

    Raises:
        InvalidConfiguration: it is none.
    """
    told = value.get("encoding", PCM) if isinstance(value, Mapping) else value
    whole = f"audio/{told}" if isinstance(told, str) and "/" not in told else told
    if told is None:
        return None
    if not isinstance(whole, str) or whole not in ENCODINGS:
        raise InvalidConfiguration(
            f"{name}={value!r} is no audio format.",
            remedy=f"It is one of {', '.join(ENCODINGS)}.",
            param=name,
        )
    return whole


def offered(values: Any) -> Iterator[Tool | HttpTool]:
    """Tools, of which functions become some.

    Raises:
        InvalidConfiguration: something else is among them.
        ToolError: a function that cannot become a tool.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InvalidConfiguration(f"tools must be a list of functions, not {values!r}.", param="tools")
    for value in values:
        if isinstance(value, Tool | HttpTool):
            yield value
        elif callable(value):
            yield Tool.of(value)
        else:
            raise InvalidConfiguration(f"{value!r} is neither a function nor a tool.", param="tools")


def refuse_strange(owner: str, wire: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Refuse what is set and does not exist; what the service has for later, it writes as null.

    Args:
        owner: how the object is called, as a sentence begins.
        wire: a ``session`` object, or a stored agent.
        known: its fields.

    Raises:
        InvalidConfiguration: the nearest that exists is named.
    """
    inside = _part(wire, "input")
    parts = (
        (owner, wire, known, ""),
        ("Its input", inside, fields.INPUT, "input."),
        ("Its output", _part(wire, "output"), fields.OUTPUT, "output."),
        ("Its turn_detection", _part(inside, "turn_detection", "input."), TURNS, "input.turn_detection."),
    )
    for called, part, names, prefix in parts:
        strange = [str(name) for name, value in part.items() if value is not None and name not in names]
        try:
            refuse_unknown(called, strange, names, elsewhere=_PLACES, prefix=prefix)
        except InvalidConfiguration as error:
            remedy = f"{error.remedy} known=False leaves out what is newer than this version of voicenb."
            raise InvalidConfiguration(error.message, remedy=remedy, **error.facts) from None


def read(wire: Mapping[str, Any], known: bool) -> dict[str, Any]:
    """What a ``session`` object and a stored agent tell alike, by field of an Agent.

    Args:
        wire: the object.
        known: whether its values are to be those that are known here.
    """
    settings = _part(wire, "input")
    told: dict[str, Any] = {name: settings[name] for name in INPUT if settings.get(name) is not None}
    told["input_format"] = _told_format("input_format", settings, known)
    if "turn_detection" in told:
        turns = _part(settings, "turn_detection", "input.")
        told["turn_detection"] = TurnDetection.from_wire(
            left_to_mode(turns, settings.get("transcription_mode")), known=known
        )
    told["tools"] = [from_wire(tool, known=known) for tool in tools_in(wire)]
    told["system_prompt"] = wire.get("system_prompt") or ""
    told["greeting"] = wire.get("greeting")
    return told


def read_output(wire: Mapping[str, Any], known: bool) -> dict[str, Any]:
    """What they tell of the agent's voice."""
    settings = _part(wire, "output")
    told = {name: settings[name] for name in OUTPUT if settings.get(name) is not None}
    return told | {"output_format": _told_format("output_format", settings, known)}


def _part(wire: Mapping[str, Any], name: str, place: str = "") -> Mapping[str, Any]:
    """An object in another; empty where there is none."""
    value = wire.get(name) or {}
    if not isinstance(value, Mapping):
        raise InvalidConfiguration(f"{name} must be a dict, not {value!r}.", param=f"{place}{name}")
    return value


def _told_format(name: str, settings: Mapping[str, Any], known: bool) -> str | None:
    """The encoding; None for the default, of which the service tells where nothing was set."""
    told = settings.get("format")
    newer = told.get("encoding") if isinstance(told, Mapping) else None
    if not known and isinstance(newer, str) and newer not in ENCODINGS:
        return newer
    told = encoding(name, told)
    return None if told == PCM else told
