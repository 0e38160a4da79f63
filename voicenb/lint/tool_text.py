"""T1 to T3: what the description of a tool says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicenb.lint.finding import Finding, found
from voicenb.lint.prose import Prose, words
from voicenb.lint.subject import Subject
from voicenb.lint.verbs import begins_with_verb

_MOST = 3
_TRIGGER = re.compile(
    r"\b(?:when|whenever|once|if|after|before|as soon as|every time|each time|unless|until)\b"
    r"|\b(?:use|call|run|invoke)\b[^.]{0,30}\b(?:to|for|only|on|at)\b|\bfor (?:callers|users|"
    r"customers|guests)\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:returns?|returned|results?|gives? back|yields?|answers? (?:with|is)|responds? with|outputs?)\b"
    r"|→|->|\bin (?:seconds|minutes|hours|days|euros?|eur|dollars?|usd|cents|percent|celsius|fahrenheit|"
    r"degrees|km|kilometres|kilometers|miles|metres|meters|kg|grams)\b"
    r"|\ba list\b|\bas (?:a |an )?(?:list|json|text|number|boolean|table|object)\b",
    re.IGNORECASE,
)


def has_trigger(description: str) -> bool:
    """Whether a description says when to use the tool."""
    return _TRIGGER.search(description) is not None


def check(subject: Subject) -> Iterator[Finding]:
    """Verb, trigger, length and result."""
    for definition in subject.tools:
        if definition.is_platform:
            continue
        place, text = f"{definition.inside}.description", definition.description.strip()
        if definition.flat.get("description") is not None and not isinstance(
            definition.flat["description"], str
        ):
            yield found("S1", place, "A description is text.", text=str(definition.flat["description"]))
            continue
        if not text:
            yield found(
                "T1",
                place,
                "It is missing: the agent knows neither what the tool does nor when to call it.",
                'Write both: "Get the free times on a day. Use when the caller wants to book."',
                text=definition.name,
            )
            continue
        prose = Prose(text)
        first = begins_with_verb((words(text) or [""])[0])
        if first is False:
            remedy = 'Begin with what it does: "Get …", "Book …".'
            yield found("T1", place, "It does not begin with a verb.", remedy, text=text)
        # Whoever writes in another language may have said all of this.
        if first is None and not prose.is_english:
            continue
        if not has_trigger(text):
            yield found("T1", place, "It does not say when to call the tool.", 'Add "Use when …".', text=text)
        if len(prose.sentences) > _MOST:
            yield found(
                "T2",
                place,
                f"It has {len(prose.sentences)} sentences; with more than {_MOST} a tool does too much.",
                "Split the tool, or say less.",
                text=text,
            )
        if not _RESULT.search(text):
            remedy = 'Add what comes back, with its unit: "Returns the price in euros."'
            yield found("T3", place, "It does not say what comes back.", remedy, text=text)
