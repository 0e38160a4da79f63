"""Names of tools in a prompt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicenb.lint.prose import Prose
from voicenb.lint.verbs import begins_with_verb

_NAME = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[a-z]{2,}[A-Z][a-z]+\w*"
_CALLED = re.compile(
    rf"\b(?:[Cc]all(?:s|ing)?|[Ii]nvok(?:e|es|ing))\s+(?:the\s+)?(?:tools?\s+|function\s+)?[`\"']?({_NAME})\b"
    rf"|[`\"']?\b({_NAME})[`\"']?\s+(?:tool|function)\b"
)
# One also uses what is no tool: "use first_name once you know it".
_USED = re.compile(rf"\b(?:[Uu]s(?:e|es|ing)|[Rr]un|[Tt]rigger)\s+(?:the\s+)?[`\"']?({_NAME})\b")


def tools_named(prompt: Prose) -> list[str]:
    """What a prompt takes for tools, whether they exist or not, each once."""
    return list(dict.fromkeys(_names(prompt.text)))


def _names(text: str) -> Iterator[str]:
    for match in _CALLED.finditer(text):
        yield match[1] or match[2]
    for match in _USED.finditer(text):
        if begins_with_verb(re.split(r"_|(?=[A-Z])", match[1])[0]):
            yield match[1]
