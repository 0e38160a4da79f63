"""Errors that travel: an error of the engine as a plain object, and back as the exception that it was."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from voicenb import errors
from voicenb.errors import ServiceError, VoicenbError
from voicenb.session.encodable import whole

if TYPE_CHECKING:
    from voicenb.recording.redact import Redaction

FAILURES = (Exception, SystemExit, asyncio.CancelledError)
"""What a function of the user's may raise and must not get past it; an interrupt is not its own."""


def is_own(error: BaseException) -> bool:
    """Whether code of the user's that was awaited raised this by itself.

    A cancellation of whoever awaits it, and an interrupt of the main thread, only pass through it.
    """
    match error:
        case asyncio.CancelledError():
            task = asyncio.current_task()
            return task is None or not task.cancelling()
        case KeyboardInterrupt():
            return threading.current_thread() is not threading.main_thread()
        case _:
            return isinstance(error, FAILURES)


def described(error: BaseException) -> str:
    """An error by its kind and its words, where it has any; never raises, and can be encoded."""
    try:
        words = whole(str(error))
    except Exception:
        words = ""
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


_PLAIN = str | int | float | bool | None


def to_wire(error: BaseException) -> dict[str, Any]:
    """An error as ``{kind, message, remedy, code, param, status, facts}``; of the facts the plain ones.

    It is published, shown and saved with the notebook, so what looks like a login is taken out of its words.
    """
    from voicenb.recording.redact import Redaction  # here: ``import voicenb`` stays light

    redaction = Redaction()
    return {key: _without(value, redaction) for key, value in _plainly(error).items()}


def _without(value: Any, redaction: Redaction) -> Any:
    match value:
        case str():
            return redaction.text(value)
        case dict():
            return {key: _without(item, redaction) for key, item in value.items()}
        case _:
            return value


def _plainly(error: BaseException) -> dict[str, Any]:
    if not isinstance(error, VoicenbError):
        text = described(error)
        return {
            "kind": "VoicenbError",
            "message": f"The session's engine failed: {text}.",
            "remedy": "",
            "code": "",
        }
    wire: dict[str, Any] = {
        "kind": type(error).__name__,
        "message": error.message,
        "remedy": error.remedy,
        "code": "",
    }
    if isinstance(error, ServiceError):
        wire |= {"code": error.code, "param": error.param, "status": error.status}
    facts = {
        key: value for key, value in error.facts.items() if key not in wire and isinstance(value, _PLAIN)
    }
    return wire | ({"facts": facts} if facts else {})


def from_wire(wire: Mapping[str, Any]) -> VoicenbError:
    """The exception that :func:`to_wire` was given; one of a kind that is not known comes as its base."""
    kind = getattr(errors, str(wire.get("kind") or ""), VoicenbError)
    if not (isinstance(kind, type) and issubclass(kind, VoicenbError)):
        kind = VoicenbError
    facts: dict[str, Any] = dict(wire.get("facts") or {})
    if issubclass(kind, ServiceError):
        facts |= {key: wire.get(key) for key in ("param", "status")} | {"code": str(wire.get("code") or "")}
    return kind(str(wire.get("message") or ""), remedy=str(wire.get("remedy") or ""), **facts)
