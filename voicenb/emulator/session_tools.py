"""A session's tools: complete, as its client is told of them, and which of them a session cannot have."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from voicenb.emulator import errors
from voicenb.emulator.checks import JSONObject
from voicenb.emulator.errors import Refusal
from voicenb.emulator.headers import merge_headers

_DEFAULTS: JSONObject = {
    "description": "",
    "parameters": {},
    "timeout_seconds": 120,
    "execution_mode": "interactive",
    "http": None,
    "response_instructions": None,
    "deployment_id": None,
    "session_update": None,
    "image_tag": None,
}

FIELDS = tuple(_DEFAULTS)
"""The fields of a tool beside ``type`` and ``name``."""


def complete(tool: Mapping[str, Any]) -> JSONObject:
    """A tool with every field of the echo."""
    given = {key: value for key, value in tool.items() if value is not None}
    return {"type": "function", **copy.deepcopy(_DEFAULTS), **copy.deepcopy(given)}


def written(tools: Sequence[JSONObject], before: Sequence[JSONObject]) -> list[JSONObject]:
    """Tools as an update has them, with their HTTP headers in the form in which a store keeps them.

    Args:
        tools: of the update, checked.
        before: those that they replace: a header whose value is left out, or masked, keeps the one it had.
    """
    kept = {tool["name"]: (tool.get("http") or {}).get("headers") for tool in before}
    return [
        {**tool, "http": _with_headers(tool["http"], kept.get(tool["name"]))} if tool.get("http") else tool
        for tool in tools
    ]


def _with_headers(http: JSONObject, kept: JSONObject | None) -> JSONObject:
    return {**http, "headers": merge_headers(kept, http.get("headers"), "")}


def echoed(tool: JSONObject) -> JSONObject:
    """A tool as a client, or a brain, is told of it: nothing of its headers."""
    target = tool.get("http")
    if target is None:
        return tool
    hidden = {"headers_ciphertext": "", "headers_encrypted_data_key": "", "headers_kms_key_id": ""}
    http = {"url": target["url"], "method": target.get("http_method") or "POST", **hidden}
    return {**tool, "http": http}


def telephone_only(tools: Sequence[JSONObject]) -> Refusal | None:
    """A tool whose arguments are dialled: there is no keypad on a socket."""
    for index, tool in enumerate(tools):
        if tool.get("dtmf_collected_arguments"):
            path = f"tools[{index}].dtmf_collected_arguments"
            return errors.value(f"'{path}' works on the telephone only", path)
    return None
