"""Sessions that were held, as the service keeps them: their records, and what there is of each."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voicenb.agent import Agent
from voicenb.errors import ServiceError, WaitTimeout
from voicenb.service import wire as read
from voicenb.service.rest import Rest, segment
from voicenb.service.timeline import Timeline

SESSIONS = "/v1/sessions"
PAGE = 200
"""Records that are asked for at once, at most."""

BETWEEN = 1.0
"""Seconds between two looks at whether an artifact is there."""


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """An entry of the session history; what the service leaves out is None, times are as it writes them.

    Attributes:
        id: of the session.
        agent_id: of the stored agent; None where the agent was told inline.
        status: ``"created"`` while it is open, ``"completed"``.
        public_close_reason: why it ended, e.g. ``"client_end"``.
        duration_seconds: how long it was open.
        created_at: when it began.
        ended_at: when it ended.
        wire: all that the service wrote.
    """

    id: str
    agent_id: str | None = None
    status: str = ""
    public_close_reason: str | None = None
    duration_seconds: float | None = None
    created_at: str | None = None
    ended_at: str | None = None
    wire: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> SessionRecord:
        """Read the service's object."""
        return cls(**_fields(wire))


@dataclass(frozen=True, slots=True)
class Artifact:
    """Something that is kept of a session.

    Attributes:
        type: ``"audio"``, ``"timeline"`` or ``"metadata"``.
        url: where, for an hour and for whoever has it; in no repr.
        content_type: what it is.
    """

    type: str
    url: str = field(repr=False)
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class PastSession(SessionRecord):
    """One session of the history, with its configuration and what is kept of it.

    Attributes:
        config: in force at its end, as the service writes it.
        artifacts: empty right after a call: the service needs up to 90 seconds, mostly 5.
    """

    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    artifacts: tuple[Artifact, ...] = ()
    _rest: Rest | None = field(default=None, repr=False, compare=False)

    @classmethod
    def ask(cls, rest: Rest, session_id: str) -> PastSession:
        """Ask for a session.

        Raises:
            ServiceError: refused; ``session_not_found`` where the host has none of that id.
            ServiceUnreachable: no answer.
        """
        wire = rest.ask("GET", f"{SESSIONS}/{segment(session_id, 'a session')}")
        if not isinstance(wire, dict):
            raise ServiceError(f"The service wrote no record of the session {session_id}.")
        artifacts = tuple(
            Artifact(str(entry.get("type") or ""), url, read.text(entry, "content_type") or "")
            for entry in read.entries(wire, "artifacts")
            if (url := read.text(entry, "url"))
        )
        return cls(**_fields(wire), config=read.part(wire, "config"), artifacts=artifacts, _rest=rest)

    @property
    def agent(self) -> Agent:
        """Who answered, as far as the configuration tells: a copy to compare with, without an id."""
        return Agent.from_session(
            {name: value for name, value in self.config.items() if value is not None},
            name=read.text(self.config, "name") or "Agent",
            known=False,
        )

    def timeline(self, *, timeout: float = 0.0) -> Timeline:
        """What each turn was.

        Args:
            timeout: seconds to wait for it; right after a call the service has not written it yet.

        Raises:
            WaitTimeout: it is not there, or was not in time.
            ServiceError: it cannot be fetched.
            ServiceUnreachable: no answer.
        """
        import msgspec

        content = self.artifact("timeline", timeout=timeout)
        try:
            wire = msgspec.json.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError):
            wire = None
        if not isinstance(wire, dict):
            raise ServiceError(f"The timeline of the session {self.id} is not one.", code="malformed")
        return Timeline.from_wire(wire)

    def artifact(self, kind: str, *, timeout: float = 0.0) -> bytes:
        """Something that is kept of the session, as it is kept.

        Args:
            kind: ``"timeline"``, ``"metadata"`` (both JSON) or ``"audio"`` (Ogg/Opus; left the user, right
                the agent).
            timeout: seconds to wait for it.

        Raises:
            WaitTimeout: it is not there, or was not in time.
            ServiceError: it cannot be fetched.
            ServiceUnreachable: no answer.
        """
        if self._rest is None:
            raise ServiceError(f"Of the session {self.id} only the record was read.")
        until = time.monotonic() + timeout
        session, refused = self, False
        while True:
            there = next((one for one in session.artifacts if one.type == kind), None)
            if there is not None:
                try:
                    return self._rest.file(there.url)
                except ServiceError as error:
                    # A link is good for an hour; the record has a new one.
                    if refused or error.status not in (401, 403):
                        raise
                    refused = True
            elif time.monotonic() >= until:
                raise _not_there(session, kind, timeout)
            else:
                time.sleep(min(BETWEEN, max(0.0, until - time.monotonic())))
            session = PastSession.ask(self._rest, self.id)


def _fields(wire: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": read.text(wire, "id") or "",
        "agent_id": read.text(wire, "agent_id"),
        "status": read.text(wire, "status") or "",
        "public_close_reason": read.text(wire, "public_close_reason"),
        "duration_seconds": read.number(wire, "duration_seconds"),
        "created_at": read.text(wire, "created_at"),
        "ended_at": read.text(wire, "ended_at"),
        "wire": wire,
    }


def _not_there(session: PastSession, kind: str, timeout: float) -> WaitTimeout:
    name = {"audio": "sound"}.get(kind, kind)
    if session.status == "created":
        why, remedy = "it is still open", "End it first."
    else:
        there = ", ".join(one.type for one in session.artifacts) or "nothing"
        why = f"kept of it is {there}"
        remedy = "The service writes it up to 90 s after the end of a call: pass timeout=90."
    waited = f" after {timeout:g} s" if timeout else ""
    return WaitTimeout(
        f"There is no {name} of the session {session.id}{waited}: {why}.",
        remedy=remedy,
        session_id=session.id,
        artifact=kind,
    )
