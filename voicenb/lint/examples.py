"""P14: example replies that are longer than the prompt wants replies to be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicenb.lint.finding import Finding, found
from voicenb.lint.prose import Prose, quotes, words
from voicenb.lint.subject import Subject

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "fifteen": 15, "twenty": 20}
_COUNT = rf"(\d{{1,3}}|{'|'.join(_NUMBERS)})"
_LIMIT = re.compile(rf"\b{_COUNT}[ -](?:\w+ )?(sentence|word)s?\b", re.IGNORECASE)
_SENTENCES = 2
_WORDS = 15
"""The guides' measure: two sentences of about so many words."""
_LABELLED = re.compile(
    r"^[ \t]*(?:[-*•] )?(?:agent|assistant|you|bot|ai)[ \t]*:[ \t]*(\S.*)$", re.IGNORECASE | re.MULTILINE
)
_ASKED = re.compile(
    r"\b(?:say|reply|respond|answer|for example|for instance|e\.g|such as|like|good)\b[^!?\n]{0,20}$",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    """Example replies: the agent takes their length for its own."""
    prompt = subject.prompt
    if prompt is None:
        return
    limits = [(_number(match[1]), match[2].lower()) for match in _LIMIT.finditer(prompt.text)]
    most_sentences = max((n for n, unit in limits if unit == "sentence"), default=0)
    most_words = max((n for n, unit in limits if unit == "word"), default=0)
    if most_sentences or not most_words:
        most_sentences = most_sentences or _SENTENCES
        most_words = most_sentences * (most_words or _WORDS)
    for reply in dict.fromkeys(_examples(prompt)):
        sentences, count = len(Prose(reply).sentences), len(words(reply))
        if count > most_words or sentences > most_sentences > 0:
            yield found(
                "P14",
                "system_prompt",
                f"An example reply of {sentences} sentence{'' if sentences == 1 else 's'} and {count} words.",
                f"Shorten it to {most_words} words or fewer: examples set the length.",
                text=reply,
            )


def _examples(prompt: Prose) -> Iterator[str]:
    for match in _LABELLED.finditer(prompt.text):
        if not prompt.at(match.start(1)).forbids:
            yield match[1].strip().strip('"')
    for quote, place in quotes(prompt.text):
        before = prompt.text[max(0, place - 60) : place].rstrip("\"'")
        if _ASKED.search(before) and not prompt.at(place).forbids:
            yield quote


def _number(text: str) -> int:
    return _NUMBERS.get(text.lower()) or int(text)
