"""What came of replaying calls: the recordings, and of each call whether and how it was held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import TYPE_CHECKING, overload

from voicenb.errors import VoicenbError
from voicenb.recording.recording import Recording

if TYPE_CHECKING:
    import pandas

_TOLD = {
    "hung up": "replayed",
    "not answered": "replayed; hung up unanswered",
    "budget": "ended at the budget",
    "limit": "ended at the limit",
    "service": "ended by the service",
    "error": "broke off",
    "not begun": "not begun: the budget",
}


@dataclass(frozen=True, slots=True)
class ReplayRow:
    """One call.

    Attributes:
        of: the name of the recording that was replayed.
        ended: ``"hung up"`` (as the recorded caller did), ``"not answered"``, ``"budget"``, ``"limit"``,
            ``"service"``, ``"error"`` or ``"not begun"``.
        service: who answered; empty where nobody did.
        seconds: that the session was open (wire).
        cost: dollars; None where the price is not known.
        kept: whether it was held before, and nothing was paid now.
        unanswered: how many of the caller's parts the agent did not answer in time.
        candidate_cuts: pauses in which the recorded agent spoke and was spoken over within a second.
        why: what went wrong.
    """

    of: str
    ended: str
    service: str = ""
    seconds: float = 0.0
    cost: float | None = None
    kept: bool = False
    unanswered: int = 0
    candidate_cuts: int = 0
    why: str = ""


class Replays(Sequence[Recording]):
    """The recordings of replayed calls; every analysis takes them. Shown, it is a table of all calls.

    Args:
        recordings: those that there are.
        rows: one for each call, also where it was not held.
        estimate: dollars that the calls would cost, before the first; None where the price is not known.
        spent: dollars that they did cost now; None where the price is not known.
        errors: what broke calls off.

    Attributes:
        rows: one for each call, in the order of the recordings that were given.
        estimate: as above.
        spent: as above.
        errors: as above.
    """

    def __init__(
        self,
        recordings: Sequence[Recording],
        rows: Sequence[ReplayRow],
        *,
        estimate: float | None = None,
        spent: float | None = None,
        errors: Sequence[VoicenbError] = (),
    ) -> None:
        self._recordings = tuple(recordings)
        self.rows = tuple(rows)
        self.estimate = estimate
        self.spent = spent
        self.errors = tuple(errors)

    @overload
    def __getitem__(self, at: int) -> Recording: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Recording]: ...
    def __getitem__(self, at: int | slice) -> Recording | Sequence[Recording]:
        """A recording, or some."""
        return self._recordings[at]

    def __len__(self) -> int:
        return len(self._recordings)

    def __iter__(self) -> Iterator[Recording]:
        return iter(self._recordings)

    @property
    def complete(self) -> bool:
        """Whether every call was held to its end."""
        return all(row.ended not in ("budget", "not begun", "error") for row in self.rows)

    def to_dataframe(self) -> pandas.DataFrame:
        """One row for each call, a column for each attribute of a row.

        Raises:
            MissingExtra: pandas is not installed.
        """
        from voicenb.analysis.frame import dtypes_of, frame

        return frame([asdict(row) for row in self.rows], dtypes_of(ReplayRow))

    @property
    def summary(self) -> str:
        """How many calls were held, and what they cost, in a sentence."""
        held = sum(not row.kept and row.ended != "not begun" for row in self.rows)
        kept = sum(row.kept for row in self.rows)
        parts = [f"{len(self.rows)} call{'s' * (len(self.rows) != 1)}: {held} held now"]
        if kept:
            parts.append(f"{kept} kept from before")
        if left := sum(row.ended == "not begun" for row in self.rows):
            parts.append(f"{left} not begun, for the budget")
        if self.estimate or self.spent:
            estimate = "unknown" if self.estimate is None else f"${self.estimate:.2f}"
            spent = "unknown" if self.spent is None else f"${self.spent:.2f}"
            parts.append(f"cost {spent}, estimated {estimate}")
        return ", ".join(parts)

    def __repr__(self) -> str:
        table = [_HEADINGS, *map(_cells, self.rows)]
        widths = [max(len(cells[at]) for cells in table) for at in range(len(_HEADINGS))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
            for cells in table
        ]
        return "\n".join([self.summary, *lines])

    def _repr_html_(self) -> str:
        cell = "text-align: left; vertical-align: top; padding: 3px 12px 3px 0; border: 0; background: none"
        head = "".join(
            f'<th scope="col" style="{cell}; font-weight: 600">{escape(name)}</th>' for name in _HEADINGS
        )
        body = "".join(
            "<tr style='background: none'>"
            + "".join(f'<td style="{cell}">{escape(text)}</td>' for text in _cells(row))
            + "</tr>"
            for row in self.rows
        )
        return (
            '<div style="color: var(--jp-ui-font-color0, inherit); font-family: var(--jp-ui-font-family, '
            "system-ui, sans-serif); font-size: var(--jp-ui-font-size1, 13px); line-height: 1.45; "
            f'overflow-x: auto; font-variant-numeric: tabular-nums"><div>{escape(self.summary)}</div>'
            '<table style="border-collapse: collapse; margin: 4px 0 0; font-size: inherit">'
            f"<thead><tr style='background: none'>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )


_HEADINGS = ("replay of", "what came of it", "answered by", "seconds", "cost", "unanswered")


def _cells(row: ReplayRow) -> tuple[str, ...]:
    told = _TOLD.get(row.ended, row.ended)
    if row.why:
        told = f"{told}: {row.why}"
    if row.kept:
        told += " (kept from before)"
    held = row.ended != "not begun"
    return (
        row.of,
        told,
        row.service,
        f"{row.seconds:.1f}" if held else "",
        "" if row.cost is None or not held else f"${row.cost:.3f}",
        str(row.unanswered) if held else "",
    )
