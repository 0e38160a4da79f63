"""The web server under the emulator: uvicorn on a thread of its own."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import socket
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from voicenb.emulator.session import ABORT
from voicenb.errors import VoicenbError
from voicenb.loopback import is_loopback

log = logging.getLogger(__name__)

STARTING = 10.0
STOPPING = 5.0
"""Seconds that starting and stopping may take."""

PING = 20.0
"""Seconds after which a client from elsewhere is asked whether it is there, and for which that waits."""


class _Sockets(WebSocketsSansIOProtocol):
    """Lets the app drop a connection: a close has to wait until the client has read all that came before."""

    async def run_asgi(self) -> None:
        self.scope.setdefault("extensions", {})[ABORT] = {"call": self.transport.abort}
        await super().run_asgi()


class _Server(uvicorn.Server):
    """Tells when it listens, and on which loop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()
        self.loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.loop = asyncio.get_running_loop()
        self.up.set()


class Server:
    """Serves an app on a thread.

    Args:
        app: the ASGI app.
        host: where to listen.
        port: where to listen; 0 takes a free one.
    """

    def __init__(self, app: Any, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._server = _Server(
            uvicorn.Config(
                app,
                lifespan="off",
                loop="asyncio",
                ws=_Sockets,
                ws_per_message_deflate=False,  # audio does not compress
                # On loopback a dead peer closes its socket: no pings, so that a client that stands in a
                # debugger keeps its session. From elsewhere it may vanish without a word.
                ws_ping_interval=None if is_loopback(host) else PING,
                ws_ping_timeout=PING,
                # Nothing below warnings: the server would log addresses, and a token may be in them.
                log_level="warning",
                access_log=False,
                log_config=None,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread: threading.Thread | None = None

    def start(self) -> int:
        """Listen; returns the port.

        Raises:
            OSError: the port is taken, or the server did not come up.
        """
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        # The protocol is named: only then does asyncio set TCP_NODELAY on the connections.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            if sys.platform != "win32":  # there it would take a port that somebody listens on
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self._host, self._port))
            listener.listen(128)
        except OSError:
            listener.close()
            raise
        port: int = listener.getsockname()[1]
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="voicenb-emulator", daemon=True
        )
        self._thread.start()
        if not self._server.up.wait(STARTING):
            raise OSError("the server did not come up")
        return port

    def spawn(self, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        """Run a coroutine on the server's loop; nobody waits for it, so the log says when it fails."""
        loop = self._server.loop
        if loop is not None:
            asyncio.run_coroutine_threadsafe(work(), loop).add_done_callback(_tell)

    def stop(self, first: Callable[[], None]) -> None:
        """Do ``first`` on the server's loop, then stop and wait until it has stopped."""
        loop = self._server.loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(first)
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(STOPPING)


def _tell(done: concurrent.futures.Future[Any]) -> None:
    """Log what went wrong: an error of ours in its own words, anything else with its traceback."""
    error = None if done.cancelled() else done.exception()
    if isinstance(error, VoicenbError):
        log.error("%s", error)
    elif error is not None:
        log.error("Work in the background of the emulator failed", exc_info=error)
