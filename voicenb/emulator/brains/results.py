"""What tools answered: read, and said as sentences."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voicenb.emulator.brains import clock, days
from voicenb.emulator.brains.brief import brief, brief_item
from voicenb.emulator.brains.intent import Errand
from voicenb.emulator.brains.nouns import is_adjective, is_many, number_of, of_name, state_of
from voicenb.emulator.brains.numbers import spoken
from voicenb.emulator.brains.phrasing import listed, sentence, speakable
from voicenb.emulator.brains.prices import with_currency

_SPEAKING_KEYS = ("message", "text", "summary", "answer", "result", "description", "detail")
_IDENTITY = re.compile(r"(?i)(^|_)(id|uuid|token|ref|url|code)$")
_SHORT = 8
"""Letters of a number or reference that is told where there is nothing else."""
_MOST = 5
"""Options or findings that are told one by one."""
_ORDER = re.compile(
    r"(?i)(?:please )?(?:do not|don't|never|offer|ask|tell|apologi[sz]e|suggest|inform|say|let|propose|"
    r"explain|transfer|hand|end the)\b(?! (?:is|was|are|were|has|had|did|failed)\b)"
)
"""What begins like this tells the agent what to do."""
_CAPITALS = ("I", *days.WEEKDAYS, *days.MONTHS)
_NOTES = ("note", "notes", "notice", "remark", "remarks", "comment", "hint", "warning", "info")
"""Fields that are sentences of their own."""
_NOTHING = ("null", "none", "nan", "inf", "-inf", "infinity")
_FOUND_NOTHING = "I found nothing, I'm afraid."
_FLAGS = ("ok", "success", "done", "error")


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
            value = json.loads(text, parse_constant=_number, parse_float=_number)
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
        return [item for item in value if item is not None] if isinstance(value, list) else None


def _number(text: str) -> float | None:
    """A number; None for one that is none, or has no end."""
    number = float(text)
    return number if math.isfinite(number) else None


def say_item(item: Any, *, part: bool = True) -> str:
    """One option for the ear; a record without its identifiers."""
    if isinstance(item, dict):
        fields = [
            say_item(value)
            for key, value in item.items()
            if not _IDENTITY.search(key) and value not in (None, "")
        ]
        return brief_item(", ".join(fields))
    if isinstance(item, bool):
        return "yes" if item else "no"
    if isinstance(item, int | float):
        return spoken(item)
    if isinstance(item, list):
        return brief_item(listed([say_item(inner) for inner in item if inner is not None]))
    time = clock.parse(item)
    return clock.say(time, part=part) if time else brief_item(speakable(str(item)))


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


def tell(errand: Errand, result: Result) -> str:
    """An answer that offers nothing to choose, as a sentence or a few."""
    value = result.value
    if isinstance(value, dict):
        return _tell_record(value, errand)
    if isinstance(value, list):
        return brief(_tell_list(result.items or []), None)
    if isinstance(value, bool):
        return "That is done." if errand.does and value else "Yes." if value else "No."
    if isinstance(value, int | float):
        about = of_name(errand.words)
        return sentence(number_of(about, value) if about else f"it is {spoken(value)}")
    said = "" if value is None else str(value).strip().lower()
    if said in ("", "ok", "done", "success", *_NOTHING):
        return "That is done." if errand.does or (said and said not in _NOTHING) else _FOUND_NOTHING
    return brief(sentence(speakable(str(value))))


def _tell_list(items: list[Any]) -> str:
    if not items:
        return _FOUND_NOTHING
    if all(clock.parse(item) for item in items):
        return f"There is {say_options(items)}."
    if len(items) == 1:
        return sentence(f"I found {say_item(items[0])}")
    shown = "; ".join(say_item(item) for item in items[:_MOST])
    return sentence(f"I found {spoken(len(items))}: {shown}{' and more' if len(items) > _MOST else ''}")


def _tell_record(record: dict[str, Any], errand: Errand) -> str:
    for key in _SPEAKING_KEYS:
        if isinstance(record.get(key), str) and record[key]:
            return brief(sentence(speakable(record[key])))
    record = with_currency(record)
    named = {key: value for key, value in record.items() if not _IDENTITY.search(key)}
    record = named or {key: value for key, value in record.items() if len(str(value)) <= _SHORT}
    notes = [key for key in record if key in _NOTES and isinstance(record[key], str) and record[key]]
    facts = [
        fact
        for key, value in record.items()
        if key not in notes and (fact := _fact(key.replace("_", " "), value, changes=errand.changes))
    ]
    said = sentence(listed(facts))
    if errand.changes and (not facts or "status" not in record):
        said = f"That is done. {said}"
    elif not facts and not notes and any(record.values()):
        said = "That is done."
    elif not facts and (not notes or [] in record.values()):
        said = _FOUND_NOTHING
    added = " ".join(sentence(speakable(record[key])) for key in notes)
    return brief(f"{said} {added}".strip(), None)


def _fact(named: str, value: Any, *, changes: bool) -> str:
    """One field of a record as a clause; empty where there is nothing to say of it."""
    if value in (None, "", [], {}):
        return ""
    alone = isinstance(value, str) and clock.parse(value) is None
    said = speakable(value) if alone else say_item(value)
    if isinstance(value, bool):
        return "" if changes or named in _FLAGS else state_of(named, value)
    if named == "status" and said.lower() in ("ok", "success"):
        return ""
    if isinstance(value, list) and all(clock.parse(item) for item in value):
        return f"there is {say_options(value)}"
    if not named.strip():
        return f"it is {said}"
    if is_adjective(named):
        return f"{named}: {said}"
    if isinstance(value, int | float):
        return number_of(named, value)
    return f"the {named} {'are' if is_many(named) else 'is'} {said}"


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
    reason = _reason(speakable(re.sub(r"^\w*(?:Error|Exception|Interrupt)(?:: |$)", "", str(value or ""))))
    if not reason or len(reason) > 120 or re.search(r"[{}<>\\]|Traceback", reason):
        return "I'm sorry, that did not work."
    first = reason.split()[0].strip(".,;:!?'\"")
    begins = first[1:] != first[1:].lower() or first.partition("'")[0] in _CAPITALS  # an "API", an "I'm"
    reason = reason if begins else reason[0].lower() + reason[1:]
    return f"I'm sorry, that did not work: {reason}{'' if reason[-1] in '.!?' else '.'}"


def _reason(text: str) -> str:
    """The first sentence of a failure; without what the agent, and not the caller, is told to do."""
    for sentence_ in re.split(r"(?<=[.!?])\s+", text.strip()):
        clauses = re.split(r"\s*(?:;|, (?:so|please|and)\b|\s[-\u2013\u2014]+)\s+", sentence_)
        while clauses and _ORDER.match(clauses[-1]):
            clauses.pop()
        if clauses:
            return sentence_[: sentence_.rindex(clauses[-1]) + len(clauses[-1])].strip()
    return ""
