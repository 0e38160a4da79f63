"""A way to a server that can be cut, held up and narrowed, as a network is."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

PIECE = 4096
"""Bytes that pass at once."""


class Relay:
    """Passes connections on to a port of this machine, until it is cut; use it in ``with``.

    Args:
        target: the port.

    Attributes:
        port: where it listens.
        rate: bytes a second that pass in each direction of a connection; None lets all through.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._open: list[socket.socket] = []
        self._gone = threading.Event()  # set: what the connections that there are carry goes nowhere
        self._flows = threading.Event()
        self._flows.set()
        self.port = 0
        self.rate: float | None = None

    def __enter__(self) -> Relay:
        self.start()
        return self

    def start(self) -> None:
        """Let connections through, at the port at which it was before."""
        self._server = socket.create_server(("127.0.0.1", self.port))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._server,), daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Break the connections that there are, and let no other through; may be called twice."""
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self.cut()

    def cut(self) -> None:
        """Break the connections that there are; new ones are let through."""
        self._flows.set()
        while self._open:
            end = self._open.pop()
            with contextlib.suppress(OSError):  # it has ended by itself
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def stall(self, stalled: bool = True) -> None:
        """Let nothing pass for now, or again; nobody is told, and nothing is lost."""
        if stalled:
            self._flows.clear()
        else:
            self._flows.set()

    def lose(self) -> None:
        """Let what the connections that there are carry go nowhere, silently; new ones are let through."""
        self._gone.set()
        self._gone = threading.Event()

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                near, _ = server.accept()
            except OSError:  # closed
                return
            far = socket.create_connection(("127.0.0.1", self._target))
            self._open += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._copy, args=(source, sink, self._gone), daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket, gone: threading.Event) -> None:
        try:
            while data := source.recv(PIECE):
                self._flows.wait()
                if gone.is_set():
                    continue
                sink.sendall(data)
                if self.rate is not None:
                    time.sleep(len(data) / self.rate)
            if not gone.is_set():
                sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # one of the two has gone
