"""A finding: one thing that the guides advise against, with its place, its reason and its remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warn", "info"]

SEVERITIES: dict[str, Severity] = {
    "S1": "error", "S2": "error", "S3": "error", "S4": "warn",
    "P1": "error", "P2": "warn", "P3": "warn", "P4": "warn", "P5": "warn", "P6": "info", "P7": "info",
    "P8": "warn", "P9": "info", "P10": "info", "P11": "info", "P12": "warn", "P13": "info", "P14": "info",
    "P15": "error", "P16": "info", "P17": "info", "P18": "warn",
    "T1": "warn", "T2": "warn", "T3": "info", "T4": "warn", "T5": "info", "T6": "info", "T7": "error",
    "T8": "warn", "T9": "warn", "T10": "warn", "T11": "info", "T12": "info", "T13": "error", "T14": "error",
    "T15": "error", "T16": "info", "T17": "error", "T18": "warn", "T19": "warn",
    "D1": "error", "D2": "info", "D3": "info",
    "K1": "error", "K2": "warn", "K3": "warn",
}  # fmt: skip
"""Every rule, with its severity, in the order in which findings are told."""

_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that could be better.

    Attributes:
        rule: the rule's id, e.g. ``"P1"``.
        severity: ``"error"``, ``"warn"`` or ``"info"``.
        place: where, as a path: ``"system_prompt"``, ``"tools[0].parameters.date"``.
        text: the words at fault, shortened; empty where something is missing.
        reason: what is wrong with it.
        remedy: what to do about it.
    """

    rule: str
    severity: Severity
    place: str
    reason: str
    remedy: str
    text: str = ""

    def __str__(self) -> str:
        text = f" “{self.text}”" if self.text else ""
        return f"{self.severity} {self.rule} {self.place}:{text} {self.reason} {self.remedy}".rstrip()


def found(
    rule: str,
    place: str,
    reason: str,
    remedy: str = "",
    *,
    text: str = "",
    severity: Severity | None = None,
) -> Finding:
    """A finding of a rule, with that rule's severity unless another is given."""
    return Finding(
        rule=rule,
        severity=severity or SEVERITIES[rule],
        place=plain(place, _LONGEST),
        reason=plain(reason, _LONGEST),
        remedy=remedy,
        text=plain(text),
    )


def plain(text: str, most: int = 60) -> str:
    """A text as one line of at most ``most`` characters, all of which can be shown anywhere."""
    # A file may hold anything: halves of characters, and what would steer a terminal.
    whole = text[: 4 * most].encode("utf-8", "replace").decode("utf-8")
    line = " ".join("".join(c if c.isprintable() else " " for c in whole).split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
