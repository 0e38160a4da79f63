"""A session's conversation: the user's side and the agent's side, joined."""

from __future__ import annotations

from voicenb.emulator.answering import Answering
from voicenb.emulator.brain import Line
from voicenb.emulator.configuration import Configuration
from voicenb.emulator.dispatch import Spawn
from voicenb.emulator.hearing import Hearing
from voicenb.emulator.listening import Listening
from voicenb.emulator.outlet import Outlet
from voicenb.emulator.resources import Resources
from voicenb.emulator.timeline import TurnRecord
from voicenb.emulator.wire import Wire


class Turns:
    """The conversation from ``session.ready`` to the end.

    Args:
        resources: what the emulator is made of.
        wire: where events go.
        config: in force at first.
        spawn: starts a task of the session.
    """

    def __init__(self, resources: Resources, wire: Wire, config: Configuration, spawn: Spawn) -> None:
        self._outlet = Outlet(wire)
        self._listening = Listening(resources, self._outlet, config, spawn)
        self._answering = Answering(resources, wire, self._outlet, config, spawn, self._listening)
        self._listening.answering = self._answering

    @property
    def hearing(self) -> Hearing:
        """The track of the client's."""
        return self._listening.hearing

    @property
    def history(self) -> list[Line]:
        """What was said so far."""
        return self._answering.history

    @property
    def timeline(self) -> list[TurnRecord]:
        """What is known of each turn."""
        return self._answering.timeline

    def begin(self) -> None:
        """The session is ready: greet."""
        self._answering.greet()

    def configure(self, config: Configuration) -> None:
        """Another configuration."""
        self._answering.config = config
        self._listening.configure(config)

    def hear(self, audio: bytes) -> None:
        """Audio of the client's, in the session's input format."""
        self._listening.hear(audio)

    def tool_result(self, call_id: str, result: str, *, is_error: bool) -> None:
        """A tool answered."""
        self._answering.tool_result(call_id, result, is_error=is_error)

    def create_reply(self, instructions: str | None) -> None:
        """Speak without user speech."""
        self._answering.create(instructions)

    def add_message(self, role: str, content: str) -> None:
        """A line for the history, without a reply."""
        self._answering.add(Line(role="user" if role == "user" else "system", text=content))

    def leave(self, away: bool) -> None:
        """The client is away, or back."""
        self._listening.leave(away)
        self._outlet.leave(away)
        self._answering.leave(away)

    def stop(self) -> None:
        """The session is over."""
        self._outlet.stop()
        self._listening.stop()
        self._answering.stop()
