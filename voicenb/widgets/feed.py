"""Tells a panel how its call stands: state and lines, a few times a second, from one thread."""

from __future__ import annotations

import threading
import time
from typing import Any, Protocol

from voicenb.errors import VoicenbError
from voicenb.session.events import Event
from voicenb.session.failure import described
from voicenb.session.session import Session
from voicenb.widgets.comm import INTERVAL, Door
from voicenb.widgets.shown import error_shown, priced
from voicenb.widgets.shown_call import ShownCall

THROUGH_KERNEL = 0.25
"""Seconds between two pictures while sound passes through the kernel, which each of them holds up."""


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
        rate: dollars per hour that an open session costs; None takes the service's usual rate.
        **facts: parts of the state that no session knows: ``agent``, ``hints``, ``error``, …
    """

    def __init__(self, widget: Shown, *, rate: float | None = None, **facts: Any) -> None:
        self._widget = widget
        self._rate = rate
        self._facts = facts
        self._call: ShownCall | None = None
        self._watched = False  # whether somebody looks at the panel
        self._lock = threading.Lock()
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

    def watch(self) -> None:
        """Somebody looks at the panel: from now on calls are measured, this one too."""
        with self._lock:
            self._watched = True
            call = self._call
        if call is not None:
            call.measure()

    def follow(self, session: Session, **facts: Any) -> ShownCall:
        """From now on the panel shows this session, with an empty transcript."""
        call = ShownCall(session, self.door.knock, patient=lambda: self._facts.get("audio") == "kernel")
        with self._lock:
            self._call = call
            self._facts |= {"error": None, **facts}
            self._whole, self._kept = True, []
            watched = self._watched
        if watched:
            call.measure()
        session.follow(lambda event: self._happened(call, event))
        self.door.knock()
        return call

    def leave(self, error: BaseException) -> None:
        """The session that was to be followed could not begin."""
        with self._lock:
            self._call = None
            self._facts |= {"state": "idle", "call": "", "error": _told(error)}
        self.door.knock()

    def forget(self, **facts: Any) -> None:
        """Show no call any more: the panel is as before the first."""
        with self._lock:
            self._call = None
            self._facts |= {"state": "idle", "call": "", **facts}
            self._whole, self._kept = True, []
        self.door.knock()

    def _happened(self, call: ShownCall, event: Event | None) -> None:
        """The call's next event, on its thread; None at the end."""
        if event is not None:
            call.take(event)
        elif call is self._call:
            self.door.knock()

    def lines(self) -> list[dict[str, Any]]:
        """The transcript as the panel shows it."""
        call = self._call
        return [] if call is None else call.transcript.all()

    def state(self) -> dict[str, Any]:
        """The state as the panel shows it."""
        with self._lock:
            call, facts = self._call, dict(self._facts)
        return priced(facts if call is None else _together(facts, call), self._rate)

    def _deliver(self) -> None:
        """Send what has changed; on the door's thread."""
        with self._lock:
            (whole, self._whole), (kept, self._kept) = (self._whole, False), (self._kept, None)
            call = self._call
            self.door.interval = THROUGH_KERNEL if self._facts.get("audio") == "kernel" else INTERVAL
        changed = [] if call is None else call.transcript.changes()
        state = self.state()
        if kept is not None:
            self._widget._lines = kept
        if whole:
            lines = [] if call is None else call.transcript.all()
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

    def finish(self, call: ShownCall) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """A call is over: what the panel shows of it, it keeps, also where the notebook is saved.

        Another call may be shown by now, of which nothing is changed.

        Returns:
            The whole transcript of the call, and the state at its end.
        """
        lines = call.finish()
        with self._lock:
            state = dict(self._facts)
            if call is self._call:
                self._kept = lines
        self.door.now()
        return lines, priced(_together(state, call), self._rate)


def _together(facts: dict[str, Any], call: ShownCall) -> dict[str, Any]:
    """The state of a panel that shows a call.

    Args:
        facts: what no session knows.
        call: the call.
    """
    state = call.state()
    if state["state"] != "ended" and call.session.address is None:
        # A service is being found: an emulator that is still starting, or one that is there.
        state["state"] = "warming up" if facts["state"] == "warming up" else "connecting"
    failure = call.session.failure
    if failure is not None and state["state"] != "ended":
        state["state"] = "ending"  # a service that is silent is given a moment to say goodbye
    if failure is not None and not facts.get("error"):
        state["error"] = _told(failure)
    return {**facts, **state}


def _told(error: BaseException) -> dict[str, str]:
    """An error as the panel says it."""
    match error:
        case VoicenbError():
            return error_shown(error)
        case KeyboardInterrupt():
            return {"message": "The call was interrupted before it began.", "remedy": "Start it again."}
        case _:
            return {"message": f"The call could not begin: {described(error)}.", "remedy": ""}
