"""Python types as the JSON Schema that the service's tools take, and values from the wire as those types."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import enum
import inspect
import math
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Union

from voicenb.errors import ToolError
from voicenb.tools.docstring import examples_in, read_docstring
from voicenb.tools.offer import Schema

_PLAIN: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
_DATES: dict[Any, str] = {datetime.date: "date", datetime.datetime: "date-time", datetime.time: "time"}
_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0")


def object_schema(
    of: Callable[..., Any], hints: Mapping[str, Any], docs: Mapping[str, str], inside: tuple[Any, ...] = ()
) -> Schema:
    """The schema of a callable's parameters (a function's, or a dataclass's fields).

    Args:
        of: the callable.
        hints: its parameters' types.
        docs: what is said of them.
        inside: the dataclasses in which this one lies.

    Raises:
        ToolError: a parameter that cannot be told to the service; its name and type are in the facts.
    """
    properties: Schema = {}
    required = []
    for parameter in inspect.signature(of).parameters.values():
        name = parameter.name
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
            raise ToolError(
                f"{_name(of)}: the parameter {parameter} has no name on the wire.", parameter=name
            )
        if name not in hints:
            raise ToolError(
                f"{_name(of)}: the parameter {name!r} has no type.",
                remedy=f"Write it as `{name}: str`, for instance.",
                parameter=name,
            )
        hint = hints[name]
        text = docs.get(name) or _annotation(hint)
        properties[name] = _described(schema_of(hint, f"{_name(of)}: {name}", inside), text) | _keywords(hint)
        if parameter.default is parameter.empty and not _may_be_none(hint):
            required.append(name)
        elif (default := _default(parameter.default)) is not None:
            properties[name]["default"] = default
    schema: Schema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return schema


def schema_of(hint: Any, where: str, inside: tuple[Any, ...] = ()) -> Schema:
    """The schema of one type.

    Args:
        hint: a resolved type hint.
        where: how errors call the place.
        inside: the dataclasses in which it lies.

    Raises:
        ToolError: the type has no place in a tool's schema.
    """
    hint = _bare(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if hint in _DATES:
        return {"type": "string", "format": _DATES[hint]}
    if hint in (dict, Any) or origin in (dict, Mapping):
        return {} if hint is Any else {"type": "object"}
    if origin is Literal:
        return _choice(args)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return _choice([member.value for member in hint])
    if hint is list or origin in (list, Sequence):
        return {"type": "array", "items": schema_of(args[0], where, inside)} if args else {"type": "array"}
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        if hint in inside:
            raise ToolError(
                f"{where}: a {hint.__name__} inside a {hint.__name__} has no end.",
                type=hint,
            )
        hints = typing.get_type_hints(hint, include_extras=True)
        return object_schema(hint, hints, read_docstring(hint.__doc__).parameters, (*inside, hint))
    raise ToolError(
        f"{where}: the type {_type_name(hint)} cannot be told to the service.",
        remedy="Use str, int, float, bool, list, Literal, an Enum, a date or a dataclass.",
        type=hint,
    )


def coerce(value: Any, hint: Any, where: str) -> Any:
    """A value from the wire as the type that the function wants.

    Models write "4" where 4 is meant, and "friday" for "Friday": what can only be meant one way is taken so.

    Raises:
        ToolError: the value is not of that type; the message is written for the model to read.
    """
    if value is None and _may_be_none(hint):
        return None
    hint = _bare(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint in _PLAIN:
        return _plain(value, hint, where)
    if hint in _DATES and isinstance(value, str):
        try:
            return hint.fromisoformat(value.strip())
        except ValueError:
            raise ToolError(f"{where} must be an ISO 8601 {_DATES[hint]}, not {value!r}.") from None
    if origin is Literal:
        return _chosen(value, {option: option for option in args}, where)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return _chosen(value, {member.value: member for member in hint}, where)
    if hint is list or origin in (list, Sequence):
        items = value if isinstance(value, list) else [value]
        return [coerce(item, args[0], f"{where}[{n}]") for n, item in enumerate(items)] if args else items
    if isinstance(hint, type) and dataclasses.is_dataclass(hint) and isinstance(value, Mapping):
        return hint(**coerce_all(hint, typing.get_type_hints(hint), value, f"{where}."))
    if hint is Any or ((hint is dict or origin in (dict, Mapping)) and isinstance(value, Mapping)):
        return value
    raise ToolError(f"{where} must be {_type_name(hint)}, not {value!r}.")


def coerce_all(
    of: Callable[..., Any], hints: Mapping[str, Any], arguments: Mapping[str, Any], prefix: str = ""
) -> dict[str, Any]:
    """All arguments of a call, as the callable wants them.

    Raises:
        ToolError: an argument is missing, unknown or of the wrong type.
    """
    parameters = inspect.signature(of).parameters
    if unknown := sorted(set(arguments) - set(parameters)):
        known = ", ".join(parameters) or "none"
        raise ToolError(f"Unknown argument {prefix}{unknown[0]}; the parameters are: {known}.")
    values = {}
    for name, parameter in parameters.items():
        has_default = parameter.default is not parameter.empty
        if arguments.get(name) is None and has_default:
            continue
        if name not in arguments and not _may_be_none(hints[name]):
            raise ToolError(f"The argument {prefix}{name} is missing.")
        values[name] = coerce(arguments.get(name), hints[name], f"{prefix}{name}")
    return values


def _described(schema: Schema, text: str) -> Schema:
    if text:
        schema["description"] = text
    kind = {"string": str, "integer": int, "number": int | float, "boolean": bool}.get(schema.get("type", ""))
    examples = [example for example in examples_in(text) if kind is not None and isinstance(example, kind)]
    if examples and "enum" not in schema:
        schema["examples"] = examples
    return schema


def _choice(values: Sequence[Any]) -> Schema:
    kinds = {_PLAIN.get(type(value)) for value in values}
    schema: Schema = {"enum": list(values)}
    kind = kinds.pop() if len(kinds) == 1 else None
    return {"type": kind, **schema} if kind else schema


def _chosen(value: Any, options: Mapping[Any, Any], where: str) -> Any:
    for option, meant in options.items():
        if type(option) is type(value) and option == value:
            return meant
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        folded = str(value).strip().casefold()
        for option, meant in options.items():
            if str(option).casefold() == folded:
                return meant
    choices = ", ".join(repr(option) for option in options)
    raise ToolError(f"{where} must be one of {choices}, not {value!r}.")


def _plain(value: Any, kind: type, where: str) -> Any:
    article = "an" if kind is int else "a"
    wrong = ToolError(f"{where} must be {article} {_PLAIN[kind]}, not {value!r}.")
    if kind is bool:
        text = str(value).strip().casefold()
        if isinstance(value, bool) or text in _TRUE + _FALSE:
            return text in _TRUE
        raise wrong
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise wrong
    if isinstance(value, float) and kind is int and not value.is_integer():
        raise wrong
    with contextlib.suppress(ValueError, OverflowError):
        plain = kind(value)
        if kind is not float or math.isfinite(plain):
            return plain
    if kind is int and isinstance(value, str) and (number := _number(value)).is_integer():
        return int(number)  # "4.0"
    raise wrong


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _bare(hint: Any) -> Any:
    """Without ``Annotated`` and ``None``: a parameter may be left out, but the service has no null."""
    if typing.get_origin(hint) is typing.Annotated:
        return _bare(typing.get_args(hint)[0])
    if typing.get_origin(hint) in (Union, types.UnionType):
        kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)]
        return _bare(kinds[0]) if len(kinds) == 1 else hint
    return hint


def _may_be_none(hint: Any) -> bool:
    """Whether a parameter takes None, and so may be left out: the service has no null."""
    if typing.get_origin(hint) is typing.Annotated:
        return _may_be_none(typing.get_args(hint)[0])
    kinds = typing.get_args(hint) if typing.get_origin(hint) in (Union, types.UnionType) else ()
    return type(None) in kinds or any(_may_be_none(kind) for kind in kinds)


def _keywords(hint: Any) -> Schema:
    """What ``Annotated[str, {"format": "email"}]`` adds to the schema."""
    told = hint.__metadata__ if typing.get_origin(hint) is typing.Annotated else ()
    return {key: extra[key] for extra in told if isinstance(extra, Mapping) for key in extra}


def _annotation(hint: Any) -> str:
    """What ``Annotated[int, "how many"]`` says: its first text, also that of a ``Field(description=…)``."""
    origin = typing.get_origin(hint)
    if origin is typing.Annotated:
        for extra in hint.__metadata__:
            text = extra if isinstance(extra, str) else getattr(extra, "description", None)
            if isinstance(text, str) and text.strip():
                return text.strip()
        return _annotation(hint.__origin__)
    if origin in (Union, types.UnionType):
        return next(filter(None, map(_annotation, typing.get_args(hint))), "")
    return ""


def _default(value: Any) -> Any:
    """A default as it can be told; None where it cannot, and where there is none."""
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    good = isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))
    return value if good else None


def _name(of: Callable[..., Any]) -> str:
    return getattr(of, "__name__", repr(of))


def _type_name(hint: Any) -> str:
    return getattr(hint, "__name__", None) or str(hint)
