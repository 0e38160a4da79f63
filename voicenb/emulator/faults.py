"""Faults on demand: what is to go wrong with an emulator, as values."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from voicenb.emulator.errors import FAULT, POLICY, Refusal
from voicenb.errors import InvalidConfiguration
from voicenb.names import did_you_mean
from voicenb.protocol.shapes import FIELDS

Kind = Literal[
    "drop", "delay", "malformed", "slow-reply", "capacity", "expired-token", "never-ready", "error"
]
Occasion = Literal["connection", "update", "moment"]

FRAMES: dict[str, str | bytes] = {
    "text": "upstream connect error or disconnect/reset before headers",
    "cut": '{"type":"transcript.agent","reply_id":"resp_1","text":"On Fri',
    "list": '["reply.started","reply.done"]',
    "bytes": b"\x00\xff\xfe\x80",
    "untyped": '{"code":"upstream_error","message":"The model did not answer."}',
    "error": '{"type":"error","code":"upstream_error","message":"The model did not answer."}',
    "unknown": '{"type":"session.metrics","latency_ms":412,"turns":[{"id":1}]}',
    "incomplete": '{"type":"transcript.user"}',
}
"""Frames that are not as the contract has them, by name. The service was seen to send an untyped error, a
bare ``error`` and types that nobody knows; the others are what proxies, and versions half installed, send."""

CODES = {
    "at_capacity": "The service is at capacity",
    "concurrency_exceeded": "Too many concurrent sessions",
    "server_error": "The service is at capacity",
}
"""The codes by which a session is refused for lack of room, with the words beside them."""

ERRORS: dict[str, tuple[Refusal, Occasion]] = {
    "FORBIDDEN": (Refusal("FORBIDDEN", "This key has no access", close=POLICY), "connection"),
    "session_expired": (Refusal("session_expired", "The session has expired", close=POLICY), "moment"),
    "INTERNAL_ERROR": (Refusal("INTERNAL_ERROR", "Internal server error", close=FAULT), "moment"),
    "invalid_config": (Refusal("invalid_config", "This configuration cannot be used"), "update"),
    "invalid_webhook": (Refusal("invalid_webhook", "This webhook cannot be used"), "update"),
}
"""Errors of which nobody knows when they come, or that only a fault brings, each with its occasion."""

TAKES: dict[Kind, tuple[str, ...]] = {
    "drop": ("on", "after", "skip", "times"),
    "delay": ("seconds", "on", "after", "lasting"),
    "malformed": ("frame", "on", "after", "skip", "times"),
    "slow-reply": ("seconds", "skip", "times"),
    "capacity": ("code", "skip", "times"),
    "expired-token": ("skip", "times"),
    "never-ready": ("seconds", "skip", "times"),
    "error": ("code", "on", "after", "skip", "times"),
}
"""The settings of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that an emulator does wrong on purpose, to see what a program makes of it.

        with vn.Emulator(faults=[vn.Fault.drop(after=12)]) as emulator:
            ...
            emulator.faults.add(vn.Fault.slow_reply(4))

    It happens once, at the first occasion, unless ``times`` says how often (None: every time); ``skip``
    occasions pass before. Occasions are counted over all sessions of the emulator. Make one with
    :meth:`drop`, :meth:`delay`, :meth:`malformed`, :meth:`slow_reply`, :meth:`capacity`,
    :meth:`expired_token`, :meth:`never_ready` or :meth:`error`.

    Attributes:
        kind: which of them.
        seconds: how long, where it takes time.
        frame: what is sent, where that is malformed.
        code: the error's code, where something is refused.
        on: the type of message behind which it happens; empty where no message brings it about.
        after: seconds from then on.
        lasting: seconds after which it is over; None: it is not.
        skip: occasions that pass.
        times: how often it happens; None every time.

    Raises:
        InvalidConfiguration: a setting that there is not, or that cannot be.
    """

    kind: Kind
    seconds: float = 0.0
    frame: str | bytes = ""
    code: str = ""
    on: str = ""
    after: float = 0.0
    lasting: float | None = None
    skip: int = 0
    times: int | None = 1

    def __post_init__(self) -> None:
        _check(self)

    @classmethod
    def drop(cls, *, on: str = "", after: float = 0.0, skip: int = 0, times: int | None = 1) -> Fault:
        """The connection is gone, without a close frame; the session can be resumed as after any loss.

        What was not sent by then is lost.

        Args:
            on: the type of message behind which it happens (each of them is an occasion); empty: a connection
                that lasts is an occasion, ``after`` seconds behind its ``session.ready`` (or behind the
                moment at which the fault is added, whichever is later).
            after: seconds.
            skip: occasions that pass before.
            times: how often; None: every connection is dropped.
        """
        return cls(kind="drop", on=on, after=after, skip=skip, times=times)

    @classmethod
    def delay(
        cls, seconds: float, *, on: str = "", after: float = 0.0, lasting: float | None = None
    ) -> Fault:
        """Every message of the service arrives ``seconds`` late, the closing of the connection as well.

        Their order, and the distance from one to the next, stay; so do their timestamps. Several delays add
        up. A delay that ends lets no message overtake those that it holds.

        Args:
            seconds: how late.
            on: from behind the first message of this type on; empty: from the beginning of each session.
            after: seconds later than that; without ``on``, behind ``session.ready`` (or behind the moment at
                which the fault is added, whichever is later).
            lasting: for how many seconds; None: to the end.
        """
        return cls(kind="delay", seconds=seconds, on=on, after=after, lasting=lasting, times=None)

    @classmethod
    def malformed(
        cls,
        frame: str | bytes = "text",
        *,
        on: str = "",
        after: float = 0.0,
        skip: int = 0,
        times: int | None = 1,
    ) -> Fault:
        """One frame more, which is not as the contract has it; the session goes on.

        Args:
            frame: the name of one (``"text"``, ``"cut"``, ``"list"``, ``"bytes"``, ``"untyped"``,
                ``"error"``, ``"unknown"``, ``"incomplete"``), or the frame itself; bytes are sent as a binary
                frame.
            on: as in :meth:`drop`.
            after: as in :meth:`drop`.
            skip: as in :meth:`drop`.
            times: as in :meth:`drop`.
        """
        return cls(kind="malformed", frame=frame, on=on, after=after, skip=skip, times=times)

    @classmethod
    def slow_reply(cls, seconds: float, *, skip: int = 0, times: int | None = 1) -> Fault:
        """A reply has no sound in the first ``seconds`` after it was begun; what it calls it calls at once.

        Every reply is an occasion, except the greeting. Sound and ``reply.started`` come together, as ever.

        Args:
            seconds: how long, at the least.
            skip: replies that pass before.
            times: how many are slow; None: all.
        """
        return cls(kind="slow-reply", seconds=seconds, skip=skip, times=times)

    @classmethod
    def capacity(cls, code: str = "at_capacity", *, skip: int = 0, times: int | None = 1) -> Fault:
        """A new session is refused for lack of room: an error and close code 1008, no ``session.ready``.

        Every first ``session.update`` that is in order is an occasion; one that resumes has its room.

        Args:
            code: ``"at_capacity"``, ``"concurrency_exceeded"`` or, from older pages, ``"server_error"``.
            skip: first updates that pass before.
            times: how many are refused; None: all.
        """
        return cls(kind="capacity", code=code, skip=skip, times=times)

    @classmethod
    def expired_token(cls, *, skip: int = 0, times: int | None = 1) -> Fault:
        """A connection is refused as with a token that has expired: ``UNAUTHORIZED``, close code 1008.

        Every connection whose key or token is good is an occasion, one that wants to resume as well.

        Args:
            skip: connections that pass before.
            times: how many are refused; None: all.
        """
        return cls(kind="expired-token", skip=skip, times=times)

    @classmethod
    def never_ready(cls, seconds: float = 0.0, *, skip: int = 0, times: int | None = 1) -> Fault:
        """A session does not become ready; every first ``session.update`` that is in order is an occasion.

        Args:
            seconds: after so many it is refused with ``agent_timeout`` (the documentation says 10); with 0 it
                stays silent for ever.
            skip: first updates that pass before.
            times: how many sessions; None: all.
        """
        return cls(kind="never-ready", seconds=seconds, skip=skip, times=times)

    @classmethod
    def error(
        cls, code: str, *, on: str = "", after: float = 0.0, skip: int = 0, times: int | None = 1
    ) -> Fault:
        """An error of the reference that an emulator has no reason for by itself.

        ``"FORBIDDEN"`` refuses a connection whose key or token is good (close code 1008).
        ``"session_expired"`` (1008) and ``"INTERNAL_ERROR"`` (1011) end a session, which cannot be resumed.
        ``"invalid_config"`` and ``"invalid_webhook"`` answer a ``session.update`` that is in order; nothing
        of it is applied, and the session goes on.

        Args:
            code: one of these.
            on: of an error that ends a session, as in :meth:`drop`.
            after: likewise.
            skip: occasions that pass before.
            times: how often; None: every time.
        """
        return cls(kind="error", code=code, on=on, after=after, skip=skip, times=times)

    @property
    def refusal(self) -> Refusal:
        """The error that is told."""
        return ERRORS[self.code][0]

    @property
    def occasion(self) -> Occasion | None:
        """What is an occasion for an error, and a moment of a connection for what happens at one."""
        if self.kind == "error":
            return ERRORS[self.code][1]
        return "moment" if self.kind in ("drop", "malformed") else None

    @property
    def wire(self) -> str | bytes:
        """The malformed frame as it is sent."""
        return FRAMES.get(self.frame, self.frame) if isinstance(self.frame, str) else self.frame


def which_message(text: str) -> str:
    """The remedy where a message is named that the service does not send."""
    return f"{did_you_mean(text, FIELDS)}The service sends {', '.join(FIELDS)}."


def _check(fault: Fault) -> None:
    kinds = get_args(Kind)
    if fault.kind not in kinds:
        raise InvalidConfiguration(
            f"No fault is called {fault.kind!r}.",
            remedy=f"{did_you_mean(str(fault.kind), kinds)}There are {', '.join(kinds)}.",
        )
    for field in fields(fault):
        value = getattr(fault, field.name)
        given = value != field.default and not (fault.kind == "delay" and field.name == "times")
        if field.name != "kind" and given and field.name not in TAKES[fault.kind]:
            raise InvalidConfiguration(
                f"A fault of the kind {fault.kind} has no {field.name}.",
                remedy=f"It has {', '.join(TAKES[fault.kind])}.",
                param=field.name,
            )
    _check_times(fault)
    if fault.kind in ("delay", "slow-reply") and not fault.seconds > 0:
        raise _wrong("seconds", fault.seconds, "Say how many, more than 0.")
    if not isinstance(fault.on, str) or (fault.on and fault.on not in FIELDS):
        raise _wrong("on", fault.on, which_message(str(fault.on)))
    if fault.kind == "capacity" and not (isinstance(fault.code, str) and fault.code in CODES):
        raise _wrong("code", fault.code, f"Take one of {', '.join(CODES)}.")
    if fault.kind == "error":
        _check_error(fault)
    if fault.kind == "malformed" and not (isinstance(fault.frame, str | bytes) and fault.frame):
        raise _wrong("frame", fault.frame, f"Give a frame, or the name of one: {', '.join(FRAMES)}.")


def _check_error(fault: Fault) -> None:
    if not (isinstance(fault.code, str) and fault.code in ERRORS):
        raise _wrong("code", fault.code, f"Take one of {', '.join(ERRORS)}.")
    why = {
        "connection": "A connection is refused so at once, or not at all.",
        "update": f"{fault.code} answers an update, whenever that comes.",
    }.get(ERRORS[fault.code][1])
    for name in ("on", "after"):
        if why and getattr(fault, name):
            raise _wrong(name, getattr(fault, name), why)


def _check_times(fault: Fault) -> None:
    for name in ("seconds", "after", "lasting"):
        value = getattr(fault, name)
        if value is not None and not (_is_number(value) and math.isfinite(value) and value >= 0):
            raise _wrong(name, value, "Give seconds.")
    whole = isinstance(fault.skip, int) and not isinstance(fault.skip, bool) and fault.skip >= 0
    if not whole:
        raise _wrong("skip", fault.skip, "Give a number of occasions, or 0.")
    times = fault.times
    if times is not None and (isinstance(times, bool) or not isinstance(times, int) or times < 1):
        raise _wrong("times", times, "Give a number from 1 up, or None for every time.")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _wrong(name: str, value: Any, remedy: str) -> InvalidConfiguration:
    return InvalidConfiguration(f"{name}={value!r} is nothing a fault can have.", remedy=remedy, param=name)
