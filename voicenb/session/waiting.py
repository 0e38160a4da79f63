"""Waiting for what a session is told: a message, an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from voicenb.session.events import Event
from voicenb.session.microphone import Microphone
from voicenb.session.mirror import Mirror


@runtime_checkable
class Scripted(Protocol):
    """A microphone that knows by itself when all that it has to say was answered."""

    @property
    def answered(self) -> bool:
        """Whether everything was said, and the last of it answered; False until the call has begun."""
        ...


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
            microphone: has it something to say, all of that is waited for first: nothing that the agent says
                before the last words of it, a greeting least of all, is the answer.
            timeout: seconds.

        Raises:
            WaitTimeout: no answer.
            VoicenbError: what ended the session before that.
        """
        self._mirror.wait(lambda: self._answered(microphone), timeout, "answer", since=self._next)

    def _answered(self, microphone: Microphone | None) -> bool:
        conversation = self._mirror.conversation
        return self._all_said(microphone) and not conversation.user_speaking and conversation.answered

    def _all_said(self, microphone: object) -> bool:
        """Whether the microphone has nothing more to say: a script was answered, a voice has been a turn."""
        if isinstance(microphone, Scripted):
            return microphone.answered
        conversation = self._mirror.conversation
        words = float(getattr(microphone, "seconds", 0.0))
        if not words or conversation.ready_at is None:
            return True
        before = float(getattr(microphone, "before", 0.0))
        over = conversation.ready_at + before + words
        return conversation.last_turn_at is not None and self._mirror.now >= over
