"""Work that other processes do in the tests; they import it by its name."""

import os
import signal
from pathlib import Path

from voicenb.errors import RecordingError
from voicenb.tuning.spread import NotHere


def double(item):
    return 2 * item


def who(_):
    return os.getpid()


def dies_at_first(item):
    """``(file, number)``: a process that is the first to see the file's absence ends."""
    mark, number = item
    if number == 1 and not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def dies_elsewhere(item):
    """``(home, number)``: number 1 ends every process but ``home``."""
    home, number = item
    if number == 1 and os.getpid() != home:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def only_at_home(item):
    home, number = item
    if os.getpid() != home:
        raise NotHere("no such file")
    return number


def refuses(item):
    if item == 2:
        raise RecordingError("The second is damaged.", remedy="Copy it once more.")
    return item


def adds_a_line(file):
    with Path(file).open("a") as out:
        out.write("line\n")
