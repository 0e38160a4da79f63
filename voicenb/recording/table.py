"""Events as a table: each on its three clocks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from voicenb.protocol.events import HeardNote, read_event
from voicenb.recording.capture import Capture
from voicenb.recording.events import NONE
from voicenb.recording.layout import RATE

if TYPE_CHECKING:
    import numpy.typing as npt

    from voicenb.recording.alignment import Piece
    from voicenb.recording.recording import Recording

_NAMES = ("reply_id", "item_id", "call_id")


def columns(recording: Recording) -> dict[str, Any]:
    """A column each for what events have in common, and one for the message.

    What the columns are, :meth:`voicenb.Recording.to_dataframe` tells.
    """
    events = recording.events
    told = list(events)
    length = len(told)
    acoustic, heard, doubt = (np.full(length, np.nan) for _ in range(3))
    which, _, sound = events.places("caller")
    acoustic[which] = _on_clock(sound[:, 0], recording.said_pieces())
    doubt[which] = _doubts(recording, sound[:, 0])
    which, _, sound = events.places("agent")
    heard[which] = _on_clock(sound[:, 0], recording.heard_pieces())
    for number in events.find("heard", direction="local").tolist():
        note = told[number].get("msg") or told[number]
        told_of = read_event(told[number])
        if not isinstance(told_of, HeardNote):
            continue  # damaged
        heard[number] = told_of.at
        if isinstance(note.get("uncertainty"), int | float):
            doubt[number] = note["uncertainty"]
    messages = [event.get("msg") or {} for event in told]
    texts = [message.get("text", message.get("delta")) for message in messages]
    return {
        "n": [event.get("n", NONE) for event in told],
        "t": np.array(events.t),
        "acoustic": acoustic,
        "heard": heard,
        "uncertainty": doubt,
        "dir": [event["dir"] for event in told],
        "type": [event["type"] for event in told],
        **{name: [message.get(name) for message in messages] for name in _NAMES},
        "text": texts,
        "track": [event.get("track") for event in told],
        "start": [event.get("start") for event in told],
        "samples": [event.get("samples") for event in told],
        "msg": messages,
    }


def _on_clock(samples: npt.NDArray[np.int64], pieces: Sequence[Piece]) -> npt.NDArray[np.float64]:
    """When these samples of a track were there, in seconds; NaN for those that no piece has."""
    ordered = sorted(pieces)
    if not ordered:
        return np.full(len(samples), np.nan)
    first, count, on_clock = np.array(ordered, np.int64).T
    piece = np.searchsorted(first, samples, side="right") - 1
    inside = (piece >= 0) & (samples < first[piece] + count[piece])
    return np.where(inside, (on_clock[piece] + samples - first[piece]) / RATE, np.nan)


def _doubts(recording: Recording, samples: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    points = Capture.of(recording.events, recording.session.get("clocks")).points
    starts = [sample for sample, _, _ in points]
    if not starts:
        return np.full(len(samples), np.nan)
    return np.array([points[max(0, bisect_right(starts, each) - 1)][2] for each in samples.tolist()])
