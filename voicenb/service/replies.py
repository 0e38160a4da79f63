"""What the REST interface answers, in both of its envelopes, as values or errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voicenb.errors import ServiceError
from voicenb.protocol.failures import UNAUTHORIZED, service_error
from voicenb.service.key import without_key

if TYPE_CHECKING:
    import httpx


NO_API = "no_api"
"""The code of an answer that no API gives."""

_MISSING = {
    "agent not found": "agent_not_found",
    "session not found": "session_not_found",
    "subscription not found": "webhook_subscription_not_found",
}
"""What older hosts say in words only, and its code."""


def body_of(response: httpx.Response, *secrets: str) -> Any:
    """The body of a good answer; None where there is none.

    Args:
        response: the answer.
        *secrets: the API key and what else must not be shown; taken out of a refusal's words.

    Raises:
        ServiceError: the service refused, or answered with something that is not JSON.
    """
    if response.is_success:
        if not response.content:
            return None
        try:
            return response.json()
        except ValueError:
            if _is_page(response):
                raise _no_api(response, *secrets) from None
            raise ServiceError(
                f"The service answered {_place(response)} with something that is not JSON.",
                status=response.status_code,
                remedy="Is the host right?",
            ) from None
    raise error_of(response, *secrets)


def error_of(response: httpx.Response, *secrets: str) -> ServiceError:
    """A refusal as an error; it carries the service's code, the field at fault and the request's id."""
    status = response.status_code
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        body = {}
    code, text, param = _read(body)
    if code.lower() not in UNAUTHORIZED and _is_bad_key(status, code, text):
        code = "unauthorized"
    code = code or (_missing(text) if status == 404 else "")
    if not body and _is_page(response):
        if code.lower() not in UNAUTHORIZED and status < 500 and status != 429:
            return _no_api(response, *secrets)
        text = f"{response.reason_phrase or 'no reason'} (told in a web page)"  # of something in front of it
    request_id = body.get("request_id") or response.headers.get("X-Request-Id")
    told = text or response.text.strip() or response.reason_phrase
    place = _place(response)
    for secret in secrets:
        place, told = without_key(place, secret), without_key(told, secret)
    if not text:
        told = told[:200].strip()
    message = f"{place} was refused with {status}: {told}"
    return service_error(code, message, param=param, status=status, request_id=request_id)


def _read(body: dict[str, Any]) -> tuple[str, str, str | None]:
    """Code, text, parameter of ``{code, message, param}``, ``{error, code, details}`` or ``{detail}``."""
    error = body.get("error")
    if isinstance(error, dict):
        return _read({**body, **error, "error": None})
    detail = body.get("detail")
    if isinstance(detail, dict) and "code" not in body and isinstance(detail.get("code"), str):
        return _read({**body, **detail, "detail": None})
    code, param = body.get("code"), body.get("param")
    parts = _parts(body.get("errors") or body.get("details") or body.get("detail"))
    param = param or next((place for place, _ in parts if place), None)
    text = str(body.get("message") or error or "")
    news = [(place, what) for place, what in parts if what not in text]
    more = "; ".join(f"{place}: {what}" if place else what for place, what in news)
    if more:
        text = f"{text} ({more})" if text else more
    # A number is the status once more.
    return code if isinstance(code, str) else "", text, None if param is None else str(param)


def _parts(details: Any) -> list[tuple[str, str]]:
    """What is said in detail: places and what is wrong there."""
    match details:
        case None | "":
            return []
        case dict():
            return [(str(place), str(what)) for place, what in details.items()]
        case list():
            return [_part(each) for each in details]
        case _:
            return [("", str(details))]


def _part(detail: Any) -> tuple[str, str]:
    if not isinstance(detail, dict):
        return "", str(detail)
    loc = detail.get("loc")
    steps = loc if isinstance(loc, list) else []
    path = [loc] if isinstance(loc, str) else [str(part) for part in steps if part not in ("body", "query")]
    return str(detail.get("param") or ".".join(path)), str(detail.get("message") or detail.get("msg") or "")


def _is_bad_key(status: int, code: str, text: str) -> bool:
    # The token endpoint was seen to answer a bad key with 404 and a missing header with 422. A code of the
    # service's says more than the status.
    lower = text.lower()
    by_words = "invalid api key" in lower or (status == 422 and "authorization" in lower)
    return by_words or (status in (401, 403) and not code)


def _is_page(response: httpx.Response) -> bool:
    """Whether somebody's web page came."""
    begins = response.text[:100].lstrip().lower()
    kind = response.headers.get("Content-Type", "")
    return "html" in kind or begins.startswith(("<!doctype html", "<html"))


def _no_api(response: httpx.Response, *secrets: str) -> ServiceError:
    """What was asked is a web server; what stands on its page is nobody's answer."""
    place = _place(response)
    for secret in secrets:
        place = without_key(place, secret)
    return ServiceError(
        f"{place} was answered with a web page ({response.status_code}): this is no Voice Agent API.",
        code=NO_API,
        status=response.status_code,
        remedy="Is the host right? vn.Hosted() without host= asks the service itself.",
    )


def _missing(text: str) -> str:
    """The code of what there is not, where a service gives words only; an address that is none has none."""
    lower = text.lower()
    return next((code for words, code in _MISSING.items() if words in lower), "")


def _place(response: httpx.Response) -> str:
    return f"{response.request.method} {response.request.url.path}"
