"""P8: stock phrases that a prompt asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicenb.lint.finding import Finding, found
from voicenb.lint.prose import Prose, quotes
from voicenb.lint.subject import Subject

_WHOLE = r"(?:great question|(?:i'?m |i am |i'd be |we're )?happy to help|certainly|absolutely)"
_QUOTE = re.compile(rf"\W*(?:(?:yes|oh|well|sure|hello|hi|hey)\W+)?{_WHOLE}\b", re.IGNORECASE)
_ORDERED = re.compile(
    rf"(?:\b(?:say|reply|respond|answer|start|begin|open)(?: with)?:? {_WHOLE}\b"
    rf"|^[ \t]*(?:[-*] )?(?:agent|assistant|you|bot|ai)[ \t]*:[ \t]*\W?{_WHOLE}\b)",
    re.IGNORECASE | re.MULTILINE,
)
# The caller's words, not the agent's.
_CALLERS = re.compile(
    r"\b(?:user|caller|customer|guest|client|patient|they|he|she|someone|somebody|people)\s+"
    r"(?:says?|said|answers?|replies|reply|asks?|responds?|mentions?)\W*(?:with\W*)?$",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Phrases that make every agent sound alike, where they are not forbidden."""
    prompt = subject.prompt
    if prompt is None:
        return
    for text in dict.fromkeys(_asked_for(prompt)):
        yield found(
            "P8",
            "system_prompt",
            "A stock phrase, and the prompt asks for it.",
            "Leave it out, or list it among the phrases to avoid.",
            text=text,
        )


def _asked_for(prompt: Prose) -> Iterator[str]:
    for quote, place in quotes(prompt.text):
        before = prompt.text[max(0, place - 60) : place].rstrip("\"'")
        if _QUOTE.match(quote) and not prompt.at(place).forbids and not _CALLERS.search(before):
            yield quote
    for match in prompt.wanted(_ORDERED):
        yield match[0].strip()
