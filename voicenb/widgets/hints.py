"""Two things to say first, made from what the agent can do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from voicenb.agent import Agent
from voicenb.errors import InvalidConfiguration

GENERAL = ("Hello, who am I talking to?", "What can you do for me?")

_WANTS = re.compile(
    r"\b(?:caller|user|customer|person|guest|patient)s? (?:wants?|asks?|would like|needs?) to ([^.;,]+)",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day$", re.IGNORECASE)
_TIME = re.compile(r"\d{1,2}:\d{2}$")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def hints_for(agent: object) -> list[str]:
    """Two sentences to say to this agent; general ones where its tools suggest nothing."""
    made: list[str] = []
    for tool in agent.tools if isinstance(agent, Agent) else ():
        sentence = _sentence(tool.description)
        if sentence and not any(_stem(sentence) in _stem(other) for other in made):
            made.append(sentence + _details(tool.parameters) + ("." if sentence.startswith("I ") else "?"))
    return [*made, *reversed(GENERAL)][:2]


def checked(hints: object) -> list[str]:
    """Somebody's own.

    Raises:
        InvalidConfiguration: they are no list of texts.
    """
    if not isinstance(hints, list | tuple) or not all(isinstance(hint, str) for hint in hints):
        remedy = f"Write hints=[{hints!r}]." if isinstance(hints, str) else 'Write hints=["…", "…"].'
        raise InvalidConfiguration(
            f"hints must be a list of texts, not {hints!r}.", remedy=remedy, param="hints"
        )
    return list(hints)


def _sentence(description: str) -> str:
    if wanted := _WANTS.search(description):
        return f"I would like to {wanted[1].strip()}"
    first = re.split(r"[.\n;]", description.strip(), maxsplit=1)[0].strip()
    return f"Can you {first[0].lower()}{first[1:]}" if first else ""


def _stem(sentence: str) -> str:
    return re.sub(r"^(?:I would like to|Can you) | (?:on|at|for) .*|[.?]$", "", sentence)


def _details(parameters: Mapping[str, Any]) -> str:
    """The examples of the parameters that go into a sentence by themselves: days, times, head counts."""
    said = ""
    for name, schema in (parameters.get("properties") or {}).items():
        examples = schema.get("examples") or []
        example = examples[0] if examples else None
        if isinstance(example, str) and _WEEKDAY.match(example):
            said += f" on {example}"
        elif isinstance(example, str) and _TIME.match(example):
            said += f" at {example}"
        elif (
            type(example) is int and 1 < example < len(_NUMBERS) and (name == "people" or name.endswith("s"))
        ):
            said += f" for {_NUMBERS[example]} {name.replace('_', ' ')}"
    return said
