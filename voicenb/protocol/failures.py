"""Error codes of the service, as errors of voicenb that say their remedy."""

from __future__ import annotations

from typing import Any

from voicenb.errors import ServiceError, Unauthorized

FATAL = frozenset(
    {
        "unauthorized",
        "forbidden",
        "server_error",
        "at_capacity",
        "concurrency_exceeded",
        "session_not_found",
        "session_forbidden",
        "session_expired",
        "agent_not_found",
        "agent_init_failed",
        "agent_timeout",
        "internal_error",
    }
)
"""Codes that end a session."""

FATAL_IF_FIRST = frozenset({"invalid_value", "invalid_config", "agent_id_not_first", "invalid_webhook"})
"""Codes with which the service ends a session when they answer its first message."""

RETRYABLE = frozenset({"at_capacity", "concurrency_exceeded", "internal_error"})
"""Codes after which a new attempt, with back-off, may succeed."""

UNAUTHORIZED = frozenset({"unauthorized", "forbidden", "missing_authorization", "session_forbidden"})
"""Codes that say that a key or token was refused."""

_REMEDIES = {
    "unauthorized": "Check the API key (ASSEMBLYAI_API_KEY); mint temporary tokens right before connecting.",
    "missing_authorization": "Set ASSEMBLYAI_API_KEY or pass key=.",
    "forbidden": "This key may not use the Voice Agent API.",
    "at_capacity": "Try again in a moment.",
    "concurrency_exceeded": "End another session first, or try again in a moment.",
    "server_error": "Try again in a moment.",
    "auth_service_unavailable": "Try again in a moment.",
    "session_not_found": "Start a new session; one of the history is on the host that held it.",
    "session_forbidden": "It belongs to another account: use the key that began it.",
    "session_expired": "Start a new session.",
    "agent_not_found": "Agents belong to one host: create and use them on the same host or region.",
    "invalid_format": "Correct the setting that is named; see vn.Agent for what each of them takes.",
    "invalid_value": "Correct the setting that is named; see vn.Agent for what each of them takes.",
    "invalid_config": "Correct the agent's settings; see vn.Agent for what each of them takes.",
    "immutable_field": "Set it in the agent before the session starts.",
    "agent_id_not_first": "Bind a stored agent in the first message, without other settings.",
    "audio_rate_violation": "Send audio at real-time pace.",
    "invalid_audio": "Send raw PCM16, mono, 24 kHz, without a WAV header.",
    "internal_error": "Try again; if it stays, report the session id to the service.",
    "agent_timeout": "Try again; if it stays, report the session id to the service.",
    "agent_init_failed": "Look the stored agent over (its tools, its own language model), and try again.",
    "validation_error": "Correct the field that is named; nothing was changed.",
    "webhook_subscription_not_found": "hosted.webhooks() lists those that there are, on this host.",
    "webhook_subscription_already_exists": "Change that one: hosted.change_webhook(…).",
}

_IN_A_SESSION = {
    "agent_not_found": (
        "A text in an agent's place is the id of a stored one; an agent of your own is vn.Agent(name=…)."
    ),
}
"""What else may be behind a code where a session is asked for, and not the REST interface."""

_BY_STATUS = {
    **dict.fromkeys(
        (301, 302, 303, 307, 308),
        "The host sends requests on to another address, which is not followed with a key: name that one in "
        "host=, with https.",
    ),
    404: "Is the host right, and the id?",
    429: "Too much was asked at once; try again in a moment.",
    **dict.fromkeys(
        (500, 502, 504),
        "The fault is the service's: try again in a moment; if it stays, report it with its time and the id "
        "of the request.",
    ),
    503: "Try again in a moment.",
}
"""What to do about an HTTP status where no code says more."""


def is_fatal(code: str, *, first: bool) -> bool:
    """Whether a session ends with an error of this code; ``first``: before ``session.ready``."""
    code = code.lower()
    return code in FATAL or (first and code in FATAL_IF_FIRST)


def service_error(
    code: str,
    message: str,
    *,
    param: str | None = None,
    status: int | None = None,
    remedy: str = "",
    **facts: Any,
) -> ServiceError:
    """An error of the service as the exception that fits its code (compared without regard to case).

    Args:
        code: the service's code.
        message: its words.
        param: the dotted path of the field at fault.
        status: HTTP status or close code.
        remedy: what to do about a code that no better remedy is known for.
        **facts: more facts.
    """
    code = code.lower()
    kind = Unauthorized if code in UNAUTHORIZED or status == 401 else ServiceError
    more = "" if status is not None and 400 <= status < 600 else _IN_A_SESSION.get(code, "")
    remedy = f"{_REMEDIES.get(code, remedy)} {more}".strip() or _BY_STATUS.get(status or 0, "")
    text = message or code or "the service reported an error without a word"
    if param and param not in text:
        bare = text.removesuffix(".")
        text = f"{bare} ({param}){'.' if bare != text else ''}"
    if (
        kind is Unauthorized and code == "unauthorized"
    ):  # else whoever sees no key in its words looks elsewhere
        text = f"The service refused the key: {text.rstrip('.')}."
    return kind(text, code=code, param=param, status=status, remedy=remedy, **facts)
