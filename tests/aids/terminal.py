"""A terminal on stderr, for what is shown to who waits there."""

from __future__ import annotations

import io
import sys

import pytest


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(terminal: Terminal) -> list[str]:
    """What was shown, one after the other, without the bar and the time that is left."""
    lines = terminal.getvalue().split("\r")[1:]
    return [line.split(" |")[0].strip() for line in lines if line.strip()]


def in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Called in the test itself: pytest has a stderr of its own between the phases."""
    monkeypatch.setattr("voicenb.progress._in_notebook", lambda: False)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal
