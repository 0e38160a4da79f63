"""The parameters of a tool as a tree: each with its place, however the schema is written."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from voicenb.lint.subject import Definition, Subject

_MOST = 2000
"""Nodes; a schema that was made in Python may hold itself."""

COMBINED = ("$ref", "anyOf", "oneOf", "allOf")


@dataclass(frozen=True, slots=True)
class Node:
    """One place of a schema.

    Attributes:
        place: its path, e.g. ``"tools[0].parameters.date"``.
        schema: what is said of it.
        is_parameter: whether it has a name; the whole has none, nor have the items of a list.
    """

    place: str
    schema: Mapping[str, Any]
    is_parameter: bool

    @property
    def properties(self) -> Mapping[str, Any]:
        """What is in it; nothing where that is no object."""
        properties = self.schema.get("properties")
        return properties if isinstance(properties, Mapping) else {}

    @property
    def description(self) -> str:
        """What it says of itself."""
        description = self.schema.get("description")
        return description if isinstance(description, str) else ""


def nodes(definition: Definition) -> Iterator[Node]:
    """The whole schema, then its parameters, their parts, and the items of lists."""
    whole = definition.flat.get("parameters")
    if not isinstance(whole, Mapping):
        return
    waiting = deque([Node(f"{definition.inside}.parameters", whole, False)])
    count = 0
    while waiting and count < _MOST:
        node = waiting.popleft()
        yield node
        count += 1
        for name, schema in node.properties.items():
            if isinstance(schema, Mapping):
                waiting.append(Node(f"{node.place}.{name}", schema, True))
        items = node.schema.get("items")
        if isinstance(items, Mapping):
            waiting.append(Node(f"{node.place}[]", items, False))


def vocabulary(subject: Subject) -> frozenset[str]:
    """Names that a prompt may use as they are: of tools, of their parameters and of choices."""
    known: set[str] = set()
    for definition in subject.tools:
        known.add(definition.name)
        for node in nodes(definition):
            known.update(str(name) for name in node.properties)
            choices = node.schema.get("enum")
            known.update(str(choice) for choice in (choices if isinstance(choices, list | tuple) else ()))
    return frozenset(known)
