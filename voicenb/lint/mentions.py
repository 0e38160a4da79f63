"""Names of tools in a prompt."""

from __future__ import annotations

import re

from voicenb.lint.prose import Prose

_IDENTIFIER = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[a-z]{2,}[A-Z][A-Za-z0-9]*"
_NAMED = re.compile(
    r"\b(?:[Cc]all|[Cc]alls|[Cc]alling|[Ii]nvoke|[Rr]un|[Uu]se|[Uu]sing|[Tt]rigger)\s+(?:the\s+)?"
    rf"(?:tools?\s+|function\s+)?[`\"']?({_IDENTIFIER})\b|"
    rf"[`\"']?\b({_IDENTIFIER})[`\"']?\s+(?:tool|function)\b"
)


def tools_named(prompt: Prose) -> list[str]:
    """What a prompt takes for tools, whether they exist or not, each once."""
    return list(dict.fromkeys(match[1] or match[2] for match in _NAMED.finditer(prompt.text)))
