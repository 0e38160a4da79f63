"""A list of the service's that is read page by page, as far as somebody goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")


class Pages(Iterable[T], Generic[T]):
    """Entries that are asked for when they are wanted; each loop begins anew.

    ``for`` goes through them, ``list()`` takes all of them, ``next(iter(…))`` the first one.

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

    def __repr__(self) -> str:
        return f"<{self._what}; asked for page by page: list() takes all of them>"
