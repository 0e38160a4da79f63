"""A sound check to read: its figures, and what to do about them."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicenb.analysis.calibration import Calibration

SOFT, CLOSE, HEARD, CUT = -42.0, 15.0, -40.0, 0.001
"""What is worth a word: a voice below the first (dBFS), fewer dB than the second between voice and noise, an
echo above the third (dB), a larger share of cut samples than the last."""

HEADPHONES = "The agent may hear itself: use headphones, or turn the loudspeaker down."


def remedies(check: Calibration) -> list[str]:
    """What to do, the most urgent first."""
    return list(_remedies(check))


def _remedies(check: Calibration) -> Iterator[str]:
    if check.echo is not None and check.echo > HEARD:
        yield HEADPHONES
    if check.clipped is not None and check.clipped > CUT:
        yield "The voice is cut off at its loudest: lower the microphone's level in the system's settings."
    elif check.voice is not None and check.voice < SOFT:
        yield "The voice is soft: come nearer to the microphone, or raise its level in the system's settings."
    if check.voice is not None and check.noise is not None and check.voice - check.noise < CLOSE:
        yield "The room is nearly as loud as the voice: come nearer to the microphone, or use a headset."


def text(check: Calibration) -> str:
    """In plain text."""
    rows = _rows(check)
    width = max(len(name) for name, _ in rows)
    lines = ["Sound check", *(f"  {name.ljust(width)}  {value}" for name, value in rows)]
    return "\n".join([*lines, *(f"- {line}" for line in (*remedies(check), *check.missing))])


def html(check: Calibration) -> str:
    """In HTML, in the notebook's own style."""
    rows = "".join(
        f"<tr><th style='text-align:left;font-weight:normal;opacity:.75'>{escape(name)}</th>"
        f"<td style='text-align:left;font-variant-numeric:tabular-nums'>{escape(value)}</td></tr>"
        for name, value in _rows(check)
    )
    told = "".join(f"<li><b>{escape(line)}</b></li>" for line in remedies(check))
    told += "".join(f"<li style='opacity:.75'>{escape(line)}</li>" for line in check.missing)
    listed = f"<ul style='margin:.5em 0 0;padding-left:1.4em'>{told}</ul>" if told else ""
    return (
        '<div class="voicenb-calibration" style="line-height:1.5;overflow-wrap:anywhere"><b>Sound check</b>'
        f"<table style='margin:.4em 0'><tbody>{rows}</tbody></table>{listed}</div>"
    )


def line(check: Calibration) -> str:
    """In one line, for the panel."""
    known = [f"{name} {value}" for name, value in _rows(check) if value != NONE]
    return f"Sound check: {' · '.join(known) or 'nothing could be measured'}."


NONE = "not measured"


def _rows(check: Calibration) -> list[tuple[str, str]]:
    return [
        ("voice", _decibels(check.voice, "dBFS")),
        ("noise", _decibels(check.noise, "dBFS")),
        ("echo", _echo(check)),
        ("round trip", _trip(check)),
    ]


def _decibels(value: float | None, unit: str) -> str:
    return NONE if value is None else f"{round(value)} {unit}"


def _echo(check: Calibration) -> str:
    if check.echo is not None:
        return f"{round(check.echo)} dB of what is played"
    if check.echo_below is not None:
        return f"none found above {round(check.echo_below)} dB"
    return NONE


def _trip(check: Calibration) -> str:
    if check.round_trip is None or check.round_trip_uncertainty is None:
        return NONE
    off = max(1, round(1000 * check.round_trip_uncertainty))
    return f"{round(1000 * check.round_trip)} ms ± {off} ms, loudspeaker to microphone"
