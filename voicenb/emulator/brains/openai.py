"""A brain that is an OpenAI-compatible chat endpoint, streamed."""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import ssl
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from voicenb.emulator.brain import Call, Moment, Say
from voicenb.emulator.brains.completion import Completion, request
from voicenb.emulator.brains.endpoint import without_login
from voicenb.emulator.brains.sse import payloads
from voicenb.emulator.public_hosts import why_not_public
from voicenb.errors import ServiceError, ServiceUnreachable, Unauthorized
from voicenb.loopback import is_loopback

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
_log = logging.getLogger(__name__)

UNREACHABLE = "I'm sorry, my language model cannot be reached right now."
REFUSED = "I'm sorry, my language model refused my key."
SLOW = "I'm sorry, my language model takes too long to answer."
BROKEN = "I'm sorry, my language model gave me an answer that I cannot use. Could you say that again?"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds.

    Attributes:
        connect: for the connection.
        first: for the first byte of an answer.
        between: between two pieces of it.
        whole: for all of it; the time that the listener takes does not count.
    """

    connect: float = 5.0
    first: float = 15.0
    between: float = 10.0
    whole: float = 60.0


class OpenAIBrain:
    """Asks a chat-completions endpoint for every reply and gives its sentences as they come.

    An endpoint that fails, refuses or is slow is logged, and the caller hears an apology.

    Args:
        model: the model's name there.
        base_url: up to and with ``/v1``.
        api_key: sent as a bearer token; never shown or logged. Local servers need none.
        limits: how long to wait.
        name: what the panel calls it; ``openai:model`` by default.
        as_service: asks as the service asks the model that a stored agent brings: for the usage as well, and
            only at an address that anybody can reach, unless ``local``.
        local: whether the address may be on this machine or in a private network.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str = "https://api.openai.com/v1",
        api_key: str | None = None,
        limits: Limits | None = None,
        name: str | None = None,
        as_service: bool = False,
        local: bool = True,
    ) -> None:
        self.model = model
        self.base_url = base_url.rstrip("/")
        self._key = api_key
        self._limits = limits or Limits()
        self._name = name or f"openai:{model}"
        self._as_service, self._local = as_service, local

    def __repr__(self) -> str:
        return f"OpenAIBrain({self.model!r}, base_url={without_login(self.base_url)!r})"

    @property
    def name(self) -> str:
        """What the panel calls it, e.g. ``"openai:llama3"``."""
        return self._name

    async def answer(self, moment: Moment) -> AsyncGenerator[Say | Call, None]:
        """The reply; see :class:`voicenb.emulator.brain.Brain`. Closing it closes the connection."""
        apology = ""
        try:
            async with aclosing(self._ask(moment)) as parts:
                async for part in parts:
                    yield part
        except TimeoutError as error:
            apology = self._note(SLOW, error or "no answer in time")
        except Unauthorized as error:
            apology = self._note(REFUSED, error)
        except ServiceUnreachable as error:
            apology = self._note(UNREACHABLE, error)
        except ServiceError as error:
            apology = self._note(UNREACHABLE if error.status else BROKEN, error)
        if apology:
            yield Say(apology)

    def _note(self, apology: str, error: object) -> str:
        told = str(error).replace(self._key, "***") if self._key else str(error)
        _log.warning("%s at %s: %s", self.name, without_login(self.base_url), told)
        return apology

    async def _ask(self, moment: Moment) -> AsyncGenerator[Say | Call, None]:
        import httpx

        wait = _Patience(self._limits)
        if not self._local and (hindrance := await asyncio.to_thread(why_not_public, self.base_url)):
            raise ServiceUnreachable(f"It may not be asked: {hindrance}.")
        body = request(self.model, moment)
        if self._as_service:
            body["stream_options"] = {"include_usage": True}
        try:
            async with self._client() as client:
                post = client.build_request("POST", f"{self.base_url}/chat/completions", json=body)
                response = await wait.first(client.send(post, stream=True))
                async with aclosing(response), aclosing(_chunks(response, wait)) as chunks:
                    completion, said = Completion(), False
                    async for chunk in chunks:
                        for sentence in completion.push(chunk):
                            said = True
                            yield Say(sentence)
                rest = completion.rest()
                if rest:
                    yield Say(rest)
                calls = list(completion.calls({str(tool.get("name")) for tool in moment.tools}))
                for call in calls:
                    yield call
                if not (said or rest or calls):
                    raise ServiceError("The answer was empty.", code="empty")
        except httpx.TimeoutException as error:
            raise TimeoutError(str(error) or type(error).__name__) from error
        except httpx.LocalProtocolError as error:  # its words are the header that is wrong
            raise Unauthorized("The key has characters that no key looks like.") from error
        except httpx.HTTPError as error:
            raise ServiceUnreachable(f"{type(error).__name__}: {error}") from error

    def _client(self) -> httpx.AsyncClient:
        import httpx

        address = urlsplit(self.base_url)
        return httpx.AsyncClient(
            timeout=httpx.Timeout(None, connect=self._limits.connect),  # the other waits are ours
            headers={"Authorization": f"Bearer {self._key}"} if self._key else {},
            verify=_trust() if address.scheme == "https" else False,
            # A proxy has no business between this machine and itself.
            trust_env=not is_loopback(address.hostname),
        )


class _Patience:
    """Waits for an answer's pieces within the limits.

    Never across a ``yield``: a time limit that runs out while the listener has the floor would hit the
    listener.
    """

    def __init__(self, limits: Limits) -> None:
        self._left = limits.whole
        self._first, self._between = limits.first, limits.between
        self._begun = False

    async def first(self, what: Awaitable[T]) -> T:
        return await self._within(self._first, what)

    async def next(self, what: Awaitable[T]) -> T:
        piece = await self._within(self._between if self._begun else self._first, what)
        self._begun = True
        return piece

    async def _within(self, limit: float, what: Awaitable[T]) -> T:
        loop = asyncio.get_running_loop()
        start = loop.time()
        try:
            async with asyncio.timeout(max(min(limit, self._left), 0.0)):
                return await what
        finally:
            self._left -= loop.time() - start


async def _chunks(response: httpx.Response, wait: _Patience) -> AsyncGenerator[object, None]:
    """The chunks of a response, streamed or not.

    Raises:
        Unauthorized: 401 or 403.
        ServiceError: any other status that is not 200, or something that is no JSON.
    """
    if response.status_code != 200:
        body = await wait.next(response.aread())
        kind = Unauthorized if response.status_code in (401, 403) else ServiceError
        text = body[:300].decode("utf-8", "replace")
        raise kind(f"HTTP {response.status_code}: {text}", code="http", status=response.status_code)
    if response.headers.get("content-type", "").startswith("application/json"):
        yield _json((await wait.next(response.aread())).decode("utf-8", "replace"))
        return
    async with aclosing(payloads(response.aiter_lines())) as data:
        while True:
            try:
                text = await wait.next(anext(data))
            except StopAsyncIteration:
                return
            yield _json(text)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise ServiceError(f"No JSON in the answer: {text[:200]!r}", code="bad_chunk") from error


@functools.cache
def _trust() -> ssl.SSLContext:
    """One for all requests: making it takes tens of milliseconds."""
    return ssl.create_default_context()
