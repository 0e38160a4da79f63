"""What the REST interface answers, in both of its envelopes, as values or errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voicenb.errors import ServiceError
from voicenb.protocol.failures import service_error

if TYPE_CHECKING:
    import httpx


def body_of(response: httpx.Response) -> Any:
    """The body of a good answer; None where there is none.

    Raises:
        ServiceError: the service refused, or answered with something that is not JSON.
    """
    if response.is_success:
        if not response.content:
            return None
        try:
            return response.json()
        except ValueError:
            raise ServiceError(
                f"The service answered {_place(response)} with something that is not JSON.",
                status=response.status_code,
                remedy="Is the host right?",
            ) from None
    raise error_of(response)


def error_of(response: httpx.Response) -> ServiceError:
    """A refusal as an error; it carries the service's code, the field at fault and the request's id."""
    status = response.status_code
    try:
        body = response.json()
    except ValueError:
        body = {}
    code, text, param = _read(body if isinstance(body, dict) else {})
    if _is_bad_key(status, text):
        code = "unauthorized"
    request_id = (body.get("request_id") if isinstance(body, dict) else None) or response.headers.get(
        "X-Request-Id"
    )
    told = text or response.text[:200].strip() or response.reason_phrase
    message = f"{_place(response)} was refused with {status}: {told}"
    return service_error(code, message, param=param, status=status, request_id=request_id)


def _read(body: dict[str, Any]) -> tuple[str, str, str | None]:
    """Code, text, parameter of ``{code, message, param}``, ``{error, code, details}`` or ``{detail}``."""
    code, param = str(body.get("code") or ""), body.get("param")
    text = body.get("message") or body.get("error") or ""
    more = body.get("errors") or body.get("details") or body.get("detail")
    if isinstance(more, str) and not text:
        text = more
    elif isinstance(more, list):
        parts = [_one(entry) for entry in more if isinstance(entry, dict)]
        param = param or next((place for place, _ in parts if place), None)
        told = "; ".join(f"{place}: {what}" if place else what for place, what in parts)
        text = f"{text} ({told})" if text and told else text or told
    return code, str(text), param


def _one(entry: dict[str, Any]) -> tuple[str, str]:
    loc = [str(part) for part in entry.get("loc") or () if part not in ("body", "query")]
    place = str(entry.get("param") or ".".join(loc))
    return place, str(entry.get("message") or entry.get("msg") or "")


def _is_bad_key(status: int, text: str) -> bool:
    # The token endpoint was seen to answer a bad key with 404 and a missing header with 422.
    lower = text.lower()
    return status in (401, 403) or "invalid api key" in lower or (status == 422 and "authorization" in lower)


def _place(response: httpx.Response) -> str:
    return f"{response.request.method} {response.request.url.path}"
