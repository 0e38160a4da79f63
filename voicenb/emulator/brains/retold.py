"""What a prompt tells of a conversation that began in another session."""

from __future__ import annotations

import re

from voicenb.emulator.brain import Line

_BEGINS = re.compile(r"(?i)\bwhat was said so far:[ \t]*\n+")
_LINE = re.compile(r"(?i)(caller|user|you|agent|assistant):[ \t]*(\S.*)")


def retold(prompt: str) -> list[Line]:
    """The lines behind "What was said so far:", up to the first that is none; empty without such words.

    A client that begins a session in the place of a lost one tells it so (voicenb does): ``Caller: …`` and
    ``You: …``, a line each.
    """
    found = _BEGINS.search(prompt)
    if found is None:
        return []
    lines: list[Line] = []
    for text in prompt[found.end() :].splitlines():
        line = _LINE.fullmatch(text.strip())
        if line is None:
            break
        lines.append(Line("user" if line[1].lower() in ("caller", "user") else "agent", line[2]))
    return lines
