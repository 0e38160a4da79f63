"""The helper: a process beside the kernel that holds calls, so that no cell can make the voice stutter.

Started by :mod:`voicenb.session.helper_host` as ``python -P -m voicenb.session.helper``, one per kernel. It
listens on loopback only: at ``/kernel`` for the kernel, which shows the secret that it wrote into the
helper's standard input, and at ``/page`` for pages, each with a ticket of its own. At ``/relay`` it holds
sockets of sessions whose engine is in the kernel. At ``/talk/`` it serves the panel to tabs of their own,
which talk to ``/tab`` as the kernel does to ``/tabs``. Its standard input stays open for as long as the
kernel lives, and brings what pages say through the kernel.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hmac
import http
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import IO, Any

from voicenb.session import page_pipe
from voicenb.session.helper_call import HelperCall
from voicenb.session.host import PageMessage
from voicenb.session.logs import wire_logger
from voicenb.session.page_outbox import Message
from voicenb.session.relay import Relays
from voicenb.session.tab_door import TabDoor
from voicenb.session.tab_site import PLACE, own_origin
from voicenb.session.tickets import Tickets
from voicenb.session.web import MAX_FRAME, no_delay

PATIENCE = 1.0
"""Seconds that sessions may take to end once the kernel is dead; the recordings are closed in any case."""

PARENT_CHECK = 0.5
"""Seconds between two looks whether the kernel lives: a process that it forked may keep the pipe open."""

HELLO = 5.0
"""Seconds that a page may take to say who it is."""

TAKEN = 4000
"""Close code: another page has taken over."""


class DirectWay:
    """A page's own connection."""

    kind = "direct"

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def send(self, message: Message) -> None:
        """Send one message."""
        await self._connection.send(message if isinstance(message, bytes) else json.dumps(message))

    async def close(self, *, taken: bool = False) -> None:
        """Close the connection."""
        await self._connection.close(TAKEN if taken else 1000)


class Helper:
    """The server.

    Args:
        secret: what the kernel shows.
    """

    def __init__(self, secret: str) -> None:
        self.port = 0
        self._secret = secret
        self._calls: dict[HelperCall, asyncio.Task[None]] = {}
        self._tickets: Tickets[HelperCall] = Tickets(asyncio.get_running_loop().time)
        self._tabs = TabDoor()
        self._relays = Relays()

    async def serve(self, listening: Callable[[int], None], over: asyncio.Event) -> None:
        """Listen on a free port until ``over``, then end all calls."""
        from websockets.asyncio.server import serve

        server = await serve(
            self._connected,
            "127.0.0.1",
            0,
            process_request=self._admit,
            logger=wire_logger(),
            compression=None,
            max_size=MAX_FRAME,
            max_queue=256,
            ping_interval=None,  # a kernel inside a cell in C answers nothing for as long as that takes
            close_timeout=1,
            server_header=None,
        )
        self.port = server.sockets[0].getsockname()[1]
        listening(self.port)
        await over.wait()
        await asyncio.gather(self._end_all(), self._relays.end(PATIENCE))
        await self._tabs.close()
        server.close()

    async def _end_all(self) -> None:
        for call in list(self._calls):
            call.end_soon()
        if not self._calls:
            return
        _, late = await asyncio.wait(self._calls.values(), timeout=PATIENCE)
        if late:
            for call in list(self._calls):
                call.cut()
            await asyncio.wait(late, timeout=0.3)

    def _admit(self, connection: Any, request: Any) -> Any:
        """Refuse what has no business here, before the handshake."""
        path = request.path.split("?", 1)[0]
        if path.startswith(PLACE):
            return self._tabs.site.answer(request)
        if path == "/page":
            return None if request.headers.get("Origin") else _refuse(connection, http.HTTPStatus.FORBIDDEN)
        if path == "/tab":
            return None if own_origin(request) else _refuse(connection, http.HTTPStatus.FORBIDDEN)
        if path not in ("/kernel", "/relay", "/tabs"):
            return _refuse(connection, http.HTTPStatus.NOT_FOUND)
        shown = request.headers.get("Authorization") or ""
        if not hmac.compare_digest(shown.encode(), f"Bearer {self._secret}".encode()):
            return _refuse(connection, http.HTTPStatus.UNAUTHORIZED)
        return None

    async def _connected(self, connection: Any) -> None:
        from websockets.exceptions import ConnectionClosed

        no_delay(connection)
        with contextlib.suppress(ConnectionClosed):
            match connection.request.path.split("?", 1)[0]:
                case "/kernel":
                    await self._kernel(connection)
                case "/relay":
                    await self._relays.hold(connection)
                case "/tabs":
                    await self._tabs.kernel(connection)
                case "/tab":
                    await self._tabs.tab(connection)
                case _:
                    await self._page(connection)

    async def _kernel(self, connection: Any) -> None:
        call = HelperCall(connection, self._issue)
        task = asyncio.current_task()
        assert task is not None
        self._calls[call] = task
        try:
            await call.run()
        finally:
            del self._calls[call]
            self._tickets.withdraw(call)

    def _issue(self, call: HelperCall, origin: str) -> dict[str, Any]:
        ticket = self._tickets.issue(call, origin)
        return {"port": self.port, "secret": ticket.secret, "nonce": ticket.nonce, "proof": ticket.proof}

    def pass_on(self, number: int, message: PageMessage) -> None:
        """Hand on what a page of a call said through the kernel; a call that is over takes nothing more."""
        for call in self._calls:
            if call.number == number:
                call.from_page(message)

    async def _page(self, connection: Any) -> None:
        hello: dict[str, Any] = {}
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HELLO):
                hello = _hello(await connection.recv())
        origin = connection.request.headers.get("Origin")
        ticket = None
        with contextlib.suppress(UnicodeEncodeError):  # half a character is in no secret of ours
            ticket = self._tickets.redeem(str(hello.get("secret")), str(hello.get("nonce")), origin)
        if ticket is None:
            await connection.close(1008, "not let in")
            return
        page = ticket.holder.page
        await connection.send(json.dumps({"type": "welcome", "nonce": ticket.proof}))
        way = DirectWay(connection)
        await page.attach(way)
        try:
            async for message in connection:
                if not page.is_at(way):  # another has taken its place; it hears of that in a moment
                    continue
                with contextlib.suppress(ValueError):  # what is malformed is left out, the call goes on
                    if isinstance(message, bytes):
                        page.frame(message)
                    else:
                        page.text(_hello(message))
        finally:
            await page.detach(way)


def _hello(message: str | bytes) -> dict[str, Any]:
    with contextlib.suppress(ValueError, RecursionError):
        wire = json.loads(message)
        if isinstance(wire, dict):
            return wire
    return {}


def _refuse(connection: Any, status: http.HTTPStatus) -> Any:
    return connection.respond(status, f"{status.phrase}\n")


async def run(secret: str, pipe: IO[bytes]) -> None:
    """Serve until the kernel is gone.

    Args:
        secret: what the kernel shows.
        pipe: what pages say through the kernel; it ends with the kernel.
    """
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # Windows
        loop.add_signal_handler(signal.SIGTERM, over.set)
    helper = Helper(secret)
    threading.Thread(
        target=_read_pipe, args=(pipe, helper, loop, over), name="voicenb-pipe", daemon=True
    ).start()
    watching = asyncio.create_task(_watch_parent(over))
    await helper.serve(_listening, over)
    watching.cancel()
    # A thread still reads the pipe, and nothing is left that would have to be waited for.
    os._exit(0)


def _listening(port: int) -> None:
    with contextlib.suppress(OSError):  # a kernel that has died meanwhile: the pipe says so too
        sys.stdout.write(json.dumps({"port": port}) + "\n")
        sys.stdout.flush()
    # What the first call needs is loaded now, and none of it is walked through again when garbage is
    # collected.
    import websockets.asyncio.client  # noqa: F401

    import voicenb.recording.recorder
    import voicenb.session.microphones
    import voicenb.session.speakers  # noqa: F401

    gc.collect()
    gc.freeze()


def _read_pipe(pipe: IO[bytes], helper: Helper, loop: asyncio.AbstractEventLoop, over: asyncio.Event) -> None:
    with contextlib.suppress(OSError, RuntimeError):  # RuntimeError: the loop is closed, all is over already
        try:
            for call, message in page_pipe.read(pipe):
                loop.call_soon_threadsafe(helper.pass_on, call, message)
        finally:
            loop.call_soon_threadsafe(over.set)


async def _watch_parent(over: asyncio.Event) -> None:
    parent = os.getppid()
    while not over.is_set():
        await asyncio.sleep(PARENT_CHECK)
        if sys.platform != "win32" and os.getppid() != parent:
            over.set()


def main() -> None:
    """Run the program."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe = sys.stdin.buffer
    secret = json.loads(pipe.readline())["secret"]
    asyncio.run(run(secret, pipe))


if __name__ == "__main__":
    main()
