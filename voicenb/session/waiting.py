"""Waiting for what a session is told: a message, an answer."""

from __future__ import annotations

from collections.abc import Sequence

from voicenb.session.events import Event
from voicenb.session.microphone import Microphone
from voicenb.session.mirror import Mirror


class Search:
    """Looks for an event of a type; each event is looked at once, however often one asks.

    Args:
        kind: the type.
        start: index of the first event to look at.

    Attributes:
        place: index of the first event that was not looked at.
    """

    def __init__(self, kind: str, start: int) -> None:
        self.place = start
        self._kind = kind

    def look(self, events: Sequence[Event], start: int = 0) -> Event | None:
        """The next event of the type, or None; what lies before ``start`` is passed over."""
        for place in range(max(self.place, start), len(events)):
            self.place = place + 1
            if events[place]["type"] == self._kind:
                return events[place]
        return None


class Waits:
    """What one can wait for in a session.

    Args:
        mirror: follows it.
    """

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._next = 0  # behind the event that was returned last

    def for_event(self, kind: str, timeout: float) -> Event:
        """The next event of that type behind the one that was returned last.

        Raises:
            WaitTimeout: it did not come within ``timeout`` seconds.
            VoicenbError: what ended the session before it came.
        """
        search = Search(kind, self._next)

        def found() -> Event | None:
            event = search.look(self._mirror.events, self._next)
            if event is not None:
                self._next = search.place
            return event

        event: Event = self._mirror.wait(found, timeout, kind, since=self._next)
        return event

    def until_answered(self, microphone: Microphone | None, timeout: float) -> None:
        """Wait until the caller's last turn, or the last tool result, is answered and the answer was heard.

        Args:
            microphone: what it says, if anything, is waited for as well.
            timeout: seconds.

        Raises:
            WaitTimeout: no answer.
            VoicenbError: what ended the session before that.
        """
        self._mirror.wait(lambda: self._answered(microphone), timeout, "answer", since=self._next)

    def _answered(self, microphone: Microphone | None) -> bool:
        conversation = self._mirror.conversation
        words = getattr(microphone, "seconds", 0.0)
        if words and conversation.ready_at is not None:
            said = conversation.ready_at + float(getattr(microphone, "before", 0.0)) + words
            if conversation.last_turn_at is None or self._mirror.now < said:
                return False
        return not conversation.user_speaking and conversation.answered
