"""P5, P6, P9, P16: how a prompt is built, and how long the agent may talk."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicenb.lint.finding import Finding, found
from voicenb.lint.prose import Prose, words
from voicenb.lint.subject import Subject

LONG = 400
"""Words; the guides say "start short" and give no number."""

_ARROW = re.compile(r"[→⇒➔➜➡⟶]|(?<![-=<])[-=]{1,2}>")
_STEP = re.compile(r"\bstep\s+(\d{1,2}|one|two|three|four|five|six)\b", re.IGNORECASE)
_IF = re.compile(r"\bif\b", re.IGNORECASE)
_ELSE = re.compile(r"\b(?:else|otherwise|elif)\b", re.IGNORECASE)
_ANOTHER = re.compile(
    r"\b(?:(?:some|any|every|no)\s?(?:thing|one|body|where)|what(?:ever)?|who|where|none|or)\s+else\b",
    re.IGNORECASE,
)
_IF_THEN_ELSE = re.compile(
    r"\belse,? if\b|\belif\b|\bif\b[^.!?]{1,160}\bthen\b[^.!?]{1,160}\belse\b", re.IGNORECASE
)
_BRANCH = re.compile(r"(?:[-*•+]\s+|\d{1,3}[.)]\s+)?(?:(?:and|or|but)\s+)?if\b", re.IGNORECASE)
_REST = re.compile(r"(?:[-*•+]\s+|\d{1,3}[.)]\s+)?(?:or\s+)?(?:else|otherwise)\b", re.IGNORECASE)
_LENGTH = re.compile(
    r"\b(?:short(?:er|ly)?|brief(?:ly)?|brevity|concise(?:ly)?|terse(?:ly)?|succinct(?:ly)?|"
    r"to the point|length|"
    r"few words|few sentences|compact|crisp)\b|\b(?:\d+|one|two|three|four|a|single|couple of|"
    r"fifteen|twenty)"
    r"[ -](?:\w+ )?(?:sentence|word|line)s?\b|\bone (?:thing|question|item|point) at a time\b",
    re.IGNORECASE,
)
_IMPORTANT = re.compile(
    r"\b(?:[Mm]ost important(?:ly)?|[Aa]bove all|IMPORTANT|MOST IMPORTANT|CRITICAL|ABOVE ALL)\b"
)
_FEW = 60


def check(subject: Subject) -> Iterator[Finding]:
    """Decision trees, length of the prompt, length of replies, and what comes late."""
    prompt = subject.prompt
    if prompt is None or not prompt.text.strip():
        return
    tree = _tree(prompt)
    if tree:
        yield found(
            "P5",
            "system_prompt",
            "It is written as a decision tree.",
            "Say who the agent is and what it wants to reach; it finds the way.",
            text=tree,
        )
    count = len(words(prompt.text))
    if count > LONG:
        reason = f"It has {count} words; in a long prompt each rule counts for less."
        yield found(
            "P6", "system_prompt", reason, "Start short, and add what calls have shown to be missing."
        )
    if not prompt.is_english:
        return
    if not prompt.says(_LENGTH):
        yield found(
            "P9",
            "system_prompt",
            "It does not say how long a reply may be.",
            'Say so: "Two sentences at most, about fifteen words each."',
        )
    late = _late(prompt, count)
    if late:
        yield found("P16", "system_prompt", "What counts most comes late.", "Put it first.", text=late)


def _tree(prompt: Prose) -> str:
    """The words that make it a decision tree; empty if it is none."""
    arrow = _ARROW.search(prompt.text)
    if arrow:
        return prompt.at(arrow.start()).text
    steps = {match[1].lower() for match in _STEP.finditer(prompt.text)}
    if len(steps) > 1:
        return next(_STEP.finditer(prompt.text))[0]
    run: list[str] = []
    for sentence in prompt.sentences:
        # "Something else" is no branch.
        text = _ANOTHER.sub("", sentence.text)
        if _IF_THEN_ELSE.search(text) or (len(_IF.findall(text)) > 1 and _ELSE.search(text)):
            return text
        if len(run) >= 2 and (_BRANCH.match(text) or _REST.match(text)):
            return run[0]
        run = [*run, text] if _BRANCH.match(text) else []
    return ""


def _late(prompt: Prose, count: int) -> str:
    for match in _IMPORTANT.finditer(prompt.text):
        before = len(words(prompt.text[: match.start()]))
        if before >= _FEW and before > count / 2:
            return prompt.at(match.start()).text
    return ""
