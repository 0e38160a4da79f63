"""What differs between two agents: a sequence that shows itself as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

from voicenb.comparison.difference import Difference, differences


class Differences(Sequence[Difference]):
    """Differences in the order of the settings; in a notebook a table. Empty, and false, where all is equal.

    Args:
        found: the differences.
        names: how the two are called, in the heads of the table.
    """

    def __init__(self, found: Iterable[Difference] = (), names: tuple[str, str] = ("left", "right")) -> None:
        self._all = tuple(found)
        self.names = names

    @classmethod
    def between(cls, left: Mapping[str, Any], right: Mapping[str, Any]) -> Differences:
        """Compare two agents' settings; each has a ``name``."""
        names = (str(left.get("name") or "left"), str(right.get("name") or "right"))
        same = names[0] == names[1]
        return cls(differences(left, right), ("this", "the other") if same else names)

    @property
    def summary(self) -> str:
        """How many there are: ``"2 differences"``."""
        count = len(self._all)
        return f"{count} difference{'' if count == 1 else 's'}" if count else "no difference"

    @overload
    def __getitem__(self, place: int) -> Difference: ...
    @overload
    def __getitem__(self, place: slice) -> Differences: ...
    def __getitem__(self, place: int | slice) -> Difference | Differences:
        return Differences(self._all[place], self.names) if isinstance(place, slice) else self._all[place]

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Difference]:
        return iter(self._all)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Differences) and self._all == other._all

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "\n".join([f"{self.summary[0].upper()}{self.summary[1:]}.", *map(str, self._all)])

    def _repr_html_(self) -> str:
        from voicenb.comparison.table import html

        return html(self)
