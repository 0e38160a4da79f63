"""The faults of an emulator in one of its sessions: when they happen there, and what they do to its wire."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

from voicenb.emulator.errors import Refusal
from voicenb.emulator.faults import Fault
from voicenb.emulator.faults_plan import Faults, Planned
from voicenb.emulator.wire import Wire


class SessionFaults:
    """Looks after the faults in one session.

    Args:
        faults: the emulator's.
        wire: the session's way out.
        drop: lets the connection go, without a word.
        refuse: tells an error, and ends the session where that ends one.
    """

    def __init__(
        self, faults: Faults, wire: Wire, drop: Callable[[], None], refuse: Callable[[Refusal], None]
    ) -> None:
        self._faults = faults
        self._wire = wire
        self._drop = drop
        self._refuse = refuse
        self._ready = False
        self._seen: set[Planned] = set()  # moments of this connection: they are past, or the clock is set
        self._timers: list[asyncio.TimerHandle] = []  # of this connection
        self._since: dict[Planned, float] = {}  # delays, from which moment on
        wire.said, wire.lag = self._said, self._lag

    def begin(self) -> None:
        """A client is there."""
        self._faults.watch(self._look)
        self._look()

    def ready(self) -> None:
        """A connection's session is ready, for the first time or again; the client has been told."""
        self._ready = True
        for planned in self._faults.planned:
            fault = planned.fault
            if fault.occasion == "moment" and not fault.on and not fault.after:
                self._seen.add(planned)
                if self._faults.occasion(planned):
                    self._behind(fault)
        self._look()

    def leave(self) -> None:
        """The connection is gone; perhaps the client comes back."""
        self._ready = False
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._seen.clear()

    def end(self) -> None:
        """The session is over."""
        self.leave()
        self._faults.unwatch(self._look)

    def _look(self) -> None:
        """Set the clock for what no message brings about."""
        loop = asyncio.get_running_loop()
        for planned in self._faults.planned:
            fault = planned.fault
            if fault.on or not (self._ready or (fault.kind == "delay" and not fault.after)):
                continue
            if fault.occasion == "moment" and planned not in self._seen:
                self._seen.add(planned)
                self._timers.append(loop.call_later(fault.after, self._due, planned))
            elif fault.kind == "delay" and planned not in self._since:
                self._since[planned] = loop.time() + fault.after

    def _due(self, planned: Planned) -> None:
        if self._faults.occasion(planned):
            self._happen(planned.fault)

    def _said(self, kind: str) -> None:
        """The wire was given a message of that type."""
        for planned in self._faults.planned:
            fault = planned.fault
            if fault.on != kind:
                continue
            if fault.kind == "delay":
                if planned not in self._since:
                    self._since[planned] = asyncio.get_running_loop().time() + fault.after
            elif self._faults.occasion(planned):
                self._behind(fault)

    def _behind(self, fault: Fault) -> None:
        if fault.after or fault.kind == "error":  # which is no word in the middle of another
            loop = asyncio.get_running_loop()
            self._timers.append(loop.call_later(fault.after, self._happen, fault))
        elif fault.kind == "drop":
            self._wire.cut()
        else:
            self._wire.put(fault.wire)

    def _happen(self, fault: Fault) -> None:
        if fault.kind == "drop":
            self._drop()
        elif fault.kind == "error":
            self._refuse(fault.refusal)
        else:
            self._wire.put(fault.wire)

    def _lag(self) -> float:
        """Seconds by which a message that is said now is held back."""
        if not self._since:
            return 0.0
        now, there, lag = asyncio.get_running_loop().time(), self._faults.planned, 0.0
        for planned, since in self._since.items():
            if planned in there and since <= now < since + _lasting(planned.fault):
                self._faults.holds(planned)
                lag += planned.fault.seconds
        return lag


def _lasting(fault: Fault) -> float:
    return math.inf if fault.lasting is None else fault.lasting
