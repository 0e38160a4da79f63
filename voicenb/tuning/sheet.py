"""A sheet of figures: as text, and as HTML in the notebook's own style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_EDGE = "1px solid var(--jp-border-color2, rgba(128, 128, 128, .4))"


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        cells: as many as the sheet has columns; the first is its name.
        faded: what it says rests on less than the others.
    """

    cells: tuple[str, ...]
    faded: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows in groups.

    Attributes:
        title: above them.
        columns: their names.
        groups: each has a name, which may be empty, and its rows.
        below: lines under them.
    """

    title: str
    columns: tuple[str, ...]
    groups: Sequence[tuple[str, Sequence[Row]]]
    below: Sequence[str] = ()

    def text(self) -> str:
        """In plain text."""
        rows = [self.columns, *(row.cells for _, group in self.groups for row in group)]
        widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]

        def line(cells: Sequence[str]) -> str:
            first, *others = zip(cells, widths, strict=True)
            aligned = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
            return "  ".join(aligned).rstrip()

        lines = [self.title, line(self.columns)]
        for name, group in self.groups:
            lines += [f"- {name}"] if name else []
            lines += [line(row.cells) for row in group]
        return "\n".join([*lines, *self.below])

    def html(self) -> str:
        """In HTML; in a narrow cell the table scrolls by itself."""
        head = "".join(
            f"<th scope='col' style='{_style(at)}'>{escape(each)}</th>"
            for at, each in enumerate(self.columns)
        )
        body = ""
        for name, group in self.groups:
            if name:
                body += (
                    f"<tr style='background:transparent'><th scope='colgroup' colspan='{len(self.columns)}' "
                    "style='text-align:left;font-weight:normal;padding:.6em .6em .15em 0;border:0'>"
                    f"<span style='position:sticky;left:0;opacity:.75'>{escape(name)}</span></th></tr>"
                )
            body += "".join(map(_row, group))
        below = "".join(
            f"<div style='margin-top:.2em;opacity:.75'>{escape(each)}</div>" for each in self.below
        )
        return (
            '<div class="voicenb-sweep" style="color:var(--jp-ui-font-color0,inherit);'
            "font-family:var(--jp-ui-font-family,system-ui,sans-serif);"
            'font-size:var(--jp-ui-font-size1,13px);line-height:1.45;overflow-wrap:anywhere">'
            f"<div style='font-weight:600'>{escape(self.title)}</div><div style='overflow-x:auto'>"
            "<table style='border-collapse:collapse;margin:.4em 0;color:inherit;font-size:inherit'>"
            f"<thead><tr style='background:transparent'>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"</div>{below}</div>"
        )


def _row(row: Row) -> str:
    cells = ""
    for at, cell in enumerate(row.cells):
        told, _, interval = cell.partition(" (") if at else (cell, "", "")
        small = escape(interval.removesuffix(")"))
        under = f"<div style='opacity:.75;font-size:.9em'>{small}</div>" if small else ""
        cells += f"<td style='{_style(at)}'>{escape(told)}{under}</td>"
    return f"<tr style='background:transparent{';opacity:.7' if row.faded else ''}'>{cells}</tr>"


def _style(at: int) -> str:
    side, space = ("left", "normal;min-width:9em") if at == 0 else ("right", "nowrap")
    return (
        f"text-align:{side};vertical-align:top;font-variant-numeric:tabular-nums;white-space:{space};"
        f"padding:.25em 1em .25em 0;border:0;border-bottom:{_EDGE}"
    )
