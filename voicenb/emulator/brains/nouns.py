"""What numbers and keys in a tool's answer are of: one or many, something to count or not."""

from __future__ import annotations

import re

from voicenb.emulator.brains.bag import bag
from voicenb.emulator.brains.numbers import spoken
from voicenb.emulator.brains.verbs import CHANGING, LOOKING

_IRREGULAR = {"people": "person", "children": "child", "men": "man", "women": "woman"}
_ONE = bag("news series gas canvas lens atlas mathematics physics")
"""Words that end as if they were many."""
_MEASURES = bag(
    "seconds minutes hours days weeks nights months years degrees percent points miles metres meters "
    "kilometres kilometers euros dollars pounds francs cents costs fees savings"
)
"""Not counted as things are: the minutes are twenty."""
_ADJECTIVES = bag(
    "free available open closed booked taken left remaining possible due ready valid until from"
)
_VERBS = CHANGING | LOOKING | bag("up")


def is_many(words: str) -> bool:
    """Whether a noun is in the plural."""
    last = words.split()[-1]
    if last in _IRREGULAR:
        return True
    return last.endswith("s") and not last.endswith(("ss", "us", "is")) and last not in _ONE


def is_adjective(words: str) -> bool:
    """Whether it only says how something is: "free"."""
    return words in _ADJECTIVES


def state_of(words: str, holds: bool) -> str:
    """Whether something is so, as a clause: "it is not in stock", and "parking: no" where it is a thing."""
    bare = re.sub(r"^(?:is|was|are) ", "", words)
    if bare != words or is_adjective(words) or re.match(r"(?:in|on|at|out) |\w+(?:ed|able|ible)$", words):
        return f"it is {'' if holds else 'not '}{bare}"
    return f"{words}: {'yes' if holds else 'no'}"


def of_name(words: list[str]) -> str:
    """What a tool is about, by its name in words; empty where there is no noun in it."""
    begins = next((at for at, word in enumerate(words) if word not in _VERBS), len(words))
    # Most names begin with a verb, whatever it is: "roll dice".
    if begins == 0 and len(words) > 1 and words[0] not in _ADJECTIVES and words[1] != "of":
        begins = 1
    about = " ".join(words[begins:])
    return "" if is_adjective(about) else about


def number_of(words: str, number: float) -> str:
    """A number of something as the clause of a sentence: "there are three free tables"."""
    head = words.partition(" of ")[0]
    if number != int(number) or number < 0 or not is_many(head) or words.split()[-1] in _MEASURES:
        return f"the {words} {'are' if is_many(head) else 'is'} {spoken(number)}"
    if number == 1:
        return f"there is one {one_of(words)}"
    return f"there are {spoken(number) if number else 'no'} {words}"


def one_of(words: str) -> str:
    """A noun in the plural as one thing: "tickets" is "ticket"."""
    *rest, last = words.split()
    if last in _IRREGULAR:
        one = _IRREGULAR[last]
    elif last.endswith("ies"):
        one = f"{last[:-3]}y"
    else:
        one = re.sub(r"(ch|sh|ss|x)es$|s$", r"\1", last)
    return " ".join([*rest, one])
