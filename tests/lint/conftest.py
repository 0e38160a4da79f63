from __future__ import annotations

import pytest

from voicenb.lint import examine

PROMPT = (
    "You are the host of Lido, a small restaurant by the sea. Reply in two short sentences at most. "
    "You can book and cancel tables; you cannot take payments. If you do not know something, say so. "
    'Crack a joke if it fits. Never say "great question" or "happy to help".'
)
"""A prompt against which nothing can be said."""

TOOL = {
    "type": "function",
    "name": "free_tables",
    "description": "Get the free times on a day. Use when the caller wants to book. Returns a list of times.",
    "parameters": {
        "type": "object",
        "properties": {"day": {"type": "string", "description": "weekday, e.g. 'Friday'"}},
        "required": ["day"],
    },
}
"""A tool against which nothing can be said, where the prompt speaks of it."""


@pytest.fixture
def prompt():
    return PROMPT


@pytest.fixture
def tool():
    return TOOL


@pytest.fixture
def of_prompt():
    """The findings of a rule, or of all, on a prompt that is all well but for what is added."""

    def look(rule, added, **more):
        findings = examine({"system_prompt": f"{PROMPT} {added}", **more})
        return [finding for finding in findings if finding.rule == rule]

    return look


@pytest.fixture
def of_tool():
    """The findings of a rule on a tool that is all well but for what is changed."""

    def look(rule, **changes):
        changed = {key: value for key, value in (TOOL | changes).items() if value is not None}
        findings = examine({"system_prompt": PROMPT, "tools": [changed]})
        return [finding for finding in findings if finding.rule == rule]

    return look


@pytest.fixture
def of_parameter(of_tool):
    """The findings of a rule on the only parameter of a tool."""

    def look(rule, schema):
        return of_tool(rule, parameters={"type": "object", "properties": {"x": schema}})

    return look


@pytest.fixture
def of_agent():
    """The findings of a rule on a whole agent."""

    def look(rule, wire):
        return [finding for finding in examine(wire) if finding.rule == rule]

    return look
