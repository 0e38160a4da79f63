"""A session as one sees it: what was said, how it stands, and waiting for what comes."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Collection
from typing import Any

from voicenb.errors import SessionNotOpen, VoicenbError
from voicenb.protocol.actions import RunTool
from voicenb.protocol.conversation import Conversation
from voicenb.protocol.lines import Line
from voicenb.session.events import Event
from voicenb.session.host import Call
from voicenb.session.kinds import check_kind
from voicenb.session.loop_thread import user_thread
from voicenb.session.microphone import Microphone
from voicenb.session.mirror import Mirror
from voicenb.session.waiting import Waits
from voicenb.session.watching import Follower, Followers, Messages, Observer, Observers, message_of


class Followed:
    """The half of a :class:`~voicenb.session.session.Session` that watches and changes nothing.

    Args:
        microphone: the caller's voice, or None.
        run_tool: is given each tool call, on the session thread.
        complain: takes a line about an observer or a follower that failed.

    Attributes:
        microphone: the microphone.
    """

    def __init__(
        self,
        microphone: Microphone | None,
        run_tool: Callable[[RunTool], object],
        complain: Callable[[str], object],
    ) -> None:
        self.microphone = microphone
        self._call: Call | None = None
        self._mirror = Mirror(run_tool)
        self._waits = Waits(self._mirror)
        self._observers = Observers(user_thread(), complain)
        self._followers = Followers(self._mirror, complain)

    def _take(self, event: Event) -> None:
        """The next event, on the session thread."""
        if self._mirror.take(event):
            self._observers.tell(event)
            self._followers.tell(event)

    def _started(self) -> Call:
        if self._call is None:
            raise SessionNotOpen(
                "The session has not been started.", remedy="Call start(), or use it in a with statement."
            )
        return self._call

    # --- waiting and watching ---

    def wait_for(
        self,
        type: str,  # noqa: A002 - the API's own word
        timeout: float = 10.0,
        *,
        known: bool = True,
    ) -> Any:
        """The next message of that type, behind the one that was returned last.

        Args:
            type: e.g. ``"tool.call"``; also what was sent (``"tool.result"``) and local events (``"state"``,
                see :data:`voicenb.session.kinds.LOCAL`).
            timeout: seconds.
            known: whether a type that this version does not know is refused at once, for it probably is a
                slip; with False it is waited for, in case the service has it by now.

        Returns:
            The message, typed (:mod:`voicenb.protocol.messages`); a local event as its dict.

        Raises:
            InvalidConfiguration: there is no such type (the nearest are named), or ``timeout`` is no number.
            WaitTimeout: it did not come.
            VoicenbError: what ended the session before it came.
        """
        self._started()
        if known:
            check_kind(type)
        return message_of(self._waits.for_event(type, timeout))

    def wait_until_answered(self, timeout: float = 10.0) -> None:
        """Wait until the caller's last turn, or the last tool result, is answered and the answer was heard.

        With a microphone that has something to say (a ``WavFile``, ``Says``, ``Caller``), until all of that
        has been said, understood and answered: of a ``Caller`` the whole script counts, whatever the agent
        says before the last words of it, so give it the time. That the caller then hangs up does no harm.
        Words given to ``send_audio`` are waited for as well, and a reply that ``reply`` asked for.

        Of tools that the service runs by itself (``HttpTool``, platform tools) no message tells: where the
        session has some, a reply is the answer when no other has followed it within three seconds. Without
        such tools nothing is waited for behind the answer.

        Args:
            timeout: seconds, from now on.

        Raises:
            InvalidConfiguration: ``timeout`` is no number.
            WaitTimeout: no answer.
            VoicenbError: what ended the session before that.
        """
        self._started()
        self._waits.until_answered(self.microphone, timeout)

    def messages(self) -> Messages:
        """The service's messages, from the first on until the session ends.

        For ``for``, and for ``async for`` in any loop. Audio is not among them: it is in the recording.

        Raises:
            SessionNotOpen: it has not been started.
        """
        self._started()
        return Messages(self.follow)

    def observe(self, callback: Observer, types: Collection[str] | None = None) -> Callable[[], None]:
        """Call ``callback`` with each event from now on; returns a function that ends it.

        It is called on a thread of its own for callbacks and async tools, and may be async: then it gets the
        next event when it is done with the one before. An error in it is logged to the session (``"log"``)
        and harms nobody.

        Args:
            callback: takes an event: ``n``, ``t``, ``dir``, ``type``, ``msg``.
            types: which events; all by default, without audio beyond each reply's first.

        Raises:
            InvalidConfiguration: there is no such type; the nearest are named. To watch for one that is newer
                than this version, leave ``types`` out and look at the events.
        """
        types = (types,) if isinstance(types, str) else types
        for kind in types or ():
            check_kind(kind)
        return self._observers.add(callback, types)

    def follow(self, follower: Follower) -> Callable[[], None]:
        """Call ``follower`` with each event from the first on, and with None at the end.

        Unlike an observer it is called on the thread that holds the session, without delay: it must return at
        once, and wait for no lock that is held while the session is asked something. One that raises is
        logged to the session (``"log"``) and told nothing more.

        Returns:
            What ends it.
        """
        return self._followers.add(follower)

    # --- asking ---

    @property
    def state(self) -> str:
        """Who holds the floor: ``"listening"``, ``"thinking"``, ``"speaking"``.

        Before that ``"idle"`` and ``"connecting"``, after it ``"ended"`` or, by accident, ``"lost"``;
        ``"reconnecting"`` while the connection is lost and may be had back.
        """
        return self._mirror.state

    @property
    def over(self) -> bool:
        """Whether it has ended, for whatever reason."""
        return self._mirror.over

    @property
    def failure(self) -> VoicenbError | None:
        """What ended the session, where it was not ended on purpose."""
        return self._mirror.failure

    @property
    def lines(self) -> list[Line]:
        """The transcript so far: who said what, and how much of the agent's words was heard."""
        with self._mirror.changed:
            return copy.deepcopy(self._mirror.conversation.lines)

    transcript = lines

    @property
    def events(self) -> list[Event]:
        """The events so far, audio left out beyond the first of each reply."""
        with self._mirror.changed:
            return list(self._mirror.events)

    @property
    def conversation(self) -> Conversation:
        """The conversation as it stands; it stands still inside ``with session.paused():``."""
        return self._mirror.conversation

    def paused(self) -> threading.Condition:
        """A lock under which :attr:`conversation` stands still; keep it for moments only."""
        return self._mirror.changed

    @property
    def session_id(self) -> str:
        """The service's id of the session; empty before it is ready."""
        return self._mirror.conversation.session_id
