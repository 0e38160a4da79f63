"""A list of the service's that is read page by page, as far as somebody goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar, overload

T = TypeVar("T")


class Pages(Iterable[T], Generic[T]):
    """Entries that are asked for when they are wanted; each loop begins anew.

    ``for`` goes through them, ``list()`` takes all of them, ``[0]`` the first one.

    Args:
        ask: begins a walk through all entries.
        what: what they are, for the repr.
        most: entries at most; None: all.
    """

    def __init__(self, ask: Callable[[], Iterator[T]], what: str, most: int | None = None) -> None:
        self._ask = ask
        self._what = what
        self._most = most

    def __iter__(self) -> Iterator[T]:
        return islice(self._ask(), self._most)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        """One entry or some, counted from the newest; no further page is asked for than that takes.

        Raises:
            IndexError: there are not so many.
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        if isinstance(index, slice):
            edges = (index.start, index.stop, index.step)
            if any(edge is not None and edge < 0 for edge in edges):
                return list(self)[index]
            return list(islice(self, *edges))
        if index < 0:
            return list(self)[index]
        for entry in islice(self, index, None):
            return entry
        raise IndexError(f"There is no entry {index} among the {self._what}.")

    def __repr__(self) -> str:
        return f"<{self._what}; asked for page by page: list() takes all of them>"
