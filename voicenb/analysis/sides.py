"""What two sides of a comparison are called: by the settings in which their calls differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from voicenb.errors import InvalidConfiguration

if TYPE_CHECKING:
    from voicenb.analysis.report import CallFacts

Names = tuple[str, str]

BEFORE_AND_AFTER: Names = ("before", "after")

ADAPTIVE = "adaptive turn detection"

FIRST = ("min_silence", "max_silence", "vad_threshold")
"""Of turn detection, what is told before the rest of it."""

TEXTS = {
    "system_prompt": "another prompt",
    "greeting": "another greeting",
    "keyterms": "other keyterms",
    "tools": "other tools",
}
"""What is too long to be told, and what is said of the later side instead."""

MOST = 3
"""Settings that are told, and values of one; the others are counted."""


def names_of(before: Sequence[CallFacts], after: Sequence[CallFacts]) -> Names:
    """The settings in which two groups of calls differ: ``("min_silence 600", "min_silence 1500")``.

    What cannot be named is "before" or "after": where they differ in nothing that is known, and the side
    whose prompt the other has changed.

    Args:
        before: calls of the one side.
        after: of the other.
    """
    sides = [[_settings(call) for call in calls] for calls in (before, after)]
    keys = dict.fromkeys(key for side in sides for settings in side for key in settings)
    told: tuple[list[str], list[str]] = [], []
    for key in keys:
        one, other = ([settings.get(key) for settings in side] for side in sides)
        if all(value in other for value in one) and all(value in one for value in other):
            continue
        if key in TEXTS:
            told[1].append(TEXTS[key])
            continue
        told[0].append(_told(key, one))
        told[1].append(_told(key, other))
    first, second = (_joined(words) for words in told)
    return first or BEFORE_AND_AFTER[0], second or BEFORE_AND_AFTER[1]


def given_names(names: object) -> Names | None:
    """Names that somebody gave to the sides; None where nobody did.

    Args:
        names: two texts, or None.

    Raises:
        InvalidConfiguration: they are something else.
    """
    if names is None:
        return None
    two = list(names) if isinstance(names, Sequence) and not isinstance(names, str) else []
    if len(two) != 2 or not all(isinstance(name, str) and name.strip() for name in two) or two[0] == two[1]:
        raise InvalidConfiguration(
            f"names={names!r} does not name two sides.",
            remedy='Give two names that differ: names=("short pause", "long pause").',
            param="names",
        )
    return two[0], two[1]


def _settings(call: CallFacts) -> dict[str, Any]:
    """What was set in a call; who answered first."""
    found: dict[str, Any] = {
        "service": call.service,
        "clock": "virtual clock" if call.virtual else "real time",
    }
    if call.recording is None or "settings" in call.absent:
        return found
    session = call.recording.session
    agent = session.get("agent") or {}
    found |= _turn_detection(call, agent)
    found["voice"] = _at(agent, "output", "voice")
    found |= {name: agent.get(name) for name in TEXTS}
    found["keyterms"] = _at(agent, "input", "keyterms")
    found["barge_in"] = session.get("barge_in")
    return found


def _turn_detection(call: CallFacts, agent: Mapping[str, Any]) -> dict[str, Any]:
    """In force in the last turn of a call; where there was none, as the agent has it."""
    decided = [turn for turn in call.turns if turn.role == "user" and turn.decided is not None]
    settings = decided[-1].turn_detection if decided else _at(agent, "input", "turn_detection")
    if not settings:
        return {"turn_detection": ADAPTIVE}
    return {name: settings[name] for name in sorted(settings, key=_rank)}


def _rank(name: str) -> tuple[int, str]:
    return (FIRST.index(name) if name in FIRST else len(FIRST), name)


def _at(settings: Mapping[str, Any], *places: str) -> Any:
    found: Any = settings
    for place in places:
        found = found.get(place) if isinstance(found, Mapping) else None
    return found


def _told(key: str, values: Sequence[Any]) -> str:
    known = list(dict.fromkeys(str(value) for value in values if value not in (None, "")))
    if not known:
        return ""
    more = [f"{len(known) - MOST} more"] if len(known) > MOST else []
    text = ", ".join([*known[:MOST], *more])
    return text if key in ("service", "clock", "turn_detection") else f"{key} {text}"


def _joined(words: Sequence[str]) -> str:
    told = [word for word in words if word]
    more = [f"{len(told) - MOST} more"] if len(told) > MOST else []
    return " · ".join([*told[:MOST], *more])
