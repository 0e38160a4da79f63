"""How long an engine waits for what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that the engine waits.

    Attributes:
        ready: for ``session.ready`` after the first update.
        update: for the answer to a later one.
        goodbye: for ``session.ended`` after ``session.end``.
    """

    ready: float = 10.0
    update: float = 5.0
    goodbye: float = 2.0
