"""Numbers for slots, found in what was said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from voicenb.emulator.brains import people
from voicenb.emulator.brains.context import NEGATED, Context, Found
from voicenb.emulator.brains.numbers import INSTEAD
from voicenb.emulator.brains.slots import Slot

_UNITS = (
    r"(?:minutes?|hours?|days?|weeks?|months?|years?|nights?|people|persons?|guests?|degrees?|"
    r"percent|dollars?|euros?|pounds?)"
)
_GOING_ON = (
    r"(?:on|at|for|please|and|or|this|next|then|thanks|thank|i|we|in|by|from|not|no|sorry|wait|actually|maybe|if|"
    r"with|people|would|will|is|it|instead|should|to|the)"
)
"""What may stand behind a number that counts people without saying so."""
Spans = list[tuple[int, int]]


def number(slot: Slot, line: str, taken: Spans, context: Context) -> Found | None:
    """A number with a word beside it that says what it counts; its place is added to ``taken``."""
    if slot.identifies and (spelled := _spelled(slot, line, taken, context)):
        return spelled
    spans: list[tuple[int, int, float]] = []
    if slot.of_people and "adult" not in slot.words:  # adults are counted apart from children
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
                rf"(?i)#(-?[\d.]+) (?:more )?(?:{stems})s?\b|\b(?:{stems})s? (?:number )?(?:of|to|"
                rf"at|is|by|should be)? ?(?:about )?#(-?[\d.]+)"
            )
            spans = [(m.start(), m.end(), float(m[1] or m[2])) for m in re.finditer(pattern, line)]
        if nouns & {"nights", "days"}:
            spans = sorted(spans + _weeks(line))
    spans = [span for span in spans if not NEGATED.search(line[: span[0]])]
    if not spans:
        return None
    start, end, counted = spans[-1]
    instead = re.match(rf"(?i){INSTEAD} #(-?[\d.]*\d)(?!\S| #| {_UNITS}\b)", line[end:])
    if instead is not None:  # "eight of us, no, nine"
        end, counted = end + instead.end(), float(instead[1])
    taken.append((start, end))
    value = fit(slot, counted)
    if value is None:
        context.refused.append(slot)
    return None if value is None else Found(value)


def _spelled(slot: Slot, line: str, taken: Spans, context: Context) -> Found | None:
    """A number that names something, said digit by digit: "order one two three four"."""
    runs = list(re.finditer(r"#\d+(?: ?,? #\d+)+(?![\d.])", line))
    if not runs or (context.asked != slot.name and len(runs) > 1):
        return None
    value = fit(slot, int("".join(re.findall(r"\d+", runs[-1][0]))))
    if value is None:
        return None
    taken.append(runs[-1].span())
    return Found(value)


def _weeks(line: str) -> list[tuple[int, int, float]]:
    """Nights and days that are told as weeks."""
    spans = [
        (m.start(), m.end(), 7.0 * float(m[1].lstrip("#") if m[1][0] == "#" else 1))
        for m in re.finditer(r"(?i)(?<!in )(#\d+|\ba) weeks?\b", line)
    ]
    spans += [(m.start(), m.end(), 14.0) for m in re.finditer(r"(?i)\ba fortnight\b", line)]
    return spans + [
        (m.start(), m.end(), 1.0) for m in re.finditer(r"(?i)\ba (?:single )?(?:night|day)\b", line)
    ]


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
    return (str(value) if isinstance(value, int) else f"{value:g}") if slot.as_text else value


def bare_number(
    line: str, slots: Sequence[Slot], context: Context, found: dict[str, Found], taken: Spans
) -> None:
    """A number without such a word: for the slot that was asked for, the only one, or the latest filled."""
    open_slots = [slot for slot in slots if slot.kind == "number" and slot.name not in found]
    numbers = [
        place
        for place in re.finditer(r"#(-?[\d.]+)(?! #)", line)
        if not any(start <= place.start() < end for start, end in taken)
        and not NEGATED.search(line[: place.start()])
    ]
    if not open_slots or not numbers:
        return
    by_name = {slot.name: slot for slot in open_slots}
    correction = re.search(r"(?i)\b(?:make|change|actually|sorry|no|meant|instead)\b", line)
    target = by_name.get(context.asked or "")
    if target is None and (correction or not context.asked):
        latest = next((by_name[name] for name in reversed(context.recent) if name in by_name), None)
        target = latest or (open_slots[0] if len(open_slots) == 1 else None)
    elif target is None and len(open_slots) == 1 and open_slots[0].name not in context.recent:
        target = open_slots[0]  # "twenty two in the kitchen", to the question for a room
    if target is None:
        return
    place = numbers[-1]
    behind = line[place.end() :]
    if target.name != context.asked and re.match(rf"(?i) {_UNITS}\b", behind):
        return
    if target.identifies and target.name != context.asked and re.match(r" (?!please|thanks)[a-z]", behind):
        return  # "two coffees": no room of that number
    if target.of_people and not re.match(rf"(?i)(?: ?$| [.,?&%@]| {_GOING_ON}\b)", behind):
        return  # "two questions", "ten past": of something else
    value = fit(target, float(place[1].rstrip(".")))
    if value is None:
        context.refused.append(target)
    else:
        found[target.name] = Found(value, strong=bool(correction))
