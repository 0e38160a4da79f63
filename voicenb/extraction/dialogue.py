"""What was said in a call, as text for a language model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from voicenb.errors import InvalidConfiguration
from voicenb.protocol.lines import Line

_CALLED = {"user": "Caller", "caller": "Caller", "agent": "Agent", "assistant": "Agent"}


def dialogue(call: Any) -> str:
    """A call as a text of lines, each with who said it. Of the agent's words only those that were heard.

    Args:
        call: a recording or session, or whatever else has a ``transcript``; or lines: those of a transcript,
            or pairs of ``"user"`` or ``"agent"`` and a text.

    Raises:
        InvalidConfiguration: it is none of these, or nothing was said in it.
    """
    lines = getattr(call, "transcript", call)
    if isinstance(lines, str | Mapping) or not isinstance(lines, Iterable):
        raise _no_call(call)
    text = "\n".join(f"{who}: {said}" for who, said in map(_line, lines) if said)
    if not text:
        raise InvalidConfiguration("Nothing was said in this call, so there is nothing to extract.")
    return text


def _line(line: Any) -> tuple[str, str]:
    match line:
        case Line(role="agent"):
            return "Agent", _plain(line.heard)
        case Line():
            return "Caller", _plain(line.text)
        case (str(role), str(text)) if role.lower() in _CALLED:
            return _CALLED[role.lower()], _plain(text)
        case _:
            raise _no_call(line)


def _plain(text: str) -> str:
    """In one line, and without halves of characters, which no request can hold."""
    return " ".join(text.split()).encode("utf-8", "replace").decode("utf-8")


def _no_call(value: Any) -> InvalidConfiguration:
    return InvalidConfiguration(
        f"extract takes a recording or lines, not {type(value).__name__}.",
        remedy='Pass vn.load("calls/lido"), a session, its transcript, or pairs like ("user", "Hello?").',
        param="call",
    )
