"""Differences as a table for notebooks, in the colours of the page's theme."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from voicenb.comparison.difference import NOT_SET, shown
from voicenb.comparison.words import pieces

if TYPE_CHECKING:
    from voicenb.comparison.difference import Difference
    from voicenb.comparison.differences import Differences

_EDGE = "1px solid var(--jp-border-color2, rgba(128, 128, 128, .4))"
_CELL = f"text-align: left; vertical-align: top; padding: 4px 10px 4px 0; border: 0; border-bottom: {_EDGE}"
# Struck through and underlined: no colour tells what no shape does, on light and on dark.
_OUT = "background: rgba(128, 128, 128, .18); text-decoration: line-through"
_IN = "background: rgba(128, 128, 128, .18); text-decoration: underline"
_TEXT = "white-space: pre-wrap; overflow-wrap: anywhere; min-width: 10em"


def html(found: Differences) -> str:
    """The table, or one line that there is no difference."""
    heads = "".join(
        f'<th scope="col" style="{_CELL}; font-weight: 600">{escape(head)}</th>'
        for head in ("Setting", *found.names)
    )
    body = "".join(map(_row, found))
    # JupyterLab stripes the rows of tables and sets their type; all cells say what they are.
    table = (
        '<table style="border-collapse: collapse; margin: 4px 0 0; table-layout: auto; font-size: inherit">'
        f'<thead><tr style="background: transparent">{heads}</tr></thead><tbody>{body}</tbody></table>'
    )
    return (
        '<div class="voicenb-differences" style="color: var(--jp-ui-font-color0, inherit); '
        "font-family: var(--jp-ui-font-family, system-ui, sans-serif); "
        'font-size: var(--jp-ui-font-size1, 13px); line-height: 1.45; overflow-x: auto">'
        f"<b>{escape(found.summary[0].upper() + found.summary[1:])}</b>{table if body else ''}</div>"
    )


def _row(difference: Difference) -> str:
    place = escape(difference.place).replace(".", ".<wbr>")
    left, right = _sides(difference.left, difference.right)
    cells = (
        f'<code style="background: transparent; color: inherit; padding: 0">{place}</code>',
        f'<div style="{_TEXT}">{left}</div>',
        f'<div style="{_TEXT}">{right}</div>',
    )
    inside = "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells)
    return f'<tr style="background: transparent">{inside}</tr>'


def _sides(left: Any, right: Any) -> tuple[str, str]:
    if isinstance(left, str) and isinstance(right, str):
        parts = pieces(left, right)
        before = (_marked(text, _OUT if kind == "out" else "") for kind, text in parts if kind != "in")
        after = (_marked(text, _IN if kind == "in" else "") for kind, text in parts if kind != "out")
        return "".join(before), "".join(after)
    if isinstance(left, list) and isinstance(right, list):
        return _items(left, right, _OUT), _items(right, left, _IN)
    return _value(left), _value(right)


def _items(items: list[Any], others: list[Any], style: str) -> str:
    return ", ".join(_marked(str(item), "" if item in others else style) for item in items) or "<i>empty</i>"


def _marked(text: str, style: str) -> str:
    return f'<span style="{style}">{escape(text)}</span>' if style else escape(text)


def _value(value: Any) -> str:
    if value is None:
        return f'<i style="opacity: .65">{NOT_SET}</i>'
    return escape(value if isinstance(value, str) else shown(value))
