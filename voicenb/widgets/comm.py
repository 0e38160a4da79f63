"""The widget's comm, used so that messages pass while a cell runs, and from one thread only."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

from voicenb.widgets.quiet import keep_quiet

_log = logging.getLogger(__name__)

INTERVAL = 0.1
"""Seconds between two deliveries of what has gathered: at most ten a second."""


def let_messages_through(comm: Any) -> None:
    """Keep the page's messages from waiting for a running cell, and from meddling with it.

    ipykernel 7.4 sends them to the shell that a cell is running on: it asks ``comm._reply_subshell_for``,
    which names the subshell of whoever published last, and a widget made in a cell then waits for the whole
    cell. The page's own choice (``default``) is the right one. Versions without that method need nothing.

    Around each message a comm also runs what waits for the end of a cell, as if one had ended: of a cell that
    is drawing, matplotlib's hook would show and close the unfinished figures, many times a second while sound
    passes through the kernel. No message of this widget is a cell, so its messages go to it alone.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda data, default: default
    if hasattr(comm, "_msg_callback"):
        held = weakref.ref(comm)  # it goes with its panel, not whenever cycles are looked for

        def handle_msg(message: Any) -> None:
            callback = getattr(held(), "_msg_callback", None)
            if callback is not None:
                callback(message)

        comm.handle_msg = handle_msg
    keep_quiet(comm)


class Door:
    """The one thread that tells the page what has changed, a few times a second however often it changes.

    Sessions call :meth:`knock` from their own threads, which costs nothing; the delivery (JSON, signatures,
    sockets) is done here. It begins with the first knock and ends when nothing has changed for a while.

    Args:
        deliver: collects what has changed and sends it; called on the door's thread, never twice at once.

    Attributes:
        interval: seconds between two deliveries at least.
    """

    def __init__(self, deliver: Callable[[], None]) -> None:
        self.interval = INTERVAL
        self._deliver = deliver
        self._changed = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._busy = threading.Lock()

    def knock(self) -> None:
        """Something has changed; returns at once. May be called from any thread."""
        with self._lock:
            self._changed.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="voicenb-panel", daemon=True)
                self._thread.start()

    def now(self) -> None:
        """Deliver here and now what has gathered; for the end of a call."""
        with self._busy:
            self._changed.clear()
            self._deliver()

    def _run(self) -> None:
        while self._changed.wait(timeout=30) or not self._leave():
            try:
                self.now()
            except Exception:
                # One picture that cannot be sent must not freeze the panel for the rest of the call.
                _log.exception("The panel could not be told what has changed.")
            time.sleep(self.interval)

    def _leave(self) -> bool:
        with self._lock:
            if self._changed.is_set():
                return False
            self._thread = None
            return True
