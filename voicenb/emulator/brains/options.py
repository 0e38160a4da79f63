"""Options that a look-up brought: what they mean for a slot, and which of them was chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from voicenb.emulator.brains import clock
from voicenb.emulator.brains.acts import Acts
from voicenb.emulator.brains.context import NEGATED
from voicenb.emulator.brains.line import line_of, plain
from voicenb.emulator.brains.results import say_item
from voicenb.emulator.brains.slots import Slot

_BARE_HOUR = re.compile(
    r"(?i)(?:(?:yes|okay|well|so|oh|at|for|the|then|i said|make it|a) ?[,.]? )*(?:past )?"
    r"#(1?\d)(?:[ ,.!]|\b(?:please|then|thanks)\b)*"
)
_NO_WORD_OF_ITS_OWN = frozenset({"past"})
"""Part of how a time is said, and of much else."""

_ANYTHING = re.compile(r"\b(?:anything|something|nothing)\b")


def field_of(item: Any, slot: Slot) -> Any:
    """What an option means for a slot: the item itself, or the field of a record that fits it."""
    if not isinstance(item, dict):
        return item
    if slot.name in item:
        return item[slot.name]
    for key, value in item.items():
        if (
            slot.name.endswith(f"_{key}")
            or key.endswith(f"_{slot.name}")
            or (slot.kind == "time" and clock.parse(value))
        ):
            return value
    return None


def slot_for(items: Sequence[Any], slots: Sequence[Slot]) -> Slot | None:
    """The slot that a choice among ``items`` fills, if there is one."""
    for slot in slots:
        values = [field_of(item, slot) for item in items]
        if not values or any(value is None for value in values):
            continue
        if isinstance(items[0], dict) and slot.name in items[0]:
            return slot
        if all(clock.parse(value) for value in values) == (slot.kind == "time") and slot.kind not in (
            "name",
            "phone",
            "email",
            "boolean",
            "number",
        ):
            return slot
    return None


def choose(text: str, items: Sequence[Any], slot: Slot, acts: Acts) -> Any | None:
    """The option that was chosen: by its place, its value, or because there is only one; None if none was.

    Of several that are named the last counts; what is refused ("not seven") leaves the only other one.
    """
    if not items:
        return None
    if "any" in acts or (len(items) == 1 and "yes" in acts and not acts.names & {"no", "doubt"}):
        return items[0]
    between = _within(text, items, slot)
    if between is not None:
        return _only(between)
    wanted, unwanted = _times(text, slot)
    for time in reversed(wanted):
        for item in items:
            if _at(time, item):
                return item
    if wanted and slot.kind == "time":
        return _in_the_hour(text, items, slot)  # a time, but none of these
    if unwanted:
        return _only(item for item in items if not any(_at(time, item) for time in unwanted))
    return _by_place(text, items, slot) or _by_words(text, items, slot)


def is_named(text: str, item: Any, slot: Slot) -> bool:
    """Whether an option was chosen by saying it, and not by its place or by what it is not."""
    wanted, _ = _times(text, slot)
    return any(_at(time, item) for time in wanted) or f" {plain(say_item(item))} " in f" {plain(text)} "


def _only(items: Any) -> Any | None:
    left = list(items)
    return left[0] if len(left) == 1 else None


def _within(text: str, items: Sequence[Any], slot: Slot) -> list[Any] | None:
    """The options after or before a time ("anything after eight?"); None where there is no such limit."""
    line = line_of(text)
    limit = re.search(
        r"(?i)\b(?:(not before|no earlier than|after|later than|past|from)|"
        r"(before|earlier than|until|till|not after|no later than)) (@\S+)",
        line,
    )
    if limit is None or slot.kind != "time":
        return None
    [(_, time)] = clock.times(limit[3])
    offered = [(clock.parse(field_of(item, slot)), item) for item in items]
    example = clock.parse(slot.example) or next((at for at, _ in offered if at), None)
    edge = clock.settle(time, line, example).minutes
    return [
        item
        for at, item in offered
        if at is not None and (at.minutes >= edge if limit[1] else at.minutes <= edge)
    ]


def _times(text: str, slot: Slot) -> tuple[list[clock.Time], list[clock.Time]]:
    """The times that are wanted and those that are refused, in the order in which they were said."""
    line = line_of(text)
    found = clock.times(line)
    if slot.kind == "time":  # then a bare number is one, too
        bare = r"(?i)(?<!number )(?<!option )(?<!of the )#(\d{1,2})(?:[.:]?([0-5]\d))?(?!\d)"
        found += [
            (m.start(), clock.Time(int(m[1]) * 60 + int(m[2] or 0), loose=1 <= int(m[1]) <= 12))
            for m in re.finditer(bare + clock.UNITS_BEHIND, line)
            if int(m[1]) < 24
        ]
    refused = {place for place, _ in found if NEGATED.search(line[:place])}
    found.sort(key=lambda pair: pair[0])
    return (
        [time for place, time in found if place not in refused],
        [time for place, time in found if place in refused],
    )


def _in_the_hour(text: str, items: Sequence[Any], slot: Slot) -> Any | None:
    """The only option in an hour that was said bare: "eight", or "past eight" without its "half"."""
    said = _BARE_HOUR.fullmatch(line_of(text))
    if said is None:
        return None
    hour = int(said[1]) % 12
    return _only(
        item
        for item in items
        if (time := clock.parse(field_of(item, slot))) is not None and time.minutes // 60 % 12 == hour
    )


def _at(time: clock.Time, item: Any) -> bool:
    fields = item.values() if isinstance(item, dict) else [item]
    return any((offered := clock.parse(value)) and time.matches(offered) for value in fields)


def _by_place(text: str, items: Sequence[Any], slot: Slot) -> Any | None:
    """The option with that number, or the first, last, earlier, later one."""
    line, said = line_of(text, times=False), plain(text)
    wanted: list[int] = []
    unwanted: list[int] = []
    for found in re.finditer(r"(?i)\^(\d+)\b|\b(?:number|option) #(\d+)\b", line):
        place = int(found[1] or found[2]) - 1
        (unwanted if NEGATED.search(line[: found.start()]) else wanted).append(place)
    if wanted:
        return items[wanted[-1]] if wanted[-1] < len(items) else None
    if unwanted:
        return _only(item for at, item in enumerate(items) if at not in unwanted)
    named = re.search(r"\b(?:last|latter|former|second)\b", said)
    if named:
        at = {"former": 0, "second": 1}.get(named[0], len(items) - 1)
        return items[at] if at < len(items) else None
    if _ANYTHING.search(said):
        return None
    if re.search(r"\b(?:later|latest|late)\b(?! date)", said):
        return _extreme(items, slot, latest=True)
    if re.search(r"\b(?:earlier|earliest|early|sooner)\b", said):
        return _extreme(items, slot, latest=False)
    return None


def _extreme(items: Sequence[Any], slot: Slot, *, latest: bool) -> Any:
    timed = [
        (time.minutes, at) for at, item in enumerate(items) if (time := clock.parse(field_of(item, slot)))
    ]
    if not timed:
        return items[-1 if latest else 0]
    return items[(max(timed) if latest else min(timed))[1]]


def _by_words(text: str, items: Sequence[Any], slot: Slot) -> Any | None:
    """The option whose words were said, or one word that no other has."""
    said = f" {plain(text)} "
    fits = [
        item
        for item in items
        if f" {plain(say_item(item))} " in said or f" {plain(str(field_of(item, slot)))} " in said
    ]
    if not fits:
        fits = [item for item in items if isinstance(item, dict | str) and _shares(item, said, items)]
    return fits[0] if len(fits) == 1 else None


def _shares(item: Any, said: str, items: Sequence[Any]) -> bool:
    """Whether a word was said that only this option has."""
    own = set(plain(say_item(item)).split())
    others = {word for other in items if other is not item for word in plain(say_item(other)).split()}
    return any(word in own - others - _NO_WORD_OF_ITS_OWN for word in said.split() if len(word) > 2)
