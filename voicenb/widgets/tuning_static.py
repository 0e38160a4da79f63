"""The panel of turn detection as it stands in a saved notebook: readable without a kernel or a widget.

It is written when the cell runs, so it says nothing of what is measured later, nor that it was not.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from voicenb.widgets.shown import turn_detection_state
from voicenb.widgets.tuned_settings import MODE

_CELL = "padding: 2px 12px 2px 0; text-align: left; font-weight: normal"

_WHEN, _AGAIN = "when this cell ran", "Run it again to tune."


def panel_text(state: Mapping[str, Any]) -> str:
    """The panel in a line, and one for each turn."""
    lines = [f"Turn detection of {state['agent']} {_WHEN}: {_settings(state)}. {_AGAIN}"]
    lines += [f"    {row['n']}. {' · '.join(filter(None, _parts(row)))}" for row in state["turns"]]
    return "\n".join(lines)


def panel_html(state: Mapping[str, Any]) -> str:
    """The same as a table with styles of its own."""
    rows = "".join(
        f'<tr style="background: none">{_cells([str(row["n"]), row["text"], *_parts(row)[1:]])}</tr>'
        for row in state["turns"]
    )
    table = f'<table style="font-variant-numeric: tabular-nums; margin: 4px 0">{rows}</table>' if rows else ""
    return (
        '<div style="padding: 4px 0; line-height: 1.5; overflow-wrap: anywhere">'
        f"<b>Turn detection of {escape(state['agent'])}</b> {_WHEN}: {escape(_settings(state))}"
        f'{table}<div style="opacity: 0.7; font-size: 90%">{_AGAIN}</div></div>'
    )


def _settings(state: Mapping[str, Any]) -> str:
    told = turn_detection_state(state["turn_detection"], state["mode"], running=False)
    return f"{told['name']} {told['detail']} · {state['mode'] or MODE}"


def _parts(row: Mapping[str, Any]) -> list[str]:
    """The words, the wait, what ended it, and what came of it; empty where there is nothing to say."""
    wait = "" if row["latency"] is None else f"answered in {row['latency']:.2f} s"
    limit = row["ended_by"] + ("" if row["limit"] is None else f" {row['limit']} ms")
    outcome = {"cut": "cut: the caller went on", "interrupted": "interrupted"}.get(row["outcome"], "")
    return [f"“{row['text']}”", wait, limit, outcome]


def _cells(texts: list[str]) -> str:
    return "".join(f'<td style="{_CELL}">{escape(text)}</td>' for text in texts)
