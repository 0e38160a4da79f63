"""Keys of a client that the contract has ignored without a word: a misspelt setting, for instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from voicenb.emulator import checks, http_checks, session_tools
from voicenb.names import did_you_mean
from voicenb.protocol.messages import Message

_FORMAT = ("encoding", "sample_rate")
_TOOL = ("type", "name", "id", "dtmf_collected_arguments", *session_tools.FIELDS)
_INSIDE: Mapping[str, tuple[str, ...]] = {
    "input": checks.INPUT_FIELDS,
    "input.turn_detection": checks.TURN_DETECTION_FIELDS,
    "input.format": _FORMAT,
    "output": checks.OUTPUT_FIELDS,
    "output.format": _FORMAT,
    "voice": ("voice_id",),
}


def ignored_keys(settings: Mapping[str, Any]) -> Iterator[str]:
    """The dotted paths of what is ignored in settings that were accepted, each with what may have been meant.

    Not looked at are the top, where unknown keys are refused, and the ``parameters`` of tools, where all keys
    are.

    Args:
        settings: a ``session`` object, or the body of an agent.
    """
    for path, known in _INSIDE.items():
        yield from _unknown(_at(settings, path), path, known)
    for index, tool in _objects(settings.get("tools")):
        path = f"tools[{index}]"
        yield from _unknown(tool, path, _TOOL)
        yield from _unknown(tool.get("http"), f"{path}.http", http_checks.FIELDS)
    for index, model in _objects(settings.get("llm")):
        yield from _unknown(model, f"llm[{index}]", ("base_url", "model", "api_key"))


def beside(message: Message, record: Mapping[str, Any]) -> Iterator[str]:
    """What is ignored of a message: the keys that its type does not have.

    Args:
        message: as it was understood.
        record: as it stood on the wire.
    """
    known = ("type", *message.__struct_fields__)
    return (f"{_printable(key)} of {message.type}" for key in record if key not in known)


def _at(settings: Mapping[str, Any], path: str) -> Any:
    value: Any = settings
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _objects(values: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for index, value in enumerate(values if isinstance(values, list) else ()):
        if isinstance(value, Mapping):
            yield index, value


def _unknown(value: Any, path: str, known: tuple[str, ...]) -> Iterator[str]:
    for key in value if isinstance(value, Mapping) else ():
        if key not in known:
            meant = did_you_mean(str(key), known).strip()
            yield f"{path}.{_printable(key)}{f'. {meant}' if meant else ''}"


def _printable(key: str) -> str:
    return key[:60]
