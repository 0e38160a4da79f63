"""The kernel's end of what its panel's tabs hear and say, through the helper that serves them."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

from voicenb.errors import MalformedMessage, VoicenbError
from voicenb.session.helper_connection import connect_helper
from voicenb.session.helper_process import START, HelperProcess
from voicenb.session.loop_thread import LoopThread
from voicenb.session.tab_site import PLACE
from voicenb.session.tab_wire import pack, unpack

Take = Callable[[dict[str, Any], list[bytes]], object]


class TabLink:
    """One panel's; begins at once, in the background. May be used from any thread.

    Args:
        files: the page, name -> text (see :meth:`voicenb.session.tab_site.TabSite.put`).
        take: takes what tabs say, with its buffers; called on the session thread, must return at once.
        greet: called when another tab is there, likewise.
        thread: the session thread.
        process: the helper.

    Attributes:
        changed: notified when tabs came or went, or the link is over.
        tabs: how many there are.
        came: how many there have been.
        over: whether the link is, and all of its tabs.
    """

    def __init__(
        self,
        files: Mapping[str, str],
        take: Take,
        greet: Callable[[], object],
        thread: LoopThread,
        process: HelperProcess,
    ) -> None:
        self.changed = threading.Condition()
        self.tabs = self.came = 0
        self.over = False
        self._take = take
        self._greet = greet
        self._thread = thread
        self._process = process
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[str]] = {}
        self._outgoing: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self._port = 0
        self._failure = VoicenbError("The helper process has gone.", remedy="Call talk.open() again.")
        self._outgoing.put_nowait(pack({"files": dict(files)}))
        thread.submit(self._hold())

    def address(self) -> str:
        """An address that opens one tab; waits for the helper.

        Raises:
            VoicenbError: the helper did not start, or has gone.
        """
        asking = self._thread.submit(self._issue())
        try:
            key = asking.result(2 * START)
        except FutureTimeout:
            asking.cancel()
            raise VoicenbError("The helper process does not answer.", remedy="Run voicenb doctor.") from None
        return f"http://127.0.0.1:{self._port}{PLACE}#{key}"

    def send(self, message: Mapping[str, Any], buffers: Sequence[bytes | memoryview] = ()) -> None:
        """Tell all tabs something; returns at once.

        Said on the session thread, it comes before what other threads say from then on.
        """
        if self.over:
            return
        frame = pack(message, buffers)
        if self._thread.here:
            self._outgoing.put_nowait(frame)
        else:
            self._thread.soon(self._outgoing.put_nowait, frame)

    def close(self) -> None:
        """End it, behind what was said; the tabs hear that there is nothing to come back to.

        Returns at once, and may be called twice.
        """
        if not self.over:  # by then the thread may be gone too, with the interpreter
            self._thread.soon(self._outgoing.put_nowait, None)

    async def _issue(self) -> str:
        if self.over:
            raise self._failure
        number = next(self._numbers)
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        self._outgoing.put_nowait(pack({"issue": number}))
        return await answer

    async def _hold(self) -> None:
        from websockets.exceptions import ConnectionClosed

        sending: asyncio.Task[None] | None = None
        try:
            connection = await connect_helper(self._process, "/tabs")
            try:
                self._port = connection.remote_address[1]
                sending = asyncio.create_task(self._send_all(connection), name="voicenb-tabs")
                with contextlib.suppress(ConnectionClosed):
                    async for frame in connection:
                        self._hear(frame)
            finally:
                await connection.close()
        except VoicenbError as error:
            self._failure = error
        finally:
            if sending is not None:
                sending.cancel()
            self._end()

    def _end(self) -> None:
        self._count(0, over=True)
        waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            if not answer.done():
                answer.set_exception(self._failure)

    async def _send_all(self, connection: Any) -> None:
        from websockets.exceptions import ConnectionClosed

        with contextlib.suppress(ConnectionClosed):
            while (frame := await self._outgoing.get()) is not None:
                await connection.send(frame)
            await connection.close()

    def _hear(self, frame: str | bytes) -> None:
        try:
            message, buffers = unpack(frame)
        except MalformedMessage:
            return
        if isinstance(message.get("send"), dict):
            self._take(message["send"], buffers)
        elif "issued" in message:
            answer = self._waiting.pop(message["issued"], None)
            if answer is not None and not answer.done():
                answer.set_result(message["key"])
        elif "tabs" in message:
            if message["came"]:
                self.came += 1
                self._greet()
            self._count(message["tabs"])

    def _count(self, tabs: int, *, over: bool = False) -> None:
        with self.changed:
            self.tabs, self.over = tabs, over
            self.changed.notify_all()
