"""Where the agent was heard: the audible stretches of its replies, on the engine's clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voicenb.audio.level import AUDIBLE, levels
from voicenb.audio.pcm import to_float

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording

RATE = 24_000

STEP = 240
"""Samples of a window that is audible or is not: 10 ms."""

JOIN = 0.3
"""Seconds; a shorter silence between two words does not part what is heard."""

HERE = 0.001
"""Seconds; what is heard from so soon on in a part of a call was heard before it already."""

Note = tuple[int, int, float]
"""What was heard of a reply: first sample, the one after the last, when the first was heard."""


@dataclass(frozen=True, slots=True)
class Voiced:
    """A stretch in which the agent was heard, without a pause of :data:`JOIN` in it.

    Attributes:
        reply_id: of which reply.
        start: when its first audible sample was heard, in the engine's seconds.
        end: when its last one had been.
        first: the first sample, counted in the reply.
    """

    reply_id: str
    start: float
    end: float
    first: int


def audible_runs(recording: Recording, reply_id: str) -> list[tuple[int, int]]:
    """The audible stretches of a reply, heard or not, in samples of the reply.

    A window of 10 ms is audible from -50 dBFS on (:data:`voicenb.audio.level.AUDIBLE`).
    """
    found: list[tuple[int, int]] = []
    for first, place, count in recording.sound(reply_id):
        samples = to_float(np.ascontiguousarray(recording.agent[place : place + count]).tobytes())
        loud = levels(samples, RATE, STEP / RATE) >= AUDIBLE
        edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]])))
        for begin, stop in edges.reshape(-1, 2):
            begin, stop = first + int(begin) * STEP, first + int(stop) * STEP
            if found and begin - found[-1][1] < JOIN * RATE:
                found[-1] = found[-1][0], stop
            else:
                found.append((begin, stop))
    return found


def heard_runs(reply_id: str, audible: Sequence[tuple[int, int]], notes: Sequence[Note]) -> list[Voiced]:
    """When these stretches of a reply were heard.

    Args:
        reply_id: the reply.
        audible: stretches in samples of it.
        notes: what was heard of it, by time.
    """
    found: list[Voiced] = []
    for begin, stop, at in notes:
        for first, last in audible:
            low, high = max(begin, first), min(stop, last)
            if low >= high:
                continue
            start, end = at + (low - begin) / RATE, at + (high - begin) / RATE
            if found and round(start - found[-1].end, 5) < JOIN:  # as in samples: of 0.3 s it is no less
                found[-1] = Voiced(reply_id, found[-1].start, max(end, found[-1].end), found[-1].first)
            else:
                found.append(Voiced(reply_id, start, end, low))
    return found


def voiced(recording: Recording, heard: Mapping[str, Sequence[Note]]) -> list[Voiced]:
    """Where the agent was heard in a whole call, by time.

    Args:
        recording: of the call.
        heard: by reply, what was heard of it.
    """
    replies = [reply_id for reply_id in recording.conversation.replies if reply_id in heard]
    runs = [
        run
        for reply_id in replies
        for run in heard_runs(reply_id, audible_runs(recording, reply_id), heard[reply_id])
    ]
    return sorted(runs, key=lambda run: run.start)


def heard_before(first: int, notes: Sequence[Note]) -> bool:
    """Whether a sample of a reply was heard before second 0: the recording is a part that begins behind it.

    Args:
        first: the sample.
        notes: what was heard of the reply, by time.
    """
    return bool(notes) and first < notes[0][0] and notes[0][2] < HERE
