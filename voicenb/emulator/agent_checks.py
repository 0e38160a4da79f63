"""What a stored agent may be, and what a change of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from voicenb.emulator import checks, errors, http_checks, tool_checks
from voicenb.emulator.errors import Refusal
from voicenb.emulator.profiles import Profile

FIELDS = (
    "name", "system_prompt", "voice", "greeting", "tools", "input", "output", "llm", "pre_connect_requests",
    "transfer_targets", "outbound_trunk_id", "caller_id",
)  # fmt: skip
REQUIRED = ("name", "system_prompt", "voice")

MOST_PRE_CONNECT_REQUESTS = 2
LONGEST_PRE_CONNECT = 800
"""Milliseconds."""


_Entry = Callable[[Mapping[str, Any], str], Refusal | None]
"""Given an object of a list and its path."""


def creation(body: Any, profile: Profile, *, local: bool) -> Refusal | None:
    """What is wrong with the body of a ``POST``.

    Args:
        body: as it came.
        profile: which voices there are.
        local: whether the service may call addresses of this machine and of private networks.
    """
    return _fields(body, REQUIRED) or _values(body, profile, local)


def change(body: Any, profile: Profile, *, local: bool) -> Refusal | None:
    """The same of a ``PUT``, where nothing is required."""
    return _fields(body, ()) or _values(body, profile, local)


def _fields(body: Any, required: tuple[str, ...]) -> Refusal | None:
    if not isinstance(body, Mapping):
        return errors.value("the body must be a JSON object", None)
    for key in body:
        if key not in FIELDS:
            return errors.value(f"'{key}' is not a field of an agent", key)
    for key in required:
        if body.get(key) in (None, ""):
            return errors.value(f"'{key}' is required", key)
    return None


def _values(body: Mapping[str, Any], profile: Profile, local: bool) -> Refusal | None:
    def one_of_a_list(check: Callable[[Mapping[str, Any], str, bool], Refusal | None]) -> _Entry:
        return lambda entry, path: check(entry, path, local)

    return (
        _texts(body)
        or (_voice(body["voice"], profile) if "voice" in body else None)
        or _set(body, "tools", lambda value: tool_checks.tools(value, stored=True, local=local))
        or _set(body, "input", checks.input_fields)
        or _set(body, "output", lambda value: checks.output_fields(value, profile.stored_voices))
        or _list(body, "llm", one_of_a_list(_endpoint), 1)
        or _list(body, "pre_connect_requests", one_of_a_list(_pre_connect_request), MOST_PRE_CONNECT_REQUESTS)
        or _list(body, "transfer_targets", _transfer_target)
    )


def _texts(body: Mapping[str, Any]) -> Refusal | None:
    for key in ("name", "system_prompt"):
        if key in body and (not isinstance(body[key], str) or not body[key]):
            return errors.value(f"'{key}' must be a non-empty string", key)
    for key in ("greeting", "outbound_trunk_id", "caller_id"):
        if body.get(key) is not None and not isinstance(body[key], str):
            return errors.value(f"'{key}' must be a string", key)
    return None


def _set(body: Mapping[str, Any], key: str, check: Callable[[Any], Refusal | None]) -> Refusal | None:
    """What is wrong with a field that may be left out, or null."""
    return None if body.get(key) is None else check(body[key])


def _voice(value: Any, profile: Profile) -> Refusal | None:
    # A bare string stands in one older example.
    name = value.get("voice_id") if isinstance(value, Mapping) else value
    return checks.one_of(name, "voice.voice_id", profile.stored_voices)


def _list(body: Mapping[str, Any], key: str, check: _Entry, most: int | None = None) -> Refusal | None:
    """A list of objects, or null."""
    value = body.get(key)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
        return errors.value(f"'{key}' must be a list of objects", key)
    if most is not None and len(value) > most:
        return errors.value(f"'{key}' must have at most {most} entries, not {len(value)}", key)
    return next((wrong for n, entry in enumerate(value) if (wrong := check(entry, f"{key}[{n}]"))), None)


def _endpoint(entry: Mapping[str, Any], path: str, local: bool) -> Refusal | None:
    """A language model of the agent's own."""
    for key in ("base_url", "model", "api_key"):
        given = entry.get(key, "…" if key == "api_key" else None)
        if not isinstance(given, str) or not given:
            return errors.value(f"'{path}.{key}' must be a non-empty string", f"{path}.{key}")
    if not entry.get("api_key", "").isprintable():
        return errors.value(f"'{path}.api_key' has control characters", f"{path}.api_key")
    return checks.address(entry["base_url"], f"{path}.base_url", local=local)


def _pre_connect_request(entry: Mapping[str, Any], path: str, local: bool) -> Refusal | None:
    refusal = http_checks.target(entry.get("http"), f"{path}.http", local=local)
    if refusal is None and entry.get("timeout_ms") is not None:
        refusal = checks.integer(entry["timeout_ms"], f"{path}.timeout_ms", 1, LONGEST_PRE_CONNECT)
    return refusal


def _transfer_target(entry: Mapping[str, Any], path: str) -> Refusal | None:
    return checks.text(entry.get("name"), f"{path}.name") or checks.one_of(
        entry.get("kind"), f"{path}.kind", ("human", "agent")
    )
