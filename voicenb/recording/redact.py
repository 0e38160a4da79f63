"""What must never be written: keys, tokens, headers, and whatever else opens a door."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

MASK = "[redacted]"
"""Stands where a secret stood."""

KEY_VARIABLE = "ASSEMBLYAI_API_KEY"

_KINDS = (
    "accesskey",
    "apikey",
    "authheadervalue",
    "authkey",
    "authorization",
    "credentials",
    "functionskey",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "secret",
    "token",
)
"""Ends of the names of fields that hold one, whatever it is for."""

# What is said, and what somebody is told to say, is content, whatever words are in it.
_SPOKEN = frozenset(
    {
        "arguments",
        "delta",
        "description",
        "greeting",
        "instructions",
        "keyterms",
        "microphone",
        "name",
        "parameters",
        "result",
        "systemprompt",
        "text",
        "transcriptionprompt",
    }
)
_SHORTEST = 6
UNMISTAKABLE = 16
"""Characters from which on a secret is no word that somebody might say."""

# Logins inside a text: in an address, a header, an error's message. Signs first, for most texts have none.
_SIGNS = (
    *("token=", "key=", "secret=", "passw", "passphrase=", "pwd=", "sig=", "signature=", "code="),
    *("-key", "-token", "-secret", "authorization", "bearer ", "basic ", "://"),
)
_IN_TEXT = re.compile(
    r"""(
        (?<![a-z_])[a-z_]*(?:token|secret|password|passwd|passphrase)=
        |(?<![a-z])(?:
            (?:(?:access|account|api|auth|functions|private|shared)_?)?key
            |pwd|sig|signature
        )=
        |(?<=[?&])code=                 # elsewhere it tells of an error
        |(?<![a-z-])[a-z]+(?:-[a-z]+)*-(?:key|token|secret|password)['"]?:[ ]?['"]?
        |bearer[ ]
        |basic[ ](?=[a-z\d+/]{6})(?=[a-z+/]*\d|(?-i:[A-Za-z+/]*[a-z+/][A-Z])|[a-z\d+/]+=)
    )(?!…)[^&"\\\s]+              # dots stand where a remedy leaves room for one
    """,
    re.IGNORECASE | re.VERBOSE,
)
_IN_HEADER = re.compile(
    r"""(authorization['"]?\s*[:=]\s*['"]?(?:(?:basic|bearer|digest|negotiate|token)[ ])?).+""", re.IGNORECASE
)
_IN_ADDRESS = re.compile(r"""://[^/?#@"\\\s]+@""")


class Redaction:
    """Takes secrets out of what is about to be written: by the name of their field, and by their text.

    What people, agent and tools say to each other, and what they are told to say, loses nothing but a secret
    of sixteen characters or more. In everything else (addresses, errors, logs) shorter secrets are masked as
    well, and what looks like a login.

    Args:
        secrets: texts that must not appear; those of fewer than six characters are left alone, as they would
            hit words. The API key in the environment is always among them.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {*secrets, os.environ.get(KEY_VARIABLE, "").strip()}
        # The longest first: one may be part of another.
        ordered = sorted((text for text in known if len(text) >= _SHORTEST), key=lambda t: (-len(t), t))
        self._secrets = ordered
        self._words = [text for text in ordered if len(text) < UNMISTAKABLE]
        # As they look inside JSON text.
        self._keys = [msgspec.json.encode(text)[1:-1] for text in ordered if len(text) >= UNMISTAKABLE]

    def text(self, text: str) -> str:
        """``text``, which nobody said, without secrets: an error's words, a line of a log."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return self._text(text)

    def encode(self, value: Mapping[str, Any]) -> bytes:
        """JSON of ``value`` (an event, or what ``session.json`` says) without secrets, on one line."""
        # The text of a log is nobody's speech.
        plain = value.get("type") == "log" and value.get("dir") == "local"
        line = msgspec.json.encode(self._without(value, logged=plain))
        for key in self._keys:
            if key in line:
                line = line.replace(key, MASK.encode())
        return line

    def cleared(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """A ``session`` object, or an echo of one, without secrets: those of fields, and logins in texts."""
        told: dict[str, Any] = self._without(dict(value), logged=False)
        return told

    def _without(self, value: Any, *, logged: bool) -> Any:
        match value:
            case str():
                return self._text(value)
            case dict():
                return {key: self._field(str(key), item, logged) for key, item in value.items()}
            case list() | tuple():
                return [self._without(item, logged=logged) for item in value]
            case bytes() | bytearray() | memoryview():
                return MASK  # sound has its own files
            case _:
                return value

    def _field(self, name: str, value: Any, logged: bool) -> Any:
        plain = _plain(name)
        if plain in _SPOKEN and not (logged and plain == "text"):
            return value
        if plain.endswith(_KINDS) or plain.startswith("headers"):
            return _hidden(value)
        return self._without(value, logged=logged)

    def _text(self, text: str) -> str:
        for word in self._words:
            if word in text:
                text = text.replace(word, MASK)
        lower = text.lower()
        if any(sign in lower for sign in _SIGNS):
            text = _IN_HEADER.sub(rf"\1{MASK}", text)
            text = _IN_TEXT.sub(rf"\1{MASK}", text)
            text = _IN_ADDRESS.sub(f"://{MASK}@", text)
        return text


@lru_cache(maxsize=1024)
def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


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
