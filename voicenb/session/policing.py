"""A policy at work: its wishes become updates of the session."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from voicenb.errors import VoicenbError
from voicenb.policy import Policy
from voicenb.session.events import Event
from voicenb.session.failure import described

Asked = Future[Any] | asyncio.Future[Any]
"""A change that is under way, on this thread's loop or on another."""


class Policing:
    """Shows a policy the events of one session, and asks for what it wants changed.

    Args:
        policy: the policy; a copy of it is worked with.
        change: asks for a change of settings, in the name of the policy, and returns at once.
        complain: takes a line about what went wrong.
    """

    def __init__(
        self,
        policy: Policy,
        change: Callable[[str, Mapping[str, Any]], Asked | None],
        complain: Callable[[str], object],
    ) -> None:
        self._policy = copy.copy(policy)
        self._change = change
        self._complain = complain
        self.name = type(policy).__name__

    def take(self, event: Event) -> None:
        """Show it the next event; returns at once."""
        try:
            changes = self._policy.decide(event)
            asked = None if changes is None else self._change(self.name, changes)
        except Exception as error:  # a policy of the user's
            self._failed(error)
            return
        if asked is not None:
            asked.add_done_callback(self._done)

    def _done(self, asked: Asked) -> None:
        if not asked.cancelled() and (error := asked.exception()) is not None:
            self._failed(error)

    def _failed(self, error: BaseException) -> None:
        told = str(error) if isinstance(error, VoicenbError) else described(error)
        self._complain(f"{self.name} could not change the settings: {told}")
