"""One tree of errors; each carries its facts as attributes and says its remedy.

    VoicenbError
    ├── InvalidConfiguration        an agent, a setting or an argument that cannot work (also a ValueError)
    │   └── ImmutableField          frozen once the session has begun
    ├── MalformedMessage            something on the wire that the contract does not allow (also a ValueError)
    ├── ServiceError                the service answered with an error (code, param, status)
    │   ├── Unauthorized            key or token refused
    │   └── ServiceUnreachable      no connection, or none any more
    ├── SessionNotOpen              asked of a session that has not begun or has ended
    ├── WaitTimeout                 what was waited for did not come (also a TimeoutError)
    ├── AudioError                  sound that cannot be read, made or played (also a ValueError)
    │   └── UnspeakableText         text that the synthesiser cannot say
    ├── RecordingError              a recording that cannot be written or read
    ├── CassetteMismatch            a client that does something else than is on the cassette
    ├── ToolError                   a tool that cannot be offered or called
    ├── ExtractionError             a model's answer that is not what was asked for (also a ValueError)
    └── MissingExtra                an optional part is not installed (also an ImportError)

Messages are for people; the attributes are for programs.
"""

from __future__ import annotations

from typing import Any


class VoicenbError(Exception):
    """Base of all errors of voicenb.

    Args:
        message: what happened, with the facts.
        remedy: what the reader can do about it; shown behind the message.
        **facts: the facts once more, kept as attributes in ``facts``.
    """

    def __init__(self, message: str, *, remedy: str = "", **facts: Any) -> None:
        self.message = message
        self.remedy = remedy
        self.facts = facts
        super().__init__(f"{sentence(message)} {remedy}".strip() if remedy else message)


class InvalidConfiguration(VoicenbError, ValueError):
    """An agent, a setting or an argument that cannot work."""


class ImmutableField(InvalidConfiguration):
    """A field that cannot change after the session has begun; start a new session to change it."""


class MalformedMessage(VoicenbError, ValueError):
    """A message that the contract does not allow; ``facts["path"]`` names the place."""


class ServiceError(VoicenbError):
    """The service answered with an error.

    Attributes:
        code: the service's code in lower case, e.g. ``"invalid_value"``.
        param: the dotted path of the field at fault, or None.
        status: HTTP status or WebSocket close code, or None.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        param: str | None = None,
        status: int | None = None,
        remedy: str = "",
        **facts: Any,
    ) -> None:
        self.code = code.lower()
        self.param = param
        self.status = status
        super().__init__(message, remedy=remedy, code=self.code, param=param, status=status, **facts)


class Unauthorized(ServiceError):
    """The key or token was refused."""


class ServiceUnreachable(ServiceError):
    """No connection to the service, or the connection was lost."""


class SessionNotOpen(VoicenbError):
    """Asked of a session that has not begun or has already ended."""


class WaitTimeout(VoicenbError, TimeoutError):
    """What was waited for did not come in time."""


class AudioError(VoicenbError, ValueError):
    """Sound that cannot be read, made or played."""


class UnspeakableText(AudioError):
    """Text that the synthesiser cannot say."""


class CassetteMismatch(VoicenbError):
    """A client that does something else than is on the cassette: ``facts["expected"]``, ``["received"]``."""


class RecordingError(VoicenbError):
    """A recording that cannot be written or read."""


class ToolError(VoicenbError):
    """A tool that cannot be offered or called."""


class ExtractionError(VoicenbError, ValueError):
    """A language model's answer that is not what was asked for: ``facts["text"]``, ``facts["fault"]``."""


class MissingExtra(VoicenbError, ImportError):
    """An optional part of voicenb is not installed; the remedy is the command that brings it."""


def sentence(text: str) -> str:
    """A text that ends as a sentence does, so that another can stand behind it."""
    return text if not text or text.rstrip().endswith((".", "!", "?", "…", ":")) else f"{text.rstrip()}."


def how_to_install(extra: str) -> str:
    """The command that brings an extra; also for who has installed voicenb from a clone."""
    return f'pip install "voicenb[{extra}]" (in a clone: pip install ".[{extra}]")'
