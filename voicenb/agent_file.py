"""An agent in a file of JSON, in either of the service's shapes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from voicenb.agent import Agent
from voicenb.errors import InvalidConfiguration, ToolError
from voicenb.names import refuse_unknown
from voicenb.protocol.fields import ELSEWHERE, INPUT, ITS_OWN, ONLY_STORED, OUTPUT, STORED
from voicenb.protocol.settings import KEYS, problems
from voicenb.turn_detection import TurnDetection

_SHAPES = "A file holds a `session` object, a `session.update`, or an agent as the service stores it."


def read_agent(path: Path) -> tuple[Agent, list[str]]:
    """Read an agent.

    Args:
        path: the file: a ``session`` object (alone, or in a ``session.update``), or a stored agent.

    Returns:
        The agent, with the file's name where it has none; and what in the file no session is told of.

    Raises:
        InvalidConfiguration: it cannot be read, is no JSON, or no agent; the message says where.
    """
    wire = read_wire(path)
    try:
        agent, left_out = _agent(wire, path.stem)
    except (InvalidConfiguration, ToolError) as error:
        raise InvalidConfiguration(f"{path}: {error.message}", remedy=error.remedy, **error.facts) from None
    return agent, left_out


def read_wire(path: Path) -> Mapping[str, Any]:
    """The object in a file, whatever it says.

    Raises:
        InvalidConfiguration: it cannot be read, is no JSON, or no object with anything in it.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidConfiguration(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InvalidConfiguration(f"{path} is no text.", remedy="Write JSON in UTF-8.") from None
    return parse_wire(text, str(path))


def parse_wire(text: str, called: str) -> Mapping[str, Any]:
    """The object in a text, whatever it says.

    Args:
        text: JSON.
        called: how errors call it.

    Raises:
        InvalidConfiguration: it is no JSON, or no object with anything in it.
    """
    try:
        wire = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidConfiguration(f"{called} is no JSON: {error.msg}, {where}.") from None
    except ValueError as error:  # a number of thousands of digits
        raise InvalidConfiguration(f"{called} is no agent: {error}.") from None
    except RecursionError:
        raise InvalidConfiguration(f"{called} is no agent: it nests too deep.") from None
    if not isinstance(wire, dict) or not wire:
        raise InvalidConfiguration(f"{called} is no agent.", remedy=_SHAPES)
    return wire


def _agent(wire: Mapping[str, Any], name: str) -> tuple[Agent, list[str]]:
    if "session" in wire:
        refuse_unknown("A session.update", wire, ("type", "session"))
        wire = wire["session"]
        if not isinstance(wire, dict) or not wire:
            raise InvalidConfiguration("Its session is no object with settings.", remedy=_SHAPES)
    stored = not wire.keys().isdisjoint(ONLY_STORED)
    known = (*STORED, *ELSEWHERE, *ITS_OWN) if stored else tuple(sorted(KEYS))
    refuse_unknown("An agent" if stored else "A session", wire, known)
    for problem, param in problems(wire):
        raise InvalidConfiguration(problem, param=param)
    for problem, param in _more_problems(wire):
        raise InvalidConfiguration(problem, param=param)
    for part, names in (("input", INPUT), ("output", OUTPUT)):
        refuse_unknown(f"Its {part}", wire.get(part) or {}, names, prefix=f"{part}.")
    if turns := (wire.get("input") or {}).get("turn_detection"):
        TurnDetection.of(turns)
    if "agent_id" in wire and len(wire) > 1:
        raise InvalidConfiguration("agent_id stands alone.", remedy="Leave out the other settings.")
    left_out = [key for key in ELSEWHERE if wire.get(key)]
    if (wire.get("input") or {}).get("continuous_partials") is not None:
        left_out.append("input.continuous_partials")
    if stored:
        return Agent.from_resource({"name": name, **wire}), left_out
    return Agent.from_session(wire, name=name), left_out


def _more_problems(wire: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What else would be read as something that it is not: each problem, and its dotted path."""
    voice = wire.get("voice")
    if isinstance(voice, dict):
        voice = voice.get("voice_id", voice)
    if not isinstance(voice, str | None):
        yield 'voice must be {"voice_id": "…"}.', "voice"
    for place, tool in enumerate(wire.get("tools") or ()):
        path, name, http = f"tools[{place}]", tool["name"], tool.get("http")
        for key, kind, called in (("description", str, "text"), ("parameters", dict, "an object")):
            if not isinstance(tool.get(key), kind | None):
                yield f"{name}: {key} must be {called}, not {tool[key]!r}.", f"{path}.{key}"
        if http is not None and not (isinstance(http, dict) and isinstance(http.get("url"), str)):
            yield f"{name}: http must be an object with a url.", f"{path}.http"
