"""A host holds sessions: it runs their engines somewhere, hands their events over and their commands in."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from voicenb.audio.processor import Processor
from voicenb.protocol.barge_in import USUAL, BargeInMode
from voicenb.service.address import Address
from voicenb.session.events import Publish
from voicenb.session.limits import Limits
from voicenb.session.microphone import Microphone
from voicenb.session.on_lost import OnLost
from voicenb.session.speaker import Speaker
from voicenb.session.transport import Connect

TransportBy = Literal["kernel", "browser"]
"""Who connects to the service: the kernel's side, or the person's browser by itself."""

PageMessage = dict[str, Any] | bytes
"""What a page sends or is sent: text as an object, a frame as bytes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The session to hold.

    Attributes:
        address: where the service is.
        session: the first update's ``session`` object.
        folder: where the recording goes, or None for no recording.
        about: what the recording says of the session, plain values only.
        microphone: the caller's voice; None where the host brings its own (the browser's page).
        speaker: takes the agent's voice; None as above.
        connect: opens the transport; None is the web's.
        limits: how long to wait for what.
        on_lost: what follows where a lost connection cannot be had back.
        barge_in: what becomes of the agent's voice while the caller speaks over it.
        processor: where an own ear for that works; None is a thread.
    """

    address: Address
    session: Mapping[str, Any]
    folder: Path | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    microphone: Microphone | None = None
    speaker: Speaker | None = None
    connect: Connect | None = None
    limits: Limits = field(default_factory=Limits)
    on_lost: OnLost = "end"
    barge_in: BargeInMode = USUAL
    processor: Processor | None = None


class Call(Protocol):
    """One session that a host holds. May be used from any thread."""

    @property
    def done(self) -> Future[None]:
        """Done when the session is over.

        It carries an exception only when the session could not even begin, or the host has gone.
        """
        ...

    def request(self, command: Mapping[str, Any]) -> Future[Any]:
        """Give the engine a command (see :meth:`voicenb.session.engine.Engine.command`).

        Returns:
            Done when the command is, with its value; it carries what the engine raised.
        """
        ...


@runtime_checkable
class PagedCall(Call, Protocol):
    """A session with a browser's page; ``request`` knows ``page_ticket(origin)`` as well."""

    def from_page(self, message: PageMessage) -> None:
        """Hand in what the page sent through this process; returns at once."""
        ...


class Host(Protocol):
    """Runs engines."""

    def hold(self, plan: Plan, publish: Publish) -> Call:
        """Begin a session; returns at once.

        Args:
            plan: the session.
            publish: takes every event, in order, on the session thread; must return at once.
        """
        ...
