"""P4, P7, P17: who the agent is, and how it may sound."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicenb.lint.finding import Finding, found
from voicenb.lint.prose import Prose, quotes
from voicenb.lint.subject import Subject

_OPENING = 3
_IDENTITY = re.compile(
    r"\b(?:you are|you're|u are)\s+(?!not\b|never\b|to\b|allowed\b|required\b|expected\b)"
    r"|\byour (?:name|role|job|task|character) (?:is|will be)\b|\bact as\b|\b(?:play|"
    r"take on) the (?:role|part)\b"
    r"|\b(?:speak|talk|answer|work|reply)(?:ing)? (?:as|for|on behalf of|at)\b|\b(?:role|persona|"
    r"identity)\s*:"
    r"|\bimagine (?:you|that you)\b|\byou to (?:be|act|play)\b|\b(?:named|called) (?-i:[A-Z])"
    r"|\bas (?:a|an|the)\b",
    re.IGNORECASE,
)
# "You take bookings": what it does for a living.
_WORK = re.compile(
    r"you (?!must|should|can|cannot|can't|may|might|will|need|have|are|never|always|do|don't|only|"
    r"could|shall|"
    r"ought|want|would)[a-z]+\b",
    re.IGNORECASE,
)
_CASUAL = re.compile(
    r"\b(?:be|sound|keep|stay|speak|talk|reply|respond|answer|casual|short|warm|"
    r"friendly)\b[^.!?\n]{0,60}?"
    r"\b(?:casual(?:ly)?|natural(?:ly)?|conversational(?:ly)?|informal(?:ly)?|laid[- ]back)\b",
    re.IGNORECASE,
)
_AVOIDED = re.compile(
    r"\b(?:phrases?|words?|fillers?|clich[eé]s?)\b[^.\n]{0,30}\b(?:avoid|never|forbidden|banned)\b"
    r"|\bnever (?:say|open with|start with|begin with)\b|\b(?:do not|don't|avoid) say(?:ing)?\b"
    r"|\b(?:avoid|never use|no|don't use|do not use) (?:the |these |such |stock |any )?"
    r"(?:phrases?|words?|fillers?|clich[eé]s?)\b",
    re.IGNORECASE,
)
_PERMISSION = re.compile(
    r"\b(?:jok(?:e|es|ing)|humou?r\w*|witty|wit|playful\w*|opinion(?:s|ated)?|banter|tease|"
    r"teasing|sarcas\w+|laugh|"
    r"feel free|it'?s (?:fine|ok|okay|all right)|it is (?:fine|ok|okay|all right)|you may|"
    r"are allowed|you can be)\b",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Identity, phrases to avoid, permissions."""
    prompt = subject.prompt
    if prompt is None:
        return
    if not prompt.text.strip():
        yield found("P4", "system_prompt", "It is empty.", 'Begin with "You are …": who answers, and where.')
        return
    if not prompt.is_english:
        return
    opening = prompt.sentences[:_OPENING]
    if not any(_IDENTITY.search(s.text) or _WORK.match(s.text) for s in opening):
        yield found(
            "P4",
            "system_prompt",
            "It does not begin with who the agent is.",
            'Begin with "You are …": an identity does more than a list of manners.',
            text=opening[0].text,
        )
    casual = prompt.wanted(_CASUAL)
    if casual and not _lists_phrases_to_avoid(prompt):
        yield found(
            "P7",
            "system_prompt",
            "It asks for a manner, and says no phrases to avoid.",
            'List them: Never say "Great question" or "Happy to help".',
            text=casual[0][0],
        )
    if not prompt.says(_PERMISSION):
        yield found(
            "P17",
            "system_prompt",
            "It gives no permissions for personality.",
            'Say what is welcome: "Have opinions. Crack a joke if it fits."',
        )


def _lists_phrases_to_avoid(prompt: Prose) -> bool:
    forbidden = (prompt.at(place).forbids for _, place in quotes(prompt.text))
    return prompt.says(_AVOIDED) or any(forbidden)
