"""The kernel's picture of a session: fed with the engine's events, changing nothing by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from voicenb.errors import SessionNotOpen, VoicenbError, WaitTimeout
from voicenb.protocol.actions import RunTool
from voicenb.protocol.conversation import Conversation
from voicenb.session.events import AUDIO, Event, FirstSounds
from voicenb.session.failure import from_wire

RunTools = Callable[[RunTool], object]


class Mirror:
    """Follows a session. Fed on one thread, asked from any.

    Args:
        run_tool: is given each tool call, on the thread that feeds.

    Attributes:
        changed: notified after each event; hold it to read the conversation while it stands still.
        conversation: the conversation as the events tell it.
        events: the events so far. Of audio only the first of each reply, and the first that was sent:
            they come by the hundred, and all of them are in the recording.
        failure: what ended the session, or None.
        over: whether the session has ended.
        now: the time of the last event, audio included.
        number: of the last event, audio included; -1 before the first.
        confirmations: how often the service has confirmed an update since it was ready.
        complaints: how many errors the session has told of and survived.
    """

    def __init__(self, run_tool: RunTools) -> None:
        self.changed = threading.Condition()
        self.conversation = Conversation()
        self._told = "idle"
        self.events: list[Event] = []
        self.failure: VoicenbError | None = None
        self.over = False
        self.now = 0.0
        self.number = -1
        self.confirmations = 0
        self.complaints = 0
        self._run_tool = run_tool
        self._firsts = FirstSounds()

    @property
    def state(self) -> str:
        """The engine's state.

        It is ``"idle"``, ``"connecting"``, ``"reconnecting"``, ``"listening"``, ``"thinking"``,
        ``"speaking"``, ``"lost"`` or
        ``"ended"``.
        """
        state = self.conversation.state
        # The engine's word for it is an event of its own, and comes behind the one that changed it. Where the
        # host has gone, the conversation stays as it stood.
        return self._told if self.over or state in ("idle", "ended") else state

    def take(self, event: Event) -> bool:
        """Take the next event; returns whether it is one of those that are kept."""
        with self.changed:
            actions = self.conversation.apply(event)
            self.now, self.number = event["t"], event["n"]
            kept = event["type"] not in AUDIO or self._firsts.has(event)
            if kept:
                self.events.append(event)
            if event["type"] == "session.updated" and self.conversation.ready is not None:
                self.confirmations += 1
            elif event["dir"] == "local":
                self._local(event["type"], event["msg"])
            self.changed.notify_all()
        for action in actions:
            if isinstance(action, RunTool):
                self._run_tool(action)
        return kept

    def _local(self, kind: str, record: dict[str, Any]) -> None:
        if kind == "state":
            self._told = record["state"]
        elif kind == "error" and not record.get("fatal"):
            self.complaints += 1
        elif kind == "error" and self.failure is None:
            self.failure = from_wire(record)

    def finish(self, error: BaseException | None) -> None:
        """The session is over; ``error`` where its host failed."""
        with self.changed:
            if error is not None and self.failure is None:
                self.failure = (
                    error
                    if isinstance(error, VoicenbError)
                    else VoicenbError(f"The session's engine failed: {type(error).__name__}: {error}.")
                )
            self.over = True
            if self._told not in ("ended", "lost"):
                self._told = "ended" if self.failure is None else "lost"
            self.changed.notify_all()

    def wait(self, found: Callable[[], Any], timeout: float, what: str, since: int | None = None) -> Any:
        """Wait until ``found`` returns something other than None or False, and return that.

        Args:
            found: asked after each event, while nothing changes.
            timeout: seconds.
            what: what is waited for, for the error's message.
            since: index of the first event that the message may name; those that come from now on by default.

        Raises:
            VoicenbError: what ended the session before it came.
            SessionNotOpen: the session ended before it came, on purpose.
            WaitTimeout: it did not come in time.
        """
        until = time.monotonic() + timeout
        with self.changed:
            before = len(self.events) if since is None else since
            while True:
                result = found()
                if result is not None and result is not False:
                    return result
                if self.over:
                    if self.failure is not None:
                        raise self.failure
                    raise SessionNotOpen(f"The session ended before {what} came.", **self._facts(before))
                left = until - time.monotonic()
                if left <= 0:
                    facts = self._facts(before)
                    came = ", ".join(facts["received"]) or "nothing"
                    raise WaitTimeout(
                        f"No {what} within {timeout:g} s. State: {self.state}. Received since: {came}."
                        f"{' ' * bool(self.conversation.losses)}{self.conversation.losses}",
                        seconds=timeout,
                        state=self.state,
                        lost_at=list(self.conversation.lost_at),
                        **facts,
                    )
                self.changed.wait(left)

    def _facts(self, since: int) -> dict[str, Any]:
        kinds = dict.fromkeys(event["type"] for event in self.events[since:] if event["dir"] == "in")
        return {"received": list(kinds)}
