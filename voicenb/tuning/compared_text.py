"""A comparison as text and as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from voicenb.tuning.compared import IN_PERCENT, Arm, Cell, ComparedRow

if TYPE_CHECKING:
    from voicenb.tuning.compared import Comparison

MINUS = "\N{MINUS SIGN}"

_HEADINGS = ("", "arm", "answered by", "value", "difference", "95 % interval", "verdict", "rests on")


def text(comparison: Comparison) -> str:
    """The table, a line for each figure of each arm."""
    first = comparison.arms[0]
    lines = [_about(arm, first) for arm in comparison.arms]
    table: list[Sequence[str]] = [_HEADINGS]
    for row in comparison.rows:
        for arm in comparison.arms:
            cell = row.cells[arm.name]
            begins = arm is first
            table.append(
                (
                    row.name if begins else "",
                    arm.name,
                    arm.answered_by,
                    value_of(row, cell),
                    "" if begins else difference_of(row, cell),
                    "" if begins else interval_of(row, cell),
                    "" if begins else cell.verdict,
                    row.basis if begins else "",
                )
            )
    widths = [max(len(cells[at]) for cells in table) for at in range(len(_HEADINGS))]
    for cells in table:
        aligned = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        lines.append("  ".join(aligned).rstrip())
    return "\n".join([*lines, *comparison.notes])


def _about(arm: Arm, first: Arm) -> str:
    calls = f"{arm.calls} call{'s' * (arm.calls != 1)}"
    differs = "; ".join(arm.differs) or "nothing in its settings"
    compared = "" if arm is first else f"; differs from {first.name} in {differs}"
    return f"{arm.name}: {arm.answered_by}, {calls}; turn detection {arm.turn_detection}{compared}"


def value_of(row: ComparedRow, cell: Cell) -> str:
    """A value in words.

    Args:
        row: of the figure.
        cell: of the arm.
    """
    if cell.value is None:
        return "not measured"
    if not row.share:
        return f"{cell.value:.2f} {row.unit}".strip()
    if cell.counts is None:
        return f"{cell.value:.0%}"
    few = cell.counts[1] < IN_PERCENT
    told = "{} of {}".format(*cell.counts)
    return told if few else f"{cell.value:.0%} ({told})"


def difference_of(row: ComparedRow, cell: Cell) -> str:
    """A difference to the first arm in words; of shares of few none."""
    if cell.difference is None or (cell.counts is not None and cell.counts[1] < IN_PERCENT):
        return ""
    return _signed(row).format(cell.difference).replace("-", MINUS)


def interval_of(row: ComparedRow, cell: Cell) -> str:
    """Its interval in words, or why there is none."""
    if cell.interval is not None:
        low, high = (_signed(row).format(value) for value in cell.interval)
        return f"{low} … {high}".replace("-", MINUS)
    return "not measured" if cell.difference is None else "too few to tell"


def _signed(row: ComparedRow) -> str:
    return "{:+.0%}" if row.share else f"{{:+.2f}} {row.unit}".strip()


_EDGE = "1px solid var(--jp-border-color2, rgba(128, 128, 128, .4))"
_CELL = "text-align: left; vertical-align: top; padding: 5px 14px 5px 0; border: 0; background: none"


def html(comparison: Comparison) -> str:
    """The arms, a column each; below a value stands how it differs from the first arm's."""
    first = comparison.arms[0]
    heads = "".join(
        f'<th scope="col" style="{_CELL}; border-bottom: {_EDGE}; font-weight: normal; min-width: 9em">'
        f"<b>{escape(arm.name)}</b>"
        f"{_small(f'{arm.answered_by} · {arm.calls} call' + 's' * (arm.calls != 1))}"
        f"{_small(f'turn detection {arm.turn_detection}')}"
        f"{''.join(_small(each, apart=True) for each in arm.differs)}</th>"
        for arm in comparison.arms
    )
    body = "".join(_row(row, comparison, first) for row in comparison.rows)
    notes = "".join(
        f'<div style="opacity: .75; margin-top: 2px">{escape(note)}</div>' for note in comparison.notes
    )
    return (
        '<div class="voicenb-comparison" style="color: var(--jp-ui-font-color0, inherit); '
        "font-family: var(--jp-ui-font-family, system-ui, sans-serif); "
        "font-size: var(--jp-ui-font-size1, 13px); line-height: 1.45; font-variant-numeric: tabular-nums; "
        'overflow-x: auto"><table style="border-collapse: collapse; margin: 0; font-size: inherit; '
        'table-layout: auto"><thead><tr style="background: none">'
        f'<th scope="col" style="{_CELL}; border-bottom: {_EDGE}"></th>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table>{notes}</div>"
    )


def _row(row: ComparedRow, comparison: Comparison, first: Arm) -> str:
    cells = "".join(_cell(row, row.cells[arm.name], arm is first) for arm in comparison.arms)
    return (
        f'<tr style="background: none"><th scope="row" style="{_CELL}; border-bottom: {_EDGE}; '
        f'font-weight: normal; min-width: 9em">{escape(row.name)}{_small(row.basis)}</th>{cells}</tr>'
    )


def _cell(row: ComparedRow, cell: Cell, first: bool) -> str:
    told = f'<span style="white-space: nowrap">{escape(value_of(row, cell))}</span>'
    if not first:
        told += _verdict(row, cell)
    return f'<td style="{_CELL}; border-bottom: {_EDGE}">{told}</td>'


def _verdict(row: ComparedRow, cell: Cell) -> str:
    if cell.difference is None:
        return ""
    between = interval_of(row, cell)
    if cell.verdict == "inconclusive":
        return _small(f"inconclusive: {between}")
    # The word and its weight tell it, and no colour: lower is not better in every row.
    by = _signed(row).format(abs(cell.difference)).lstrip("+")
    return (
        f'<div style="font-size: .9em"><b>{cell.verdict}</b> by {escape(by)} '
        f'<span style="opacity: .75">({escape(between)})</span></div>'
    )


def _small(told: str, *, apart: bool = False) -> str:
    """A line below another one.

    Args:
        told: the line.
        apart: whether it may be broken behind the dots of a place.
    """
    if not told:
        return ""
    line = escape(told).replace(".", ".<wbr>") if apart else escape(told)
    return f'<div style="font-size: .9em; opacity: .75">{line}</div>'
