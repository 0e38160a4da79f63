"""A conversation in text: what the caller says, what is answered, which tools are called."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from voicenb.emulator.brain import Brain, Call, Line, Moment, Say
from voicenb.emulator.brains.rules import RuleBrain


async def collect(brain: Brain, moment: Moment) -> list[Say | Call]:
    return [part async for part in brain.answer(moment)]


@dataclass
class Story:
    """Drives a brain as a session does: the caller's line, the replies, the tools' results."""

    tools: Sequence[dict[str, Any]] = ()
    functions: dict[str, Callable[..., Any]] = field(default_factory=dict)
    prompt: str = ""
    greeting: str = ""
    brain: Brain = field(default_factory=RuleBrain)
    history: list[Line] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.greeting:
            self.history.append(Line("agent", self.greeting))

    def moment(self, trigger: Any, instructions: str | None = None) -> Moment:
        return Moment(trigger, tuple(self.history), self.prompt, list(self.tools), instructions)

    def think(self, trigger: Any, instructions: str | None = None) -> list[Say | Call]:
        return asyncio.run(collect(self.brain, self.moment(trigger, instructions)))

    def say(self, text: str) -> str:
        """The caller says ``text``; what the agent says until it waits for the caller again."""
        self.history.append(Line("user", text))
        return self.settle(self.think("user_speech"))

    def ask(self, instructions: str | None = None) -> str:
        """A ``reply.create``."""
        return self.settle(self.think("reply_create", instructions))

    def settle(self, parts: list[Say | Call]) -> str:
        spoken: list[str] = []
        for _ in range(6):
            said = " ".join(part.text for part in parts if isinstance(part, Say))
            if said:
                spoken.append(said)
                self.history.append(Line("agent", said))
            calls = [part for part in parts if isinstance(part, Call)]
            if not calls:
                break
            for call in calls:
                self.answer(call)
            parts = self.think("tool_result")
        reply = " ".join(spoken)
        self.replies.append(reply)
        assert reply, "the agent was silent"
        return reply

    def answer(self, call: Call) -> None:
        """Run a tool and put its result into the history."""
        self.calls.append((call.name, call.arguments))
        try:
            result, failed = self.functions[call.name](**call.arguments), False
        except Exception as error:
            result, failed = str(error), True
        text = result if isinstance(result, str) else json.dumps(result)
        number = f"call_{len(self.calls)}"
        self.history.append(Line("tool", text, number, call.name, call.arguments, failed))


def tool(
    name: str, description: str, required: Sequence[str] | None = None, /, **parameters: Any
) -> dict[str, Any]:
    """A tool in flat API form."""
    wanted = list(parameters) if required is None else list(required)
    return {
        "type": "function",
        "name": name,
        "description": description,
        "parameters": {"type": "object", "properties": parameters, "required": wanted},
    }


FREE_TABLES = tool(
    "free_tables",
    "Get the free times on a day. Use when the caller wants to book.",
    day={"type": "string", "description": 'weekday, e.g. "Friday".'},
    people={"type": "integer", "description": "size of the party, e.g. 4."},
)
BOOK_TABLE = tool(
    "book_table",
    "Book a table. Use once day, party size, time and name are known.",
    day={"type": "string", "description": 'weekday, e.g. "Friday".'},
    people={"type": "integer", "description": "size of the party, e.g. 4."},
    time={"type": "string", "description": 'one of the free times, e.g. "20:30".'},
    name={"type": "string", "description": 'name for the booking, e.g. "Anna".'},
)


def free_tables(day: str, people: int) -> list[str]:
    return [] if day == "Monday" else ["19:00"] if day == "Sunday" else ["19:00", "20:30"]


def book_table(day: str, people: int, time: str, name: str) -> str:
    return f"A table for {people} on {day} at {time} for {name} is booked."


def lido() -> Story:
    """The agent of notebook 01."""
    return Story(
        [FREE_TABLES, BOOK_TABLE],
        {"free_tables": free_tables, "book_table": book_table},
        prompt="You take bookings for Lido. Short and warm.",
        greeting="Lido, good evening.",
    )


@pytest.fixture(name="lido")
def _lido() -> Story:
    return lido()


@pytest.fixture(name="story")
def _story() -> Callable[..., Story]:
    return Story


@pytest.fixture(name="tool")
def _tool() -> Callable[..., dict[str, Any]]:
    return tool
