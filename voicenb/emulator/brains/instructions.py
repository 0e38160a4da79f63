"""One-shot instructions, as far as rules can follow them."""

from __future__ import annotations

import re

_QUOTES = re.compile(
    r"(?<!\w)(?:\"([^\"]+)\"|“([^”]+)”|«([^»]+)»|„([^“”]+)[“”]|'((?:[^']|"
    r"(?<=\w)'(?=\w))+)'(?!\w)|\u2018([^\u2019]+)\u2019(?!\w))"
)


def quoted(instructions: str) -> str:
    """The text between quotation marks; empty if there is none."""
    found = _QUOTES.search(instructions)
    return next((group for group in found.groups() if group), "").strip() if found else ""


def followed(instructions: str) -> str:
    """What an instruction asks to be said, as far as rules can tell; empty if they cannot."""
    said = quoted(instructions)
    if said:
        return said
    text = instructions.strip().rstrip(".!")
    lower = text.lower()
    if re.search(r"\b(still there|are they there|if anyone is there)\b", lower):
        return "Are you still there?"
    if re.match(
        r"(?:say|wish|bid) (?:them |the (?:caller|user) )?(?:goodbye|farewell|good night)\b|"
        r".*\b(?:end|close) the (?:call|conversation)\b",
        lower,
    ):
        return "Thank you for calling. Goodbye!"
    if re.match(r"(?:greet|welcome|say (?:hello|hi))\b", lower):
        return "Hello! How can I help?"
    if re.match(r"(?:apologi[sz]e|say (?:that you are )?sorry)\b", lower):
        return "I'm sorry about that."
    if re.match(r"thank\b", lower):
        return "Thank you."
    told = re.match(
        r"(?i)(?:please )?(?:say|tell|inform|remind|let)(?: (?:the )?(?:caller|user|customer|guest)|"
        r" them)?(?: know)?(?: that|:)? (.+)",
        text,
    )
    if told:
        return _to_you(told[1])
    asked = re.match(
        r"(?i)(?:please )?ask(?: (?:the )?(?:caller|user|customer|guest)| them)? (?:for|about) "
        r"(?:their |the )?(.+)",
        text,
    )
    if asked:
        return f"Could you tell me your {asked[1]}, please?"
    asked = re.match(
        r"(?i)(?:please )?ask(?: (?:the )?(?:caller|user|customer|guest)| them)? (?:whether|if) "
        r"they (?:would like|want) (.+)",
        text,
    )
    if asked:
        return f"Would you like {_swap(asked[1])}?"
    return ""


def _to_you(text: str) -> str:
    text = _swap(text)
    text = re.sub(r"(?i)^to (?=\w)", "please ", text)
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def _swap(text: str) -> str:
    """Third person to second: "their table" is "your table"."""
    for old, new in (
        ("their", "your"),
        ("they are", "you are"),
        ("they're", "you're"),
        ("they", "you"),
        ("them", "you"),
    ):
        text = re.sub(rf"(?i)\b{old}\b", new, text)
    return text
