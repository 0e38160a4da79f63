"""JSON as text, whatever a client, a model or a file has put into the strings."""

from __future__ import annotations

import json
from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode


def json_text(value: Any) -> str:
    """The JSON of a value; halves of characters, which UTF-8 does not have, are escaped."""
    try:
        return _encode(value).decode()
    except UnicodeEncodeError:
        return json.dumps(value)
