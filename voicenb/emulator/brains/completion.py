"""One streamed chat completion: pieces in, sentences and tool calls out. No I/O."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from voicenb.emulator.brain import Call, Line, Moment
from voicenb.emulator.brains.sentences import Sentences
from voicenb.errors import ServiceError

SPOKEN = (
    "You are talking with somebody on a voice line. Answer in short spoken sentences, without "
    "lists, markup or emoji. "
    "Their words come from a speech recogniser and may be misheard; ask back when they make no sense."
)
"""Added to the agent's prompt, as the service adds words of its own."""


@dataclass
class _Asked:
    """A tool call whose arguments come in pieces."""

    id: str
    name: str
    arguments: str = ""


class Completion:
    """Collects the chunks of one answer."""

    def __init__(self) -> None:
        self._sentences = Sentences()
        self._asked: list[_Asked] = []
        self._open: dict[int, _Asked] = {}

    def push(self, chunk: object) -> Iterator[str]:
        """Take a chunk in; the sentences that it completes.

        Raises:
            ServiceError: the chunk reports an error, or is none.
        """
        if not isinstance(chunk, Mapping):
            raise ServiceError(f"A chunk of the answer is {chunk!r}.", code="bad_chunk")
        if chunk.get("error"):
            error = chunk["error"]
            raise ServiceError(
                str(error.get("message", error) if isinstance(error, Mapping) else error), code="stream_error"
            )
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or choice.get("message") or {}
            for place, part in enumerate(delta.get("tool_calls") or ()):
                self._push_call(part, place)
            if isinstance(delta.get("content"), str):
                yield from self._sentences.push(delta["content"])

    def rest(self) -> str:
        """The last words, when no more come."""
        return self._sentences.rest()

    def calls(self, known: Collection[str]) -> Iterator[Call]:
        """The tool calls, once the answer is whole.

        Args:
            known: the names of the agent's tools; nobody would answer a call of another.

        Raises:
            ServiceError: arguments that are no JSON object, or a tool that is not there.
        """
        for asked in self._asked:
            try:
                arguments = json.loads(asked.arguments or "{}")
            except ValueError:
                arguments = None
            if asked.name not in known or not isinstance(arguments, dict):
                raise ServiceError(
                    f"The model called {asked.name!r} with {asked.arguments[:200]!r}.", code="bad_tool_call"
                )
            yield Call(asked.name, arguments)

    def _push_call(self, part: Mapping[str, Any], place: int) -> None:
        function = part.get("function") or {}
        index = part["index"] if isinstance(part.get("index"), int) else place
        identity, name = str(part.get("id") or ""), str(function.get("name") or "")
        held = self._open.get(index)
        # Some servers give every call the index 0: a new id, or without ids a name again, begins a new one.
        if (
            held is None
            or (identity and held.id and identity != held.id)
            or (name and held.name and not identity)
        ):
            held = self._open[index] = _Asked(identity, name)
            self._asked.append(held)
        held.id, held.name = held.id or identity, held.name or name
        arguments = function.get("arguments")
        held.arguments += (
            arguments if isinstance(arguments, str) else json.dumps(arguments) if arguments else ""
        )


def request(model: str, moment: Moment) -> dict[str, Any]:
    """The body of the request for a moment."""
    body: dict[str, Any] = {"model": model, "messages": messages(moment), "stream": True}
    if moment.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool.get("name", ""),
                    "description": tool.get("description") or "",
                    "parameters": tool.get("parameters") or {"type": "object", "properties": {}},
                },
            }
            for tool in moment.tools
        ]
    return body


def messages(moment: Moment) -> list[dict[str, Any]]:
    """A moment as chat messages; an interrupted line says that it was."""
    out: list[dict[str, Any]] = [{"role": "system", "content": f"{moment.system_prompt}\n\n{SPOKEN}".strip()}]
    for number, line in enumerate(moment.history):
        out.extend(_messages(line, number))
    if moment.instructions:
        out.append({"role": "system", "content": moment.instructions})
    return out


def _messages(line: Line, number: int) -> Iterator[dict[str, Any]]:
    match line.role:
        case "tool":
            call = line.call_id or f"call_{number}"
            function = {"name": line.name, "arguments": json.dumps(line.arguments, ensure_ascii=False)}
            yield {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": call, "type": "function", "function": function}],
            }
            yield {
                "role": "tool",
                "tool_call_id": call,
                "content": f"Error: {line.text}" if line.is_error else line.text,
            }
        case "agent":
            if line.text:
                yield {
                    "role": "assistant",
                    "content": f"{line.text} [interrupted]" if line.interrupted else line.text,
                }
        case role:
            yield {"role": role, "content": line.text}
