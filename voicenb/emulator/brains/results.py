"""What tools answered: read, and said as sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voicenb.emulator.brains import clock, days
from voicenb.emulator.brains.intent import Errand
from voicenb.emulator.brains.numbers import spoken
from voicenb.emulator.brains.phrasing import listed, sentence, speakable

_SPEAKING_KEYS = ("message", "text", "summary", "answer", "result", "description", "detail")
_IDENTITY = re.compile(r"(?i)(^|_)(id|uuid|token|ref|url|code)$")
_MOST = 5
"""Options or findings that are told one by one."""
_PRICES = ("price", "total", "amount", "cost", "total_price")
_ORDER = re.compile(
    r"(?i)(?:please )?(?:do not|don't|never|offer|ask|tell|apologi[sz]e|suggest|inform|say|let|propose|"
    r"explain|transfer|hand|end the)\b(?! (?:is|was|are|were|has|had|did|failed)\b)"
)
"""What begins like this tells the agent what to do."""
_CAPITALS = ("I", *days.WEEKDAYS, *days.MONTHS)
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
            value = json.loads(text, parse_constant=_refuse)
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


def _refuse(constant: str) -> None:
    """``NaN`` and the like are no JSON: the text is told as it stands."""
    raise ValueError(constant)


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


def tell(errand: Errand, result: Result) -> str:
    """An answer that offers nothing to choose, as a sentence."""
    value = result.value
    if isinstance(value, dict):
        return _tell_record(value, errand)
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


def _tell_record(record: dict[str, Any], errand: Errand) -> str:
    for key in _SPEAKING_KEYS:
        if isinstance(record.get(key), str) and record[key]:
            return sentence(speakable(record[key]))
    facts: list[str] = []
    record = _with_currency(record)
    for key, inner in record.items():
        named, said = key.replace("_", " "), say_item(inner)
        if inner in (None, "", [], {}) or _IDENTITY.search(key):
            continue
        if isinstance(inner, bool):
            if key not in _FLAGS and not errand.changes:
                facts.append(f"{named}: {said}")
        elif key != "status" or said.lower() not in ("ok", "success"):
            plural = key.endswith("s") and not key.endswith(("ss", "us", "is"))
            facts.append(f"the {named} {'are' if plural else 'is'} {said}")
    if facts:
        done = "That is done. " if errand.changes and "status" not in record else ""
        return done + sentence(listed(facts))
    return "That is done." if errand.changes or any(record.values()) else "I found nothing, I'm afraid."


def _with_currency(record: dict[str, Any]) -> dict[str, Any]:
    """A price and its currency as one fact."""
    price = next((key for key in _PRICES if isinstance(record.get(key), int | float)), None)
    if price is None or not isinstance(record.get("currency"), str):
        return record
    return {
        key: f"{value:g} {record['currency']}" if key == price else value
        for key, value in record.items()
        if key != "currency"
    }


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


def _short(text: str) -> str:
    """At most three sentences: it has to be listened to."""
    parts = re.split(r"(?<=[.!?])\s+", text.strip())
    return " ".join(parts[:3])
