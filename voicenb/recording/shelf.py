"""Several recordings, which shown are a table: a call a line."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import SupportsIndex, overload

from voicenb.recording.recording import Recording
from voicenb.recording.story import at_a_glance

MOST = 60
"""Lines that are shown; the others are counted."""


class Recordings(list[Recording]):
    """A list of recordings, newest first. Shown it is a table with a line for each."""

    def __init__(self, recordings: Iterable[Recording] = ()) -> None:
        super().__init__(recordings)

    @overload
    def __getitem__(self, at: SupportsIndex, /) -> Recording: ...
    @overload
    def __getitem__(self, at: slice, /) -> Recordings: ...
    def __getitem__(self, at: SupportsIndex | slice, /) -> Recording | Recordings:
        """One, or some of them."""
        return Recordings(super().__getitem__(at)) if isinstance(at, slice) else super().__getitem__(at)

    def __repr__(self) -> str:
        if not self:
            return "no recordings"
        rows = [(f"[{n}]", *at_a_glance(each)) for n, each in enumerate(self[:MOST])]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        return "\n".join([*lines, *self._more])

    def _repr_html_(self) -> str:
        if not self:
            return "<i>no recordings</i>"
        rows = "".join(
            f"<tr>{_cells(f'[{n}]', *at_a_glance(each))}</tr>" for n, each in enumerate(self[:MOST])
        )
        more = "".join(f"<div>{line}</div>" for line in self._more)
        return f'<table style="font-variant-numeric: tabular-nums">{rows}</table>{more}'

    @property
    def _more(self) -> list[str]:
        return [f"… {len(self) - MOST} more"] if len(self) > MOST else []


def _cells(*texts: str) -> str:
    return "".join(f'<td style="text-align: left">{escape(text)}</td>' for text in texts)
