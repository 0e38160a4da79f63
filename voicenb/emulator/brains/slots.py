"""What a tool's parameter wants to hear, read from its schema, description and name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from voicenb.emulator.brains import clock
from voicenb.emulator.brains.bag import bag
from voicenb.emulator.brains.days import WEEKDAYS

Kind = Literal[
    "day", "date", "time", "number", "enum", "list", "boolean", "name", "phone", "email", "place", "text"
]

PEOPLE = bag("people persons person guest guests party seats heads covers adults diners attendees")
_NAMES = re.compile(
    r"(?:(?:full|first|last|your|member|owner|reader|student|tenant|holder|caller|customer|guest|patient|contact|passenger|attendee|booking|user|client)_?)?(?:sur)?name"
)
_NUMBERING = bag("id number no nr code reference")
_NUMBERED = re.compile(
    r"(?:the )?(?:\w+ )?(?:number|id|code) (?:of|on) (?:the|a|an|your|their) "
    r"(?!(?:people|party)\b)\w*[^\Ws]\b"
)
"""Of one thing: "number of the order", and not "number of the rooms"."""
_PLACES = bag(
    "city location place town country destination origin region airport station neighbourhood pickup dropoff"
)
_ROOMS = bag("room area zone")
_PLACE_TOLD = re.compile(
    r"(?:the )?(?:name of (?:the|a) )?(?:\w+ )?(?:city|town|country|airport|station|village|place)\b"
    r"(?! of birth)"
)
_PERSON = re.compile(
    r"\b(?:caller|guest|customer|patient|client|passenger|member|reader|student|owner|holder|tenant|"
    r"booking|reservation|who|whose|for the|under)\b"
)
"""Whose name may be the caller's own; a recipient's is not."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One parameter of a tool.

    Attributes:
        name: its name in the call.
        kind: what sort of value it takes.
        description: its text without examples, e.g. ``size of the party``.
        example: the first example as text, or empty.
        required: whether the tool must have it.
        choices: the values of an enum, or of the items of a list.
        whole: whether a number must be whole.
        as_text: whether the call carries a number as a string.
        low: smallest number allowed, or None.
        high: largest number allowed, or None.
    """

    name: str
    kind: Kind
    description: str = ""
    example: str = ""
    required: bool = True
    choices: tuple[Any, ...] = ()
    whole: bool = False
    as_text: bool = False
    low: float | None = None
    high: float | None = None

    @property
    def words(self) -> str:
        """The name in words: ``party_size`` is "party size"."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.name).replace("_", " ").lower()

    @property
    def identifies(self) -> bool:
        """Whether a number names one thing, and counts none: ``order_id``, ``room_number``."""
        words = self.words.split()
        return self.kind == "number" and (
            (len(words) > 1 and words[-1] in _NUMBERING) or bool(_NUMBERED.match(self.description.lower()))
        )

    @property
    def of_people(self) -> bool:
        """Whether it counts people."""
        return (self.kind == "number" and not self.identifies) and bool(
            PEOPLE & set(re.findall(r"[a-z]+", f"{self.words} {self.description.lower()}"))
        )


def slots_of(tool: Mapping[str, Any]) -> tuple[Slot, ...]:
    """The slots of a tool in flat API form, in the order of its schema; text where a schema says little."""
    schema = tool.get("parameters") or {}
    properties = schema.get("properties") or {}
    required = schema.get("required")
    return tuple(
        _slot(name, spec if isinstance(spec, Mapping) else {}, required is None or name in required)
        for name, spec in properties.items()
    )


def _slot(name: str, spec: Mapping[str, Any], required: bool) -> Slot:
    spec = _without_null(spec)
    description = str(spec.get("description") or "")
    examples = spec.get("examples") or re.findall(
        r"(?i)\b(?:e\.g\.|for example|such as|for instance|like),? (.+)", description
    )
    example = _first_example(examples[0]) if isinstance(examples, list) and examples else ""
    items = _without_null(spec.get("items") or {})
    kind = _kind(name, spec, description, example)
    choices = spec.get("enum") or ([spec["const"]] if "const" in spec else items.get("enum") or [])
    return Slot(
        name=name,
        kind=kind,
        description=clean(description),
        example=example,
        required=required and "default" not in spec,
        choices=tuple(choices),
        whole=spec.get("type") == "integer"
        or (kind == "number" and example.lstrip("-").isdigit() and spec.get("type") != "number"),
        as_text=kind == "number" and spec.get("type") == "string",
        low=_limit(spec, "minimum"),
        high=_limit(spec, "maximum"),
    )


def _limit(spec: Mapping[str, Any], key: str) -> float | None:
    value = spec.get(key)
    return float(value) if isinstance(value, int | float) else None


def _without_null(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """``Optional[X]`` as X, in the ways that schemas write it."""
    for key in ("anyOf", "oneOf"):
        for option in spec.get(key) or ():
            if isinstance(option, Mapping) and option.get("type") != "null":
                return {**option, **{k: v for k, v in spec.items() if k != key}}
    if isinstance(spec.get("type"), list):
        return {**spec, "type": next((kind for kind in spec["type"] if kind != "null"), "string")}
    return spec


def _first_example(example: object) -> str:
    text = str(example).strip()
    quoted = re.match(r"[\"'“](.+?)[\"'”]", text)
    if quoted:
        return quoted[1]
    return re.split(r",(?= )| or |;|\)|\.(?=\s|$)", text)[0].strip()


def clean(description: str) -> str:
    """A description without examples, brackets and the full stop."""
    text = re.sub(r"\([^)]*\)", "", description)
    text = re.split(r"(?i),?\s*\b(?:e\.g\.|for example|such as|for instance|like \")", text)[0]
    return re.split(r"[.;:](?:\s|$)", text.strip())[0].strip(" ,.\"'")


def _kind(name: str, spec: Mapping[str, Any], description: str, example: str) -> Kind:
    words = name.lower().split("_")
    if spec.get("enum") or "const" in spec:
        return "enum"
    match spec.get("type"):
        case "boolean":
            return "boolean"
        case "array":
            return "list"
        case "integer" | "number":
            return "number"
    said = description.lower()
    form = spec.get("format")
    if form == "email" or "email" in words or "mail" in words:
        return "email"
    if (
        "phone" in words
        or "telephone" in words
        or ("number" in words and "phone" in said)
        or "mobile" in words
    ):
        return "phone"
    if form == "date" or re.fullmatch(r"\d{4}-\d\d-\d\d", example):
        return "date"
    if example.capitalize() in WEEKDAYS or "weekday" in said or words[-1] in ("day", "weekday", "date"):
        return "day"
    if form == "time" or clock.parse(example) or words[-1] in ("time", "hour"):
        return "time"
    if _is_place(words, said, example):
        return "place"
    if _is_persons(name.lower(), said):
        return "name"
    if example.isdigit() and re.search(r"\b(number|size|how many|count|amount)\b", said):
        return "number"
    return "text"


def _is_place(words: Sequence[str], said: str, example: str) -> bool:
    """Whether a parameter wants a place, by its name or by its description."""
    if words[-1] in _ROOMS:
        return (
            bool(example) and example == example.lower() and not re.search(r"\b(?:type|kind|number)\b", said)
        )
    return words[-1] in _PLACES or words[0] in _PLACES or bool(_PLACE_TOLD.match(said))


def _is_persons(name: str, said: str) -> bool:
    """Whether a parameter wants what somebody is called, and not the name of some thing."""
    of = re.match(r"(?:the )?(?:\w+ )?name of (?:the|a|an) (.+)", said)
    if of is not None:
        return bool(_PERSON.search(of[1]))
    if _NAMES.fullmatch(name):
        return True
    return bool(re.match(r"(?:the )?(?:full )?name\b", said) and (_PERSON.search(f"{name} {said}")))
