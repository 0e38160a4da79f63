"""Values for slots, found in what was said: several in one sentence, corrections included."""

from __future__ import annotations

import re
from collections.abc import Sequence

from voicenb.emulator.brains import (
    answers,
    clock,
    codes,
    days,
    enums,
    mentions,
    names,
    people,
    places,
    quantities,
)
from voicenb.emulator.brains.amends import amended
from voicenb.emulator.brains.context import FILLERS, NEGATED, Context, Found
from voicenb.emulator.brains.line import line_of, words
from voicenb.emulator.brains.numbers import HOMOPHONES
from voicenb.emulator.brains.slots import Slot

_EVERYTHING = re.compile(r"(?i)\b(?:everything|all of (?:them|it|those)|the works|the lot)\b")


def find(text: str, slots: Sequence[Slot], context: Context) -> dict[str, Found]:
    """The values in ``text`` for ``slots``, by slot name."""
    line = line_of(text, times=any(slot.kind == "time" for slot in slots))
    asked = next((slot for slot in slots if slot.name == context.asked), None)
    line = _alone(amended(line), asked)
    found: dict[str, Found] = {}
    taken: list[tuple[int, int]] = []
    for slot in sorted(slots, key=_order):
        value = _strong(slot, line, text, context, taken)
        if value is not None:
            found[slot.name] = value
    where = [slot for slot in slots if slot.kind == "place"]
    people_named = [
        str(found[slot.name].value) for slot in slots if slot.kind == "name" and slot.name in found
    ]
    found |= places.places(line, where, context.asked, people_named)
    _add_examples(line, slots, asked, found)
    if asked is not None and asked.name not in found:
        value = answers.answer(asked, line, text, bool(found))
        if value is not None:
            found[asked.name] = value
    for slot in slots:
        if slot.kind == "text" and slot.name in found and slot != asked:
            found[slot.name] = mentions.without_moment(found[slot.name], found, slots)
    quantities.bare_number(line, slots, context, found, taken)
    return found


def _add_examples(line: str, slots: Sequence[Slot], asked: Slot | None, found: dict[str, Found]) -> None:
    """Take the examples of slots that are still empty, where they were said and mean nothing else."""
    said = {str(value.value).lower() for value in found.values()}
    for slot in slots:
        if slot.kind not in ("text", "place", "name") or slot.name in found or slot == asked:
            continue
        heard = mentions.example_heard(slot, line) if slot.example.lower() not in said else None
        if heard is not None and not (slot.kind == "place" and places.role(slot)):
            found[slot.name] = heard
            said.add(slot.example.lower())


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
    bare = words(line).lower()
    bare = re.sub(r"(?<=\w)(?: (?:people|persons?|guests?|adults|of us|please|thanks|thank you))+$", "", bare)
    if " " in bare:
        bare = re.sub(rf"(?i)^{FILLERS}*(?=\S+$)", "", bare)
    if asked is not None and asked.kind in ("day", "date") and days.short(bare):
        return f"%{days.short(bare)}"
    if asked is not None and bare in HOMOPHONES:
        if asked.kind == "number":
            return f"#{HOMOPHONES[bare]}"
        if asked.kind == "time":
            return clock.Time(HOMOPHONES[bare] * 60, loose=True).token()
    if asked is not None and asked.kind == "time":
        line = re.sub(r"(?i)^(a|ate|for|to|too|tree|won|tin) #([1-5]\d)\b", _misheard_time, line)
        # "Eight." and "Seven, please." are times when a time was asked for, "five people" is not.
        line = (
            re.sub(
                rf"(?<!of the )#(\d{{1,2}})(?:\.([0-5]\d))?(?![\d.]){clock.UNITS_BEHIND}(?! of )",
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


def _misheard_time(found: re.Match[str]) -> str:
    return clock.Time(HOMOPHONES.get(found[1].lower(), 8) * 60 + int(found[2]), loose=True).token()


def _strong(slot: Slot, line: str, text: str, context: Context, taken: list[tuple[int, int]]) -> Found | None:
    match slot.kind:
        case "day" | "date":
            return _day(slot, line, context)
        case "time":
            kept = [time for place, time in clock.times(line) if not NEGATED.search(line[:place])]
            if not kept:
                return None
            # "At seven or eight": the first; "at seven, no, at eight": the last.
            either = len(kept) > 1 and re.search(r"@\S+ or (?:at )?@|\bbetween @", line)
            time = clock.settle(kept[0 if either else -1], line, clock.parse(slot.example))
            return Found(clock.written(time, slot.example))
        case "number":
            return quantities.number(slot, line, taken, context)
        case "enum":
            return enums.one_of(slot, line)
        case "list":
            choices = enums.all_of(slot, line) if slot.choices else []
            if not choices and slot.choices and _EVERYTHING.search(line):
                choices = list(slot.choices)
            if not choices:
                return mentions.mention(slot, line, text)
            return Found(list(dict.fromkeys(choices)))
        case "name":
            name = names.introduced(line, context.asked == slot.name)
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
        case "text":
            if codes.is_code(slot) and (coded := codes.code(slot, line, text, context.asked == slot.name)):
                return coded
            return mentions.mention(slot, line, text)
        case "boolean":
            return mentions.wanted(slot, line)
        case _:
            return None


def _day(slot: Slot, line: str, context: Context) -> Found | None:
    kept = [m for m in re.finditer(r"[%&][\w-]+", line) if not NEGATED.search(line[: m.start()])]
    if not kept:
        return _day_of_the_month(slot, line, context)
    # "Friday or Saturday": the first; "Friday, no, Saturday": the last.
    either = len(kept) > 1 and re.search(r"(?i)[%&][\w-]+ or [%&]", line)
    token = kept[0 if either else -1][0]
    if slot.kind == "day":
        return Found(days.words(token))
    year = re.match(r"(\d{4})-", slot.example)
    iso = days.settle(token, context.today, int(year[1]) if year else None, line)
    if iso is None:
        context.refused.append(slot)
    return Found(iso) if iso else None


def _day_of_the_month(slot: Slot, line: str, context: Context) -> Found | None:
    """A day said as "the 21st": when one was asked for, or with "on" in front."""
    on = "" if context.asked == slot.name else "on "
    found = re.search(rf"(?i)\b{on}the \^(\d{{1,2}})\b(?! (?:one|of|floor|time)\b)", line)
    if found is None or not 1 <= int(found[1]) <= 31 or NEGATED.search(line[: found.start()]):
        return None
    if slot.kind == "day":
        return Found(f"the {days.ordinal(int(found[1]))}", strong=bool(on))
    iso = days.of_the_month(int(found[1]), context.today)
    if iso is None:
        context.refused.append(slot)
    return Found(iso) if iso else None


def _phone(line: str, taken: list[tuple[int, int]]) -> Found | None:
    run = re.search(r"(?i)(?:\+ ?|plus )?(?:#\d+|\boh?\b)(?:[ ,-]+(?:#\d+|\boh?\b)){0,14}", line)
    if run is None:
        return None
    spelled = re.sub(r"(?i)\boh?\b", "0", re.sub(r"(?i)^plus", "+", run[0]))
    digits = re.sub(r"[^\d+]", "", spelled)
    if len(digits) < 5:
        return None
    taken.append(run.span())
    return Found(digits)
