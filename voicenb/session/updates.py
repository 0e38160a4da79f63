"""The one update that is under way: done when the service acknowledges it, failed when it refuses it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from voicenb.errors import ServiceError, SessionNotOpen, VoicenbError, WaitTimeout

REFUSALS = frozenset(
    {
        "invalid_value",
        "invalid_config",
        "invalid_format",
        "immutable_field",
        "agent_id_not_first",
        "invalid_webhook",
    }
)
"""Codes that answer an update. The service gives no number to an update, so these are read as its answer."""


class Updates:
    """Lets one update after the other out, so that an answer is always the answer to the one under way."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._answer: asyncio.Future[None] | None = None

    @asynccontextmanager
    async def one(self, seconds: float) -> AsyncIterator[None]:
        """Send the update inside; leaves when it was acknowledged.

        Raises:
            ServiceError: the service refused it.
            WaitTimeout: no answer within ``seconds``.
            SessionNotOpen: the session ended meanwhile.
        """
        async with self._turn:
            self._answer = asyncio.get_running_loop().create_future()
            try:
                yield
                async with asyncio.timeout(seconds):
                    await self._answer
            except TimeoutError as late:
                if isinstance(late, VoicenbError):
                    raise
                raise WaitTimeout(
                    f"The service did not answer session.update within {seconds:g} s.",
                    remedy="It may still take effect; see the next session.updated.",
                ) from None
            finally:
                self._answer = None

    def acknowledged(self) -> None:
        """``session.updated`` has come."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(None)

    def refused(self, error: ServiceError) -> bool:
        """An error has come; whether it was the answer to the update under way."""
        if self._answer is None or self._answer.done() or error.code not in REFUSALS:
            return False
        self._answer.set_exception(error)
        return True

    def over(self) -> None:
        """The session has ended: no answer will come."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(
                SessionNotOpen("The session ended before the update was acknowledged.")
            )
