"""Reconnection: another connection in the place of one that was lost."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from voicenb.errors import InvalidConfiguration, ServiceError, Unauthorized, VoicenbError
from voicenb.loopback import is_loopback
from voicenb.protocol import messages as m
from voicenb.protocol.failures import RETRYABLE
from voicenb.service.address import Address
from voicenb.session.backlog import Backlog
from voicenb.session.events import EventLog
from voicenb.session.floor import Floor
from voicenb.session.limits import Limits
from voicenb.session.on_lost import OnLost
from voicenb.session.renewal import Renewal
from voicenb.session.transport import Connect, ConnectionClosed, Transport
from voicenb.session.wire import Wire

SHORTEST, LONGEST = 0.25, 2.0
"""Seconds up to which the first wait is drawn, and the longest; twice as long each time, with full jitter."""


BEGINNINGS = 5
"""How often, in all, a first session is asked for of a service that has no room, or fails at it: within four
seconds at the longest. Somebody waits for the call to begin."""

LASTING = 30.0
"""Seconds that a session must have held which took the place of a lost one, to be made good itself where the
service fails: one that fails at once fails again. A connection that held for so long is had back as the first
one was; until then the pauses go on growing."""

RETURNS = 10
"""How often in a row a connection that did not last is had back; then that is given up."""


class Reconnection:
    """Finds another connection, and asks the service on it to go on.

    For as long as the service keeps the session it is asked to resume it; where it refuses, or the time is
    over, another session is begun if that is wanted. A first session that the service could not begin
    is begun again, a few times.

    Args:
        address: where the service is.
        connect: opens a connection.
        wire: the way out; has the new connection from then on.
        floor: the conversation.
        log: is told how it went.
        backlog: what the caller says meanwhile.
        renewal: what another session begins with.
        limits: how long to go on trying.
        on_lost: what follows where it cannot be resumed.
        resumed: called when the session has been resumed.
        renewed: takes what is still to be sent to a session that was begun anew, once it is ready; it may be
            nothing.
    """

    def __init__(
        self,
        address: Address,
        connect: Connect,
        wire: Wire,
        floor: Floor,
        log: EventLog,
        backlog: Backlog,
        renewal: Renewal,
        limits: Limits,
        on_lost: OnLost,
        resumed: Callable[[], object] = lambda: None,
        renewed: Callable[[Mapping[str, Any]], object] = lambda second: None,
    ) -> None:
        self._second: Mapping[str, Any] = {}
        self._address = address
        self._connect = connect
        self._wire = wire
        self._floor = floor
        self._log = log
        self._backlog = backlog
        self._renewal = renewal
        self._limits = limits
        self._on_lost = on_lost
        self._resumed = resumed
        self._renewed = renewed
        self._since: float | None = None  # when the connection was lost
        self._tries = 0
        self._asked: Literal["", "begin", "resume", "restart"] = ""
        self._fault: VoicenbError | None = None  # with which the service could not begin the first session
        self._beginnings = 1
        self._pausing = False  # before the first session is asked for once more
        self._refused = False  # to resume
        self._hopeless = False  # to begin another
        self._gone = False  # the server that was there, and on this machine
        self._later = False  # the service has no room at the moment
        self._restarted: float | None = None  # when another session took the place of one
        self._returned: float | None = None  # when a connection took the place of one
        self._returns = 0  # in a row of those that did not last
        self._silent = 0.0  # seconds without a sign of life before it was taken as lost
        self._left_out = 0.0
        self._why = ""

    @property
    def under_way(self) -> bool:
        """Whether a connection is lost and none has taken its place yet."""
        return self._since is not None

    @property
    def restarts(self) -> bool:
        """Whether another session is begun where the service fails at this one."""
        new = self._restarted is not None and self._log.now() - self._restarted < LASTING
        return self._on_lost == "restart" and not new

    @property
    def away(self) -> bool:
        """Whether there is no connection now: one is lost, or the next attempt to begin is awaited."""
        return self.under_way or self._pausing

    @property
    def beginnings(self) -> int:
        """How often the first session was, or is about to be, asked for."""
        return self._beginnings

    @property
    def begins_again(self) -> bool:
        """Whether the first session is asked for once more where the service cannot begin it."""
        return self._beginnings < BEGINNINGS

    @property
    def fault(self) -> VoicenbError | None:
        """Why the service could not begin the first session; None where it did, or nothing was said of it."""
        return self._fault

    @property
    def why(self) -> str:
        """Why the last attempt failed; empty where nothing was tried."""
        return self._why

    @property
    def gone(self) -> Address | None:
        """Where a server of this machine was that has ended; None where it has not, or that is not known."""
        return self._address if self._gone else None

    async def next(self) -> Transport | None:
        """Another connection, on which the service was asked to go on; None where that is given up."""
        if self._fault is not None:
            self._pausing = True
            try:
                return await self._begin()
            finally:
                self._pausing = False
        if self._since is None:
            self._since, self._left_out = self._log.now(), self._backlog.left_out
            self._count(self._since)
            # Of its own for each session, so that many that were lost together do not come back together;
            # the same for the same session, for what happens on the virtual clock happens again.
            self._random = random.Random(f"{self._floor.conversation.session_id} {self._since}")
        self._wire.transport = None
        while self._next_step():
            await self._wait(self._tries)
            self._tries += 1
            step = self._next_step()
            transport = await self._open() if step else None
            if transport is None:
                continue
            with contextlib.suppress(ConnectionClosed):  # whoever receives on it hears of that too
                await self._ask(transport, step)
            return transport
        return None

    def _count(self, now: float) -> None:
        """Whether what is lost now had lasted; what does not, again and again, is given up."""
        if self._returned is None or now - self._returned >= LASTING:
            self._tries = self._returns = 0
            return
        self._returns += 1
        if self._returns >= RETURNS:
            self._refused, self._hopeless = True, self._returns > RETURNS
            self._why = f"it was lost again {self._returns} times, each time within {LASTING:g} s"

    async def _begin(self) -> Transport | None:
        """Another connection, on which the service was asked for the first session once more."""
        self._random = random.Random(f"{self._log.now()}")
        self._wire.transport, self._asked = None, "begin"
        while not self._hopeless:
            await self._wait(self._beginnings - 2)
            if (transport := await self._open()) is not None:
                self._wire.transport = transport
                with contextlib.suppress(ConnectionClosed):  # whoever receives on it hears of that too
                    await self._wire.send(m.SessionUpdate(session=self._renewal.first))
                return transport
            if not self.begins_again:
                break
            self._beginnings += 1
        return None

    async def _wait(self, tries: int) -> None:
        await asyncio.sleep(self._random.uniform(0, min(LONGEST, SHORTEST * 2**tries)))

    def _next_step(self) -> Literal["", "resume", "restart"]:
        waited = self._log.now() - (self._since or 0.0)
        if not self._refused and waited < self._limits.resume:
            return "resume"
        if self._on_lost == "restart" and not self._hopeless and waited < self._limits.restart:
            return "restart"
        return ""

    async def _open(self) -> Transport | None:
        try:
            return await self._connect(self._address)
        except (Unauthorized, InvalidConfiguration) as error:
            self._refused = self._hopeless = True
            self._why = error.message
        except VoicenbError as error:
            self._why = error.message
            # Who answered here a moment ago and has let go of the port has ended, and its sessions with it.
            gone = bool(error.facts.get("refused")) and is_loopback(urlsplit(self._address.url).hostname)
            self._refused = self._refused or gone
            self._hopeless = self._hopeless or gone
            self._gone = gone
        return None

    async def _ask(self, transport: Transport, step: str) -> None:
        conversation = self._floor.conversation
        self._wire.transport, self._later = transport, False
        if step == "resume":
            self._asked = "resume"
            await self._wire.send(m.SessionResume(session_id=conversation.session_id))
        else:
            self._asked = "restart"
            first, self._second = self._renewal.session(conversation)
            await self._wire.send(m.SessionUpdate(session=first))

    # --- what the service says to it ---

    def put_off(self, fault: VoicenbError) -> None:
        """The service cannot begin the first session at the moment; it is asked once more."""
        self._fault = fault
        self._beginnings += 1

    def failed(self, error: ServiceError) -> None:
        """The service has refused what it was asked."""
        self._why = error.message
        if error.code in RETRYABLE:
            self._later = True
        elif self._asked == "resume":
            self._refused = True
        else:
            self._hopeless = True

    def closed(self, closed: ConnectionClosed) -> None:
        """A connection was closed; where it was a new one, before the session was ready again."""
        self._wire.transport = None
        if self._since is None:
            self._silent = closed.silent
            return
        if closed.code in (1000, 1008) and not self._later:  # on purpose
            self._why = self._why or f"closed with {closed.code}"
            if self._asked == "resume":
                self._refused = True

    def succeeded(self) -> None:
        """The session is ready: it goes on."""
        self._fault = None
        if self._since is None:
            return
        self._returned = self._log.now()
        began = self._since - self._silent
        gap = self._returned - began
        how = "resumed" if self._asked == "resume" else "restarted"
        facts = {
            "how": how,
            "session_id": self._floor.conversation.session_id,
            "gap": round(gap, 6),
            "held": round(self._backlog.seconds, 6),
            "left_out": round(self._backlog.left_out - self._left_out, 6),
            # Sent before that was noticed. It may have arrived, so it is not sent again: nothing that the
            # caller has said once is to be heard twice.
            "in_doubt": round(self._wire.sound_since(began), 6) if self._silent else 0.0,
        }
        self._log.put("local", "reconnected", facts)
        self._log.put("local", "log", {"text": _told(facts)})
        if how == "restarted":
            self._restarted = self._returned
            self._renewed(self._second)
        else:
            self._resumed()
        self._since = None
        self._refused = self._hopeless = False
        self._why = self._asked = ""


def _told(facts: dict[str, object]) -> str:
    text = f"The connection was lost for {facts['gap']:.1f} s"
    if facts["how"] == "resumed":
        text += ", and the session was resumed."
    else:
        text += "; the service did not resume the session, so another one was begun, and told what was said."
    if facts["left_out"]:
        text += f" {facts['left_out']:.1f} s of what was said meanwhile were left out."
    if facts["in_doubt"]:
        text += f" Whether {facts['in_doubt']:.1f} s of what was said at its beginning arrived is not known."
    return text
