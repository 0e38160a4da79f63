"""A worker: a child process that does what comes through its standard input, one piece after the other.

Started by :mod:`voicenb.tuning.processes` as ``python -P -m voicenb.tuning.worker``. It is nobody's
``__main__`` but its own: the script or notebook that wants the work is not run in it a second time.
"""

from __future__ import annotations

import os
import pickle
import queue
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from typing import IO, Any

LENGTH = struct.Struct("<Q")
"""In front of each message: how many bytes it has."""

Answer = tuple[str, Any]
"""``done`` and what came of it, ``raised`` and the error, or ``unreadable`` and why."""


def send(pipe: IO[bytes], data: bytes) -> None:
    """Write one message.

    Raises:
        OSError: nobody reads there any more.
    """
    pipe.write(LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """Read one message; None where nothing more comes."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    data = pipe.read(length)
    return data if len(data) == length else None


def answer(job: bytes) -> bytes:
    """Do one piece of work.

    Args:
        job: a function and its arguments, pickled.

    Returns:
        An :data:`Answer`, pickled.
    """
    try:
        work, args, named = pickle.loads(job)
    except Exception as error:
        return pickle.dumps(("unreadable", f"{type(error).__name__}: {error}"))
    return _dumped(_done(work, args, named))


def _done(work: Callable[..., Any], args: Any, named: Any) -> Answer:
    try:
        return "done", work(*args, **named)
    except Exception as error:
        error.add_note(f"It was raised in another process:\n{traceback.format_exc()}")
        return "raised", error


def _dumped(found: Answer) -> bytes:
    try:
        data = pickle.dumps(found)
        pickle.loads(data)  # an error whose constructor wants more than its text cannot be read there
    except Exception as error:
        return pickle.dumps(("unreadable", f"{type(error).__name__}: {error}"))
    return data


def main() -> None:
    """Work until standard input ends; what the work prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    jobs: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while True:
        send(answers, answer(jobs.get()))


def _read(pipe: IO[bytes], jobs: queue.SimpleQueue[bytes]) -> None:
    while (job := receive(pipe)) is not None:
        jobs.put(job)
    os._exit(0)  # whoever wanted the work is gone, and perhaps in the middle of it


if __name__ == "__main__":
    main()
