"""P18: a prompt that asks the agent to keep silent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicenb.lint.finding import Finding, found
from voicenb.lint.subject import Subject

_SILENT = re.compile(
    r"\b(?:stay|remain|keep|be|go|fall)\s+(?:completely |totally |entirely )?(?:silent|quiet|mute)\b"
    r"(?!\s+(?:about|on the|on this|on that|hours|room|table|and (?:calm|polite)))"
    r"|\b(?:only|just|silently)\s+listen\b(?!\s+to (?:their|the) (?:answer|request|problem|"
    r"question|order))"
    r"|\blisten[- ]only\b"
    r"|\b(?:do not|don't|never)\s+(?:reply|respond|answer|speak|talk|say anything|say a word)"
    r"(?=\s*(?:$|[.;,!:]|until\b|unless\b|at all\b|to anything\b|while\b|when\b))"
    r"|\bsay nothing(?=\s*(?:$|[.;,!]|until\b|unless\b|at all\b|while\b))",
    re.IGNORECASE | re.MULTILINE,
)
# Somebody else is silent, or silence is what is not wanted.
_OTHERS = re.compile(
    r"(?:\b(?:they|who|callers?|users?|customers?|people|guests?|never|not|don't|cannot|can't|"
    r"than|instead of)"
    r"(?:\s+(?:just|simply|may|might|will|to|want to))?)\s*$",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Silence is nothing that a prompt can bring about."""
    prompt = subject.prompt
    if prompt is None:
        return
    for match in _SILENT.finditer(prompt.text):
        if not _OTHERS.search(prompt.text[max(0, match.start() - 40) : match.start()]):
            yield found(
                "P18",
                "system_prompt",
                "The service has no mode of only listening: the agent answers every turn.",
                "Ask for a very short answer instead, or send it no audio.",
                text=prompt.at(match.start()).text,
            )
            return
