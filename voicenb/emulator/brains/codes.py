"""Codes of letters and digits, spelled out: "A B one two three" is ``AB123``."""

from __future__ import annotations

import re

from voicenb.emulator.brains.bag import bag
from voicenb.emulator.brains.context import NEGATED, Found
from voicenb.emulator.brains.slots import Slot

_CODES = bag("code plate number id reference ref no nr isbn sku barcode pnr registration digits")
_LIKE = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9-]*")
_TOKEN = r"(?:#\d+|[A-Za-z](?![\w'])|(?=\w*\d)[A-Za-z0-9]+|[A-Z]{2,4}(?![\w'])|dash|hyphen|-)"
_RUN = re.compile(rf"(?<![\w'#]){_TOKEN}(?:(?: ,)? {_TOKEN})*(?![\w'])")
_MIXED = re.compile(
    r"(?<![\w'])(?=\w*\d)(?=\d*[A-Za-z])(?!\d+(?:st|nd|rd|th|am|pm)\b)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\b"
)
"""Written as one word."""


def is_code(slot: Slot) -> bool:
    """Whether a slot of free text wants a code: by its example, or by its name."""
    if slot.kind != "text":
        return False
    return bool(_LIKE.fullmatch(slot.example)) or (not slot.example and slot.words.split()[-1] in _CODES)


def code(slot: Slot, line: str, text: str, asked: bool) -> Found | None:
    """The code in a line: behind a word for it ("order A 1 2"), or anywhere where it was asked for.

    Args:
        slot: one that wants a code.
        line: what was said, as a line.
        text: the same as the recogniser wrote it.
        asked: whether it was asked for.
    """
    nouns = {*slot.words.split(), *re.findall(r"[a-z]{4,}", slot.description.lower())} | {"number", "code"}
    found = None
    mixed = [(run[0], text[: run.start()]) for run in _MIXED.finditer(text)]
    for run, before in mixed or [(run[0], line[: run.start()]) for run in _RUN.finditer(line)]:
        behind = re.search(r"(\w+)(?: (?:is|number|no|code|it's|,|:))* $", before)
        spelled = (
            re.search(r"[A-Z]", run) and len(re.findall(r"\d", run)) > 1 and _LIKE.fullmatch(slot.example)
        )
        if NEGATED.search(before) or not (asked or spelled or (behind and behind[1].lower() in nouns)):
            continue
        written = _written(run, slot)
        if re.search(r"\d", written):
            found = Found(written)
    return found


def _written(run: str, slot: Slot) -> str:
    words = run.replace("#", "").replace(",", " ").split()
    text = re.sub(r"(?i)dash|hyphen", "-", "".join(words)).strip("-")
    return text if slot.example and slot.example != slot.example.upper() else text.upper()
