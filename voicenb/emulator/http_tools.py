"""HTTP tools of stored agents: called as the service calls them, by the server and not by its client."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from voicenb.emulator.checks import JSONObject
from voicenb.emulator.public_hosts import why_not_public

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)

LONGEST = 8 * 1024
"""Bytes of an answer that the model gets to read."""

USER_AGENT = "voicenb-emulator"
IN_THE_QUERY = ("GET", "DELETE")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call: a text for the model."""

    text: str
    is_error: bool = False


class HttpTools:
    """Calls them. Each call blocks: it belongs on a thread.

    Args:
        local: whether addresses of this machine and of private networks may be called; the service refuses
            them, and who tests a tool has nothing else.
    """

    def __init__(self, *, local: bool) -> None:
        self.local = local

    def call(self, http: JSONObject, arguments: Mapping[str, Any], timeout: float) -> Outcome:
        """Call one.

        GET and DELETE send the arguments in the query, the others as a JSON body. Redirects are not followed,
        and the answer is cut. What goes wrong is a sentence that the model can say something about; nothing
        is raised.

        Args:
            http: the tool's ``http`` as it is kept, with its headers' values.
            arguments: as the brain gave them.
            timeout: seconds for all of it.
        """
        import httpx

        url, method = str(http["url"]), str(http.get("http_method") or "POST")
        deadline = time.monotonic() + timeout  # on a thread of its own: the loop's clock is not at hand
        try:
            if not self.local and (hindrance := why_not_public(url)):
                return Outcome(f"The tool cannot be called: {hindrance}.", is_error=True)
            with (
                httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client,
                client.stream(method, url, **_request(http, method, arguments)) as response,
            ):
                body = _first(response, deadline)
                status = response.status_code
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
            # By its type: its words may hold the address, and that a login.
            log.info("The HTTP tool at %s failed: %s", _place(url), type(error).__name__)
            late = isinstance(error, httpx.TimeoutException | TimeoutError)
            why = "did not answer in time" if late else "could not be reached"
            return Outcome(f"The tool {why}.", is_error=True)
        if 200 <= status < 300:
            return Outcome(body)
        return Outcome(f"The tool failed (HTTP {status}){f': {body}' if body else '.'}", is_error=True)


def _request(http: JSONObject, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent, for httpx."""
    headers = {"User-Agent": USER_AGENT.encode(), **_headers(http)}
    if method in IN_THE_QUERY:
        return {"headers": headers, "params": _query(str(http["url"]), arguments)}
    return {"headers": headers, "json": dict(arguments)}


def _headers(http: JSONObject) -> dict[str, bytes]:
    kept = http.get("headers") or {}
    return {
        name: str(entry["value"]).encode()
        for name, entry in (kept.get("values") or {}).items()
        if "value" in entry
    }


def _query(url: str, arguments: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Those of the address, and behind them the arguments; without those that are null."""
    own = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return own + [(name, _as_text(value)) for name, value in arguments.items() if value is not None]


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _first(response: httpx.Response, deadline: float) -> str:
    """As much of an answer as is read; a letter that was cut in half is left out.

    Raises:
        TimeoutError: not all of it has come in time.
    """
    content = b""
    for piece in response.iter_bytes():
        content += piece
        if len(content) >= LONGEST:
            break
        if time.monotonic() > deadline:  # httpx counts for each piece anew
            raise TimeoutError
    try:
        return content[:LONGEST].decode(response.encoding or "utf-8", "ignore")
    except LookupError:  # what is named is no encoding of text
        return content[:LONGEST].decode("utf-8", "ignore")


def _place(url: str) -> str:
    """The address as a log may show it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that is none"
    return (parts.hostname or "") + parts.path
