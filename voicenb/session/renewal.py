"""Renewal: with what another session of the same conversation begins, where the first is lost for good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from voicenb.protocol.conversation import Conversation
from voicenb.protocol.lines import Line
from voicenb.protocol.settings import in_two, merge

LONGEST = 6000
"""Characters of the conversation that the new session is told, the latest ones."""

STORY = """\
The connection was lost, and this is the same conversation, gone on with. What was said so far:

{lines}

Go on from there. Do not greet the caller again, and do not speak of the connection unless you are asked."""


class Renewal:
    """Knows the settings of a conversation, those that were changed since included.

    Args:
        session: the first update's ``session`` object, with what goes over a stored agent.
    """

    def __init__(self, session: Mapping[str, Any]) -> None:
        self._settings = dict(session)
        self._told = ""  # the prompt of a stored agent, as the service told of it
        self._own = ""  # the last prompt that went on with what was said

    def accepted(self, session: Mapping[str, Any]) -> None:
        """The service has taken a change; the prompt that a renewal brought is none."""
        if self._is_own(session.get("system_prompt")):
            session = {name: value for name, value in session.items() if name != "system_prompt"}
        self._settings = merge(self._settings, session)

    @property
    def first(self) -> dict[str, Any]:
        """The first update of a conversation that has not begun yet."""
        return in_two(self._settings)[0]

    def session(self, conversation: Conversation) -> tuple[dict[str, Any], dict[str, Any]]:
        """The first update of the new session, and what is sent once that is ready.

        A prompt that is known goes on with what was said so far. No greeting is sent; that of a stored agent
        cannot be kept from being spoken.

        Args:
            conversation: as it stands, before the new session begins.
        """
        first, second = in_two(self._settings)
        first.pop("greeting", None)
        told = self._prompt(conversation)
        if "agent_id" in first:
            return first, {**second, "system_prompt": told}
        return {**first, "system_prompt": told}, second

    def _prompt(self, conversation: Conversation) -> str:
        # An attempt that failed has begun the conversation anew, and what the service told is gone.
        there = conversation.config.get("system_prompt")
        if there and not self._is_own(there):
            self._told = str(there)
        prompt = self._settings.get("system_prompt") or self._told
        lines = story(conversation.lines)
        told = STORY.format(lines=lines) if lines else ""
        self._own = "\n\n".join(part for part in (str(prompt), told) if part)
        return self._own

    def _is_own(self, prompt: Any) -> bool:
        """Whether a prompt holds the story already, which would be told twice."""
        return isinstance(prompt, str) and bool(self._own) and prompt.strip() == self._own.strip()


def story(lines: Iterable[Line]) -> str:
    """What was said and heard, a line for each; the latest :data:`LONGEST` characters, in whole lines."""
    names = {"user": "Caller", "agent": "You"}
    told = [f"{names[line.role]}: {line.heard}" for line in lines if line.heard]
    room = LONGEST
    kept: list[str] = []
    for line in reversed(told):
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join(reversed(kept))
