"""Values for slots, found in what was said: several in one sentence, corrections included."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from voicenb.emulator.brains import clock, days, people
from voicenb.emulator.brains.line import line_of, words
from voicenb.emulator.brains.numbers import HOMOPHONES, UNITS
from voicenb.emulator.brains.slots import Slot

_FILLERS = (
    r"(?:(?:um|uh|er|erm|well|oh|okay|ok|yes|yeah|no|sure|so|then|please|thanks|thank you|just|"
    r"maybe|perhaps|i think|i guess|"
    r"it's|it is|that's|that is|that would be|it would be|it will be|it'll be|make (?:it|that)|"
    r"let's say|say|actually|sorry|"
    r"i'd like|i would like|i want|i'll have|i'll take|we'd like|we want|we'll take|for|the|a|"
    r"an|to|with|about|i said|i meant) ?(?:[,.] )*)"
)
_NEGATED = re.compile(
    r"(?i)\b(?:not|isn't|instead of|rather than|without|no more|except)(?: \w+| the| at| on| for)? $"
)
_UNITS = (
    r"(?:minutes?|hours?|days?|weeks?|months?|years?|nights?|people|persons?|guests?|degrees?|"
    r"percent|dollars?|euros?|pounds?)"
)


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


def find(text: str, slots: Sequence[Slot], context: Context) -> dict[str, Found]:
    """The values in ``text`` for ``slots``, by slot name."""
    line = line_of(text, times=any(slot.kind == "time" for slot in slots))
    asked = next((slot for slot in slots if slot.name == context.asked), None)
    line = _alone(line, asked)
    found: dict[str, Found] = {}
    taken: list[tuple[int, int]] = []
    for slot in sorted(slots, key=_order):
        value = _strong(slot, line, text, context, taken)
        if value is not None:
            found[slot.name] = value
    if asked is not None and asked.name not in found:
        value = _answer(asked, line, text, bool(found), taken)
        if value is not None:
            found[asked.name] = value
    _bare_number(line, slots, context, found, taken)
    return found


def _order(slot: Slot) -> int:
    kinds = [
        "email",
        "phone",
        "date",
        "day",
        "time",
        "number",
        "enum",
        "list",
        "boolean",
        "name",
        "place",
        "text",
    ]
    return kinds.index(slot.kind) - (1 if slot.of_people else 0)


def _alone(line: str, asked: Slot | None) -> str:
    """A lone answer that the recogniser wrote as a small word: "For." to "How many people?"."""
    bare = (
        re.sub(rf"(?i)^{_FILLERS}*(?=\S+$)", "", words(line)).lower()
        if len(words(line).split()) > 1
        else words(line).lower()
    )
    bare = re.sub(r" (?:people|persons|please|of us)$", "", bare)
    if asked is not None and bare in HOMOPHONES:
        if asked.kind == "number":
            return f"#{HOMOPHONES[bare]}"
        if asked.kind == "time":
            return clock.Time(HOMOPHONES[bare] * 60, loose=True).token()
    if asked is not None and asked.kind == "time":
        # "Eight." and "Seven, please." are times when a time was asked for, "five people" is not.
        line = (
            re.sub(
                rf"#(\d{{1,2}})(?:\.([0-5]\d))?(?![\d.]){clock.UNITS_BEHIND}(?! of )",
                lambda m: (
                    clock.Time(int(m[1]) * 60 + int(m[2] or 0), loose=1 <= int(m[1]) <= 12).token()
                    if int(m[1]) < 24
                    else m[0]
                ),
                line,
            )
            if not people.counted(line)
            and "@" not in line
            and not re.search(r"(?i)\b(?:make|actually)\b", line)
            else line
        )
    return line


def _strong(slot: Slot, line: str, text: str, context: Context, taken: list[tuple[int, int]]) -> Found | None:
    match slot.kind:
        case "day" | "date":
            return _day(slot, line, context)
        case "time":
            kept = [time for place, time in clock.times(line) if not _NEGATED.search(line[:place])]
            if not kept:
                return None
            time = clock.settle(kept[-1], line, clock.parse(slot.example))
            return Found(
                clock.written(time, slot.example),
                strong=not kept[-1].loose or slot.name == context.asked or "at @" in line,
            )
        case "number":
            return _number(slot, line, taken, context)
        case "enum":
            choices = _choices(slot, line)
            return Found(choices[-1]) if choices else None
        case "list":
            choices = _choices(slot, line) if slot.choices else []
            return Found(list(dict.fromkeys(choices))) if choices else None
        case "name":
            name = people.introduced(line, context.asked == slot.name)
            return Found(name) if name else None
        case "email":
            address = re.search(r"[\w.+-]+@[\w-]+\.[\w.]*\w", text) or re.search(
                r"(?i)\b([\w.]+(?: dot \w+)*) at ([\w]+(?: dot \w+)+)", text
            )
            if address is None:
                return None
            return Found(
                re.sub(
                    r"(?i) dot ", ".", "@".join(address.groups()) if address.groups() else address[0]
                ).lower()
            )
        case "phone":
            return _phone(line, taken)
        case "place":
            place = re.search(r"\b(?:in|to|for|near|around|at|from) ((?:[A-Z][\w'-]+ ?){1,3})", line)
            name = place[1].strip() if place else ""
            return Found(name) if name and name.lower() not in ("i", "the") else None
        case "text":
            return _labelled(slot, text)
        case _:
            return None


def _day(slot: Slot, line: str, context: Context) -> Found | None:
    kept = [m for m in re.finditer(r"[%&][\w-]+", line) if not _NEGATED.search(line[: m.start()])]
    if slot.kind == "day" and not kept:
        ordinal = re.search(r"\bthe \^(\d{1,2})(?! one\b)", line)
        return (
            Found(f"the {days.ordinal(int(ordinal[1]))}", strong=False)
            if ordinal and context.asked == slot.name
            else None
        )
    if not kept:
        return None
    # "Friday or Saturday": the first; "Friday, no, Saturday": the last.
    either = len(kept) > 1 and re.search(r"(?i)[%&][\w-]+ or [%&]", line)
    token = kept[0 if either else -1][0]
    if slot.kind == "day":
        return Found(days.words(token))
    year = re.match(r"(\d{4})-", slot.example)
    iso = days.settle(token, context.today, int(year[1]) if year else None, line)
    return Found(iso) if iso else None


def _number(slot: Slot, line: str, taken: list[tuple[int, int]], context: Context) -> Found | None:
    spans: list[tuple[int, int, float]] = []
    if slot.of_people:
        spans = people.counts(line)
    else:
        nouns = {
            slot.words.split()[-1],
            *re.findall(r"[a-z]+", f"{slot.words} {slot.description}".lower()),
        } - {"of", "in", "the", "number", "to", "a"}
        stems = "|".join(
            sorted(
                {re.escape(noun.removesuffix("s")) for noun in nouns if len(noun) > 2}, key=len, reverse=True
            )
        )
        if stems:
            pattern = (
                rf"(?i)#(-?[\d.]+) (?:more )?(?:{stems})s?\b|\b(?:{stems})s? (?:of|to|at|is|by|"
                rf"should be)? ?(?:about )?#(-?[\d.]+)"
            )
            spans = [(m.start(), m.end(), float(m[1] or m[2])) for m in re.finditer(pattern, line)]
    spans = [span for span in spans if not _NEGATED.search(line[: span[0]])]
    if not spans:
        return None
    start, end, number = spans[-1]
    taken.append((start, end))
    value = fit(slot, number)
    if value is None:
        context.refused.append(slot)
    return None if value is None else Found(value)


def fit(slot: Slot, number: float) -> Any:
    """A number as the slot takes it; None when it does not."""
    if (
        (slot.whole and number != int(number))
        or (slot.low is not None and number < slot.low)
        or (slot.high is not None and number > slot.high)
    ):
        return None
    if slot.of_people and number < 1:
        return None
    value: float | int = int(number) if slot.whole or number == int(number) else number
    return f"{value:g}" if slot.as_text else value


def _bare_number(
    line: str, slots: Sequence[Slot], context: Context, found: dict[str, Found], taken: list[tuple[int, int]]
) -> None:
    """A number without a word that says what it counts: for the slot asked for, or the only one, or the latest."""
    open_slots = [slot for slot in slots if slot.kind == "number" and slot.name not in found]
    numbers = [
        m for m in re.finditer(r"#(-?[\d.]+)(?! #)", line)
        if not any(start <= m.start() < end for start, end in taken) and not _NEGATED.search(line[: m.start()])
    ]  # fmt: skip
    if not open_slots or not numbers:
        return
    by_name = {slot.name: slot for slot in open_slots}
    correction = re.search(r"(?i)\b(?:make|change|actually|sorry|no|meant|instead)\b", line)
    target = by_name.get(context.asked or "")
    if target is None and (correction or not context.asked):
        latest = next((by_name[name] for name in reversed(context.recent) if name in by_name), None)
        target = latest or (open_slots[0] if len(open_slots) == 1 else None)
    if target is None:
        return
    place = numbers[-1]
    if target.name != context.asked and re.match(rf"(?i) {_UNITS}\b", line[place.end() :]):
        return
    value = fit(target, float(place[1].rstrip(".")))
    if value is None:
        context.refused.append(target)
    else:
        found[target.name] = Found(value, strong=bool(correction))


def _choices(slot: Slot, line: str) -> list[Any]:
    """The enum values that are named in a line, in the order of the line."""
    said = f" {words(line).lower()} ".replace("#", "")
    places: list[tuple[int, Any]] = []
    for choice in slot.choices:
        name = re.sub(r"[_-]", " ", str(choice)).lower()
        for form in {name, name.removesuffix("s"), f"{name}s", name + "es"}:
            place = said.rfind(f" {form} ")
            if place >= 0 and not _NEGATED.search(said[: place + 1]):
                places.append((place, choice))
    return [choice for _, choice in sorted(places, key=lambda pair: pair[0])]


def _phone(line: str, taken: list[tuple[int, int]]) -> Found | None:
    run = re.search(r"(?:\+ ?)?(?:#\d+|\boh?\b)(?:[ ,-]+(?:#\d+|\boh?\b)){0,14}", line)
    if run is None:
        return None
    digits = re.sub(r"[^\d+]", "", re.sub(r"\boh?\b", "0", run[0]))
    if len(digits) < 5:
        return None
    taken.append(run.span())
    return Found(digits)


def _labelled(slot: Slot, text: str) -> Found | None:
    """Free text that names its slot: "the topic is jazz", "search for jazz"."""
    label = re.search(rf"(?i)\b{re.escape(slot.words)} (?:is|should be|would be|says?) (.+)", text)
    if label is None and slot.words in (
        "query",
        "topic",
        "question",
        "subject",
        "search",
        "term",
        "keyword",
        "keywords",
    ):
        label = re.search(r"(?i)\b(?:about|for|regarding|on) (?:a |the )?(.+)", text)
    if label is None and slot.words in ("message", "text", "note", "content"):
        label = re.search(r"(?i)\b(?:saying|that says|message:) (.+)", text)
    return Found(label[1].strip(" .?!,")) if label else None


def _answer(slot: Slot, line: str, text: str, others: bool, taken: list[tuple[int, int]]) -> Found | None:
    """What was said as a bare answer to the question for ``slot``."""
    said = words(line)
    if slot.kind == "boolean":
        if re.match(
            r"(?i)(?:\w+ )?(?:yes|yeah|yep|sure|please|of course|ok|okay|definitely|i do|i would|go ahead)\b",
            said,
        ):
            return Found(value=True)
        return (
            Found(value=False)
            if re.match(r"(?i)(?:\w+ )?(?:no|nope|nah|not|don't|without)\b", said)
            else None
        )
    if slot.kind == "list":
        if re.match(r"(?i)(?:no|none|nothing|just plain|plain)\b", said):
            return Found([])
        return None if slot.choices or others else Found(_listed(text))
    if slot.kind == "name":
        name = people.named(line)
        return Found(name) if name and not others else None
    if slot.kind in ("text", "place") and not others:
        rest = (
            re.sub(rf"(?i)^{_FILLERS}+", "", text.strip()).strip(" .,!?")
            if slot.kind == "place"
            else _unwrapped(text)
        )
        if not rest or (slot.kind == "place" and len(rest.split()) > 5):
            return None
        return Found(rest)
    if slot.kind == "phone":
        digits = "".join(str(UNITS.get(token, token)) for token in re.findall(r"\d+", line))
        return Found(digits) if len(digits) >= 3 else None
    return None


def _unwrapped(text: str) -> str:
    return re.sub(
        r"(?i)^(?:(?:um|uh|well|oh|okay|yes|so|please|it's|it is|that would be|i think it's)[, ]+)+",
        "",
        text.strip(),
    ).strip(" .,!?")


def _listed(text: str) -> list[str]:
    rest = re.sub(rf"(?i)^{_FILLERS}+", "", text.strip()).strip(" .!?")
    rest = re.sub(r"(?i)[, ]+(?:please|thanks|thank you)$", "", rest)
    return [
        part.strip()
        for part in re.split(r"(?i)\s*,\s*(?:and\s+)?|\s+and\s+|\s+plus\s+", rest)
        if part.strip()
    ]
