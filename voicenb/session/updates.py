"""The one update that is under way: done when the service acknowledges it, failed when it refuses it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from voicenb.errors import ServiceError, SessionNotOpen, VoicenbError, WaitTimeout
from voicenb.protocol.configuration import REFUSALS

FORGOTTEN = 30.0
"""Seconds after which nobody reckons any more with an answer that an update was not given."""


class Updates:
    """Lets one update after the other out, so that an answer is always the answer to the one under way.

    One that was given up on is still owed its answer: the next answer is taken for that one, unless it shows
    the change that is under way.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._answer: asyncio.Future[None] | None = None
        self._patch: Mapping[str, Any] = {}
        self._owed: deque[float] = deque()  # until when, in the loop's seconds

    @asynccontextmanager
    async def one(self, patch: Mapping[str, Any], seconds: float) -> AsyncIterator[None]:
        """Send the update inside; leaves when it was acknowledged.

        Args:
            patch: the ``session`` object that is sent.
            seconds: how long it may stay without an answer.

        Raises:
            ServiceError: the service refused it.
            WaitTimeout: no answer within ``seconds``.
            SessionNotOpen: the session ended meanwhile.
        """
        async with self._turn:
            loop = asyncio.get_running_loop()
            answer = self._answer = loop.create_future()
            self._patch = patch
            sent = False
            try:
                yield
                sent = True
                async with asyncio.timeout(seconds):
                    await asyncio.shield(answer)
            except TimeoutError as late:
                if isinstance(late, VoicenbError):
                    raise
                raise WaitTimeout(
                    f"The service did not answer session.update within {seconds:g} s.",
                    remedy="It may still take effect; see the next session.updated.",
                ) from None
            finally:
                if sent and not answer.done():
                    self._owed.append(loop.time() + FORGOTTEN)
                self._answer = None

    def acknowledged(self, config: Mapping[str, Any] | None) -> None:
        """``session.updated`` has come, with the settings in force where the service tells them."""
        if self._answer is None or self._answer.done():
            self._is_owed()
        elif config is not None and self._owed and shows(config, self._patch):
            self._owed.clear()  # answers come in order: those before it never will
            self._answer.set_result(None)
        elif not self._is_owed():
            self._answer.set_result(None)

    def refused(self, error: ServiceError) -> bool:
        """An error has come; whether it was the answer to the update under way."""
        if error.code not in REFUSALS or self._is_owed():
            return False
        if self._answer is None or self._answer.done():
            return False
        self._answer.set_exception(error)
        return True

    def _is_owed(self) -> bool:
        """Whether this answer is the one that an update was not given in time."""
        now = asyncio.get_running_loop().time()
        while self._owed and self._owed[0] < now:
            self._owed.popleft()
        if not self._owed:
            return False
        self._owed.popleft()
        return True

    def lost(self) -> None:
        """The connection is lost: no answer will come over it."""
        self._owed.clear()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(
                SessionNotOpen(
                    "The connection was lost before the update was acknowledged.", remedy="Send it again."
                )
            )

    def over(self) -> None:
        """The session has ended: no answer will come."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(
                SessionNotOpen("The session ended before the update was acknowledged.")
            )


def shows(config: Any, patch: Any) -> bool:
    """Whether all of a change is to be seen in an echo of the settings, which may say more."""
    match patch:
        case Mapping():
            if not isinstance(config, Mapping):
                return False
            return all(key in config and shows(config[key], value) for key, value in patch.items())
        case list():
            if not isinstance(config, list) or len(config) != len(patch):
                return False
            return all(shows(there, value) for there, value in zip(config, patch, strict=True))
        case _:
            return bool(config == patch)
