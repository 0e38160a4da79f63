"""A terminal on stderr, for what is shown to who waits there."""

from __future__ import annotations

import io
import sys

import pytest


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Called in the test itself: pytest has a stderr of its own between the phases."""
    monkeypatch.setattr("voicenb.progress._in_notebook", lambda: False)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal
