"""What must never be written: keys, tokens, headers, and whatever else opens a door."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec

MASK = "[redacted]"
"""Stands where a secret stood."""

KEY_VARIABLE = "ASSEMBLYAI_API_KEY"

_NAMES = frozenset(
    {
        "accesstoken",
        "apikey",
        "authorization",
        "clientsecret",
        "credentials",
        "password",
        "resumetoken",
        "secret",
        "signingsecret",
        "token",
        "webhookauthheadervalue",
        "xapikey",
    }
)
# What the agent and the tools say to each other is content, whatever its fields are called.
_CONTENT = frozenset({"arguments", "result", "parameters"})
_SHORTEST = 6
# Logins inside a text: in an address, in an error's message.
_SIGNS = (b"token=", b"key=", b"Bearer ")
_IN_TEXT = re.compile(rb"""((?<![a-z])(?:[a-z_]*token|(?:api_?)?key)=|Bearer )[^&"\\\s]+""")


class Redaction:
    """Takes secrets out of what is about to be written: by the name of their field, and by their text.

    Args:
        secrets: texts that must not appear anywhere; those of fewer than six characters are left alone, as
            they would hit words. The API key in the environment is always among them.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {*secrets, os.environ.get(KEY_VARIABLE, "")}
        # As they look inside JSON text, the longest first: one may be part of another.
        texts = {msgspec.json.encode(text)[1:-1] for text in known if len(text) >= _SHORTEST}
        self._texts = sorted(texts, key=lambda text: (-len(text), text))

    def encode(self, value: Any) -> bytes:
        """JSON of ``value`` without secrets, on one line."""
        line = msgspec.json.encode(_without(value))
        for text in self._texts:
            if text in line:
                line = line.replace(text, MASK.encode())
        if any(sign in line for sign in _SIGNS):
            line = _IN_TEXT.sub(rb"\1" + MASK.encode(), line)
        return line


def _without(value: Any) -> Any:
    if isinstance(value, str | float | int):
        return value
    match value:
        case dict():
            return {key: _field(str(key), item) for key, item in value.items()}
        case list() | tuple():
            return [_without(item) for item in value]
        case bytes() | bytearray() | memoryview():
            return MASK  # sound has its own files
        case _:
            return value


def _field(name: str, value: Any) -> Any:
    if name in _CONTENT:
        return value
    return _hidden(value) if _is_secret(name) else _without(value)


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    plain = "".join(c for c in name.lower() if c.isalnum())
    return plain in _NAMES or plain.startswith("headers")


def _hidden(value: Any) -> Any:
    """``value`` with its texts masked; names of headers stay, and nothing stays nothing."""
    match value:
        case dict():
            return {key: item if key == "name" else _hidden(item) for key, item in value.items()}
        case list() | tuple():
            return [_hidden(item) for item in value]
        case None | "" | bool():
            return value
        case _:
            return MASK
