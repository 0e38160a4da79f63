"""Whether arguments have the shape that a tool asks for; others the service refuses before the tool runs."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from voicenb.emulator.json_text import json_text
from voicenb.emulator.patterns import Unanswered, matches

LONGEST_MATCHED = 500
"""Letters that a pattern is held against; no spoken value is longer."""

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int, float),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (Mapping,),
    "null": (type(None),),
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def plain(arguments: Any) -> dict[str, Any] | None:
    """Arguments as JSON has them, whatever a brain of Python gives; None where they are no JSON object."""
    try:
        as_json = json.loads(json_text(arguments))
    except (TypeError, ValueError, RecursionError):
        return None
    return as_json if isinstance(as_json, dict) else None


def unfit(parameters: Mapping[str, Any], arguments: Mapping[str, Any]) -> str:
    """What is wrong with arguments, in a sentence for the model; empty where nothing is.

    Looked at are ``required``, ``type``, ``enum``, ``pattern`` (of the whole text), ``format`` (``email``,
    ``date``, ``date-time``, ``uri``), ``items`` and ``properties``. An empty text counts as invented. What is
    no schema is passed over, and so is a pattern that would take too long or refers back to its own groups.

    Args:
        parameters: the tool's.
        arguments: as the model gave them.
    """
    return _object(parameters, arguments, "")


def _object(schema: Mapping[str, Any], value: Mapping[str, Any], path: str) -> str:
    required, properties = schema.get("required"), schema.get("properties")
    for name in required if isinstance(required, list) else ():
        if isinstance(name, str) and name not in value:
            return f"'{path}{name}' is missing."
    if not isinstance(properties, Mapping):
        return ""
    known = ((name, properties.get(name)) for name in value)
    found = (_value(spec, value[name], f"{path}{name}") for name, spec in known if isinstance(spec, Mapping))
    return next((wrong for wrong in found if wrong), "")


def _value(schema: Mapping[str, Any], value: Any, path: str) -> str:
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
    known = [kind for kind in kinds if isinstance(kind, str) and kind in _TYPES]
    if known and not any(_is(value, kind) for kind in known):
        return f"'{path}' must be of type {' or '.join(known)}, not {value!r}."
    choices = schema.get("enum")
    if isinstance(choices, list) and not any(_same(value, choice) for choice in choices):
        return f"'{path}' must be one of {', '.join(str(choice) for choice in choices)}, not {value!r}."
    if isinstance(value, str):
        return _text(schema, value, path)
    if isinstance(value, Mapping):
        return _object(schema, value, f"{path}.")
    if isinstance(value, list | tuple) and isinstance(schema.get("items"), Mapping):
        found = (_value(schema["items"], entry, f"{path}[{n}]") for n, entry in enumerate(value))
        return next((wrong for wrong in found if wrong), "")
    return ""


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES[kind])


def _same(value: Any, choice: Any) -> bool:
    return isinstance(value, bool) == isinstance(choice, bool) and bool(value == choice)


def _text(schema: Mapping[str, Any], value: str, path: str) -> str:
    if not value.strip() and "" not in (schema.get("enum") or ()):
        return f"'{path}' is empty."
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and not _matches(pattern, value):
        return f"'{path}' must match {pattern}, not {value!r}."
    form = schema.get("format")
    if isinstance(form, str) and not _has_form(form, value):
        return f"'{path}' must have the form {form}, not {value!r}."
    return ""


def _matches(pattern: str, value: str) -> bool:
    try:
        return len(value) > LONGEST_MATCHED or matches(pattern, value)
    except (re.error, RecursionError, OverflowError, Unanswered):  # a pattern that is none holds nothing up
        return True


def _has_form(form: str, value: str) -> bool:
    try:
        match form:
            case "date":
                return len(value) == 10 and bool(datetime.date.fromisoformat(value))
            case "date-time":
                return len(value) > 10 and bool(datetime.datetime.fromisoformat(value))
            case "email":
                return _EMAIL.fullmatch(value) is not None
            case "uri":
                return bool(urlsplit(value).scheme)
    except ValueError:
        return False
    return True
