"""P12, T11, T12: the tools as a whole, and what prompt and keyterms have to do with them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicenb.lint.finding import Finding, found
from voicenb.lint.mentions import tools_named
from voicenb.lint.prose import Prose, words
from voicenb.lint.schema import nodes, vocabulary
from voicenb.lint.subject import Definition, Subject
from voicenb.lint.tool_text import has_trigger
from voicenb.names import did_you_mean

MOST = 10

_TOOL_WORDS = re.compile(
    r"\b(?:tools?|functions?|look(?:s|ing)? (?:it|them|that|things|\w+) up|look up)\b", re.IGNORECASE
)
_LOOK_UP = re.compile(r"(?:find|search|look_?up|look|query)(?:_|[A-Z]|$)")
_GET = re.compile(r"(?:get|fetch|check)(?:_|[A-Z]|$)")


def check(subject: Subject) -> Iterator[Finding]:
    """How many there are, whether the prompt knows of them, whether keyterms help with them."""
    tools = [definition for definition in subject.tools if not definition.is_platform]
    prompt = subject.prompt
    if prompt is not None and subject.knows_tools:
        yield from _strangers(subject, prompt)
        if tools and prompt.text.strip():
            yield from _unmentioned(tools, prompt)
    if len(subject.tools) > MOST:
        yield found(
            "T11",
            "tools",
            f"{len(subject.tools)} tools at once; beyond {MOST} or so the agent takes the wrong one.",
            "Show fewer at a time: tools can change during a call.",
        )
    looking = next((tool for tool in tools if _looks_names_up(tool)), None)
    if looking is not None and not subject.keyterms:
        yield found(
            "T12",
            "input.keyterms",
            "There is a tool that looks names up, and no keyterms: it will be asked for what was misheard.",
            "Put the names that callers say there.",
            text=looking.name,
        )


def _strangers(subject: Subject, prompt: Prose) -> Iterator[Finding]:
    known = vocabulary(subject)
    names = list(dict.fromkeys(definition.name for definition in subject.tools if definition.name))
    for name in tools_named(prompt):
        if name in known:
            continue
        has = f"It has {', '.join(names)}." if names else "It has none."
        yield found(
            "P12",
            "system_prompt",
            "The prompt names a tool that the agent does not have.",
            (did_you_mean(name, names) or has).strip(),
            text=name,
        )


def _unmentioned(tools: list[Definition], prompt: Prose) -> Iterator[Finding]:
    if not prompt.is_english or prompt.says(_TOOL_WORDS):
        return
    said = words(prompt.text)
    if any(_is_mentioned(tool.name, prompt.text, said) for tool in tools):
        return
    told_when = any(has_trigger(tool.description) for tool in tools)
    yield found(
        "P12",
        "system_prompt",
        "It does not say when to use the tools" + (", only their descriptions do." if told_when else "."),
        f'Say it in a sentence: "Before you offer anything, call {tools[0].name or "the tool"}."',
        severity="info" if told_when else "warn",
    )


def _is_mentioned(name: str, text: str, said: list[str]) -> bool:
    """Whether a prompt speaks of a tool by its name, or by the words in it."""
    parts = [part for part in name.lower().split("_") if len(part) > 3]
    return (bool(name) and name in text) or (
        bool(parts) and all(any(word.startswith(part[:-1]) for word in said) for part in parts)
    )


def _looks_names_up(tool: Definition) -> bool:
    """Whether a tool is asked for something by a name that was heard."""
    if not (_LOOK_UP.match(tool.name) or _GET.match(tool.name)):
        return False
    return any(
        node.is_parameter
        and node.schema.get("type") == "string"
        and not {"enum", "format", "pattern", "const"} & node.schema.keys()
        for node in nodes(tool)
    )
