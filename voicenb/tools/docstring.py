"""What a docstring in Google's or NumPy's style says: a description, and a text on each parameter."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

_SECTION = re.compile(
    r"^(Args|Arguments|Parameters|Returns?|Yields?|Raises|Examples?|Notes?|Attributes):\s*$"
)
_PARAMETERS = ("Args", "Arguments", "Parameters", "Attributes")
_UNDERLINED = re.compile(
    r"^(Parameters|Other Parameters|Attributes|Returns|Yields|Raises|Warns|Examples|Notes|See Also)$"
)
_LINE = re.compile(r"^-{3,}\s*$")
_NAMES = re.compile(r"^(\*{0,2}\w+(?:\s*,\s*\*{0,2}\w+)*)\s*(?::.*)?$")
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
    if any(_UNDERLINED.match(line) and _LINE.match(below) for line, below in pairwise(lines)):
        return _underlined(lines)
    description: list[str] = []
    parameters: dict[str, str] = {}
    section, name, indent = "", "", 0
    for line in lines:
        heading = _SECTION.match(line)
        if heading:
            section, name, indent = heading[1], "", 0
        elif not section:
            description.append(line.strip())
        elif section in _PARAMETERS and line.strip():
            depth = len(line) - len(line.lstrip())
            indent = indent or depth
            entry = _ENTRY.match(line.strip()) if depth == indent else None
            if entry:
                name = entry[1]
                parameters[name] = entry[2].strip()
            elif name:
                parameters[name] = f"{parameters[name]} {line.strip()}".strip()
    return Docstring(" ".join(filter(None, description)), parameters)


def _underlined(lines: list[str]) -> Docstring:
    """NumPy's style: sections are underlined, names stand at the margin and their texts below, indented."""
    description: list[str] = []
    parameters: dict[str, str] = {}
    section = ""
    names: list[str] = []
    for line, below in pairwise([*lines, ""]):
        if _UNDERLINED.match(line) and _LINE.match(below):
            section, names = line.removeprefix("Other "), []
        elif not section:
            description.append(line.strip())
        elif section not in _PARAMETERS or not line.strip() or _LINE.match(line):
            continue
        elif line[0].isspace():
            for name in names:
                parameters[name] = f"{parameters[name]} {line.strip()}".strip()
        elif entry := _NAMES.match(line):
            names = [name.strip().lstrip("*") for name in entry[1].split(",")]
            parameters |= dict.fromkeys(names, "")
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
