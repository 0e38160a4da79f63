"""The recorded sound of sessions: gathered, encoded when somebody wants it, kept where a file keeps it."""

from __future__ import annotations

import asyncio
import logging
import threading
import time

from voicenb.audio.processor import Processor
from voicenb.emulator import history_opus
from voicenb.emulator.database import Database
from voicenb.emulator.history_shelf import Shelf
from voicenb.emulator.history_tapes import Side, Tapes
from voicenb.emulator.history_tracks import Piece, side_by_side

log = logging.getLogger(__name__)

ENDING = 10.0
"""Seconds that the end of an emulator may take for the sound of sessions that ended just before."""

SPEED = 20
"""Seconds of a call that are encoded in a second, at least, on the machines that we know."""


class Audio:
    """The ``audio`` artifacts.

    Without a file they are encoded when they are first asked for, with one right after the session, in the
    background. What is still to be done when the emulator ends is done then, as far as that takes no longer
    than `ENDING`.

    Args:
        database: where encoded sound goes, if that keeps anything.
        processor: does the encoding.
        tapes: has the sound until then; one of its own when None.
    """

    def __init__(self, database: Database, processor: Processor, tapes: Tapes | None = None) -> None:
        self._database = database
        self._processor = processor
        self._tapes = tapes or Tapes()
        self._shelf = Shelf(database)
        self._tasks: set[asyncio.Task[bytes | None]] = set()
        self._making = threading.Lock()  # one at a time, for two would make the same
        self._pending: dict[str, float] = {}  # sessions whose sound a file is to keep, and how long they were

    def keep(self, session_id: str, side: Side, piece: Piece) -> None:
        """Some sound of a session that runs."""
        if history_opus.available():
            self._tapes.keep(session_id, side, piece)

    def ended(self, session_id: str, seconds: float) -> None:
        """A session is over, and was so long."""
        if self._database.keeps and self._tapes.has(session_id):
            self._pending[session_id] = seconds
            task = asyncio.get_running_loop().create_task(self.ogg(session_id, seconds))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[bytes | None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("The sound of a session could not be kept", exc_info=task.exception())

    def there(self, session_id: str) -> bool:
        """Whether there is any sound of a session; with a file, not before that has it: a crash may come."""
        return self.kept(session_id) if self._database.keeps else self._tapes.has(session_id)

    async def ogg(self, session_id: str, seconds: float) -> bytes | None:
        """The file, or None when there is no sound (any more).

        Args:
            session_id: of a session that is over.
            seconds: how long it was.
        """
        return await self._processor.run(lambda: self._made(session_id, seconds), cost=0.0, background=True)

    def _made(self, session_id: str, seconds: float) -> bytes | None:
        """On the processor, or at the end."""
        with self._making:
            made = self._make(session_id, seconds)
            self._pending.pop(session_id, None)
            return made

    def _make(self, session_id: str, seconds: float) -> bytes | None:
        made = self._tapes.file(session_id) or self._shelf.get(session_id)
        if made is not None or not self._tapes.has(session_id):
            return made
        user, agent = (self._tapes.pieces(session_id, side) for side in ("user", "agent"))
        ogg = history_opus.encode(side_by_side(user, agent, seconds))
        if not self._database.keeps:
            return ogg if self._tapes.seal(session_id, ogg) else None
        self._shelf.put(session_id, ogg)
        if not self._tapes.has(session_id):  # deleted meanwhile
            self._shelf.remove(session_id)
            return None
        self._tapes.forget(session_id)
        return ogg

    def kept(self, session_id: str) -> bool:
        """Whether a session's sound is in the database."""
        return self._shelf.has(session_id)

    def forget(self, session_id: str) -> None:
        """A session is deleted."""
        self._tapes.forget(session_id)
        self._shelf.remove(session_id)

    def close(self) -> None:
        """The emulator ends: keep what is still to be kept, and give back the rest. May be called twice."""
        end = time.monotonic() + ENDING
        for session_id, seconds in list(self._pending.items()):
            if seconds / SPEED > end - time.monotonic():
                log.warning("The sound of session %s is not kept: it is too long for the end", session_id)
                continue
            try:
                self._made(session_id, seconds)
            except Exception:  # a full disk must not keep the emulator from ending
                log.exception("The sound of session %s could not be kept", session_id)
        self._pending.clear()
        self._tapes.close()
