"""The picture of a turn that an expectation is about."""

from __future__ import annotations

import base64
import io
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording
    from voicenb.testing.expectations.verdict import Concern

BEFORE, BEHIND = 1.5, 2.5
"""Seconds that are shown before a turn, and behind it and its answer."""

LONGEST = 20.0
"""Seconds that are shown at most."""


def stretch(concern: Concern, duration: float) -> tuple[float, float] | None:
    """From which second to which a turn is shown, with its answer; None where it has no sound.

    Args:
        concern: the turn.
        duration: of the call, in seconds.
    """
    turn = concern.turn
    if turn is None or turn.start is None:
        return None
    end = turn.start if turn.end is None else turn.end
    waited = turn.first_answer or turn.response_latency or (10.0 if turn.unanswered else 0.0)
    begin = max(0.0, turn.start - BEFORE)
    until = min(duration, begin + LONGEST, end + max(0.0, waited) + BEHIND)
    return (begin, until) if begin < until else None


def picture(recording: Recording, concern: Concern) -> str:
    """The turn on the call's timeline, as an image in HTML on white; empty where there is nothing to see.

    Args:
        recording: of the call.
        concern: the turn.
    """
    shown = stretch(concern, recording.duration)
    if shown is None:
        return ""
    from matplotlib.figure import Figure

    from voicenb.plot.timeline import timeline

    # Not pyplot's: the figures of the notebook's user are nothing to this one.
    figure = Figure(figsize=(10.0, 2.7), layout="constrained", facecolor="white")
    timeline(recording, start=shown[0], end=shown[1], ax=figure.subplots())
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=100)
    source = base64.b64encode(file.getvalue()).decode("ascii")
    told = f"Timeline of {concern.place(alone=True)}: both voices, what was said, and the waits."
    return (
        f'<div style="overflow-x: auto"><img alt="{escape(told)}" src="data:image/png;base64,{source}" '
        'style="display: block; width: 100%; min-width: 620px; max-width: 1000px; margin: 6px 0"></div>'
    )
