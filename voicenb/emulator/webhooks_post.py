"""Sending one webhook over HTTP."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from typing import Protocol

from voicenb.audio.processor import Processor

PATIENCE = 10.0
"""Seconds until whoever is told must have answered."""


class Post(Protocol):
    """Sends a body somewhere."""

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status of the answer; raises when there is none."""
        ...


class HttpPost:
    """Over the network, by no proxy, following no redirection; of the answer only the status is read.

    Args:
        processor: does what takes a while and needs no network: loading the library and the certificates.
    """

    def __init__(self, processor: Processor) -> None:
        self._processor = processor
        self._trust: ssl.SSLContext | None = None

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Send it.

        Raises:
            TimeoutError: no answer came in time.
            httpx.HTTPError: it could not be sent.
        """
        secure = url.startswith("https://")
        await self._processor.run(lambda: self._prepare(secure), cost=0.0)
        import httpx

        trust: ssl.SSLContext | bool = False if self._trust is None else self._trust
        async with (
            asyncio.timeout(PATIENCE),
            httpx.AsyncClient(verify=trust, trust_env=False, timeout=PATIENCE) as client,
            client.stream("POST", url, content=body, headers=dict(headers)) as answer,
        ):
            return answer.status_code

    def _prepare(self, secure: bool) -> None:
        import httpx

        if secure and self._trust is None:
            self._trust = httpx.create_ssl_context()
