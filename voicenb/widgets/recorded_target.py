"""What the panel writes a setting to: an agent, a Talk or a session."""

from __future__ import annotations

from typing import Any

from voicenb.agent import Agent
from voicenb.errors import InvalidConfiguration
from voicenb.session.opening import name_of
from voicenb.session.session import Session
from voicenb.tuning.guard import check_written, write
from voicenb.turn_detection import TurnDetection
from voicenb.widgets.talk import Talk

Target = Agent | Talk | Session


class Applied:
    """Writes settings to a target.

    Args:
        target: an agent, a Talk or a session; None: to nothing.
        services: who answered in the calls that they are tuned on.

    Attributes:
        target: what it is written to; an agent that is not stored gives way to one with the settings.

    Raises:
        InvalidConfiguration: the target is something else.
    """

    def __init__(self, target: Target | None) -> None:
        if target is not None and not isinstance(target, Agent | Talk | Session):
            raise InvalidConfiguration(
                f"agent= takes an Agent, a Talk or a Session, not {type(target).__name__}.",
                remedy="Give it what the settings are for: vn.TurnDetectionPanel(calls, agent=talk).",
                param="agent",
            )
        self.target = target

    @property
    def told(self) -> dict[str, str]:
        """``kind`` (``"agent"``, ``"stored"``, ``"talk"``, ``"session"`` or empty) and ``name``."""
        match self.target:
            case Agent(id=None, name=name):
                return {"kind": "agent", "name": name}
            case Agent(name=name):
                return {"kind": "stored", "name": name}
            case Talk():
                return {"kind": "talk", "name": name_of(self.target.agent)}
            case Session():
                return {"kind": "session", "name": name_of(self.target.agent)}
        return {"kind": "", "name": ""}

    def write(self, limits: TurnDetection, services: list[str], *, even_if_emulated: bool = False) -> str:
        """Write ``vad_threshold``, ``min_silence`` and ``max_silence``; what else is set stays.

        Args:
            limits: the settings.
            services: who answered in the calls that they were tuned on.
            even_if_emulated: write them to a hosted agent although that was the emulator.

        Returns:
            What was done, in a sentence.

        Raises:
            VoicenbError: why it was not.
        """
        match self.target:
            case Agent(id=None):
                setting = _merged(self.target.turn_detection, limits)
                self.target = self.target.replace(turn_detection=setting)
                return "panel.agent has these settings now: begin a call with vn.Talk(panel.agent)."
            case Agent():
                from voicenb.service.hosted import Hosted

                setting = _merged(self.target.turn_detection, limits)
                self.target = write(
                    Hosted(),
                    self.target,
                    services,
                    even_if_emulated=even_if_emulated,
                    turn_detection=setting,
                )
                return f"{self.target.name}, as it is stored with the service, has these settings now."
            case Talk():
                talk = self.target
                running = talk._runs
                where: Any = talk.session.address if running and talk.session is not None else talk._service
                check_written(services, where, even_if_emulated=even_if_emulated)
                before = (talk._next.settings.get("input") or {}).get("turn_detection")
                talk.update(turn_detection=_merged(before, limits))
                return "In force in the running call." if running else "The next call begins with it."
            case Session():
                session = self.target
                check_written(services, session.address, even_if_emulated=even_if_emulated)
                before = (session.conversation.config.get("input") or {}).get("turn_detection")
                session.update(turn_detection=_merged(before, limits))
                return "In force in the running session."
        raise InvalidConfiguration(
            "There is nothing to write it to.",
            remedy="Make the panel with an agent or a Talk: vn.TurnDetectionPanel(calls, agent=talk).",
            param="agent",
        )


def _merged(before: Any, limits: TurnDetection) -> TurnDetection:
    """The limits, and of what was set before whatever else there is."""
    told = {} if before is None else TurnDetection.of(before).to_wire()
    return TurnDetection(**{**told, **limits.to_wire()})
