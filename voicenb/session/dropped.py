"""Sessions that nobody refers to any more while they are open: each is ended, for an open one is billed."""

from __future__ import annotations

import os
import warnings
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from voicenb.session.host import Call


def watch(session: object, call: Call, name: str) -> None:
    """End ``call`` when ``session`` is dropped before that is over, and warn of it.

    Args:
        session: must be held by nobody but its user: see :func:`loosely`.
        call: what it holds.
        name: what the warning calls it.
    """
    # The interpreter's exit ends those that are open then, without a warning.
    weakref.finalize(session, _end, call, name, os.getpid()).atexit = False


def loosely(method: Callable[..., Any]) -> Callable[..., Any]:
    """A bound method for somebody who must not keep its object; once that has gone it returns None."""
    held = weakref.WeakMethod(method)

    def call(*arguments: Any) -> Any:
        bound = held()
        return None if bound is None else bound(*arguments)

    return call


def _end(call: Call, name: str, process: int) -> None:
    if call.done.done() or os.getpid() != process:  # a forked child holds none of its parent's sessions
        return
    try:
        warnings.warn(
            f"A session with {name!r} was dropped while open; it is being ended. Keep it in a variable, and "
            "end it with end() or a with statement.",
            ResourceWarning,
            stacklevel=3,  # behind the weak reference: the line that dropped it
        )
    finally:  # warnings may be errors
        call.request({"do": "end"}).add_done_callback(_seen)


def _seen(done: Future[Any]) -> None:
    """Nobody waits for this one; that it has ended meanwhile is no news."""
    if not done.cancelled():
        done.exception()
