"""P10: times and numbers too exact to be spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicenb.lint.finding import Finding, found
from voicenb.lint.subject import Subject

_TIME = re.compile(
    r"(?<![\d:.])(?:[01]?\d|2[0-3]):[0-5][1-46-9](?![\d:])(?:\s?[ap](?:m\b|\.m\.))?", re.IGNORECASE
)
_LONG = re.compile(
    r"(?<![\w.,:/#=&?+-])\d(?:[\d,'](?=\d)|\d){4,}(?![\w/-])|(?<![\w.,/-])\d+\.\d{3,}(?![\w.])"
)
_DIGITS_IN_A_ROW = re.compile(r"(?<![\w.,/-])\+?\(?\d{1,4}\)?(?:[ .-]\(?\d{2,4}\)?){2,}(?![\w-])")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SIGNIFICANT = 3


def check(subject: Subject) -> Iterator[Finding]:
    """Clock times to the minute, numbers of many digits, and numbers that one dials."""
    prompt = subject.prompt
    if prompt is None:
        return
    for match in prompt.wanted(_TIME):
        yield found(
            "P10",
            "system_prompt",
            "A time to the minute; the agent will speak it so.",
            'Round it: "around two in the afternoon".',
            text=match[0],
        )
    for match in prompt.wanted(_LONG):
        digits = re.sub(r"\D", "", match[0])
        if len(digits.rstrip("0")) > _SIGNIFICANT:
            yield found(
                "P10",
                "system_prompt",
                "A number of many digits; the agent will read them all.",
                "Round it, or write it as it is to be said.",
                text=match[0],
            )
    for match in prompt.wanted(_DIGITS_IN_A_ROW):
        if not _DATE.fullmatch(match[0]):
            yield found(
                "P10",
                "system_prompt",
                "Digits in a row; a voice takes them for one number, or for several.",
                'Write them as they are to be said: "five five five, zero one".',
                text=match[0],
            )
