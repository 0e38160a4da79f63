"""What tools answered: read, made into options, said as sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voicenb.emulator.brains import clock
from voicenb.emulator.brains.intent import Errand
from voicenb.emulator.brains.line import line_of, plain, words
from voicenb.emulator.brains.numbers import spoken
from voicenb.emulator.brains.phrasing import listed, sentence, speakable
from voicenb.emulator.brains.slots import Slot

_SPEAKING_KEYS = ("message", "text", "summary", "answer", "result", "description", "detail")
_IDENTITY = re.compile(r"(?i)(^|_)(id|uuid|token|ref|url|code)$")
_MOST = 5


@dataclass(frozen=True, slots=True)
class Result:
    """One tool's answer.

    Attributes:
        value: the answer as JSON read it, or its text.
        is_error: whether the tool failed, by its own word or the client's.
    """

    value: Any
    is_error: bool = False

    @classmethod
    def of(cls, text: str, is_error: bool) -> Result:
        """Read the text of a ``tool.result``."""
        try:
            value = json.loads(text)
        except ValueError:
            value = text.strip()
        if isinstance(value, dict) and len(value) == 1 and "result" in value:
            value = value["result"]
        failed = isinstance(value, dict) and (
            bool(value.get("error")) or value.get("ok") is False or value.get("success") is False
        )
        return cls(value, is_error or failed)

    @property
    def items(self) -> list[Any] | None:
        """The options that the answer offers; None when it is not a list of them."""
        value = self.value
        if isinstance(value, dict):
            lists = [inner for inner in value.values() if isinstance(inner, list)]
            value = lists[0] if len(lists) == 1 else None
        return value if isinstance(value, list) else None


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


def say_item(item: Any, *, part: bool = True) -> str:
    """One option for the ear; a record without its identifiers."""
    if isinstance(item, dict):
        fields = [
            say_item(value)
            for key, value in item.items()
            if not _IDENTITY.search(key) and value not in (None, "")
        ]
        return ", ".join(fields)
    if isinstance(item, bool):
        return "yes" if item else "no"
    if isinstance(item, int | float):
        return spoken(item)
    if isinstance(item, list):
        return listed([say_item(inner) for inner in item])
    time = clock.parse(item)
    return clock.say(time, part=part) if time else speakable(str(item))


def say_options(items: Sequence[Any]) -> str:
    """Options in one breath: ``seven or half past eight in the evening``."""
    if len(items) > _MOST:
        rest = len(items) - _MOST + 1
        return f"{listed([say_item(item) for item in items[: _MOST - 1]] + [f'{spoken(rest)} more'], 'and')}"
    times = [clock.parse(item) for item in items]
    parts = {clock.part_of_day(time) if time else None for time in times}
    together = len(parts) == 1 and None not in parts
    said = [say_item(item, part=not (together and at < len(items) - 1)) for at, item in enumerate(items)]
    if any(isinstance(item, dict) for item in items):  # records have commas of their own
        return f"{'; '.join(said[:-1])}; or {said[-1]}" if len(said) > 1 else said[0]
    return listed(said, "or")


def choose(text: str, items: Sequence[Any], slot: Slot, acts: Any) -> Any | None:
    """The option that was chosen: by its place, its value, or because there is only one; None if none was."""
    said = plain(text)
    if not items:
        return None
    if "any" in acts or (len(items) == 1 and "yes" in acts and "no" not in acts):
        return items[0]
    chosen = _by_time(text, items, slot)
    if chosen is not None:
        return chosen
    line = line_of(text, times=False)
    if slot.kind == "time" and "@" in line_of(text):
        return None  # a time, but none of these
    ordinal = re.search(r"\^(\d)\b|\b(?:number|option) #(\d)\b", line)
    if ordinal or re.search(r"\b(?:former|last|latter|second)\b", said):
        if re.search(r"\b(?:last|latter)\b", said):
            return items[-1]
        place = int(ordinal[1] or ordinal[2]) if ordinal else 1 if "former" in said else 2
        return items[place - 1] if place <= len(items) else None
    if re.search(r"\b(?:later|latest|late)\b(?! date)", said) and not re.search(
        r"\b(?:anything|something|nothing)\b", said
    ):
        return _extreme(items, slot, latest=True)
    if re.search(r"\b(?:earlier|earliest|early|sooner)\b", said) and not re.search(
        r"\b(?:anything|something|nothing)\b", said
    ):
        return _extreme(items, slot, latest=False)
    padded = f" {words(line).lower()} "
    fits = [
        item
        for item in items
        if f" {plain(say_item(item))} " in f" {said} " or f" {str(field_of(item, slot)).lower()} " in padded
    ]
    if not fits:
        fits = [item for item in items if isinstance(item, dict | str) and _shares(item, said, items)]
    return fits[0] if len(fits) == 1 else None


def _by_time(text: str, items: Sequence[Any], slot: Slot) -> Any | None:
    """The option with a time that was said."""
    line = line_of(text)
    if slot.kind == "time":
        bare = re.findall(r"#(\d{1,2})(?:[.:]?([0-5]\d))?(?!\d)" + clock.UNITS_BEHIND, line)
        line += "".join(f" @{int(h):02d}:{m or '00'}~" for h, m in bare if int(h) < 24)
    for _, time in reversed(clock.times(line)):
        for item in items:
            fields = item.values() if isinstance(item, dict) else [item]
            if any((offered := clock.parse(value)) and time.matches(offered) for value in fields):
                return item
    return None


def _extreme(items: Sequence[Any], slot: Slot, *, latest: bool) -> Any:
    timed = [
        (time.minutes, at) for at, item in enumerate(items) if (time := clock.parse(field_of(item, slot)))
    ]
    if not timed:
        return items[-1 if latest else 0]
    return items[(max(timed) if latest else min(timed))[1]]


def _shares(item: Any, said: str, items: Sequence[Any]) -> bool:
    """Whether a word was said that only this option has."""
    own = set(plain(say_item(item)).split())
    others = {word for other in items if other is not item for word in plain(say_item(other)).split()}
    return any(word in own - others for word in said.split() if len(word) > 2)


def tell(errand: Errand, result: Result) -> str:
    """An answer that offers nothing to choose, as a sentence."""
    value = result.value
    if isinstance(value, dict):
        for key in _SPEAKING_KEYS:
            if isinstance(value.get(key), str) and value[key]:
                return sentence(speakable(value[key]))
        facts = [
            (key.replace("_", " "), say_item(inner))
            for key, inner in value.items()
            if inner not in (None, "", [], {}) and not isinstance(inner, bool) and not _IDENTITY.search(key)
        ]
        facts = [
            (key, said)
            for key, said in facts
            if key not in ("status",) or said.lower() not in ("ok", "success")
        ]
        if facts:
            return sentence(
                listed(
                    [
                        f"the {key} {'are' if key.endswith('s') and not key.endswith('ss') else 'is'} {said}"
                        for key, said in facts
                    ]
                )
            )
        return "That is done."
    if isinstance(value, list):
        if not value:
            return "I found nothing, I'm afraid."
        if all(clock.parse(item) for item in value):
            return f"There is {say_options(value)}."
        if len(value) == 1:
            return sentence(f"I found {say_item(value[0])}")
        shown = "; ".join(say_item(item) for item in value[:_MOST])
        return sentence(f"I found {spoken(len(value))}: {shown}{' and more' if len(value) > _MOST else ''}")
    if isinstance(value, bool):
        return "That is done." if errand.changes and value else "Yes." if value else "No."
    if isinstance(value, int | float):
        of = [word for word in errand.words if word != errand.verb]
        return sentence(f"the {' '.join(of)} is {spoken(value)}" if of else f"it is {spoken(value)}")
    if value is None or str(value).strip().lower() in ("", "ok", "done", "success", "null", "none"):
        return "That is done." if errand.changes or value else "I found nothing, I'm afraid."
    return sentence(speakable(_short(str(value))))


def tell_error(result: Result) -> str:
    """What went wrong, said briefly."""
    value = result.value
    if isinstance(value, dict):
        value = next(
            (
                value[key]
                for key in ("error", "message", "detail", "reason")
                if isinstance(value.get(key), str)
            ),
            "",
        )
    reason = _short(speakable(re.sub(r"^\w*(?:Error|Exception): ", "", str(value or ""))))
    if not reason or len(reason) > 120 or re.search(r"[{}<>\\]|Traceback", reason):
        return "I'm sorry, that did not work."
    reason = reason if reason[:2].isupper() else reason[0].lower() + reason[1:]
    return f"I'm sorry, that did not work: {reason}{'' if reason[-1] in '.!?' else '.'}"


def _short(text: str) -> str:
    """At most three sentences: it has to be listened to."""
    parts = re.split(r"(?<=[.!?])\s+", text.strip())
    return " ".join(parts[:3])
