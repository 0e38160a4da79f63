"""The transcript as it stays in a saved notebook: readable without a kernel, a widget or a style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

_CALLER, _AGENT, _TOOL = "#3b78d8", "#c8701f", "#8a6bd1"
"""Readable on white and on black: a saved page does not say which it will be."""


def transcript_text(lines: Sequence[dict[str, Any]], agent: str, title: str) -> str:
    """The transcript as plain text."""
    return "\n".join([title, *(_plain(line, agent) for line in lines)])


def transcript_html(lines: Sequence[dict[str, Any]], agent: str, title: str, mark: str) -> str:
    """The transcript as HTML with styles of its own.

    Args:
        lines: as the panel shows them.
        agent: its name.
        title: when, how long, with whom.
        mark: a class for the whole; a live panel hides its own transcript by it.
    """
    body = "".join(_row(line, agent) for line in lines)
    return (
        f'<div class="{mark}" style="padding: 4px 0 4px 2px; line-height: 1.5; overflow-wrap: anywhere">'
        f'<div style="opacity: 0.7; font-size: 90%">{escape(title)}</div>{body}</div>'
    )


def _plain(line: dict[str, Any], agent: str) -> str:
    if line["role"] in ("log", "cost", "yield"):
        return f"    {line['text']}"
    if line["role"] == "tool":
        return f"    {_call(line)}"
    said = " ".join(part for part in (line["text"], line.get("tail")) if part)
    unheard = f" [not heard: {line['unheard']}]" if line.get("unheard") else ""
    return f"{'You' if line['role'] == 'user' else agent}: {said}{unheard}".rstrip()


def _row(line: dict[str, Any], agent: str) -> str:
    if line["role"] in ("cost", "yield"):
        return (
            '<div style="margin: 4px 0; padding-left: 13px; opacity: 0.7; font-size: 90%; '
            f'font-variant-numeric: tabular-nums">{escape(line["text"])}</div>'
        )
    if line["role"] in ("tool", "log"):
        text = _call(line) if line["role"] == "tool" else line["text"]
        return (
            f'<div style="margin: 4px 0; padding-left: 10px; border-left: 3px solid {_TOOL}; opacity: 0.8">'
            f"<code>{escape(text)}</code></div>"
        )
    color, name = (_CALLER, "You") if line["role"] == "user" else (_AGENT, agent)
    said = escape(" ".join(part for part in (line["text"], line.get("tail")) if part))
    unheard = f" <s>{escape(line['unheard'])}</s>" if line.get("unheard") else ""
    return (
        f'<div style="margin: 4px 0; padding-left: 10px; border-left: 3px solid {color}">'
        f'<b style="color: {color}">{escape(name)}</b>&ensp;{said}{unheard}</div>'
    )


def _call(line: dict[str, Any]) -> str:
    tool = line["tool"]
    took = f" · {tool['ms']} ms" if tool["ms"] is not None else ""
    result = f" → {tool['result']}" if tool["result"] is not None else " (no result)"
    return f"{tool['name']}({tool['arguments']}){result}{took}"
