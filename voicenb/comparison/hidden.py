"""A value that is compared and never shown."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Hidden:
    """Something that may hold a secret.

    Attributes:
        value: what is compared; in no repr.
        shown: what stands in its place.
    """

    value: str = field(repr=False)
    shown: str

    def __str__(self) -> str:
        return self.shown
