"""Policies: what changes settings by itself while a session runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, runtime_checkable

from voicenb.errors import InvalidConfiguration
from voicenb.protocol.caller_state import STATES, CallerState, State, asks
from voicenb.protocol.settings import at_path
from voicenb.protocol.turn_defaults import left_to_mode
from voicenb.turn_detection import TurnDetection


@runtime_checkable
class Policy(Protocol):
    """Looks at each event of a session and says which settings are to change.

    A session works with a copy of its own (``copy.copy``), made when it begins. The method is called on a
    thread of the session's, with one event after the other; what it asks for is sent as a ``session.update``
    and stands in the recording, and so does what the service answers. It must not wait.

    Example:
        >>> class Shorter:
        ...     def decide(self, event):
        ...         if event["type"] == "reply.done" and event["msg"].get("status") == "interrupted":
        ...             return {"system_prompt": "You take bookings. One short sentence at a time."}
    """

    def decide(self, event: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The settings to change, by name, as :meth:`~voicenb.session.session.Session.update` takes them.

        Args:
            event: ``n``, ``t``, ``dir``, ``type``, ``msg``; of audio only the first of each reply.

        Returns:
            None where nothing is to change.
        """
        ...


def check_policy(policy: Any) -> None:
    """Refuse what is no policy.

    Raises:
        InvalidConfiguration: it has no ``decide``, or is a class.
    """
    if policy is not None and (isinstance(policy, type) or not isinstance(policy, Policy)):
        raise InvalidConfiguration(
            f"{policy!r} is no policy.", remedy="Try policy=vn.AfterQuestion().", param="policy"
        )


@dataclass
class AfterQuestion:
    """Gives the caller more time after a question of the agent's: the pattern of the service's guide.

    When the agent has asked (``transcript.agent`` ends in a question mark), longer silences are set; with the
    caller's next words (``transcript.user``) those before them come back. ``turn_detection`` always goes out
    whole. Like any ``turn_detection`` its first change ends the service's adaptive default for the session.

    Args:
        min_silence: pause in ms that ends a turn which looks complete, while an answer is awaited.
        max_silence: pause in ms that ends any turn, while an answer is awaited.
        base: the settings at all other times. None: those that are in force, and
            ``TurnDetection.recommended()`` where the adaptive default is.

    Raises:
        InvalidConfiguration: silences that cannot work.
    """

    min_silence: int = 2200
    max_silence: int = 6000
    base: TurnDetection | None = None
    _others: _Others = field(default_factory=lambda: _Others(), init=False, repr=False, compare=False)
    _waits: bool = field(default=False, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._longer()

    def decide(self, event: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """More time after a question, and no longer after the answer (see :class:`Policy`)."""
        message = event["msg"]
        self._others = self._others.after(event, [self._longer()])
        match event["dir"], event["type"]:
            case "in", "transcript.agent" if not message.get("interrupted"):
                if not self._waits and asks(str(message.get("text") or "")):
                    self._waits = True
                    return {"turn_detection": self._longer()}
            case "in", "transcript.user" if self._waits and str(message.get("text") or "").strip():
                self._waits = False
                return {"turn_detection": self._base()}
            case _:
                pass
        return None

    def _base(self) -> TurnDetection:
        return self._others.settings if self.base is None else self.base

    def _longer(self) -> TurnDetection:
        return self._base().replace(min_silence=self.min_silence, max_silence=self.max_silence)


@dataclass
class ByState:
    """Settings of their own for an answer, for what follows a tool's result, and for digits read out.

    Each holds from the message that begins its state: ``question`` from a ``transcript.agent`` that ends in a
    question mark, ``tool`` from a ``tool.result`` (a question behind it is one), ``digits`` from words of the
    caller's that end in digits, one by one. With the caller's next final words (``transcript.user``) the
    others come back. What a setting leaves out is as in ``other``. ``sweep.by_state()`` chooses them.

    Args:
        question: while an answer is awaited. None: as ``other``; so with the next two.
        tool: after a tool's result.
        digits: while digits are read out.
        other: at all other times. None: the settings that are in force, and ``TurnDetection.recommended()``
            where the adaptive default is.

    Raises:
        InvalidConfiguration: something else than a TurnDetection, or none at all.

    Example:
        >>> policy = ByState(question=TurnDetection(min_silence=1800), digits=TurnDetection.dictation())
        >>> policy.of("question").min_silence, policy.of("tool").min_silence
        (1800, 1400)
    """

    question: TurnDetection | None = None
    tool: TurnDetection | None = None
    digits: TurnDetection | None = None
    other: TurnDetection | None = None
    _others: _Others = field(default_factory=lambda: _Others(), init=False, repr=False, compare=False)
    _state: CallerState = field(default_factory=CallerState, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, setting in self.settings.items():
            if setting is not None and not isinstance(setting, TurnDetection):
                raise InvalidConfiguration(
                    f"{name} takes a TurnDetection, not {setting!r}.",
                    remedy=f"Try ByState({name}=vn.TurnDetection.patient()).",
                    param=name,
                )
        if not any(self.settings.values()):
            raise InvalidConfiguration(
                "ByState has no settings.", remedy="Try ByState(question=vn.TurnDetection.patient())."
            )
        for name in STATES:
            self.of(name)

    def __copy__(self) -> ByState:
        return ByState(self.question, self.tool, self.digits, self.other)

    @property
    def settings(self) -> dict[State, TurnDetection | None]:
        """As they were given, by state."""
        return {name: getattr(self, name) for name in STATES}

    def of(self, state: State) -> TurnDetection:
        """The settings that hold in a state.

        Args:
            state: one of ``STATES``.

        Raises:
            InvalidConfiguration: its own and the others' do not go together.
        """
        base = self._others.settings
        for setting in (self.other, self.settings[state]):
            if setting is not None:
                base = base.replace(**setting.to_wire())
        return base

    def decide(self, event: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The settings of the state that has begun (see :class:`Policy`)."""
        own = [self.of(name) for name in STATES if self.settings[name] is not None]
        self._others = self._others.after(event, own)
        begins = (event["dir"], event["type"]) == ("in", "session.ready")
        before = self._state.now
        state = self._state.take(event["dir"], event["type"], event["msg"])
        if state == before and not (begins and self.other is not None):
            return None
        wanted, in_force = self.of(state), self._others.in_force
        if in_force is not None and wanted.whole(self._others.mode) == in_force.whole(self._others.mode):
            return None
        if in_force is None and self.settings[state] is None and self.other is None:
            return None
        self._others = self._others.asked(wanted)
        return {"turn_detection": wanted}


@dataclass(frozen=True)
class _Others:
    """The settings that others have made, and those in force: what others set is what comes back.

    Attributes:
        known: what others have set; None for the adaptive default.
        in_force: what was sent or told last; None for the adaptive default.
        mode: the transcription mode.
    """

    known: TurnDetection | None = None
    in_force: TurnDetection | None = None
    mode: str | None = None

    @property
    def settings(self) -> TurnDetection:
        """Those of others, and the recommended ones where the adaptive default is."""
        return TurnDetection.recommended() if self.known is None else self.known

    def asked(self, setting: TurnDetection) -> _Others:
        """The policy itself has asked for a setting."""
        return replace(self, in_force=setting)

    def after(self, event: Mapping[str, Any], own: list[TurnDetection]) -> _Others:
        """What is known after an event.

        Args:
            event: of the session.
            own: settings of the policy's, which do not count as others'.
        """
        match event["dir"], event["type"]:
            case "in", "session.ready":
                told = at_path(event["msg"], "config.input")
            case "out", "session.update":
                told = at_path(event["msg"], "session.input")
            case _:
                return self
        mode = at_path(told, "transcription_mode") or self.mode
        sent = at_path(told, "turn_detection")
        if sent is None:
            return replace(self, mode=mode)
        # A delay that the mode brings is left to the mode, which may change.
        found = TurnDetection.from_wire(left_to_mode(sent, mode))
        theirs = all(found.whole(mode) != each.whole(mode) for each in own)
        return replace(self, mode=mode, in_force=found, known=found if theirs else self.known)
