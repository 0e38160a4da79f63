"""P13: what the agent can do, and that it must not invent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicenb.lint.finding import Finding, found
from voicenb.lint.subject import Subject

_CAN = re.compile(
    r"\b(?:can|cannot|can't|able to|unable|only|limited to|outside|out of scope|(?:do not|don't|"
    r"never|not) "
    r"(?:handle|help|offer|take|give|discuss|answer|have access))\b",
    re.IGNORECASE,
)
_INVENT = re.compile(
    r"\b(?:invent\w*|mak(?:e|ing) (?:\w+ ){0,3}up|made[- ]up|guess\w*|hallucinat\w+|fabricat\w+|"
    r"assum(?:e|ing|ptions?)|"
    r"(?:don't|do not) know|not (?:sure|certain)|unsure|only (?:state|say|use|give|tell|quote)|"
    r"stick to (?:the )?facts)\b",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Two statements that a prompt should hold."""
    prompt = subject.prompt
    if prompt is None or not prompt.is_english:
        return
    if not prompt.says(_CAN):
        yield found(
            "P13",
            "system_prompt",
            "It does not say what the agent can do and what it cannot.",
            'Say so: "You can book and cancel; you cannot take payments."',
        )
    if not prompt.says(_INVENT):
        yield found(
            "P13",
            "system_prompt",
            "Nothing in it speaks against inventing facts.",
            'Say so: "If you do not know, say that you do not know."',
        )
