"""Thrift: an open session is billed, so one that nobody needs any more is ended."""

from __future__ import annotations

import asyncio
import sys
from types import EllipsisType
from typing import Any

from voicenb.errors import InvalidConfiguration, SessionNotOpen
from voicenb.protocol.conversation import Conversation
from voicenb.session.floor import Floor
from voicenb.session.limits import Limits
from voicenb.session.milestones import Milestones

MAX_DURATION = 3600.0
"""Seconds after which a session in a notebook ends, where nothing else is said."""

IDLE_END = 300.0
"""Seconds without a word after which a session in a notebook ends, where nothing else is said."""

LOOK = 2.0
"""Seconds between two looks at whether somebody speaks."""

STALE = 60.0
"""Seconds for which somebody counts as speaking of whom nothing more comes: ends of speech and of replies
were seen to be missing."""

Seconds = float | None | EllipsisType
"""Seconds; None for no limit; ``...`` for the usual one: in a notebook there is one, elsewhere none."""


def in_notebook() -> bool:
    """Whether this process is a kernel: there a session is easily forgotten."""
    module = sys.modules.get("ipykernel.kernelbase")
    return module is not None and bool(module.Kernel.initialized())


def chosen(name: str, value: Any, usual: float) -> float | None:
    """A limit as it was asked for.

    Args:
        name: of the argument.
        value: seconds, None, or ``...``.
        usual: the limit in a notebook.

    Raises:
        InvalidConfiguration: it is no number above 0.
    """
    if value is ...:
        return usual if in_notebook() else None
    check_seconds(name, value)
    return value if value is None else float(value)


def check_seconds(name: str, value: Any) -> None:
    """Refuse what is no limit.

    Args:
        name: of the argument.
        value: seconds, or None.

    Raises:
        InvalidConfiguration: it is no number above 0.
    """
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise InvalidConfiguration(
            f"{name} is a number of seconds above 0, or None for no limit; not {value!r}.", param=name
        )


class Thrift:
    """Ends a session that has been open, or silent, for too long.

    Args:
        floor: the conversation.
        milestones: of the session.
        limits: for how long at most.
    """

    def __init__(self, floor: Floor, milestones: Milestones, limits: Limits) -> None:
        self._floor = floor
        self._milestones = milestones
        self._longest, self._idle = limits.longest, limits.idle

    async def watch(self) -> None:
        """Watch over a session that is ready; returns when it has ended it, or at once without limits."""
        loop = asyncio.get_running_loop()
        began = active = stirred = loop.time()
        last: object = None
        while self._longest is not None or self._idle is not None:
            now, conversation = loop.time(), self._floor.conversation
            if (signs := _signs(conversation)) != last:
                stirred, last = now, signs
                active = now
            speaking = conversation.agent_audible or conversation.user_speaking
            if conversation.pending_calls or (speaking and now - stirred < STALE):
                active = now
            left = [limit - (now - since) for limit, since in self._due(began, active)]
            if min(left) <= 0:
                self._end(silent=self._longest is None or now - began < self._longest)
                return
            await asyncio.sleep(min(*left, LOOK))

    def _due(self, began: float, active: float) -> list[tuple[float, float]]:
        limits = [(self._longest, began), (self._idle, active)]
        return [(limit, since) for limit, since in limits if limit is not None]

    def _end(self, *, silent: bool) -> None:
        if silent:
            why = f"Nobody has spoken for {minutes(self._idle or 0.0)}"
            remedy = "Start a new one. idle_end= says how many seconds it may be silent (None: for ever)."
        else:
            why = f"It has been open for {minutes(self._longest or 0.0)}"
            remedy = "Start a new one. max_duration= says how many seconds it may last (None: for ever)."
        message = f"{why}, so the session was ended: an open one is billed."
        self._milestones.end(SessionNotOpen(message, remedy=remedy))


def _signs(conversation: Conversation) -> object:
    """What changes while somebody speaks: the words, and the sound that came and was heard."""
    reply = next(reversed(conversation.replies.values()), None)
    sound = None if reply is None else (reply.reply_id, reply.samples, reply.heard)
    return conversation.revision, sound, conversation.user_speaking


def minutes(seconds: float) -> str:
    """So much time in words."""
    return f"{seconds:g} s" if seconds < 120 else f"{seconds / 60:.3g} minutes"
