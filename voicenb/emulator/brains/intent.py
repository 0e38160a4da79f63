"""Which tool a caller wants, by the words of its name, description and parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from voicenb.emulator.brains.bag import bag
from voicenb.emulator.brains.slots import Slot, slots_of
from voicenb.emulator.brains.verbs import CHANGING, UNDOING, does, is_strange, verb_of

_STOP = bag(
    "a an the and or of to in on at for from with by is are be it its this that i you we he "
    "she they me my your our their us "
    "do does did can could would will shall should may might want wants like need needs please "
    "have has get gets got find "
    "finds check checks show tell tells look looks use used using when once caller "
    "callers user customer customers "
    "given known all any some there what which who how where why not no yes if then so as was "
    "were been about into out up "
    "just e g returns return number string value one information details current give gives "
    "let know go going hi hello hey "
    "thanks thank good evening morning afternoon really okay ok"
)
_SYNONYMS = {
    "reserv": "book", "booking": "book", "rain": "weather", "sunny": "weather", "sun": "weather",
    "forecast": "weather",
    "umbrella": "weather", "snow": "weather", "cold": "weather", "warm": "weather", "heat": "temperature",
    "degree": "temperature", "warmer": "temperature", "cooler": "temperature", "thermostat": "temperature",
    "meeting": "appointment", "visit": "appointment", "purchase": "buy", "hour": "open", "close": "open",
    "opening": "open", "available": "free", "availability": "free", "delete": "cancel", "remove": "cancel",
    "text": "message", "sms": "message",
    "see": "appointment", "eat": "table", "dinner": "table", "lunch": "table", "deliver": "order",
    "put": "add", "fly": "flight", "plane": "flight", "ready": "status", "progress": "status",
}  # fmt: skip


_ASKS = re.compile(r"(?:(?:and|so|okay|hi|hello) )*(?:what|when|where|which|how)(?:'s)?\b(?! (?:about|if)\b)")


def stem(word: str) -> str:
    """A crude stem, good enough for a tool's few words, the same for a few words that mean the same."""
    crude = _crude(word)
    return _SAME.get(crude, crude)


def _crude(word: str) -> str:
    word = word.lower().removesuffix("'s")
    for ending, put in (
        ("ations", ""),
        ("ation", ""),
        ("ies", "y"),
        ("ings", ""),
        ("ses", "s"),
        ("s", ""),
        ("ing", ""),
        ("ed", ""),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)] + put
            break
    word = re.sub(r"([bdglmnprt])\1$", r"\1", word)  # "cancelled", "planned"
    return word.removesuffix("e") if len(word) > 4 else word


_SAME = {_crude(word): _crude(meant) for word, meant in _SYNONYMS.items()}


_COMPOUND = re.compile(
    r"\b(?:gluten|lactose|dairy|sugar|nut|alcohol|smoke|meat|fat|caffeine|toll|duty|hands|barrier)[ -]free\b"
)
"""Here "free" is not what a look-up for something free means."""


def stems(text: str) -> set[str]:
    """The stems of the words in ``text`` that mean something."""
    text = _COMPOUND.sub(" ", text.lower())
    return {stem(word) for word in re.findall(r"[a-z]+", text) if word not in _STOP and len(word) > 1}


@dataclass(frozen=True)
class Errand:
    """A tool as something that can be done for a caller."""

    name: str
    description: str
    slots: tuple[Slot, ...]
    weights: Mapping[str, float] = field(repr=False)
    responses: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def words(self) -> list[str]:
        """The name in words."""
        return (
            re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.name).replace("_", " ").replace("-", " ").lower().split()
        )

    @property
    def verb(self) -> str:
        """Its verb, from the name or from the description; else what it is called."""
        return verb_of(self.words, self.description)

    @property
    def changes(self) -> bool:
        """Whether it changes something in the world, so that the caller is to agree first."""
        if self.verb in CHANGING:
            return True
        return bool(self.slots) and is_strange(self.verb, self.description)

    @property
    def does(self) -> bool:
        """Whether it does something, rather than find something out."""
        return does(self.verb, self.description)

    @property
    def required(self) -> list[Slot]:
        """The slots that must be filled."""
        return [slot for slot in self.slots if slot.required]

    def slot(self, name: str) -> Slot | None:
        """The slot of that name, if any."""
        return next((slot for slot in self.slots if slot.name == name), None)


def errand_of(tool: Mapping[str, Any]) -> Errand:
    """Read a tool in flat API form."""
    name, description = str(tool.get("name", "")), str(tool.get("description") or "")
    slots = slots_of(tool)
    weights: dict[str, float] = {}
    for text, weight in [
        (re.sub(r"(?<=[a-z])(?=[A-Z])|_|-", " ", name), 2.5),
        (description, 1.2),
        *((str(choice), 2.0) for slot in slots for choice in slot.choices),
        *(
            (slot.example, 2.0)
            for slot in slots
            if slot.kind in ("text", "place") and len(slot.example.split()) < 3
        ),
        *((slot.words, 0.8) for slot in slots),
        *((slot.description, 0.5) for slot in slots),
    ]:
        for word in stems(text):
            weights[word] = max(weights.get(word, 0.0), weight)
    return Errand(name, description, slots, weights, tool.get("response_instructions") or {})


class Toolbox:
    """The tools of an agent, and which of them looks things up for which other."""

    def __init__(self, tools: Sequence[Mapping[str, Any]]) -> None:
        self.errands = {errand.name: errand for errand in map(errand_of, tools)}
        self._lookups = {
            errand.name: look.name
            for errand in self.errands.values()
            for look in self.errands.values()
            if errand.changes and _serves(look, errand)
        }

    def __bool__(self) -> bool:
        return bool(self.errands)

    def __getitem__(self, name: str) -> Errand:
        return self.errands[name]

    def __contains__(self, name: object) -> bool:
        return name in self.errands

    def lookup(self, name: str) -> Errand | None:
        """The look-up that comes before the tool of that name, if there is one."""
        look = self._lookups.get(name)
        return self.errands[look] if look else None

    def slots(self, name: str) -> tuple[Slot, ...]:
        """All slots on the way to a tool, its look-up's first."""
        look = self.lookup(name)
        own = self.errands[name].slots
        if look is None:
            return own
        theirs = {slot.name for slot in look.slots}
        return (*look.slots, *(slot for slot in own if slot.name not in theirs))

    def goals(self) -> list[str]:
        """The tools that a caller can want; a look-up that serves another tool stands behind that one."""
        serving = set(self._lookups.values())
        return [name for name in self.errands if name not in serving]

    def group(self, name: str) -> list[str]:
        """A goal with its look-up."""
        look = self.lookup(name)
        return [look.name, name] if look else [name]

    def scores(self, plain: str) -> dict[str, float]:
        """How well each goal fits the words of an utterance; 2 and more is a fit."""
        heard = stems(plain)
        meant = {goal: self._is_meant(goal, heard) for goal in self.goals()}
        if _ASKS.match(plain):  # "what is on my list" is no wish to change it
            looks = [goal for goal in meant if not self[goal].does and heard & set(self[goal].weights)]
            meant |= {goal: False for goal in meant if looks and self._only_changes(goal)}
        shared = {
            word: sum(
                any(word in self.errands[name].weights for name in self.group(goal))
                for goal in meant
                if meant[goal]
            )
            for word in heard
        }
        return {
            goal: sum(
                max(self.errands[name].weights.get(word, 0.0) for name in self.group(goal))
                / max(shared[word], 1) ** 0.5
                for word in heard
            )
            * (1.0 if meant[goal] else 0.5)
            for goal in meant
        }

    def _only_changes(self, goal: str) -> bool:
        return self.errands[goal].does and self.lookup(goal) is None

    def _is_meant(self, goal: str, heard: set[str]) -> bool:
        verb = self.errands[goal].verb
        named = self.errands[goal].words[:1]
        return verb not in UNDOING or bool(heard & {stem(word) for word in (verb, *named)})


def _serves(look: Errand, errand: Errand) -> bool:
    """Whether ``look`` finds out something for ``errand`` and needs nothing that ``errand`` does not need."""
    if look is errand or look.changes or not look.required:
        return False
    asked = {slot.name for slot in errand.slots}
    wanted = {slot.name for slot in look.required}
    if not wanted <= asked or wanted >= {slot.name for slot in errand.required}:
        return False
    parameters = {word for slot in look.slots for word in stems(slot.words)}
    common = (stems(" ".join(look.words)) | stems(look.description)) & (
        stems(" ".join(errand.words)) | stems(errand.description)
    )
    return bool(common - parameters)
