"""Waiting for what a session is told: a message, an answer."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from voicenb.errors import InvalidConfiguration
from voicenb.protocol.floor import SEQUEL
from voicenb.session.events import Event
from voicenb.session.microphone import RATE, Microphone
from voicenb.session.mirror import Mirror

SETTLED = 1.5
"""Seconds behind the last words after which no turn is expected that began before their end.

A service announces a turn late, up to a second behind the words. One that ended behind the last is theirs.
"""


def seconds_of(timeout: float) -> float:
    """A timeout as a lock takes it; one without end is as long as one can be.

    Raises:
        InvalidConfiguration: it is no number of seconds.
    """
    if not isinstance(timeout, int | float) or timeout != timeout:
        raise InvalidConfiguration(
            f"timeout must be a number of seconds, not {timeout!r}.",
            remedy="To wait without end, give float('inf').",
            param="timeout",
        )
    return min(timeout, threading.TIMEOUT_MAX / 2)


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
        self._looked = 0  # events that were looked at for replies that were asked for
        self._asked = 0.0  # when a reply was asked for last
        self._given = (0.0, 0.0)  # when the words that were given by hand last are said, from and to

    def given(self, pcm: bytes, at: float) -> None:
        """Words were given by hand: there is something to say, behind what was given before.

        Args:
            pcm: the sound, PCM16 at 24 kHz; silence is no words.
            at: the session's time when it was given.
        """
        if not bytes(pcm).strip(b"\0"):
            return
        with self._mirror.changed:
            start, stop = self._given
            if at > stop:
                start = stop = at
            self._given = (start, stop + len(pcm) / 2 / RATE)

    def for_event(self, kind: str, timeout: float) -> Event:
        """The next event of that type behind the one that was returned last.

        Raises:
            InvalidConfiguration: ``timeout`` is no number of seconds.
            WaitTimeout: it did not come within ``timeout`` seconds.
            VoicenbError: what ended the session before it came.
        """
        seconds = seconds_of(timeout)
        search = Search(kind, self._next)

        def found() -> Event | None:
            event = search.look(self._mirror.events, self._next)
            if event is not None:
                self._next = search.place
            return event

        event: Event = self._mirror.wait(found, seconds, kind, since=self._next)
        return event

    def until_answered(self, microphone: Microphone | None, timeout: float) -> None:
        """Wait until the caller's last turn, or the last tool result, is answered and the answer was heard.

        A reply that was asked for is waited for like the answer to a turn. Where the service runs tools by
        itself, a reply counts when ``SEQUEL`` seconds have passed without another.

        Args:
            microphone: has it something to say, or was something given by hand, all of that is waited for
                first: nothing that the agent says before the last words of it, a greeting least of all, is
                the answer.
            timeout: seconds.

        Raises:
            InvalidConfiguration: ``timeout`` is no number of seconds.
            WaitTimeout: no answer.
            VoicenbError: what ended the session before that.
        """
        seconds = seconds_of(timeout)
        self._mirror.wait(lambda: self._answered(microphone), seconds, "answer", since=self._next)

    def _answered(self, microphone: Microphone | None) -> bool:
        conversation = self._mirror.conversation
        if not self._all_said(microphone) or conversation.user_speaking:
            return False
        answered = conversation.answered_since(max(conversation.mark, self._reply_asked()))
        return answered and not self._may_go_on()

    def _may_go_on(self) -> bool:
        """Whether what was heard last may be what the service says before the result of a tool of its own."""
        conversation = self._mirror.conversation
        if not conversation.may_go_on or self._mirror.over:
            return False
        since = conversation.over_since
        return since is None or self._mirror.now - since < SEQUEL

    def _reply_asked(self) -> float:
        """When a reply was asked for last."""
        events = self._mirror.events
        for place in range(self._looked, len(events)):
            if events[place]["type"] == "reply.create":
                self._asked = events[place]["t"]
        self._looked = len(events)
        return self._asked

    def _all_said(self, microphone: object) -> bool:
        """Whether there is nothing more to say: a script was answered, words have been a turn."""
        if isinstance(microphone, Scripted):
            return microphone.answered and self._were_a_turn(*self._given)
        ready = self._mirror.conversation.ready_at
        words = float(getattr(microphone, "seconds", 0.0))
        if not words or ready is None:
            return self._were_a_turn(*self._given)
        stop = ready + float(getattr(microphone, "before", 0.0)) + words
        return self._were_a_turn(ready, stop) and self._were_a_turn(*self._given)

    def _were_a_turn(self, start: float, stop: float) -> bool:
        """Whether words that are said from ``start`` to ``stop`` are over, and were taken for a turn."""
        turn = self._mirror.conversation.last_turn_at
        if start == stop:
            return True  # no words
        if turn is None or turn < start:
            return False
        return self._mirror.now >= (stop if turn >= stop else stop + SETTLED)
