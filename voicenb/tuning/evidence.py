"""What a recording shows of its turn taking: who was heard when, what was decided, which words were known.

Everything is told in seconds of the caller's track, which the silences that decide are counted in. Where the
microphone was off the track has no gap, and neither has what is told here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from voicenb.analysis.boundaries import BLOCK, STEP, Speech, refined
from voicenb.analysis.exchange import Exchange
from voicenb.analysis.measure import Measure
from voicenb.analysis.voiced import voiced
from voicenb.audio.level import levels
from voicenb.audio.pcm import to_float
from voicenb.protocol.caller_state import TELLING, CallerState, State
from voicenb.recording.alignment import Piece
from voicenb.recording.layout import RATE
from voicenb.recording.recording import Recording
from voicenb.tuning.hearing import Values
from voicenb.tuning.scripted import Scripted, scripted


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply as it was heard.

    Attributes:
        start: when its first audible sample was heard.
        end: when its last one had been.
        interrupted: whether it was cut off.
        told: when the service said so (wire); None where it did not.
    """

    start: float
    end: float
    interrupted: bool = False
    told: float | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision of the service's that a turn was over.

    Attributes:
        at: when it came (wire).
        turn_detection: the settings in force, as the service had confirmed them; None for the adaptive
            default.
        tools: whether tools were called for the turn.
    """

    at: float
    turn_detection: Mapping[str, Any] | None = None
    tools: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Words that were known from a moment on.

    Attributes:
        at: when they came (wire).
        text: the whole turn so far.
        final: whether they are the transcript, which comes with the decision.
        item: of the conversation; a turn that was reopened keeps it. Empty where it is not known.
    """

    at: float
    text: str
    final: bool = False
    item: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """One call. Times are seconds of the caller's track.

    Attributes:
        name: of the recording.
        service: who answered.
        values: probability of speech of each frame, shape ``(n,)``.
        speech: the caller's, from the sound, to 10 ms.
        replies: the agent's, by time.
        decisions: the service's, by time.
        words: of the caller's turns, by time.
        awaited: what the caller's turn is to be from a moment on (wire), by time; ``other`` before the first.
        scripted: what the script says of it, where the caller followed one, by time.
        duration: of what is known.
        clock: from the engine's seconds to the track's; None where they are the same.
    """

    name: str
    service: str
    values: Values
    speech: tuple[Speech, ...]
    replies: tuple[Reply, ...] = ()
    decisions: tuple[Recorded, ...] = ()
    words: tuple[Words, ...] = ()
    duration: float = 0.0
    clock: TrackClock | None = None
    awaited: tuple[tuple[float, State], ...] = ()
    scripted: tuple[Scripted, ...] = ()


class TrackClock:
    """Where the caller's track was at a moment of the engine's clock.

    Args:
        pieces: where the track belongs on that clock.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._first = np.array([piece[0] for piece in pieces], np.float64)
        self._count = np.array([piece[1] for piece in pieces], np.float64)
        self._on_clock = np.array([piece[2] for piece in pieces], np.float64)

    def __call__(self, seconds: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """In seconds of the track; within a gap of the microphone's, where it stood still.

        Before the first sample the track counts backwards, behind its last one it goes on: what was heard
        there has its place too.
        """
        samples = np.asarray(seconds, np.float64) * RATE
        if not len(self._first):
            return samples / RATE
        at = np.clip(np.searchsorted(self._on_clock, samples, side="right") - 1, 0, None)
        passed = samples - self._on_clock[at]
        inside = np.where(at == len(self._first) - 1, passed, np.minimum(passed, self._count[at]))
        track: npt.NDArray[np.float64] = (self._first[at] + inside) / RATE
        return track

    def back(self, seconds: float) -> float:
        """When a moment of the track was, in the engine's seconds, to a microsecond."""
        return round(float(self.all_back(seconds)), 6)

    def all_back(self, seconds: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """When moments of the track were, in the engine's seconds; what is no number stays none."""
        track = np.asarray(seconds, np.float64)
        if not len(self._first):
            return track
        at = np.clip(np.searchsorted(self._first, track * RATE, side="right") - 1, 0, None)
        moments: npt.NDArray[np.float64] = (self._on_clock[at] + track * RATE - self._first[at]) / RATE
        return moments

    def one(self, seconds: float) -> float:
        """One moment, to a microsecond."""
        return round(float(self(seconds)), 6)


def read(recording: Recording, values: Values) -> Evidence:
    """Read one recording.

    Args:
        recording: of the call.
        values: its probabilities of speech (`voicenb.tuning.kept.probabilities`).
    """
    measure = Measure(recording)
    measure.refresh()
    clock = TrackClock(recording.said_pieces())
    exchanges = measure.exchanges.all
    return Evidence(
        name=recording.name,
        service=str(recording.session.get("service") or ""),
        values=values,
        speech=acoustic(recording.caller, values),
        replies=_replies(recording, measure, clock),
        decisions=() if "decisions" in recording.absent else _decisions(exchanges, clock),
        words=_words(recording, clock),
        duration=max(len(recording.caller) / RATE, clock.one(recording.duration)),
        clock=clock,
        awaited=_awaited(recording, clock),
        scripted=tuple(
            Scripted(clock.one(each.start), clock.one(each.end), each.what) for each in scripted(recording)
        ),
    )


def acoustic(track: npt.NDArray[np.int16], values: Values) -> tuple[Speech, ...]:
    """The caller's speech as `voicenb.analysis.boundaries.find_speech` finds it, from known probabilities."""
    loud = [
        levels(to_float(np.ascontiguousarray(track[at : at + BLOCK]).tobytes()), RATE, STEP)
        for at in range(0, len(track), BLOCK)
    ]
    return tuple(refined(values.tolist(), np.concatenate(loud) if loud else np.zeros(0)))


def _replies(recording: Recording, measure: Measure, clock: TrackClock) -> tuple[Reply, ...]:
    heard: Mapping[str, Sequence[tuple[int, int, float]]] = measure.heard
    replies = recording.conversation.replies
    if not heard:  # nobody noted what was heard: it counts as heard when it came
        heard = {
            each.reply_id: [(0, each.samples, each.first_audio_at)]
            for each in replies.values()
            if each.first_audio_at is not None
        }
    spans: dict[str, tuple[float, float]] = {}
    for run in voiced(recording, heard):
        begin, end = spans.get(run.reply_id, (run.start, run.end))
        spans[run.reply_id] = min(begin, run.start), max(end, run.end)
    told: dict[str, float] = {}
    for kind in ("transcript.agent", "reply.done"):
        for event in recording.events.select(kind, direction="in"):
            message = event.get("msg") or {}
            if message.get("interrupted") or message.get("status") == "interrupted":
                told.setdefault(str(message.get("reply_id") or ""), clock.one(float(event["t"])))
    found = [
        Reply(clock.one(begin), clock.one(end), bool(replies[name].interrupted), told.get(name))
        for name, (begin, end) in spans.items()
    ]
    return tuple(sorted(found, key=lambda reply: reply.start))


def _decisions(exchanges: Sequence[Exchange], clock: TrackClock) -> tuple[Recorded, ...]:
    found: list[Recorded] = []
    for each in exchanges:
        moments = [*each.taken_back, *([] if each.decided is None else [each.decided])]
        found += [Recorded(clock.one(at), each.turn_detection, bool(each.calls)) for at in moments]
    return tuple(sorted(found, key=lambda decision: decision.at))


def _words(recording: Recording, clock: TrackClock) -> tuple[Words, ...]:
    found: list[Words] = []
    for kind in ("transcript.user.delta", "transcript.user"):
        for event in recording.events.select(kind, direction="in"):
            message = event.get("msg") or {}
            text = str(message.get("text") or message.get("delta") or "")
            at, item = clock.one(float(event["t"])), str(message.get("item_id") or "")
            found.append(Words(at, text, kind == "transcript.user", item))
    return tuple(sorted(found, key=lambda words: words.at))


def _awaited(recording: Recording, clock: TrackClock) -> tuple[tuple[float, State], ...]:
    """The changes of what is awaited, as a policy that followed the session would have seen them."""
    events = [each for way, kind in TELLING for each in recording.events.select(kind, direction=way)]
    follower, found = CallerState(), []
    for event in sorted(events, key=lambda each: (float(each["t"]), int(each["n"]))):
        before = follower.awaited
        follower.take(event["dir"], event["type"], event.get("msg") or {})
        if follower.awaited != before:
            found.append((clock.one(float(event["t"])), follower.awaited))
    return tuple(found)
