"""The brain's protocol: what decides what the agent says and which tools it calls."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from voicenb.errors import InvalidConfiguration


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history.

    ``role`` is ``"user"``, ``"agent"``, ``"system"`` (a conversation.message) or ``"tool"``; tool lines carry
    the call with its result.
    """

    role: Literal["user", "agent", "system", "tool"]
    text: str
    call_id: str = ""
    name: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    is_error: bool = False
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """What a brain is asked to answer.

    Attributes:
        trigger: why it is asked.
        history: everything said so far, oldest first; tool lines carry results.
        system_prompt: the agent's prompt as it now stands.
        tools: the tools as they now stand, flat API form (``name``, ``description``, ``parameters``, …).
        instructions: one-shot directive of a ``reply.create``.
    """

    trigger: Literal["user_speech", "tool_result", "reply_create"]
    history: Sequence[Line]
    system_prompt: str
    tools: Sequence[dict[str, Any]]
    instructions: str | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """Words to speak; a streamed reply is several of them."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A tool to call; the brain is asked again with its result."""

    name: str
    arguments: dict[str, Any]


class BrainMismatch(InvalidConfiguration):
    """A brain that is not made for the agent it answers for, such as a script that calls a tool it has not.

    Raised in an answer it ends the session, which tells it: an apology in the agent's voice would hide it.
    """


class Brain(Protocol):
    """One conversation's wits; made anew for every session."""

    @property
    def name(self) -> str:
        """What the panel calls it, e.g. ``"rules"`` or ``"openai:llama3"``."""
        ...

    def answer(self, moment: Moment) -> AsyncIterator[Say | Call]:
        """The reply, as it is thought of; closed early when the user interrupts."""
        ...
