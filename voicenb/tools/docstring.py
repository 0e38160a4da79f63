"""What a docstring in Google style says: a description, and a line for each parameter."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import dataclass, field
from typing import Any

_SECTION = re.compile(
    r"^(Args|Arguments|Parameters|Returns?|Yields?|Raises|Examples?|Notes?|Attributes):\s*$"
)
_ENTRY = re.compile(r"^\*{0,2}(\w+)(?:\s*\([^)]*\))?:\s*(.*)$")
_EXAMPLES = re.compile(r"\be\.\s?g\.,?\s*(?P<list>.+)", re.DOTALL)
_LITERAL = re.compile(r"""\s*("[^"]*"|'[^']*'|-?\d+(?:\.\d+)?|True|False)\s*(,|or\b|and\b|;)?""")


@dataclass(frozen=True, slots=True)
class Docstring:
    """The parts of a docstring that a model reads.

    Attributes:
        description: everything before the first section, as one paragraph.
        parameters: the text on each parameter.
    """

    description: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


def read_docstring(text: str | None) -> Docstring:
    """Read a docstring; one without sections is all description."""
    lines = inspect.cleandoc(text or "").splitlines()
    description: list[str] = []
    parameters: dict[str, str] = {}
    section, name, indent = "", "", 0
    for line in lines:
        heading = _SECTION.match(line)
        if heading:
            section, name, indent = heading[1], "", 0
        elif not section:
            description.append(line.strip())
        elif section in ("Args", "Arguments", "Parameters", "Attributes") and line.strip():
            depth = len(line) - len(line.lstrip())
            indent = indent or depth
            entry = _ENTRY.match(line.strip()) if depth == indent else None
            if entry:
                name = entry[1]
                parameters[name] = entry[2].strip()
            elif name:
                parameters[name] = f"{parameters[name]} {line.strip()}".strip()
    return Docstring(" ".join(filter(None, description)), parameters)


def examples_in(text: str) -> list[Any]:
    """The literals behind "e.g.": ``'size of the party, e.g. 4 or 6.'`` has the examples 4 and 6."""
    found = _EXAMPLES.search(text)
    if not found:
        return []
    examples: list[Any] = []
    place = 0
    rest = found["list"]
    while literal := _LITERAL.match(rest, place):
        examples.append(ast.literal_eval(literal[1]))
        place = literal.end()
        if literal[2] is None:
            break
    return examples
