"""A call as the panel shows it: its lines, its figures, and what its answers cost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from voicenb.analysis.answer import Answer
from voicenb.analysis.interruption import Interruption
from voicenb.protocol.settings import at_path
from voicenb.session.events import AUDIO, Event
from voicenb.session.session import Session
from voicenb.widgets.chips import Chips
from voicenb.widgets.echo_notice import HEARS_ITSELF, EchoNotice
from voicenb.widgets.shown import service_state, turn_detection_state
from voicenb.widgets.transcript import Transcript

PATIENCE = 3.0
"""Seconds that the end of a call waits for what is still being measured."""


class ShownCall:
    """One call of a panel; it stays what it is when the panel shows another.

    Args:
        session: the call.
        changed: called when there is something new to show; on the session's thread or another.
        patient: whether to measure only while nobody but the caller may be speaking (see
            :class:`~voicenb.widgets.chips.Chips`).

    Attributes:
        session: the call.
        transcript: its lines.
    """

    def __init__(
        self, session: Session, changed: Callable[[], object], patient: Callable[[], bool] = lambda: False
    ) -> None:
        self.session = session
        self.transcript = Transcript(session)
        self._changed = changed
        self._patient = patient
        self._lock = threading.Lock()
        self._chips: Chips | None = None
        self._adaptive = True
        self._echo = EchoNotice()
        self._facts: dict[str, Any] = {"started": None, "ended": None, "late": 0, "lost": 0, "summary": ""}

    def measure(self) -> None:
        """Tell from now on what answers cost, of those before as well.

        That is dear, so it is done where somebody looks.
        """
        with self._lock:
            if self._chips is not None:
                return
            chips = self._chips = Chips(self.session, self._put, self._patient, self._found)
        self.session.follow(lambda event: None if event is None else chips.take(event))

    def take(self, event: Event) -> None:
        """Take the call's next event; returns at once."""
        if event["type"] in AUDIO:
            return  # none of them changes what is shown
        self._note(event)
        self._changed()

    def _note(self, event: Event) -> None:
        kind, message = event["type"], event["msg"]
        with self._lock:
            if kind == "session.ready" and self._facts["started"] is None:
                self._facts["started"] = time.time()
            elif kind == "session.update" and at_path(message, "session.input.turn_detection") is not None:
                self._adaptive = False
            elif kind == "frames":
                self._facts |= {"late": message["late"], "lost": message["lost"]}
            elif kind == "log" and "present" in message:
                self._facts["present"] = bool(message["present"])
        # The page's counts, and its coming and going, are no news.
        if kind == "log" and message.get("text") and not {"gaps", "present"} & message.keys():
            self.transcript.note(f"log-{event['n']}", event["t"], message["text"])

    def _found(self, what: Answer | Interruption) -> None:
        if isinstance(what, Interruption) and what.by_itself:
            with self._lock:
                self._echo.note()

    def _put(self, line: dict[str, Any]) -> None:
        self.transcript.put(line)
        self._changed()

    def _note_end(self) -> None:
        """It is over, since now where that is not known yet; for one who holds the lock."""
        if self._facts["ended"] is None:
            self._facts["ended"] = time.time()

    def state(self) -> dict[str, Any]:
        """How it stands, as parts of a panel's state."""
        session = self.session
        running = not session.over
        standing = session.state if running else "ended"
        with self._lock:
            if standing == "ended":  # the service has said so, and the session may still be wound up
                self._note_end()
            state, adaptive = dict(self._facts), self._adaptive
            if self._echo.shown:
                state["notice"] = HEARS_ITSELF
        state["state"] = standing
        with session.paused():
            conversation = session.conversation
            turns = at_path(conversation.config, "input.turn_detection")
            mode = at_path(conversation.config, "input.transcription_mode")
            if standing not in ("idle", "connecting"):  # until then nothing is known of it
                state["barge_in"] = conversation.barge_in
            waiting = next((call.name for call in conversation.pending_calls), None)
        state["tool"] = waiting if running else None
        state["interruptible"] = at_path(turns or {}, "interrupt_response") is not False
        if not adaptive and turns is not None:
            state["turn_detection"] = turn_detection_state(turns, mode, running=running)
        if session.address is not None:
            state |= service_state(session.address)
        return state

    def finish(self) -> list[dict[str, Any]]:
        """The call is over: wait for what is still being measured.

        Returns:
            The whole transcript.
        """
        with self._lock:
            self._note_end()
            chips = self._chips
        summary = "" if chips is None else chips.finish(PATIENCE)
        with self._lock:
            self._facts["summary"] = summary
        return self.transcript.all()
