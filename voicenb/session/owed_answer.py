"""The owed answer: what a session that was lost did not say to its end is asked of the one in its place."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from voicenb.errors import VoicenbError
from voicenb.session.desk import Desk
from voicenb.session.floor import Floor

QUIET = 1.0
"""Seconds without a word of the caller's before the answer is asked for. What was said in the gap is sent to
the new session first: a caller who has said something more has a turn there, which is answered unasked."""


async def ask(floor: Floor, desk: Desk, over: asyncio.Future[None]) -> None:
    """Have the agent speak where the lost session left the caller without an answer, or cut the agent off.

    Returns at once where nothing is owed, else when the reply is asked for, when one has begun or is about
    to, or when the session is over.

    Args:
        floor: the conversation; the session that took the place of the lost one is ready.
        desk: takes the wish.
        over: done when the session is to end.
    """
    loop = asyncio.get_running_loop()
    conversation = floor.conversation
    turn, quiet_until = conversation.last_turn_at, loop.time() + QUIET
    while conversation.answer_owed and conversation.last_turn_at == turn and not over.done():
        if conversation.user_speaking or conversation.state != "listening":
            quiet_until = loop.time() + QUIET
        if loop.time() >= quiet_until:
            with contextlib.suppress(VoicenbError):  # the session has ended, or is lost again
                await desk.reply()
            return
        await _changed(floor, over, quiet_until - loop.time())


async def _changed(floor: Floor, over: asyncio.Future[None], seconds: float) -> None:
    changed = asyncio.ensure_future(floor.changed())
    either: set[asyncio.Future[Any]] = {changed, over}
    try:
        await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        changed.cancel()
