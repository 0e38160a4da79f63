"""Policies: what changes settings by itself while a session runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from voicenb.errors import InvalidConfiguration
from voicenb.protocol.settings import at_path
from voicenb.protocol.turn_defaults import left_to_mode
from voicenb.turn_detection import TurnDetection

_QUESTION = re.compile(r"\?[\"'\u201d\u2019)\]]*\s*$")


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
    _others: TurnDetection | None = field(default=None, init=False, repr=False, compare=False)
    _mode: str | None = field(default=None, init=False, repr=False, compare=False)
    _waits: bool = field(default=False, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._longer()

    def decide(self, event: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """More time after a question, and no longer after the answer (see :class:`Policy`)."""
        message = event["msg"]
        match event["dir"], event["type"]:
            case "in", "session.ready":
                self._note(at_path(message, "config.input"))
            case "out", "session.update":
                self._note(at_path(message, "session.input"))
            case "in", "transcript.agent" if not message.get("interrupted"):
                if not self._waits and _QUESTION.search(str(message.get("text") or "")):
                    self._waits = True
                    return {"turn_detection": self._longer()}
            case "in", "transcript.user" if self._waits and str(message.get("text") or "").strip():
                self._waits = False
                return {"turn_detection": self._base()}
            case _:
                pass
        return None

    def _note(self, told: Mapping[str, Any] | None) -> None:
        """Others change the settings as well: what they set is what comes back."""
        sent = at_path(told, "turn_detection")
        self._mode = at_path(told, "transcription_mode") or self._mode
        if sent is None:
            return
        # A delay that the mode brings is left to the mode, which may change.
        others = TurnDetection.from_wire(left_to_mode(sent, self._mode))
        if others.whole(self._mode) != self._longer().whole(self._mode):
            self._others = others

    def _base(self) -> TurnDetection:
        if self.base is not None:
            return self.base
        return TurnDetection.recommended() if self._others is None else self._others

    def _longer(self) -> TurnDetection:
        return self._base().replace(min_silence=self.min_silence, max_silence=self.max_silence)
