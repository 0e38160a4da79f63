"""A call that its page is to begin anew, for only the page has the microphone."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from voicenb.errors import SessionNotOpen

PATIENCE = 3.0
"""Seconds in which the page that has the call says that it begins anew."""


class PageRestart:
    """Asks all pages; the one that has the call answers, and does it.

    Args:
        send: sends the pages a message.
        begins: called when one is about to end the call, before it asks for the next.
    """

    def __init__(self, send: Callable[[dict[str, Any]], None], begins: Callable[[], object]) -> None:
        self._send = send
        self._begins = begins
        self._turn = threading.Lock()
        self._answers: queue.SimpleQueue[bool] | None = None  # while a page is asked

    def ask(self) -> None:
        """Let the page that has the call begin it anew; returns when it has said that it does.

        Raises:
            SessionNotOpen: no page can, and nothing was changed.
        """
        with self._turn:
            answers = self._answers = queue.SimpleQueue()
            self._send({"type": "restart"})
            try:
                self._await(answers)
            finally:
                self._answers = None

    @staticmethod
    def _await(answers: queue.SimpleQueue[bool]) -> None:
        until = time.monotonic() + PATIENCE
        connecting = False
        while (left := until - time.monotonic()) > 0:
            try:
                if answers.get(timeout=left):
                    return
            except queue.Empty:
                break
            connecting = True  # another page may have the call
        if connecting:
            raise SessionNotOpen(
                "The page that has this call's microphone is connecting to it again.",
                remedy="Wait until its panel says listening, then press Restart.",
            )
        raise SessionNotOpen(
            "No page has this call's microphone now, so none can begin the call anew.",
            remedy="Press Talk here in its panel, then Restart; or Stop, then Start.",
        )

    def answered(self, able: bool) -> None:
        """A page with the call has answered; returns at once."""
        answers = self._answers
        if answers is None:  # too late: nothing was promised
            return
        if able:
            self._begins()
        answers.put(able)
