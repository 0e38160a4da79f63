"""Where the service calls over HTTP by itself: which addresses, methods and headers that may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from voicenb.emulator import checks, errors
from voicenb.emulator.errors import Refusal

FIELDS = (
    "url", "http_method", "headers",
    "method", "headers_ciphertext", "headers_encrypted_data_key", "headers_kms_key_id",
)  # fmt: skip
"""The fields of an ``http`` object; the second line is how sessions tell them, and clients send that back."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")


def target(value: Any, path: str, *, local: bool) -> Refusal | None:
    """An ``http`` object.

    Args:
        value: as it was written.
        path: the field's name.
        local: whether an address of this machine or of a private network will do, also without encryption.
    """
    if not isinstance(value, Mapping):
        return errors.shape(f"'{path}' must be an object", path)
    url = value.get("url")
    refusal = checks.text(url, f"{path}.url", longest=2048) or checks.address(
        str(url), f"{path}.url", local=local
    )
    if refusal is None and value.get("http_method") is not None:
        refusal = checks.one_of(value["http_method"], f"{path}.http_method", METHODS)
    return refusal or _headers(value.get("headers"), f"{path}.headers")


def _headers(value: Any, path: str) -> Refusal | None:
    """A map of names to values, or a list of changes."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        if not all(isinstance(entry, str) for entry in value.values()):
            return errors.value(f"'{path}' must map names to strings", path)
        return next((wrong for name, text in value.items() if (wrong := _header(name, text, path))), None)
    if not isinstance(value, list):
        return errors.value(f"'{path}' must be an object or a list", path)
    return next((wrong for n, entry in enumerate(value) if (wrong := _change(entry, f"{path}[{n}]"))), None)


def _change(entry: Any, path: str) -> Refusal | None:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str) or not entry["name"]:
        return errors.value(f"'{path}' must be an object with a 'name'", path)
    if "value" in entry and entry.get("remove"):
        return errors.value(f"'{path}' has both 'value' and 'remove'", path)
    if not isinstance(entry.get("value", ""), str):
        return errors.value(f"'{path}.value' must be a string", f"{path}.value")
    return _header(entry["name"], entry.get("value", ""), path)


def _header(name: str, value: str, path: str) -> Refusal | None:
    """What no header can hold: a line break would begin another one. The value is not told again."""
    if not _NAME.fullmatch(name):
        return errors.value(f"{name[:50]!r} in '{path}' is no name of a header", path)
    if not _VALUE.fullmatch(value):
        return errors.value(f"the value of {name[:50]} in '{path}' has control characters", path)
    return None
