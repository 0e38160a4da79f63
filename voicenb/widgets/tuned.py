"""Tuned: what a panel of turn detection is bound to, a Talk or a Session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from typing import Any, Protocol

from voicenb.errors import InvalidConfiguration, SessionNotOpen
from voicenb.recording.recording import Recording
from voicenb.session.opening import name_of
from voicenb.session.session import Session
from voicenb.widgets.talk import Talk


class Tuned(Protocol):
    """Whose settings the panel shows and changes."""

    @property
    def name(self) -> str:
        """The agent's."""
        ...

    @property
    def session(self) -> Session | None:
        """The running call, or the last one."""
        ...

    @property
    def coming(self) -> Mapping[str, Any] | None:
        """The ``session`` object that the next call begins with; None where there is no next one."""
        ...

    @property
    def restarts(self) -> str:
        """How a call can be begun anew.

        ``"page"`` (the page that has it keeps its microphone), ``"here"`` (with the same microphone), or
        empty where it cannot.
        """
        ...

    @property
    def successors(self) -> int:
        """How many were made after it that a person may talk to instead."""
        ...

    def patient(self) -> bool:
        """Whether to measure only while nobody but the caller may be speaking."""
        ...

    def update(self, changes: Mapping[str, Any]) -> None:
        """Change settings by name.

        Raises:
            VoicenbError: why they are not in force.
        """
        ...

    def restart(self) -> None:
        """End the call, and begin another with turn detection left to the service again.

        Raises:
            VoicenbError: why that cannot be.
        """
        ...

    def watch(self, changed: Callable[[], object]) -> Callable[[], object]:
        """Call ``changed`` from now on.

        That is when there is another session, something else is coming, or there is a successor.

        Returns:
            What ends it.
        """
        ...


def is_recorded(what: object) -> bool:
    """Whether a panel of it is one of recordings: one or several, or paths."""
    several = isinstance(what, Iterable) and not isinstance(what, bytes | Mapping | Talk | Session)
    return isinstance(what, Recording | str | PathLike) or several


def tuned(what: object) -> Tuned:
    """What a panel can be bound to.

    Raises:
        InvalidConfiguration: it is neither a Talk nor a Session.
    """
    match what:
        case Talk():
            return TunedTalk(what)
        case Session():
            return TunedSession(what)
        case _:
            raise InvalidConfiguration(
                f"TurnDetectionPanel takes a Talk, a Session or recordings, not {type(what).__name__}.",
                remedy="Make a Talk first: talk = vn.Talk(agent), then vn.TurnDetectionPanel(talk); or give "
                'a recorded call: vn.TurnDetectionPanel("calls/lido").',
            )


class TunedTalk:
    """A Talk: its running call, and what the next one begins with."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    @property
    def name(self) -> str:
        """The agent's."""
        return name_of(self._talk.agent)

    @property
    def session(self) -> Session | None:
        """The running call, or the last one."""
        return self._talk.session

    @property
    def coming(self) -> Mapping[str, Any]:
        """The ``session`` object that the next call begins with."""
        return self._talk._next.settings

    @property
    def restarts(self) -> str:
        """``"page"`` or ``"here"``."""
        return "page" if self._talk._with_page else "here"

    @property
    def successors(self) -> int:
        """How many Talks were made after it."""
        return int(self._talk._successors)

    def patient(self) -> bool:
        """Whether the agent's voice passes through this process."""
        return bool(self._talk._state.get("audio") == "kernel")

    def update(self, changes: Mapping[str, Any]) -> None:
        """Change settings, of the running call and of those to come."""
        self._talk.update(**changes)

    def restart(self) -> None:
        """End the call, and begin another."""
        self._talk._begin_anew()

    def watch(self, changed: Callable[[], object]) -> Callable[[], object]:
        """Call ``changed`` when there is another call, something else is coming, or another Talk was made.

        Returns:
            What ends it.
        """
        names = ["_session", "_next", "_successors"]

        def told(change: object) -> None:
            del change
            changed()

        self._talk.observe(told, names)
        return lambda: self._talk.unobserve(told, names)


class TunedSession:
    """A Session, which is held once."""

    restarts = ""
    coming = None
    successors = 0

    def __init__(self, session: Session) -> None:
        self.session = session

    @property
    def name(self) -> str:
        """The agent's."""
        return name_of(self.session.agent)

    def patient(self) -> bool:
        """Never: no page has its voice."""
        return False

    def update(self, changes: Mapping[str, Any]) -> None:
        """Change settings of the running session."""
        self.session.update(**changes)

    def restart(self) -> None:
        """Refuse it."""
        raise SessionNotOpen(
            "A Session is held once, and cannot be begun anew.", remedy="Make another Session, or use a Talk."
        )

    def watch(self, changed: Callable[[], object]) -> Callable[[], object]:
        """Do nothing: it stays the same."""
        del changed
        return lambda: None
