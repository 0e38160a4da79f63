"""Tells whether somebody still writes a recording: its events are locked for as long as the writer lives.

The lock goes with the process, however that ends, and counts between processes and within one. Windows needs
none: there a file that is open cannot be given another name.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import BinaryIO

from voicenb.recording.layout import EVENTS

if sys.platform != "win32":
    import fcntl


def lock(folder: Path) -> BinaryIO:
    """Lock a recording; it is free again when the file that is returned is closed.

    Raises:
        OSError: the folder cannot be written to.
    """
    file = (folder / EVENTS).open("ab")
    if sys.platform != "win32":
        with contextlib.suppress(OSError):  # without locks every recording there counts as locked
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return file


def is_locked(folder: Path) -> bool:
    """Whether a recording is being written, or may be: where that cannot be told."""
    events = folder / EVENTS
    try:
        if sys.platform == "win32":
            events.rename(events)
        else:
            with events.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
