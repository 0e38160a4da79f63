"""Checks of tool definitions, inline and stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voicenb.emulator import checks, errors, http_checks
from voicenb.emulator.errors import Refusal
from voicenb.tools.offer import RESERVED


def tools(value: Any, *, stored: bool, local: bool = False) -> Refusal | None:
    """A list of tools; stored ones need no ``type`` and may carry ``http``.

    Args:
        value: the list.
        stored: whether they are a stored agent's.
        local: whether HTTP tools may be on this machine or in a private network, and without encryption.
    """
    if not isinstance(value, list):
        return errors.shape("'tools' must be a list", "tools")
    seen: set[str] = set()
    for index, entry in enumerate(value):
        path = f"tools[{index}]"
        refusal = _tool(entry, path, stored=stored, local=local)
        if refusal:
            return refusal
        if entry["name"] in seen:
            return errors.value(f"two tools are called '{entry['name']}'", f"{path}.name")
        seen.add(entry["name"])
    return None


def _tool(tool: Any, path: str, *, stored: bool, local: bool) -> Refusal | None:
    if not isinstance(tool, Mapping):
        return errors.shape(f"'{path}' must be an object", path)
    if "function" in tool:
        return errors.value(
            f"'{path}' must be flat: name, description, parameters, without 'function'", f"{path}.function"
        )
    kind = tool.get("type", "function" if stored else None)
    if kind != "function":
        return errors.value(f"'{path}.type' must be 'function'", f"{path}.type")
    name = tool.get("name")
    if not isinstance(name, str) or not name:
        return errors.value(f"'{path}.name' must be a non-empty string", f"{path}.name")
    if name in RESERVED:
        return errors.value(f"'{name}' is a name of the service's own", f"{path}.name")
    return _parts(tool, path) or (
        http_checks.target(tool["http"], f"{path}.http", local=local)
        if tool.get("http") is not None
        else None
    )


def _parts(tool: Mapping[str, Any], path: str) -> Refusal | None:
    description = tool.get("description")
    if description is not None and not isinstance(description, str):
        return errors.shape(f"'{path}.description' must be a string", f"{path}.description")
    parameters = tool.get("parameters")
    if parameters is not None:
        if not isinstance(parameters, Mapping):
            return errors.value(f"'{path}.parameters' must be an object", f"{path}.parameters")
        if not isinstance(parameters.get("properties", {}), Mapping):
            place = f"{path}.parameters.properties"
            return errors.value(f"'{place}' must be an object", place)
    if tool.get("execution_mode") is not None:
        refusal = checks.one_of(tool["execution_mode"], f"{path}.execution_mode", ("interactive", "hold"))
        if refusal:
            return refusal
    if tool.get("timeout_seconds") is not None:
        refusal = checks.number(tool["timeout_seconds"], f"{path}.timeout_seconds", 1, 300)
        if refusal:
            return refusal
    return _instructions(tool.get("response_instructions"), f"{path}.response_instructions")


def _instructions(value: Any, path: str) -> Refusal | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        return errors.shape(f"'{path}' must be an object", path)
    for key, entry in value.items():
        if key not in ("success", "error"):
            return errors.value(f"'{path}' takes 'success' and 'error' only, not '{key}'", f"{path}.{key}")
        refusal = None if entry is None else checks.text(entry, f"{path}.{key}", longest=500)
        if refusal:
            return refusal
    return None
