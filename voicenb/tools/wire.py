"""Tools and results as they stand on the wire."""

from __future__ import annotations

import dataclasses
import decimal
import enum
import json
import uuid
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from voicenb.errors import InvalidConfiguration, ToolError
from voicenb.protocol.settings import DEFAULT_TOOL_TIMEOUT
from voicenb.tools.function import Tool
from voicenb.tools.http import KEPT, HttpTool
from voicenb.tools.offer import ResponseInstructions
from voicenb.unchecked import unchecked

_KNOWN = frozenset(
    {
        *("type", "name", "description", "parameters", "timeout_seconds", "execution_mode"),
        *("response_instructions", "http", "id"),
    }
)
"""Fields of a tool that are read; ``id`` is the service's own affair."""


def from_wire(wire: Mapping[str, Any], *, known: bool = True) -> Tool | HttpTool:
    """A tool as the service tells of it, in a stored agent or a ``config`` echo; of secrets the names.

    Args:
        wire: its object.
        known: False takes values as they are told: the service may store what this version would refuse.

    Raises:
        InvalidConfiguration: a value that cannot work.
    """
    make = (lambda kind, **told: kind(**told)) if known else unchecked
    rest = wire.get("response_instructions")
    offer: dict[str, Any] = {
        "name": wire["name"],
        "description": wire.get("description") or "",
        "parameters": wire.get("parameters") or {},
        "timeout_seconds": wire.get("timeout_seconds") or DEFAULT_TOOL_TIMEOUT,
        "execution_mode": wire.get("execution_mode") or "interactive",
        "response_instructions": make(
            ResponseInstructions, success=rest.get("success"), error=rest.get("error")
        )
        if isinstance(rest, Mapping)
        else None,
        "more": {name: value for name, value in wire.items() if name not in _KNOWN and value is not None},
    }
    http = wire.get("http")
    if not http:
        return make(Tool, **offer)
    if not isinstance(http, Mapping) or not isinstance(http.get("url"), str):
        raise InvalidConfiguration(f"{wire['name']}: http must be an object with a url.", param="tools")
    headers = _headers(http.get("headers"))
    return make(
        HttpTool,
        **offer,
        url=http["url"],
        method=http.get("http_method") or http.get("method") or "POST",
        headers=headers,
        listed_headers=tuple(headers) if isinstance(http.get("headers"), list) else None,
    )


def _headers(told: Any) -> dict[str, str]:
    """Headers as the service tells of them: a map with masks for the values, or a list of names."""
    pairs: list[tuple[Any, Any]] = []
    if isinstance(told, Mapping):
        pairs = list(told.items())
    elif isinstance(told, list):
        pairs = [(each.get("name"), each.get("value")) for each in told if isinstance(each, Mapping)]
    return {name: value or KEPT for name, value in pairs if isinstance(name, str) and name}


def result_text(value: Any) -> str:
    """A tool's result as the text that goes to the service: JSON, serialised once.

    Where a text in it holds half a character (a lone surrogate) a question mark takes its place.

    Raises:
        ToolError: the value cannot be written as JSON.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
    except (TypeError, ValueError) as error:
        raise ToolError(
            f"The result cannot be written as JSON: {error}.",
            remedy="Return text, numbers, lists, dicts, dataclasses or dates.",
        ) from None
    # Names of old files come with halves of characters; no message could hold them.
    return text.encode("utf-8", "replace").decode("utf-8")


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, enum.Enum):
        return value.value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, PurePath | uuid.UUID):
        return str(value)
    if callable(dump := getattr(value, "model_dump", None)):  # pydantic
        return dump()
    if hasattr(value, "tolist"):  # numpy
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is no JSON type")
