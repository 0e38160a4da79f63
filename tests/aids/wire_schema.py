"""The contract's schema as checks of single messages, each compiled once."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

SCHEMA = Path(__file__).parents[1] / "data" / "voice-agent-api.schema.json"
SOUND = {"input.audio": "audio", "reply.audio": "data"}
"""Messages that come by the hundred, and the field of their sound."""

_known_shapes: set[tuple[Any, ...]] = set()


@cache
def definitions() -> dict[str, Any]:
    """The schema's ``$defs``."""
    found: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))["$defs"]
    return found


@cache
def validator(name: str) -> Draft202012Validator:
    """A definition's validator."""
    return Draft202012Validator({"$defs": definitions(), "$ref": f"#/$defs/{name}"})


@cache
def server_validators() -> dict[str, Draft202012Validator]:
    """By type: what a server sends, with everything that the contract has a server send."""
    found = {}
    for entry in definitions()["EmulatorServerEvent"]["oneOf"]:
        definition = definitions()[_name(entry["allOf"][0]["$ref"])]
        strict = {"propertyNames": {"enum": list(definition["properties"])}}
        schema = {"$defs": definitions(), "allOf": [entry, strict]}
        found[definition["properties"]["type"]["const"]] = Draft202012Validator(schema)
    return found


@cache
def client_validators() -> dict[str, Draft202012Validator]:
    """By type: what a client sends; of ``session.update`` what may come at any time."""
    found = {}
    for entry in definitions()["ClientEvent"]["oneOf"]:
        name = _name(entry["$ref"])
        found[definitions()[name]["properties"]["type"]["const"]] = validator(name)
    return found


def server_fault(event: Any) -> str:
    """What is wrong with an event of a server; empty when nothing is."""
    return _fault(event, server_validators())


def client_fault(message: Any, *, first: bool | None = None) -> str:
    """What is wrong with a message of a client.

    Args:
        message: decoded.
        first: of a ``session.update``: whether it is the first one; None where nobody knows.
    """
    if first is not None and isinstance(message, dict) and message.get("type") == "session.update":
        return fault("SessionUpdateFirst" if first else "SessionUpdateLater", message)
    return _fault(message, client_validators())


def fault(name: str, value: Any) -> str:
    """What is wrong with a value, held against a definition."""
    return _told(validator(name), value)


def _fault(message: Any, validators: dict[str, Draft202012Validator]) -> str:
    kind = message.get("type") if isinstance(message, dict) else None
    if not isinstance(kind, str) or kind not in validators:
        return f"no message of the contract: {str(message)[:200]}"
    field = SOUND.get(kind)
    if field is None:
        return _told(validators[kind], message)
    shape = (kind, *((key, type(value)) for key, value in message.items()))
    if shape in _known_shapes and _base64().fullmatch(message[field]):
        return ""
    told = _told(validators[kind], message)
    if not told:
        _known_shapes.add(shape)
    return told


def _told(checked: Draft202012Validator, value: Any) -> str:
    if checked.is_valid(value):
        return ""
    error = best_match(checked.iter_errors(value))
    assert error is not None
    return f"{error.json_path}: {error.message[:300]} in {str(value)[:300]}"


def _name(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]


@cache
def _base64() -> re.Pattern[str]:
    return re.compile(definitions()["Base64"]["pattern"])
