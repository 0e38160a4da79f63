"""T4 to T7, T16, T19: the parameters of tools."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from voicenb.lint.finding import Finding, found
from voicenb.lint.prose import Prose
from voicenb.lint.schema import COMBINED, Node, nodes
from voicenb.lint.spoken_digits import refuses_spaces
from voicenb.lint.subject import Definition, Subject
from voicenb.tools.docstring import examples_in

_EXAMPLE = re.compile(
    r"\be\.\s?g\.|\b(?:for example|for instance|such as|examples?|like)\b|[\"'][^\"']+[\"']",
    re.IGNORECASE,
)
_AN_EXAMPLE_ON = re.compile(r"\b(?:e\.\s?g\.|for example|for instance|such as|like)[^.;]*", re.IGNORECASE)
_WORD = r"[\"'`]?[\w-]+[\"'`]?"
_COMMAS = rf"{_WORD}(?:\s*,\s*{_WORD})*,?\s+or\s+{_WORD}"
_END = r"(?=\s*(?:$|[.;:)]))"
_CLOSED = re.compile(
    r"\b(?:one of|either|must be|any of|choose from|options(?: are)?|"
    r"allowed(?: values)?(?: are)?)\s*:?\s+\(?"
    rf"(?!the\b|a\b|an\b|these\b|your\b)(?:{_COMMAS}|"
    rf"{_WORD}(?:\s*,\s*{_WORD})+(?:,?\s+and\s+{_WORD})?){_END}"
    rf"|(?:^|[:(]\s*){_WORD}(?:\s*,\s*{_WORD})+,?\s+or\s+{_WORD}{_END}"
    rf"|(?:^|[:(=]\s*){_WORD}(?:\s*\|\s*{_WORD})+{_END}"
    rf"|(?:^|[:(]\s*){_WORD}(?:/{_WORD}){{2,}}{_END}"
    r"|\b[\"']?yes[\"']?\s*(?:/|or)\s*[\"']?no\b"
    r"|[\"']\w+[\"'](?:\s*,\s*[\"']\w+[\"'])*,?\s+or\s+[\"']\w+[\"']",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Each parameter, also those inside others, and the schema that holds them."""
    for definition in subject.tools:
        yield from _whole(definition)
        for node in nodes(definition):
            yield from _object(node)
            for key in COMBINED:
                if key in node.schema:
                    remedy = "Write out one plain type, with enum for choices."
                    yield found(
                        "T19", f"{node.place}.{key}", "Tools do not carry this well.", remedy, text=key
                    )
            if node.is_parameter:
                yield from _described(node)
            yield from _pattern(node)


def _whole(definition: Definition) -> Iterator[Finding]:
    parameters, place = definition.flat.get("parameters"), f"{definition.inside}.parameters"
    if parameters is not None and not isinstance(parameters, Mapping):
        yield found("T7", place, "It must be an object.", text=str(parameters))
    elif parameters and "type" in parameters and parameters["type"] != "object":
        remedy = 'Write "type": "object", and the parameters under properties.'
        yield found("T7", f"{place}.type", "It must be object.", remedy, text=str(parameters["type"]))


def _object(node: Node) -> Iterator[Finding]:
    properties, required = node.schema.get("properties"), node.schema.get("required")
    if "properties" in node.schema and not isinstance(properties, Mapping):
        reason = "It must be an object: a schema for each name."
        yield found("T7", f"{node.place}.properties", reason, text=str(properties))
    for name, schema in node.properties.items():
        if not isinstance(schema, Mapping):
            yield found(
                "T7", f"{node.place}.{name}", "A parameter is an object with a type.", text=str(schema)
            )
    # A boolean `required` is of an older draft of JSON Schema.
    if required is not None and not isinstance(required, list | tuple):
        yield found("T7", f"{node.place}.required", "It must be a list of names.", text=str(required))
        return
    for name in required or ():
        if not isinstance(name, str) or name not in node.properties:
            remedy = "Describe it under properties, or leave it out here."
            yield found("T7", f"{node.place}.required", "No parameter is called so.", remedy, text=str(name))


def _described(node: Node) -> Iterator[Finding]:
    schema, text = node.schema, Prose(node.description).text
    if not text.strip():
        remedy = "Say what it is: \"weekday, e.g. 'Friday'\"."
        yield found("T4", node.place, "It has no description.", remedy)
    if not _has_example(schema, text):
        yield found("T5", node.place, "It has no example.", 'Add one: "e.g. …", or examples.', text=text)
    closed = _CLOSED.search(_AN_EXAMPLE_ON.sub("", text))
    if closed and "enum" not in schema and schema.get("type", "string") == "string":
        reason = "Its text names the choices, its schema does not."
        yield found("T6", node.place, reason, "List them in enum.", text=closed[0])


def _has_example(schema: Mapping[str, Any], text: str) -> bool:
    told = any(key in schema for key in ("enum", "const", "examples", "example"))
    kind = schema.get("type")
    # The parts of an object have their own; true and false need none.
    return told or kind in ("boolean", "object") or bool(examples_in(text) or _EXAMPLE.search(text))


def _pattern(node: Node) -> Iterator[Finding]:
    pattern = node.schema.get("pattern")
    if not isinstance(pattern, str):
        return
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        reason = f"It is no regular expression of Python: {error}."
        yield found(
            "T16", f"{node.place}.pattern", reason, "Mend it, or leave it out.", text=pattern, severity="warn"
        )
        return
    if refuses_spaces(compiled):
        yield found(
            "T16",
            f"{node.place}.pattern",
            "Digits that are dictated arrive with spaces between them, and it refuses those.",
            r"Allow them, as in [\d ]+, and strip them in the tool.",
            text=pattern,
        )
