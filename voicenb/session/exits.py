"""Sessions that are open when the process ends: each is ended, for an open one is billed.

Two ends are met here: the interpreter's exit, and the signals that otherwise kill without a word: SIGTERM, by
which CI cancels and machines go down, and SIGHUP, which comes when a terminal is closed. A session in the
helper does not need the latter: the helper sees the pipe of its kernel close.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from voicenb.session.host import Call, PagedCall

PATIENCE = 3.0
"""Seconds that the interpreter's exit waits for all of them."""

TERMINATION = 2.0
"""Seconds that a signal waits for all of them."""

SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Those that are guarded; Windows has no SIGHUP."""

Handler = Callable[[int, Any], Any] | signal.Handlers

End = Callable[[], Future[Any]]
"""Begins the end of something and returns what is done when it has ended."""

_open: weakref.WeakSet[Call] = weakref.WeakSet()
_guarded: dict[object, End] = {}


def watch(call: Call) -> Callable[[], None]:
    """End this call at the interpreter's exit and at a signal; returns what says that signals need not."""
    _open.add(call)
    if isinstance(call, PagedCall):
        return lambda: None
    return guard(lambda: call.request({"do": "end"}))


def guard(end: End) -> Callable[[], None]:
    """Call ``end`` at SIGTERM and SIGHUP before the process dies of it; returns what lets go.

    Only where a signal does what it does by default: a handler of the user's is never replaced, and what was
    begun to outlive its terminal (``nohup``) does. The default is back when nothing is guarded any more.
    Signals can be asked for in the main thread only; from others this works as long as something of the main
    thread's is guarded.
    """
    key = object()
    _guarded[key] = end
    _catch()

    def let_go() -> None:
        _guarded.pop(key, None)
        if not _guarded:
            _release()

    return let_go


def _catch() -> None:
    _replace(signal.SIG_DFL, _terminate)


def _release() -> None:
    _replace(_terminate, signal.SIG_DFL)


def _replace(handler: Handler, other: Handler) -> None:
    """Put ``other`` where ``handler`` is."""
    if not _main_thread():
        return
    for number in SIGNALS:
        if signal.getsignal(number) is handler:
            signal.signal(number, other)


def _main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _terminate(number: int, _: object) -> None:
    """End what is guarded, then die as the signal wants it."""
    until = time.monotonic() + TERMINATION
    ends: list[Future[Any]] = []
    for end in list(_guarded.values()):
        with contextlib.suppress(Exception):  # the process dies whatever happens here
            ends.append(end())
    for ended in ends:
        with contextlib.suppress(Exception):
            ended.result(max(0.0, until - time.monotonic()))
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


@atexit.register
def _end_all() -> None:
    until = time.monotonic() + PATIENCE
    ends: list[Future[Any]] = []
    for call in list(_open):
        with contextlib.suppress(Exception):  # the others are ended all the same
            if not call.done.done():
                ends.append(call.request({"do": "end"}))
    for end in ends:
        with contextlib.suppress(Exception):  # the interpreter goes whatever happens here
            end.result(max(0.0, until - time.monotonic()))


def _forget() -> None:
    """A forked child holds none of its parent's sessions: their threads are not in it."""
    _open.clear()
    _guarded.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
