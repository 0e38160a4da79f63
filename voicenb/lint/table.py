"""Findings as a table for notebooks, in the colours of the page's theme."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicenb.lint.finding import Finding, Severity
    from voicenb.lint.findings import Findings

# The text takes the page's own colour, light or dark; the word names the severity, the mark only repeats it.
_MARKS: dict[Severity, tuple[str, str]] = {
    "error": ("error", "var(--jp-error-color1, #d32f2f)"),
    "warn": ("warning", "var(--jp-warn-color1, #d9822b)"),
    "info": ("info", "var(--jp-info-color1, #3b78d8)"),
}
_HEADS = ("", "Rule", "Where", "What is wrong", "What to do")
_EDGE = "1px solid var(--jp-border-color2, rgba(128, 128, 128, .4))"
_CELL = f"text-align: left; vertical-align: top; padding: 4px 10px 4px 0; border: 0; border-bottom: {_EDGE}"


def html(findings: Findings) -> str:
    """The table, or one line that nothing was found."""
    body = "".join(map(_row, findings))
    heads = "".join(f'<th scope="col" style="{_CELL}; font-weight: 600">{head}</th>' for head in _HEADS)
    # JupyterLab stripes the rows of tables and sets their type; all cells say what they are.
    table = (
        '<table style="border-collapse: collapse; margin: 4px 0 0; table-layout: auto; font-size: inherit">'
        f'<thead><tr style="background: transparent">{heads}</tr></thead><tbody>{body}</tbody></table>'
    )
    return (
        '<div class="voicenb-findings" style="color: var(--jp-ui-font-color0, inherit); '
        "font-family: var(--jp-ui-font-family, system-ui, sans-serif); "
        'font-size: var(--jp-ui-font-size1, 13px); line-height: 1.45; overflow-x: auto">'
        f"<b>{escape(findings.summary[0].upper() + findings.summary[1:])}</b>{table if body else ''}</div>"
    )


def _row(finding: Finding) -> str:
    name, color = _MARKS[finding.severity]
    text = f"<div><q>{escape(finding.text)}</q></div>" if finding.text else ""
    cells = (
        f'<span style="border-left: 4px solid {color}; padding-left: 6px; white-space: nowrap">{name}</span>',
        f'<span style="white-space: nowrap">{escape(finding.rule)}</span>',
        f'<code style="background: transparent; color: inherit; padding: 0">{_path(finding.place)}</code>',
        f'<div style="overflow-wrap: anywhere; min-width: 14em">{text}{escape(finding.reason)}</div>',
        escape(finding.remedy),
    )
    inside = "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells)
    return f'<tr style="background: transparent">{inside}</tr>'


def _path(place: str) -> str:
    """A path that may be broken at its dots, and nowhere else."""
    return escape(place).replace(".", ".<wbr>")
