"""Tells a panel how its call stands: state and lines, a few times a second, from one thread."""

from __future__ import annotations

import threading
import time
from typing import Any, Protocol

from voicenb.errors import VoicenbError
from voicenb.protocol.settings import at_path
from voicenb.session.events import AUDIO, Event
from voicenb.session.session import Session
from voicenb.widgets.chips import Chips
from voicenb.widgets.comm import INTERVAL, Door
from voicenb.widgets.shown import service_state, turn_detection_state
from voicenb.widgets.transcript import Transcript

THROUGH_KERNEL = 0.25
"""Seconds between two pictures while sound passes through the kernel, which each of them holds up."""

PATIENCE = 3.0
"""Seconds that the end of a call waits for what is still being measured."""


class Shown(Protocol):
    """What the feed needs of the widget."""

    _state: dict[str, Any]
    _lines: list[dict[str, Any]]

    def send(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        """Send a message to the page."""
        ...


class Feed:
    """Follows one session after the other and keeps the widget's page up to date.

    Whatever it sends goes through its door: traits are no place for two threads at once.

    Args:
        widget: the panel.
        **facts: parts of the state that no session knows: ``agent``, ``hints``, ``error``, …
    """

    def __init__(self, widget: Shown, **facts: Any) -> None:
        self._widget = widget
        self._facts = facts
        self._session: Session | None = None
        self._lock = threading.Lock()
        self._transcript: Transcript | None = None  # of the session
        self._chips: Chips | None = None  # likewise
        self._whole = False  # whether the page is to get the whole transcript
        self._kept: list[dict[str, Any]] | None = (
            None  # what the trait is to hold: the transcript, at the end
        )
        self.door = Door(self._deliver)

    def fact(self, **facts: Any) -> None:
        """Some parts of the state are now these."""
        with self._lock:
            if all(name in self._facts and self._facts[name] == value for name, value in facts.items()):
                return
            self._facts |= facts
        self.door.knock()

    def follow(self, session: Session, **facts: Any) -> None:
        """From now on the panel shows this session, with an empty transcript."""
        with self._lock:
            self._session = session
            self._transcript = transcript = Transcript(session)
            self._chips = Chips(
                session,
                lambda line: self._put(transcript, line),
                patient=lambda: self._facts.get("audio") == "kernel",
            )
            self._facts |= {
                "started": None,
                "ended": None,
                "late": 0,
                "lost": 0,
                "error": None,
                "summary": "",
                "adaptive": True,
            }
            self._facts |= facts
            self._whole, self._kept = True, []
        session.follow(lambda event: self._happened(session, event))
        self.door.knock()

    def leave(self, error: VoicenbError) -> None:
        """The session that was to be followed could not begin."""
        with self._lock:
            self._session = self._transcript = self._chips = None
            self._facts |= {"state": "idle", "error": {"message": error.message, "remedy": error.remedy}}
        self.door.knock()

    def _happened(self, session: Session, event: Event | None) -> None:
        """The session's next event, on its thread; None at the end."""
        if session is not self._session:
            return
        if event is not None:
            if event["type"] in AUDIO:
                return  # none of them changes what the panel shows
            self._note(event)
            if self._chips is not None:
                self._chips.take(event)
        self.door.knock()

    def _put(self, transcript: Transcript, line: dict[str, Any]) -> None:
        transcript.put(line)
        self.door.knock()

    def _note(self, event: Event) -> None:
        kind, message = event["type"], event["msg"]
        if kind == "session.ready" and self._facts["started"] is None:
            self._facts["started"] = time.time()
        elif kind == "session.update" and at_path(message, "session.input.turn_detection") is not None:
            self._facts["adaptive"] = False
        elif kind == "frames":
            self._facts |= {"late": message["late"], "lost": message["lost"]}
        elif kind == "log" and message.get("text") and "gaps" not in message:  # the page's counts are no news
            assert self._transcript is not None
            self._transcript.note(f"log-{event['n']}", event["t"], message["text"])

    def lines(self) -> list[dict[str, Any]]:
        """The transcript as the panel shows it."""
        transcript = self._transcript
        return [] if transcript is None else transcript.all()

    def state(self) -> dict[str, Any]:
        """The state as the panel shows it."""
        session, facts = self._session, dict(self._facts)
        adaptive = facts.pop("adaptive", True)
        if session is None:
            return facts
        running = not session.over
        state: dict[str, Any] = {"state": session.state if running else "ended"}
        if running and session.address is None:
            # A service is being found: an emulator that is still starting, or one that is there.
            state["state"] = "warming up" if facts["state"] == "warming up" else "connecting"
        with session.paused():
            conversation = session.conversation
            turns = at_path(conversation.config, "input.turn_detection")
            waiting = next((call.name for call in conversation.pending_calls), None)
        state["tool"] = waiting if running else None
        state["interruptible"] = at_path(turns or {}, "interrupt_response") is not False
        if not adaptive and turns is not None:
            facts["turn_detection"] = turn_detection_state(turns, running=running)
        if session.address is not None:
            state |= service_state(session.address)
        failure = session.failure
        if failure is not None and not facts.get("error"):
            state["error"] = {"message": failure.message, "remedy": failure.remedy}
        return {**facts, **state}

    def _deliver(self) -> None:
        """Send what has changed; on the door's thread."""
        with self._lock:
            (whole, self._whole), (kept, self._kept) = (self._whole, False), (self._kept, None)
            transcript = self._transcript
            self.door.interval = THROUGH_KERNEL if self._facts.get("audio") == "kernel" else INTERVAL
        changed = [] if transcript is None else transcript.changes()
        state = self.state()
        if kept is not None:
            self._widget._lines = kept
        if whole:
            lines = [] if transcript is None else transcript.all()
            self._widget.send({"type": "lines", "lines": lines, "now": time.time()})
        if state != self._widget._state:
            self._widget._state = state
        if not whole:
            for line in changed:
                self._widget.send({"type": "line", "line": line})

    def tell_all(self) -> None:
        """Send the whole transcript, to a page that has just come."""
        with self._lock:
            self._whole = True
        self.door.knock()

    def finish(self) -> list[dict[str, Any]]:
        """The session is over: what the panel shows now, it keeps, also where the notebook is saved.

        Returns:
            The whole transcript.
        """
        with self._lock:
            self._facts["ended"] = time.time()
            chips = self._chips
        summary = "" if chips is None else chips.finish(PATIENCE)
        lines = self.lines()
        with self._lock:
            self._facts["summary"] = summary
            self._kept = lines
        self.door.now()
        return lines
