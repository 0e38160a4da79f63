"""Asking the REST interface: one request, a list in pages, a file behind a link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from voicenb.errors import InvalidConfiguration, ServiceError, ServiceUnreachable, Unauthorized
from voicenb.loopback import is_loopback
from voicenb.service import wire as read
from voicenb.service.place import HOSTS, Place
from voicenb.service.replies import body_of, error_of
from voicenb.service.retries import Retries

if TYPE_CHECKING:
    import httpx

REPEATABLE = frozenset({"GET", "PUT", "DELETE"})
"""Methods that may be sent again where nobody knows whether the first one did its work."""

Query = Mapping[str, str | int | None]


class Rest:
    """The REST interface at one place, with one key.

    Args:
        place: where it is.
        key: goes into the header of every request to it, and nowhere else.
        timeout: seconds to wait for an answer.
        retries: when to ask again.
        scheme: stands before the key in the header, e.g. ``"Bearer"``; the service takes it without.
    """

    def __init__(self, place: Place, *, key: str, timeout: float, retries: Retries, scheme: str = "") -> None:
        self.place = place
        self._key = key
        self._headers = {"Authorization": f"{scheme} {key}".strip()} if key else {}
        self._timeout = timeout
        self._retries = retries

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Mapping[str, Any] | None = None,
        secrets: Iterable[str] = (),
        again: bool | None = None,
    ) -> Any:
        """The body of the answer; None where it has none.

        Args:
            method: of the request.
            path: from ``/v1`` on.
            query: its parameters; those that are None are left out.
            body: sent as JSON.
            secrets: what of the body must not come back in the words of an error.
            again: whether it may be sent again where nobody knows what became of the first; by default by its
                method.

        Raises:
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        response = self._answer(
            method,
            f"{self.place.rest}{path}",
            path,
            again=method in REPEATABLE if again is None else again,
            params={name: value for name, value in (query or {}).items() if value is not None},
            json=body,
            headers=self._headers,
        )
        return body_of(response, self._key, *secrets)

    def pages(self, path: str, key: str, query: Query | None = None) -> Iterator[dict[str, Any]]:
        """The entries of a list, page by page as they are wanted.

        Args:
            path: of the list.
            key: what the entries are called. Older hosts answer with a bare list, all of it at once.
            query: what narrows it down.

        Raises:
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        cursor, seen = "", {""}
        while True:
            answer = self.ask("GET", path, query={**(query or {}), "cursor": cursor or None})
            whole = answer if isinstance(answer, dict) else {key: answer}
            yield from read.entries(whole, key)
            following = read.part(whole, "response_metadata").get("next_cursor")
            if not whole.get("has_more") or not isinstance(following, str) or following in seen:
                return
            seen.add(cursor := following)

    def file(self, url: str) -> bytes:
        """What is behind a signed link; the key is not for it.

        By http only what is on this machine is fetched, or at this very place, to which the key goes that way
        already.

        Raises:
            ServiceError: the link is not good any more, or leads nowhere.
            ServiceUnreachable: no answer.
        """
        parts = urlsplit(url)
        if parts.scheme != "https" and not (
            parts.scheme == "http" and (is_loopback(parts.hostname) or self.place.has(url))
        ):
            there = f" to {parts.scheme}://{parts.hostname}" if parts.hostname else ""
            raise ServiceError(
                f"A link of the service's leads out of the encrypted web{there}; it is not followed.",
                code="link_refused",
                remedy="By http a link may lead to this machine, or to the host and port that host= names: "
                "name the service as it calls itself in its links.",
            )
        response = self._answer("GET", url, "/…", again=True, follow_redirects=True)
        if response.is_success:
            return response.content
        error = error_of(response, parts.path)  # for an hour a link is as good as a key
        if isinstance(error, Unauthorized):  # the key had no part in it, and its words may quote the link
            status = response.status_code
            error = ServiceError(
                f"What is kept cannot be fetched: its link was refused with {status}.",
                code="link_refused",
                status=status,
                remedy="Ask for the session once more: a link is good for an hour.",
            )
        raise error

    # --- inside ---

    def _answer(self, method: str, url: str, shown: str, *, again: bool, **more: Any) -> httpx.Response:
        """The last answer: a good one, or one after which there is no further attempt.

        Args:
            method: of the request.
            url: with everything that must not be shown.
            shown: its path, in an error.
            again: whether it may be sent again where nobody knows what became of the first.
            **more: the library's.
        """
        import httpx

        attempt, unsure = 0, False
        trust_env = not is_loopback(urlsplit(url).hostname)  # no proxy has a say in what is on this machine
        while True:
            response, problem, dropped = None, "", False
            try:
                response = httpx.request(method, url, timeout=self._timeout, trust_env=trust_env, **more)
            except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
                problem = type(error).__name__  # its words may hold a header, or the login of a proxy
                dropped = isinstance(error, httpx.ReadError | httpx.WriteError | httpx.RemoteProtocolError)
            # Out here, so that what went wrong inside hangs on no exception of ours.
            if response is None:
                if not dropped or not self._retries.wait(attempt, None, "", None, again=again):
                    raise self._unreachable(method, url, shown, problem)
            elif unsure and method == "DELETE" and response.status_code == 404:
                return httpx.Response(204, request=response.request)  # an attempt before had done it
            elif response.is_success or not self._retries.wait(
                attempt,
                response.status_code,
                error_of(response).code,
                response.headers.get("Retry-After"),
                again=again,
            ):
                return response
            unsure = unsure or response is None or response.status_code >= 500
            attempt += 1

    def _unreachable(self, method: str, url: str, shown: str, problem: str) -> ServiceUnreachable:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]  # what stands before it is a login
        remedy = "Is the network up, and the host right?"
        if parts.scheme == "https" and self.place.has(url) and host not in HOSTS:
            remedy += f" A host without a scheme is one of https; for plain http write host='http://{host}'."
        there = self.place.shown if url.startswith(self.place.rest) else host  # which may have a path
        return ServiceUnreachable(
            f"{method} {parts.scheme}://{there}{shown} did not answer ({problem}).",
            code="unreachable",
            remedy=remedy,
            host=host,
        )

    def __repr__(self) -> str:
        return f"Rest({self.place.shown!r})"


def segment(identifier: str, what: str) -> str:
    """An identifier as a part of a path.

    Args:
        identifier: as the service gave it.
        what: how errors call it.

    Raises:
        InvalidConfiguration: it is none.
    """
    if not isinstance(identifier, str) or not identifier.strip(". "):
        raise InvalidConfiguration(f"{identifier!r} is no id of {what}.", param="id")
    return quote(identifier, safe="")
