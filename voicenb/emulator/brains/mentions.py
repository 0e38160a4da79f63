"""Free words that are said along with a wish: "a pizza with mushrooms and olives", "the book Emma"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from voicenb.emulator.brains import thinking
from voicenb.emulator.brains.bag import bag
from voicenb.emulator.brains.context import NEGATED, Found
from voicenb.emulator.brains.line import line_of
from voicenb.emulator.brains.slots import Slot

_POLITE = re.compile(r"(?i)[, ]+(?:please|thanks|thank you)$")
_SEARCHED = bag("query topic question subject search term keyword keywords")
_WRITTEN = bag("message text note content body memo reminder task todo")
_REASONS = bag("reason problem symptom symptoms issue complaint purpose fault")
_RECEIVERS = bag("recipient receiver person contact to addressee payee")
_WORKS = bag(
    "title book film movie song album game play show course dish product item article project medicine drug"
)
_SIGNS = {"time": "@", "day": "%&", "date": "%&"}
_LONGEST_MOMENT = 10
"""Words of "on Monday at half past seven in the evening", and some."""
_SWITCHES = bag("on state power enabled active light")
_COMPANY = bag("guests attendees participants people friends members")
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'-]*"
_TITLE = rf"({_CAPITAL}(?: (?:(?:of|the|a|an|and|in|to|for|de|la) ){{0,2}}{_CAPITAL}){{0,5}})"
_ON = (
    r"(?:please|without|on|at|for|to|from|in|this|next|today|tomorrow|tonight|delivered|if|because|when|by|"
    r"under)"
)
_ENDS = rf"(?= ?[.?!;]| ?$|,? {_ON}\b|,? (?:and|but) (?:i|we|without|no)\b)"
_WITH = re.compile(rf"(?i)\bwith ((?:(?!(?<!and )\bwith\b).)+?){_ENDS}")
_ONTO = re.compile(
    r"(?i)\b(?:add|put|write|need|want|order|buy|pack|take) (.+?) "
    r"(?:to|on|onto|in|into) (?:(?:my|the|our) (?:\w+ )?(?:list|cart|basket|order|bag|trolley)|it|there)\b"
)
_OBJECTS = re.compile(
    r"(?i)\b(?:order|have|get|buy|like|want|take) (?!to\b)"
    rf"((?:(?!{_ON}\b|with\b)[\w' -])+(?:,| and )(?:.+?)){_ENDS}"
)
_BOUGHT = bag("items dishes products articles things food meals drinks groceries books goods")
_NOT_WITH = re.compile(
    r"(?i)(?:me|you|him|her|them|us|it|that|this|everything|something|anything|nothing|whom|who|what|"
    r"my|our|a view|pleasure|regards?)\b"
)
_ASKED_TO_WRITE = (
    r"\b(?:saying|that says|message:|(?:note|write) (?:down )?that(?! says)|remember that|"
    r"remind me (?:that|to)|reminder (?:that|to)|let \w+ know that|tell (?:my )?\w+(?: \w+)? that|"
    r"(?:note|memo|message|reminder|task)(?: for \w+)?:) (.+)"
)
_NO_TITLE = bag("i what which who when where how can could do does is are please yes no mr mrs ms dr")


def mention(slot: Slot, line: str, text: str) -> Found | None:
    """Words for a slot of free text or a free list, where something beside them says that they are its.

    Args:
        slot: of the kind ``text`` or ``list``.
        line: what was said, as a line.
        text: the same as the recogniser wrote it.
    """
    text = thinking.out_of(text)
    if slot.kind == "list":
        return None if slot.choices else _listed(slot, text)
    return _labelled(slot, text) or _titled(slot, line)


def wanted(slot: Slot, line: str) -> Found | None:
    """A yes or no said along: "with milk", "no gift wrap", "turn the light off"."""
    if slot.words.split()[-1] in _SWITCHES:
        put = re.search(r"(?i)\b(?:turn|switch|put)(?:ed)?\b(?:(?! and ).)*?\b(on|off)\b", line)
        return Found(put[1].lower() == "on") if put else None
    bare = re.sub(r"^(?:is|has|with|include|includes|needs|need|want|wants|add) ", "", slot.words)
    said = re.search(
        rf"(?i)\b(without|no|with|and|including|includes?|plus|for|by|as)(?: any| some| extra| a| an| the)? "
        rf"{re.escape(bare)}\b",
        line,
    )
    return Found(said[1].lower() not in ("without", "no")) if said else None


def example_heard(slot: Slot, line: str) -> Found | None:
    """A slot's own example, where it was said: whoever tries an agent says what its author had in mind."""
    words = slot.example.split()
    if not 1 <= len(words) <= 3 or len(slot.example) < 3 or slot.words in _WRITTEN | _REASONS:
        return None
    heard = re.search(rf"(?i)(?<![\w'#]){re.escape(slot.example)}(?!['\w])", line)
    if heard is None or NEGATED.search(line[: heard.start()]):
        return None
    return Found(slot.example)


def without_moment(value: Found, found: Mapping[str, Found], slots: Sequence[Slot]) -> Found:
    """Free text without the time or day behind it that is another slot's: "water the plants at six"."""
    kinds = {slot.kind for slot in slots if slot.name in found}
    signs = "".join(sign for kind, sign in _SIGNS.items() if kind in kinds)
    words = str(value.value).split()
    for at in range(max(1, len(words) - _LONGEST_MOMENT), len(words)):
        rest = line_of(" ".join(words[at:]))
        if signs and re.fullmatch(
            rf"(?i)(?:(?:at|on|by|for|from|around|about|please|,|\.) ?|[{signs}]\S+ ?)+", rest
        ):
            return (
                Found(" ".join(words[:at]).rstrip(" ,"), value.strong)
                if re.search(f"[{signs}]", rest)
                else value
            )
    return value


def split(text: str) -> list[str]:
    """``a, b and c`` in parts, without their articles."""
    parts = re.split(r"(?i)\s*,\s*(?:and\s+|plus\s+)?|\s+and\s+(?:with\s+)?|\s+plus\s+", text)
    return [bare for part in parts if (bare := re.sub(r"(?i)^(?:an?|some|the) (?=\w)", "", part.strip()))]


def _listed(slot: Slot, text: str) -> Found | None:
    """A list said along: "with mushrooms and olives", "add milk and eggs to my list"."""
    noun = re.escape(slot.words.split()[-1].removesuffix("s"))
    if re.search(rf"(?i)\b(?:without|no)(?: any)? (?:\w+ )?{noun}s?\b", text):
        return Found([])
    labelled = re.search(rf"(?i)\b{noun}s?(?: are| is| should be|:) (.+?){_ENDS}", text)
    labelled = labelled or re.search(rf"(?i)\b(?:with|have|add) (?:the )?{noun}s? (.+?){_ENDS}", text)
    labelled = labelled or re.search(rf"(?i)\bwith (.+?) (?:as|for) (?:the )?{noun}s?\b", text)
    labelled = labelled or re.search(rf"(?i)\b(?:{noun}s?) (?:like|such as) (.+?){_ENDS}", text)
    if labelled is None:
        labelled = _ONTO.search(text) or (_OBJECTS.search(text) if slot.words in _BOUGHT else None)
    if labelled is None:
        labelled = next(
            (said for said in _WITH.finditer(text) if _goes(slot, said[1])),
            None,
        )
    parts = split(_POLITE.sub("", labelled[1])) if labelled else []
    return Found(parts) if parts else None


def _goes(slot: Slot, said: str) -> bool:
    """Whether words behind "with" may be of a list: "with my wife" is of company only."""
    return slot.words in _COMPANY or not _NOT_WITH.match(said)


def _labelled(slot: Slot, text: str) -> Found | None:
    """Free text that names its slot: "the topic is jazz", "search for jazz", "because my knee hurts"."""
    label = re.search(rf"(?i)\b{re.escape(slot.words)} (?:is|should be|would be|says?) (.+)", text)
    if label is None and slot.words in _SEARCHED:
        label = re.search(r"(?i)\b(?:about|for|regarding|on) (?:a |the )?(.+)", text)
    if label is None and slot.words in _WRITTEN:
        label = re.search(rf"(?i){_ASKED_TO_WRITE}", text)
    if label is None and slot.words in _REASONS:
        label = re.search(r"(?i)\b(?:because(?: of)?|due to|about|as i have|since i have) (.+)", text)
    if label is None and slot.words in _RECEIVERS:
        label = re.search(r"\b(?i:to|tell|inform|text|message|pay|send) ((?:my|our) [a-z]+)\b", text)
        label = label or re.search(
            rf"\b(?i:to|tell|inform|text|message|pay|send) ({_CAPITAL}(?: {_CAPITAL})?)\b", text
        )
    return Found(_POLITE.sub("", label[1].strip(" .?!,"))) if label else None


def _titled(slot: Slot, line: str) -> Found | None:
    """A name of a thing: "the book Emma", "a film called Casablanca", "a copy of Emma"."""
    last = slot.words.split()[-1]
    told = {word for word in re.findall(r"[a-z]+", slot.description.lower()) if word in _WORKS}
    if last not in _WORKS and not told:
        return None
    nouns = "|".join(sorted(_WORKS | {last, "copy of", "tickets for", "called", "titled", "named"}))
    said = re.search(rf"\b(?i:{nouns})s?(?: (?:,|of|is|called|titled|named))* {_TITLE}", line)
    said = said or re.search(rf"\b(?:of|for|have|read|watch|see|borrow|return|renew|order) {_TITLE}", line)
    if said is None or NEGATED.search(line[: said.start()]) or said[1].split()[0].lower() in _NO_TITLE:
        return None
    return Found(said[1])
