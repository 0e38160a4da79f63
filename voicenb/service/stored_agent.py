"""A stored agent on the wire, as far as it is to change: what is not set any more is told as well."""

from __future__ import annotations

import dataclasses
import operator
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from voicenb.agent import Agent
from voicenb.agent_settings import INPUT, PCM
from voicenb.errors import InvalidConfiguration, ServiceError
from voicenb.names import refuse_unknown
from voicenb.protocol.fields import ELSEWHERE
from voicenb.tools import HttpTool
from voicenb.tools.http import KEPT
from voicenb.turn_detection import BELONGS_HERE, TurnDetection
from voicenb.unchecked import unchecked

_FIELDS = tuple(field.name for field in dataclasses.fields(Agent) if field.name != "id")
_TOOL = re.compile(r"tools[\[.](\d{1,6})\b")
"""A place among the tools, as the service names it."""

_PLACES = {
    **{name: ("input", name) for name in INPUT},
    "input_format": ("input", "format"),
    "volume": ("output", "volume"),
    "output_format": ("output", "format"),
}
"""Fields of an agent that stand in a part of the wire's object, and how they are called there."""


def body_of(agent: Agent, names: Iterable[str] = _FIELDS) -> dict[str, Any]:
    """The body that brings a stored agent up to this one.

    What is left out of such a body stays as it is stored; so what is not set goes as null or an empty list.

    Args:
        agent: the agent.
        names: of its fields, those that are to change.
    """
    body: dict[str, Any] = {}
    names = tuple(names)
    for name in names:
        part, called = _PLACES.get(name, ("", name))
        (body.setdefault(part, {}) if part else body)[called] = _told(agent, name)
    turns = agent.turn_detection
    if turns is not None and "turn_detection" in names and "transcription_mode" not in names:
        # What the mode is that is stored, and what delay it brings, the service knows.
        body["input"]["turn_detection"]["interruption_delay"] = turns.interruption_delay
    return body


def changes_of(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The body that changes so much of a stored agent, and nothing else.

    Args:
        changes: by the names of an Agent's fields, or of what only stored agents have, as the wire has it.

    Raises:
        InvalidConfiguration: nothing is to change, a field does not exist, or a value cannot work.
    """
    if not changes:
        raise InvalidConfiguration("There is nothing to change.", remedy='Name it: system_prompt="…".')
    refuse_unknown("A stored agent", changes, (*_FIELDS, *ELSEWHERE), elsewhere=BELONGS_HERE)
    for name in ("name", "system_prompt", "voice"):
        if name in changes and not changes[name]:
            raise InvalidConfiguration(f"A stored agent needs a {name}.", param=name)
    own = {name: value for name, value in changes.items() if name in _FIELDS}
    return {**body_of(Agent(**own), own), **stored_only(changes)}


def changed(agent: Agent, changes: Mapping[str, Any]) -> Agent:
    """An agent with what :func:`changes_of` took; the rest of it is the service's, and is not looked over."""
    own = {name: value for name, value in changes.items() if name in _FIELDS}
    if not own:
        return agent
    told = {field.name: getattr(agent, field.name) for field in dataclasses.fields(agent)}
    after = Agent(**own)
    return unchecked(Agent, **told | {name: getattr(after, name) for name in own})


def named(error: ServiceError, name: str, body: Mapping[str, Any]) -> ServiceError:
    """A refusal, with the agent and the tool that it is about; one that names no field stays as it is.

    Args:
        error: the refusal.
        name: of the agent.
        body: that was refused.
    """
    if not error.param:
        return error
    place, tools = _TOOL.match(error.param), body.get("tools") or ()
    index = int(place[1]) if place else len(tools)
    tool = f", its tool {tools[index]['name']!r}" if index < len(tools) else ""
    facts = {key: value for key, value in error.facts.items() if key not in ("code", "param", "status")}
    return type(error)(
        f"The agent {name!r}{tool}: {error.message}",
        code=error.code,
        param=error.param,
        status=error.status,
        remedy=error.remedy,
        **facts,
    )


def stored_only(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Of some fields those that only stored agents have, as the wire has them."""
    return {name: value for name, value in fields.items() if name in ELSEWHERE}


def secrets_of(body: Mapping[str, Any]) -> list[str]:
    """What of a body must not come back in the words of an error: keys of models, values of headers."""
    return [secret for secret in _secrets(body) if isinstance(secret, str) and secret and secret != KEPT]


def _secrets(body: Mapping[str, Any]) -> Iterator[Any]:
    for model in body.get("llm") or ():
        yield model.get("api_key") if isinstance(model, Mapping) else None
    for tool in body.get("tools") or ():
        headers = (tool.get("http") or {}).get("headers") or {}
        if isinstance(headers, Mapping):
            yield from headers.values()
        else:
            yield from (each.get("value") for each in headers)


def new(agent: Agent) -> Agent:
    """An agent that can be stored anew.

    Raises:
        InvalidConfiguration: of a tool that was read back the values of its headers are missing.
    """
    for tool in agent.tools:
        if isinstance(tool, HttpTool) and tool.kept_headers:
            raise InvalidConfiguration(
                f"{tool.name}: of the headers {', '.join(tool.kept_headers)} only the agent that is "
                "stored has the values.",
                remedy="Give the tool its headers= once more, or change the stored agent with update().",
                param="tools",
            )
    # There is nothing yet to take headers away from.
    tools = [
        dataclasses.replace(tool, listed_headers=())
        if isinstance(tool, HttpTool) and tool.listed_headers
        else tool
        for tool in agent.tools
    ]
    return agent if all(map(operator.is_, tools, agent.tools)) else agent.replace(tools=tools)


def _told(agent: Agent, name: str) -> Any:
    """A field as the wire has it."""
    value = getattr(agent, name)
    match name:
        case "voice":
            return {"voice_id": value}
        case "tools":
            return [tool.to_resource() for tool in value]
        case "keyterms":
            return list(value)
        case "language_codes":
            return list(value) if value else None
        case "turn_detection" if isinstance(value, TurnDetection):
            return value.whole(agent.transcription_mode).to_wire()
        case "input_format" | "output_format":
            return {"encoding": value or PCM}
        case "greeting":
            return value or None
        case _:
            return value
