"""The JSON of an agent in a file: read and checked, in either of the service's shapes; written in one."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from voicenb.errors import InvalidConfiguration, ToolError
from voicenb.names import refuse_unknown
from voicenb.protocol.fields import ELSEWHERE, INPUT, ITS_OWN, ONLY_STORED, OUTPUT, STORED
from voicenb.protocol.settings import KEYS, problems
from voicenb.tools import HttpTool, Tool
from voicenb.tools.http import KEPT
from voicenb.turn_detection import TurnDetection

T = TypeVar("T")

_SECRET = frozenset(
    {
        *("key", "api_key", "apikey", "api-key", "token", "access_token", "auth", "password", "secret"),
        *("client_secret", "sig", "signature", "code"),
    }
)
"""Parameters of a URL that open something."""

_SHAPES = "A file holds a `session` object, a `session.update`, or an agent as the service stores it."


def read_file(path: Path, build: Callable[[Checked], T]) -> T:
    """What ``build`` makes of the agent in a file; what is wrong with it is told with the path.

    Raises:
        InvalidConfiguration: it cannot be read, is no JSON, or no agent; the message says where.
    """
    wire = read_wire(path)
    try:
        return build(checked(wire))
    except (InvalidConfiguration, ToolError) as error:
        raise InvalidConfiguration(f"{path}: {error.message}", remedy=error.remedy, **error.facts) from None


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


def write_wire(path: Path, wire: Mapping[str, Any]) -> None:
    """Write an agent, whole or not at all; parents are made, and an agent that is there gives way.

    Raises:
        InvalidConfiguration: it cannot be written, or something else than an agent is there.
    """
    if path.exists():
        try:
            checked(read_wire(path))
        except InvalidConfiguration as error:
            raise InvalidConfiguration(
                f"{path} is there already and holds no agent ({error.message}); nothing was saved.",
                remedy="Choose another path, or move what is there.",
                param="path",
            ) from None
    try:
        text = json.dumps(wire, indent=2, ensure_ascii=False, allow_nan=False)
        content = f"{text}\n".encode()
    except UnicodeEncodeError:  # halves of characters
        content = f"{json.dumps(wire, indent=2)}\n".encode()
    except (TypeError, ValueError) as error:
        raise InvalidConfiguration(f"The agent cannot be written as JSON: {error}.", param="tools") from None
    draft = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise InvalidConfiguration(
            f"{path} cannot be written: {error.strerror or error}.",
            remedy="Choose another path.",
            param="path",
        ) from None


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


@dataclass(frozen=True, slots=True)
class Checked:
    """An agent's JSON that can be read.

    Attributes:
        wire: a ``session`` object, or an agent as the service stores it.
        stored: whether it is the latter.
        left_out: what in it no session is told of.
    """

    wire: Mapping[str, Any]
    stored: bool
    left_out: list[str]


def checked(wire: Mapping[str, Any]) -> Checked:
    """What is in a file, if it is an agent.

    Raises:
        InvalidConfiguration: it is none, or something in it cannot work.
    """
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
    return Checked(wire, stored, left_out)


def plain_tool(tool: Tool | HttpTool) -> dict[str, Any]:
    """A tool for a file that others may read: of its headers only the names.

    Raises:
        InvalidConfiguration: a URL with a login or a key in it.
    """
    wire = tool.to_resource()
    if not isinstance(tool, HttpTool):
        return wire
    parts = urlsplit(tool.url)
    opens = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True) if name.lower() in _SECRET]
    if opens or "@" in parts.netloc:
        what = f"the parameter {opens[0]!r}" if opens else "a login"
        raise InvalidConfiguration(
            f"The URL of the tool {tool.name} has {what} in it, and everybody can read a file.",
            remedy="Put it into headers=, of which only the names are written.",
            param="tools",
        )
    http: dict[str, Any] = {"url": tool.url, "http_method": tool.method}
    if tool.listed_headers is not None:
        http["headers"] = [{"name": name} for name in tool.headers]
    elif tool.headers:
        http["headers"] = dict.fromkeys(tool.headers, KEPT)
    return {**wire, "http": http}


def plain_agent(settings: Mapping[str, Any], tools: Sequence[Tool | HttpTool]) -> dict[str, Any]:
    """An agent for a file, in the shape of a stored one and always in the same order.

    Args:
        settings: ``name``, ``id``, ``system_prompt``, ``greeting``, ``input`` and ``output``, as far as set.
        tools: of the agent.

    Raises:
        InvalidConfiguration: a tool with a secret that cannot be left out.
    """
    output = dict(settings.get("output") or {})
    voice = output.pop("voice", None)
    wire = {name: settings.get(name) for name in ("name", "id", "system_prompt", "greeting")}
    wire["voice"] = None if voice is None else {"voice_id": voice}
    wire["input"], wire["output"] = settings.get("input"), output
    wire["tools"] = [plain_tool(tool) for tool in tools]
    return {name: value for name, value in wire.items() if value not in (None, {})}


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
