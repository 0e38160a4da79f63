"""A beginning that cannot be parted from what it has begun."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from voicenb.session.beginning import Beginning


def test_it_has_begun_when_it_returns() -> None:
    begun: list[str] = []
    Beginning(lambda: begun.append("it")).run()
    assert begun == ["it"]


def test_what_went_wrong_is_raised() -> None:
    def fails() -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        Beginning(fails).run()


def test_after_an_interrupt_it_is_known_what_has_begun() -> None:
    begun: list[str] = []
    interrupted = threading.Event()

    def begin() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        assert interrupted.wait(10)
        begun.append("it")

    beginning = Beginning(begin)
    with pytest.raises(KeyboardInterrupt):
        beginning.run()
    assert begun == []
    interrupted.set()
    beginning.call_off()
    assert begun == ["it"]


def test_what_was_called_off_before_it_began_never_begins() -> None:
    begun: list[str] = []
    beginning = Beginning(lambda: begun.append("it"))
    beginning.call_off()
    beginning.run()
    assert begun == []
