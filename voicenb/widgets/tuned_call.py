"""A call as the panel of turn detection follows it: how it stands, and its turns as they are measured."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from voicenb.analysis.answer import Answer
from voicenb.analysis.interruption import Interruption
from voicenb.session.events import AUDIO, Event
from voicenb.session.session import Session
from voicenb.widgets.chips import Chips
from voicenb.widgets.errands import Errands
from voicenb.widgets.tuned_beside import TunedBeside
from voicenb.widgets.tuned_turns import TunedTurns

PATIENCE = 3.0
"""Seconds that the end of a call waits for what is still being measured."""


class TunedCall:
    """Follows one session from its first event on.

    Args:
        session: the call.
        changed: called when there is something new to show; on the session's thread or another.
        patient: whether to measure only while nobody but the caller may be speaking.

    Attributes:
        session: the call.
        turns: its turns.
        beside: the same by another setting, where one was chosen.
    """

    def __init__(
        self, session: Session, changed: Callable[[], object], patient: Callable[[], bool] = lambda: False
    ) -> None:
        self.session = session
        self.turns = TunedTurns()
        self.beside = TunedBeside(session, changed)
        self._changed = changed
        self._patient = patient
        self._lock = threading.Lock()
        self._stop: Callable[[], object] | None = None  # ends the measuring
        self._errands = Errands("voicenb-tuning-end")
        self._leave = session.follow(self._take)

    def measure(self) -> None:
        """Measure from now on what turns cost, of those before as well; where somebody looks."""
        with self._lock:
            if self._stop is not None:
                return
            chips = Chips(self.session, self._told, self._patient, found=self._measured)

            def take(event: Event | None) -> None:
                if event is not None:
                    chips.take(event)
                else:
                    self._errands.ask(chips.finish, PATIENCE)  # which looks at what has waited

            self._stop = self.session.follow(take)

    def rest(self) -> None:
        """Measure no longer: nobody looks."""
        with self._lock:
            stop, self._stop = self._stop, None
        if stop is not None:
            stop()

    def close(self) -> None:
        """Follow the session no longer."""
        self._leave()
        self.rest()

    def _take(self, event: Event | None) -> None:
        if event is not None and event["type"] in AUDIO:
            return
        if event is not None:
            self.beside.take(event)
        if self.turns.take(event) or (event is not None and event["type"] == "state"):
            self._changed()

    def _measured(self, what: Answer | Interruption) -> None:
        self.turns.measured(what)
        if isinstance(what, Answer):
            self.beside.answered(what, self.turns.told_of(what.reply_id))

    def _told(self, line: dict[str, Any]) -> None:
        self.turns.told(line)
        self._changed()

    @property
    def phase(self) -> str:
        """``"before"`` it has begun, ``"connecting"``, ``"running"``, ``"reconnecting"`` or ``"after"``."""
        session = self.session
        if session.over:
            return "after"
        if session.state == "idle":
            return "before"
        if session.state == "reconnecting":
            return "reconnecting"
        return "running" if session.conversation.ready is not None else "connecting"

    @property
    def service(self) -> str:
        """Which one answers; empty before the start."""
        address = self.session.address
        return "" if address is None else address.kind
