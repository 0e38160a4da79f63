"""Sessions in the helper process: for people who talk, whose voice no cell must make stutter."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import lru_cache
from typing import Any

import msgspec

from voicenb.errors import SessionNotOpen, VoicenbError
from voicenb.session import plan_wire
from voicenb.session.encodable import encodable
from voicenb.session.events import Publish
from voicenb.session.failure import from_wire
from voicenb.session.helper_connection import connect_helper
from voicenb.session.helper_process import HelperProcess
from voicenb.session.host import PageMessage, Plan, TransportBy
from voicenb.session.loop_thread import LoopThread, session_thread
from voicenb.session.page import PATIENCE

ToPage = Callable[[PageMessage], object]


class HelperCall:
    """One session in the helper (see :class:`voicenb.session.host.Call`)."""

    def __init__(
        self,
        thread: LoopThread,
        process: HelperProcess,
        plan: Plan,
        publish: Publish,
        to_page: ToPage,
        patience: float,
        by: TransportBy = "kernel",
    ):
        self._thread = thread
        self._process = process
        self._number = next(_calls)
        self._order = {
            "open": plan_wire.to_wire(plan),
            "call": self._number,
            "patience": patience,
            "transport": by,
        }
        self._publish = publish
        self._to_page = to_page
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._outgoing: deque[str | bytes] = deque()  # until the plan has gone out
        self._open = False
        self._connection: Any = None
        self._known = False  # whether the helper has read the order
        self._over = False
        self._given_up = False  # no answer will come any more
        self._done = thread.submit(self._hold())

    @property
    def done(self) -> Future[None]:
        """Done when the session is over."""
        return self._done

    def request(self, command: Mapping[str, Any]) -> Future[Any]:
        """Give the engine a command; ``page_ticket(origin)`` is one more, and its value is the ticket."""
        return self._thread.submit(self._ask(dict(command)))

    def from_page(self, message: PageMessage) -> None:
        """Hand in what the page sent through this process; returns at once."""
        if self._known and self._process.pass_on(self._number, message):
            return
        frame = message if isinstance(message, bytes) else msgspec.json.encode({"page": message}).decode()
        self._thread.soon(self._send_soon, frame)

    async def _hold(self) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            self._connection = await connect_helper(self._process, "/kernel")
        except VoicenbError:
            self._give_up()
            raise
        try:
            await self._connection.send(msgspec.json.encode(self._order).decode())
            self._order = {}  # the key in it is not needed here any more
            while self._outgoing:
                await self._connection.send(self._outgoing.popleft())
            self._open = True
            async for message in self._connection:
                self._known = True
                self._take(message)
                if self._over:
                    break
        except ConnectionClosed:
            pass
        finally:
            await self._connection.close()
            self._give_up()
        if not self._over:
            raise VoicenbError(
                "The helper process has gone, and the call with it.",
                remedy="Start a new one. What was said until then is in the recording.",
            )

    def _take(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self._to_page(message)
            return
        wire = msgspec.json.decode(message)
        if "events" in wire:
            for event in wire["events"]:
                self._publish(event)
        elif "page" in wire:
            self._to_page(wire["page"])
        elif "over" in wire:
            self._over = True
            if wire["over"] is not None:
                raise from_wire(wire["over"])
        else:
            waiting = self._waiting.pop(wire.get("done") or wire.get("failed"), None)
            if waiting is None or waiting.done():
                return
            if "failed" in wire:
                waiting.set_exception(from_wire(wire["error"]))
            else:
                waiting.set_result(wire.get("value"))

    async def _ask(self, command: dict[str, Any]) -> Any:
        if self._given_up:
            raise SessionNotOpen("The session has ended.", remedy="Start a new one.")
        if command.get("do") == "send_audio":
            command["pcm"] = base64.b64encode(command["pcm"]).decode()
        number = next(self._numbers)
        with encodable(f"The command {command.get('do')}"):
            frame = msgspec.json.encode({**command, "id": number}).decode()
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._send_soon(frame)
        return await answer

    def _send_soon(self, frame: str | bytes) -> None:
        if not self._open:
            self._outgoing.append(frame)
            return
        task = asyncio.get_running_loop().create_task(self._send(frame))
        _sending.add(task)
        task.add_done_callback(_sending.discard)

    async def _send(self, frame: str | bytes) -> None:
        from websockets.exceptions import ConnectionClosed

        try:
            await self._connection.send(frame)
        except ConnectionClosed:
            self._give_up()

    def _give_up(self) -> None:
        self._given_up = True
        waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            if not answer.done():
                answer.set_exception(SessionNotOpen("The session has ended.", remedy="Start a new one."))


_sending: set[asyncio.Task[None]] = set()
_calls = itertools.count(1)


class HelperHost:
    """Holds sessions in the helper process.

    Args:
        to_page: takes what the engine says to a page that is reached through this process; called on the
            session thread, must return at once.
        patience: seconds without a page after which a session is ended.
        transport: who connects to the service: ``"kernel"``, or the page itself (``"browser"``).
    """

    def __init__(
        self,
        to_page: ToPage = lambda message: None,
        *,
        patience: float = PATIENCE,
        transport: TransportBy = "kernel",
    ) -> None:
        self._to_page = to_page
        self._patience = patience
        self._transport: TransportBy = transport

    def hold(self, plan: Plan, publish: Publish) -> HelperCall:
        """Begin a session; returns at once."""
        return HelperCall(
            session_thread(), helper_process(), plan, publish, self._to_page, self._patience, self._transport
        )


@lru_cache(maxsize=1)
def helper_process() -> HelperProcess:
    """The one of this process."""
    return HelperProcess()


def warm_up() -> None:
    """Start the helper in the background, so that it is there when somebody presses Start."""
    threading.Thread(target=_warm, name="voicenb-helper-start", daemon=True).start()


def _warm() -> None:
    with contextlib.suppress(VoicenbError):  # the call that needs it says so
        helper_process().reach()
