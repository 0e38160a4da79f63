"""One setting that differs, and how all of them are found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from voicenb.comparison.hidden import Hidden
from voicenb.comparison.words import pieces

NOT_SET = "not set"
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting that differs.

    Attributes:
        place: where, dotted: ``"input.turn_detection.min_silence"``, ``"tools.book.description"``.
        left: the one's value; None where it is not set.
        right: the other's.
    """

    place: str
    left: Any
    right: Any

    def __str__(self) -> str:
        return f"{self.place}: {told(self.left, self.right)}"


def differences(left: Mapping[str, Any], right: Mapping[str, Any], place: str = "") -> Iterator[Difference]:
    """What differs between two objects, in the order of the settings.

    Args:
        left: the one.
        right: the other.
        place: where both are.
    """
    for name in dict.fromkeys((*left, *right)):
        here = f"{place}.{name}" if place else str(name)
        one, other = left.get(name), right.get(name)
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            yield from differences(one, other, here)
        elif one != other or type(one) is not type(other):
            yield from _differing(here, one, other)


def _differing(here: str, one: Any, other: Any) -> Iterator[Difference]:
    if _is_number(one) and _is_number(other) and one == other:
        return  # 30 and 30.0
    if isinstance(one, Hidden) and isinstance(other, Hidden) and one.shown == other.shown:
        yield Difference(here, one.shown, f"{other.shown}, another one")
    else:
        yield Difference(here, _open(one), _open(other))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _open(value: Any) -> Any:
    """A value without what must not be shown."""
    match value:
        case Hidden():
            return value.shown
        case Mapping():
            return {name: _open(each) for name, each in value.items()}
        case _:
            return value


def told(left: Any, right: Any) -> str:
    """A difference in one or a few lines."""
    if isinstance(left, str) and isinstance(right, str) and (len(left) > _LONGEST or len(right) > _LONGEST):
        marks = {"same": "{}", "out": "[-{}-]", "in": "{{+{}+}}"}
        # Marks hug their words; the white space behind them stays outside.
        return "".join(
            marks[kind].format(text.rstrip()) + text[len(text.rstrip()) :] if text.strip() else text
            for kind, text in pieces(left, right)
        )
    if isinstance(left, list) and isinstance(right, list):
        gone = [f"- {item!r}" for item in left if item not in right]
        come = [f"+ {item!r}" for item in right if item not in left]
        return ", ".join([*gone, *come]) or f"{left!r} → {right!r}"
    return f"{shown(left)} → {shown(right)}"


def _tool(wire: Mapping[str, Any]) -> str:
    """A whole tool, which only one of them has: its parameters, and what it is for."""
    parameters = ", ".join((wire["parameters"] or {}).get("properties") or ())
    return f"({parameters})  {wire.get('description') or ''}".rstrip()


def shown(value: Any) -> str:
    """A value as people read it, shortened."""
    if value is None:
        return NOT_SET
    text = _tool(value) if isinstance(value, Mapping) and "parameters" in value else repr(value)
    return text if len(text) <= 2 * _LONGEST else f"{text[: 2 * _LONGEST - 1]}…"
