"""Times that were heard badly: which of those on offer the words sound like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from voicenb.emulator.brains import clock
from voicenb.emulator.brains.options import field_of
from voicenb.emulator.brains.slots import Slot
from voicenb.emulator.ears.phonetics import distances, phones

ALIKE = 0.27
"""Distance in sound up to which words may be a time: "have a past day" is 0.22 from "half past eight", and
"we have a past in this" 0.29."""

_APART = 0.1
"""How much further the next option must be."""

_COURTESIES = re.compile(r"\b(?:please|at|the|well|so|okay|um|uh|i said|i mean)\b")


def sounding_like(said: str, items: Sequence[Any], slot: Slot) -> Any | None:
    """The option whose time the whole of ``said`` sounds like; None when none does, or two do.

    Args:
        said: what was heard, in lower case without punctuation.
        items: the options.
        slot: what they fill.
    """
    heard = phones(_COURTESIES.sub(" ", said))
    # "Seven" alone sounds like Stephen and like Kevin: one word is too little.
    known = [
        (at, phones(way))
        for at, item in enumerate(items)
        if (time := clock.parse(field_of(item, slot))) is not None
        for way in clock.ways(time)
        if len(way.split()) > 1
    ]
    if not heard or not known:
        return None
    apart = distances([heard] * len(known), [sounds for _, sounds in known]).tolist()
    nearest, best = min(zip(apart, (at for at, _ in known), strict=True))
    others = [far for far, (at, _) in zip(apart, known, strict=True) if at != best]
    if nearest > ALIKE or min(others, default=1.0) < nearest + _APART:
        return None
    return items[best]
