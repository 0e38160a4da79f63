"""What a client's frame is, found out by another parser and from the contract, not by the codec."""

from __future__ import annotations

import json
import re
from typing import Any

BASE64 = re.compile("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")

REQUIRED: dict[str, dict[str, type]] = {
    "session.update": {"session": dict},
    "session.resume": {"session_id": str},
    "session.end": {},
    "input.audio": {"audio": str},
    "tool.result": {"call_id": str, "result": str},
    "reply.create": {},
    "conversation.message": {"role": str, "content": str},
}
"""What a client's messages cannot do without (section 6 of the contract)."""


def read(frame: str | bytes) -> Any:
    """The frame's JSON as another parser reads it; a ValueError where it is none."""

    def refuse(text: str) -> None:
        raise ValueError(text)

    return json.loads(frame if isinstance(frame, str) else frame.decode(), parse_constant=refuse)


def is_refused(wire: Any) -> bool:
    """Whether a client's JSON is surely not as the contract has it."""
    if not isinstance(wire, dict) or not isinstance(wire.get("type"), str) or wire["type"] not in REQUIRED:
        return True
    return any(not isinstance(wire.get(key), kind) for key, kind in REQUIRED[wire["type"]].items())


def is_odd(value: Any) -> bool:
    """Whether JSON holds what parsers part over: half a character, a number without end, a great depth."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (ValueError, RecursionError):
        return True
    return text.count("[") + text.count("{") > 100


def has_no_sound(wire: Any) -> bool:
    """Whether the audio of a message is no base64."""
    return wire.get("type") == "input.audio" and not BASE64.fullmatch(wire["audio"])
