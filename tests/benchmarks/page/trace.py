"""From stamps to figures: what the page captured and posted, what came to the sink, what the page put out."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE = 24_000
QUANTUM = 128
TONE = 8000 / 32768 / 2**0.5
"""Root mean square of the sink's tone."""

STRETCH = 2000.0
"""Milliseconds of the context's time in which its earliest quantum is looked for, and as many around it."""

Floats = NDArray[np.float64]
Shorts = NDArray[np.int16]
Window = tuple[float, float]
"""From and to, in epoch seconds."""


def _floats(text: str) -> Floats:
    return np.frombuffer(b64decode(text), "<f8")


def _shorts(text: str) -> Shorts:
    return np.frombuffer(b64decode(text), "<i2")


@dataclass(frozen=True, slots=True)
class Input:
    """The way of the microphone's samples, message by message as the sink got them; epoch milliseconds.

    Attributes:
        captured: when the message's first sample was captured.
        left: when the message with its last sample left the worklet.
        page: when that, or the word of how loud it is, reached the page's main thread.
        arrived: when the sink had it.
        misdated: frames by which the worklet's own word of the first sample's place is off (NaN: none).
        lost: samples that left the worklet between the first and the last that arrived, and never did.
        foreign: samples that arrived and had never left the worklet.
        stall: by how much the audio thread was late at most, per quantum.
        quanta: when each quantum was taken in.
    """

    captured: Floats
    left: Floats
    page: Floats
    arrived: Floats
    misdated: Floats
    lost: int
    foreign: int
    quanta: Floats
    stall: Floats

    def within(self, window: Window) -> NDArray[np.bool_]:
        """Which messages arrived in a stretch of time."""
        return (self.arrived >= window[0] * 1000) & (self.arrived < window[1] * 1000)

    def latency(self, window: Window) -> Floats:
        """Milliseconds from a message's first sample to its arrival, framing included."""
        here = self.within(window)
        return self.arrived[here] - self.captured[here]

    def way(self, window: Window) -> Floats:
        """Milliseconds from leaving the worklet to arrival."""
        here = self.within(window)
        return self.arrived[here] - self.left[here]

    def to_page(self, window: Window) -> Floats:
        """Milliseconds from leaving the worklet to the page's main thread."""
        here = self.within(window)
        return self.page[here] - self.left[here]

    def silence(self, window: Window) -> float:
        """Longest time between two messages that arrived, in ms."""
        return float(np.max(np.diff(self.arrived[self.within(window)])))

    def stalled(self, window: Window) -> float:
        """By how much the audio thread was late at most, in ms."""
        here = (self.quanta >= window[0] * 1000) & (self.quanta < window[1] * 1000)
        return float(np.max(self.stall[here]))


def read_input(page: dict[str, str], sink: dict[str, Any], ahead: float) -> Input:
    """Put the page's notes and the sink's together, by the samples themselves.

    The worklet's clock has steps of 1 ms. A sample's moment of capture is on the straight line that touches
    the earliest quanta of some seconds (with which a quantum's *last* sample has just been captured): so
    waiting for a whole quantum, for the device's buffer and for the audio thread all count.

    Args:
        page: what ``__bench.input()`` gave.
        sink: what ``dump`` gave.
        ahead: milliseconds that the page's ``performance`` clock is ahead of the sink's.
    """
    frames, stamps = _floats(page["quanta"]).reshape(-1, 2).T
    counts, posted, told = _floats(page["posts"]).reshape(-1, 3).T
    in_page = _floats(page["arrived"]) - ahead
    ends = (frames + QUANTUM) / RATE * 1000
    line = _line(stamps, ends)
    sent = b64decode(page["pcm"])
    firsts = _origins(_shorts(page["heard"]), np.frombuffer(sent, "<i2"), counts.astype(int), frames)
    places = np.concatenate([[0], np.cumsum(counts)])
    got = b64decode(sink["pcm"])

    lost = foreign = begin = 0
    at = -1
    rows = []
    for moment, samples in sink["arrivals"]:
        message = got[begin : begin + 2 * samples]
        begin += 2 * samples
        if at < 0:
            if not any(message):
                continue  # a microphone begins with silence, and all silence is alike
            at = sent.find(message)
        if sent[at : at + len(message)] != message:
            found = sent.find(message, at)
            if found < 0:
                foreign += samples
                continue
            lost += (found - at) // 2
            at = found
        head = int(np.searchsorted(places, at // 2, "right")) - 1
        tail = int(np.searchsorted(places, at // 2 + samples - 1, "right")) - 1
        frame = firsts[head] + at // 2 - places[head]
        captured = line[np.searchsorted(frames, frame, "right") - 1] + frame / RATE * 1000
        rows.append((captured, posted[tail], in_page[tail], moment * 1000, told[head] - firsts[head]))
        at += len(message)
    captured, left, reached, arrived, misdated = np.array(rows).T
    return Input(captured, left, reached, arrived, misdated, lost, foreign, stamps, stamps - ends - line)


def _line(stamps: Floats, ends: Floats) -> Floats:
    """Of each quantum, what to add to its place in the context's time to get the machine's, in ms."""
    behind = stamps - ends
    stretch = (ends - ends[0]) // STRETCH
    least = np.array([np.min(behind[stretch == n], initial=np.inf) for n in range(int(stretch[-1]) + 1)])
    # The first stretch has the device's buffers being filled in it, ahead of time.
    least[0] = least[min(1, len(least) - 1)]
    around = np.minimum(np.minimum(least, np.append(least[1:], np.inf)), np.append(np.inf, least[:-1]))
    return around[stretch.astype(int)]


def _origins(heard: Shorts, sent: Shorts, counts: NDArray[np.int_], frames: Floats) -> Floats:
    """The context's frame number of each message's first sample, found by what went into the worklet."""
    firsts = np.empty(len(counts))
    at = begin = 0
    for n, count in enumerate(counts):
        probe = sent[begin : begin + min(count, 128)].astype(int)
        if not _alike(heard[at : at + len(probe)], probe):
            at = next(
                place for place in range(at, len(heard)) if _alike(heard[place : place + len(probe)], probe)
            )
        firsts[n] = frames[at // QUANTUM] + at % QUANTUM
        at += count
        begin += count
    return firsts


def _alike(heard: Shorts, sent: NDArray[np.int_]) -> bool:
    return len(heard) == len(sent) and bool(np.all(np.abs(heard - sent) <= 2))


@dataclass(frozen=True, slots=True)
class Output:
    """What reached the page's output, quantum by quantum.

    Attributes:
        at: when it was rendered, in epoch milliseconds.
        loud: whether the tone was in it, at half its strength or more.
    """

    at: Floats
    loud: NDArray[np.bool_]

    def gaps(self, window: Window) -> list[float]:
        """The pauses between the first and the last sound in a stretch of time, in milliseconds of sound."""
        here = (self.at >= window[0] * 1000) & (self.at < window[1] * 1000)
        loud = np.flatnonzero(self.loud[here])
        return [float(n - 1) * QUANTUM / RATE * 1000 for n in np.diff(loud) if n > 1]

    def silent_after(self, moment: float, within: float = 0.4) -> float:
        """Milliseconds from ``moment`` (epoch seconds) until there was no sound any more, and stayed none.

        Args:
            moment: since when.
            within: seconds that are looked at; sound to their end counts as all of them.
        """
        since, until = np.searchsorted(self.at, [moment * 1000, (moment + within) * 1000])
        loud = np.flatnonzero(self.loud[since:until])
        last = since + loud[-1] + 1 if len(loud) else since
        return float(self.at[min(last, len(self.at) - 1)] - moment * 1000)


def read_output(text: str) -> Output:
    """What ``__bench.output()`` gave."""
    at, level = _floats(text).reshape(-1, 2).T
    return Output(at, level > TONE / 2)
