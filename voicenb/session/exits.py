"""Sessions that are open when the interpreter ends: each is ended, for an open one is billed."""

from __future__ import annotations

import atexit
import contextlib
import weakref

from voicenb.session.host import Call

PATIENCE = 3.0
"""Seconds that the exit waits for a session."""

_open: weakref.WeakSet[Call] = weakref.WeakSet()


def watch(call: Call) -> None:
    """End this call at the interpreter's exit, should it still run."""
    _open.add(call)


@atexit.register
def _end_all() -> None:
    ends = [call.request({"do": "end"}) for call in list(_open) if not call.done.done()]
    for end in ends:
        with contextlib.suppress(Exception):  # the interpreter goes whatever happens here
            end.result(PATIENCE)
