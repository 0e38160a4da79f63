"""Children of this process: in a group of their own, where an interrupt of the kernel does not reach them."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from typing import Any

PATIENCE = 5.0
"""Seconds that a child may take to end once its standard input has."""


def python(*arguments: str) -> list[str]:
    """The command that runs this Python, for a child.

    Without the working folder among the places where modules are looked for: a ``token.py`` beside a notebook
    is not the one that the child means. What ``PYTHONPATH`` names is still looked through.
    """
    return [sys.executable, "-P", *arguments]


def own_group() -> dict[str, Any]:
    """Arguments of ``Popen`` for a child that does not hear of the kernel's interrupts."""
    if sys.platform == "win32":
        # A kernel that a desktop program started has no console, and Windows would open one for the child.
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    else:  # noqa: RET505 - type checkers follow it on either platform
        return {"start_new_session": True}


def hang_up(process: subprocess.Popen[bytes]) -> None:
    """Close the child's standard input, by which it knows that it is to end."""
    if process.stdin is not None:
        # It ended before it read what was written: a broken pipe, an invalid argument to Windows.
        with contextlib.suppress(OSError):
            process.stdin.close()


def dismiss(process: subprocess.Popen[bytes]) -> int:
    """End a child, in good order where it will; returns its exit code."""
    hang_up(process)
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
