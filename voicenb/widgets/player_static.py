"""A call as it stays in a saved notebook: a picture and the transcript, without a kernel or a widget."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from voicenb.plot.axes import clock

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording

ROW = 36.0
"""Seconds of a call in a row of the picture: words can be read below it."""

ROWS = 4
"""Rows at most; of a longer call the picture shows the beginning."""

LINES = 100
"""Lines of the transcript at most."""

_CALLER, _AGENT, _TOOL, _NOTE = "#3b78d8", "#c8701f", "#8a6bd1", "#7b828e"
"""Readable on white and on black: a saved page does not say which it will be."""


def shown_until(duration: float) -> float:
    """The second up to which the picture shows a call."""
    return min(duration, ROW * ROWS)


def picture(recording: Recording) -> bytes:
    """The call from left to right, in rows, as PNG on white; empty where it has not begun.

    Args:
        recording: of the call.
    """
    from matplotlib.figure import Figure

    from voicenb.plot.timeline import timeline

    until = shown_until(recording.duration)
    if until <= 0:
        return b""
    if until < recording.duration:
        recording = recording[:until]  # for what is not shown nobody waits
    count = math.ceil(until / ROW - 0.1)  # a few seconds more have room in the last one
    count = max(1, min(ROWS, count))
    length = until / count
    # Not pyplot's: the figures of the notebook's user are nothing to this one.
    figure = Figure(figsize=(11.0, 2.7 * count), layout="constrained", facecolor="white")
    rows = figure.subplots(count, 1, squeeze=False)
    for number, (ax,) in enumerate(rows):
        timeline(recording, start=number * length, end=(number + 1) * length, ax=ax)
        if number:  # what the first one says of all
            ax.set_title("", loc="left")
            if (legend := ax.get_legend()) is not None:
                legend.remove()
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=100)
    return file.getvalue()


def static_text(call: Mapping[str, Any]) -> str:
    """The transcript as plain text.

    Args:
        call: the document.
    """
    lines = [_plain(line, call["title"]) for line in call["lines"][:LINES]]
    return "\n".join([_title(call), *lines, *_more(call)])


def static_html(call: Mapping[str, Any], png: bytes, mark: str) -> str:
    """Picture and transcript as HTML with styles of its own.

    Args:
        call: the document.
        png: the picture, or nothing.
        mark: a class for the whole; a live Player hides it by that.
    """
    body = "".join(_row(line, call["title"]) for line in call["lines"][:LINES])
    more = "".join(f'<div style="opacity: 0.7">{escape(told)}</div>' for told in _more(call))
    return (
        f'<div class="{mark}" style="padding: 4px 0 4px 2px; line-height: 1.5; overflow-wrap: anywhere">'
        f'<div style="opacity: 0.7; font-size: 90%">{escape(_title(call))}</div>'
        f"{_image(call, png)}{body}{more}</div>"
    )


def _image(call: Mapping[str, Any], png: bytes) -> str:
    if not png:
        return ""
    until = shown_until(call["duration"])
    whole = until >= call["duration"]
    part = "the call" if whole else f"the first {clock(round(until))} of the call"
    told = f"Timeline of {part} with {call['title']}: both voices, what was said, and the waits."
    source = base64.b64encode(png).decode("ascii")
    return (
        f'<img alt="{escape(told)}" src="data:image/png;base64,{source}" '
        'style="display: block; width: 100%; max-width: 1100px; margin: 4px 0">'
    )


def _title(call: Mapping[str, Any]) -> str:
    tiles = [f"{tile['name']} {tile['value']} ({tile['note']})" for tile in call["tiles"][:1]]
    length = clock(round(call["duration"]))
    parts = [f"Call with {call['title']}", call["date"], length, call["service"], *tiles]
    return " · ".join(part for part in parts if part)


def _more(call: Mapping[str, Any]) -> Iterable[str]:
    left = len(call["lines"]) - LINES
    if left > 0:
        yield f"… and {left} more lines, in the recording's transcript."
    yield from call["findings"]


def _tenths(seconds: float) -> str:
    """Seconds of a call with a tenth, also where that is none: below each other they are read better."""
    tenths = round(10 * seconds)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"


def _words(line: Mapping[str, Any]) -> str:
    return " ".join(word for word, *_ in line["words"])


def _plain(line: Mapping[str, Any], agent: str) -> str:
    at = _tenths(line["at"])
    if line["by"] == "tool":
        return f"{at:>7}  {line['code']} → {line['result']}"
    if line["by"] == "note":
        return f"{at:>7}  Note: {line['note']}"
    unheard = f" [not heard: {line['unheard']}]" if line.get("unheard") else ""
    note = f" ({line['note']})" if line.get("note") else ""
    return f"{at:>7}  {_who(line, agent)}: {_words(line)}{unheard}{note}".rstrip()


def _who(line: Mapping[str, Any], agent: str) -> str:
    return "Caller" if line["by"] == "caller" else agent


def _row(line: Mapping[str, Any], agent: str) -> str:
    at = f'<span style="opacity: 0.65">{_tenths(line["at"])}</span>'
    if line["by"] == "tool":
        color, told = _TOOL, f"<code>{escape(line['code'])}</code> → {escape(line['result'])}"
    elif line["by"] == "note":
        color, told = _NOTE, f"<b>Note</b>&ensp;{escape(line['note'])}"
    else:
        color = _CALLER if line["by"] == "caller" else _AGENT
        told = f'<b style="color: {color}">{escape(_who(line, agent))}</b>&ensp;{escape(_words(line))}'
        if line.get("unheard"):
            told += f" <s>{escape(line['unheard'])}</s>"
        if line.get("note"):
            told += f" <i>{escape(line['note'])}</i>"
    style = f"margin: 2px 0; padding-left: 10px; border-left: 3px solid {color}"
    return f'<div style="{style}; font-variant-numeric: tabular-nums">{at}&ensp;{told}</div>'
