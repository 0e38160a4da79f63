"""What is known while values are looked for, and what is found."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from voicenb.emulator.brains.slots import Slot

FILLERS = (
    r"(?:(?:well|oh|okay|ok|yes|yeah|no|sure|so|then|please|thanks|thank you|just|"
    r"maybe|perhaps|i think|i guess|"
    r"it's|it is|that's|that is|that would be|it would be|it will be|it'll be|make (?:it|that)|"
    r"let's say|say|actually|sorry|"
    r"i'd like|i would like|i want|i'll have|i'll take|we'd like|we want|we'll take|for|the|a|"
    r"an|to|with|about|i said|i meant)(?![\w']) ?(?:[,.] )*)"
)
"""What goes before a value and means nothing."""

NEGATED = re.compile(
    r"(?i)\b(?:not|isn't|instead of|rather than|without|no more(?! than)|except|"
    r"(?:any|every)\w*(?: \w+)? but)(?: \w+)? $"
)
"""What makes the value behind it one that is not meant."""


@dataclass
class Context:
    """What is known while values are looked for.

    Attributes:
        asked: the name of the slot that was asked for last, or None.
        today: today's date, if the prompt says it.
        recent: names of the slots filled so far, the latest last; a bare "make that five" goes to one of
            them.
        refused: filled by :func:`find`: the slots for which a number was said that they do not take.
    """

    asked: str | None = None
    today: datetime.date | None = None
    recent: Sequence[str] = field(default_factory=tuple)
    refused: list[Slot] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """A value; ``strong`` when something beside its place says that it belongs to the slot."""

    value: Any
    strong: bool = True
