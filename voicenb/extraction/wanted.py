"""What is wanted of a call: a schema, and whether an answer fits it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from voicenb.errors import InvalidConfiguration, MissingExtra, how_to_install

_MOST = 8
"""Faults that are told of."""


class Unfit(Exception):
    """An answer that is not what is wanted; its words are for the model, which gets another chance."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that is wanted.

    Attributes:
        name: of it, for the endpoint.
        schema: its JSON Schema, an object's.
        fit: an object as what is wanted; raises `Unfit`.
    """

    name: str
    schema: Mapping[str, Any]
    fit: Callable[[dict[str, Any]], Any]


def wanted(schema: Any) -> Wanted:
    """What is wanted, from how somebody wrote it.

    Args:
        schema: a JSON Schema, or a dataclass, TypedDict or msgspec Struct.

    Raises:
        InvalidConfiguration: it is none of these, is no schema, or does not describe an object.
        MissingExtra: a JSON Schema is given, and jsonschema is not installed.
    """
    return _of_schema(schema) if isinstance(schema, Mapping) else _of_type(schema)


def _of_type(kind: Any) -> Wanted:
    import msgspec

    try:
        whole = msgspec.json.schema(kind)
    except (TypeError, NameError) as error:
        raise _no_schema(f"{getattr(kind, '__name__', repr(kind))} cannot be asked for: {error}") from None
    named = whole.get("$ref", "").rpartition("/")[2]
    # Endpoints want an object at the root, not a reference to one.
    schema = {**whole["$defs"][named], "$defs": whole["$defs"]} if named else whole
    if schema.get("$defs") and f'"#/$defs/{named}"' not in json.dumps(schema):
        schema["$defs"] = {name: each for name, each in schema["$defs"].items() if name != named}
    schema = {name: each for name, each in schema.items() if each != {}}
    if schema.get("type") != "object" or not named:
        raise _no_schema(f"{getattr(kind, '__name__', repr(kind))} is no object with fields")

    def fit(value: dict[str, Any]) -> Any:
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            raise Unfit(f"{error}.") from None

    return Wanted(_name(named), schema, fit)


def _of_schema(schema: Mapping[str, Any]) -> Wanted:
    try:
        import jsonschema
        import referencing
        import referencing.exceptions
    except ImportError:
        raise MissingExtra(
            "A JSON Schema is checked with jsonschema, which is not installed.",
            remedy=f"{how_to_install('extract')} brings it; dataclasses and TypedDicts need none.",
        ) from None
    if schema.get("type", "object") != "object":
        raise _no_schema(f"the schema describes {schema['type']!r}, no object")
    kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    try:
        kind.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise _no_schema(f"the schema is none: {error.message}, at {error.json_path}") from None
    # With a registry of its own nothing is fetched.
    validator = kind(schema, registry=referencing.Registry(), format_checker=kind.FORMAT_CHECKER)

    def fit(value: dict[str, Any]) -> Any:
        try:
            faults = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
        except referencing.exceptions.Unresolvable as error:
            raise _no_schema(f"the schema refers to what is not in it: {error}") from None
        if faults:
            raise Unfit("; ".join(sorted(faults)[:_MOST]) + ".")
        return value

    return Wanted(_name(str(schema.get("title") or "")), dict(schema), fit)


def _name(text: str) -> str:
    """A name that every endpoint takes: letters, digits, ``_`` and ``-``, at most 64."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "_" for c in text)[:64] or "answer"


def _no_schema(why: str) -> InvalidConfiguration:
    return InvalidConfiguration(
        f"This cannot be extracted: {why}.",
        remedy="Give a dataclass, a TypedDict, a msgspec Struct, or a JSON Schema of an object; a list goes "
        "into a field of one.",
        param="schema",
    )
