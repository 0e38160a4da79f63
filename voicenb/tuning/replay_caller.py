"""A recorded caller in another conversation: a microphone that says his parts when their cues come."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from voicenb.recording.alignment import LaidOut
from voicenb.session.microphone import FRAME, RATE, Room
from voicenb.session.pace import STALL, Pace
from voicenb.tuning.replay_ear import Ear
from voicenb.tuning.replay_listening import Listening, Said
from voicenb.tuning.replay_parts import CallerPart, CallerSide, Cue
from voicenb.tuning.replay_room import SEAM, RoomSound, Track, faded

By = Literal["turns", "clock"]
Unanswered = Literal["go on", "hang up"]

LEAD, TAIL = 0.25, 0.5
"""Seconds of the recording that are kept before a part and behind it; half of the silence at most."""

PATIENCE = 10.0
"""Seconds without a sound of the agent after which a turn counts as not answered (design, section 6)."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What is said in one go.

    Attributes:
        first: its first sample on the recorded engine's clock.
        last: one past its last.
        lead: samples before its first onset.
        parts: what is in it.
        cue: what it waits for.
    """

    first: int
    last: int
    lead: int
    parts: tuple[CallerPart, ...]
    cue: Cue


def passages(side: CallerSide, by: By) -> list[Passage]:
    """What is said in one go: each part, or by the clock everything.

    Args:
        side: of the caller.
        by: ``"turns"`` or ``"clock"``.
    """
    first, last = round(side.begin * RATE), round(side.end * RATE)
    if not side.parts:
        return []
    if by == "clock":
        onset = round(side.parts[0].start * RATE)
        cue = Cue("alone", side.parts[0].start - side.begin)
        return [Passage(first, last, onset - first, side.parts, cue)]
    found: list[Passage] = []
    for number, part in enumerate(side.parts):
        before = side.parts[number - 1].end if number else side.begin
        behind = side.parts[number + 1].start if number + 1 < len(side.parts) else side.end
        onset = round(part.start * RATE)
        lead = round(min(LEAD, max(0.0, part.start - before) / (2 if number else 1)) * RATE)
        tail = min(TAIL, max(0.0, behind - part.end) / (2 if number + 1 < len(side.parts) else 1))
        stop = max(min(last, round((part.end + tail) * RATE)), round(part.end * RATE))
        found.append(Passage(onset - lead, stop, lead, (part,), part.cue))
    return found


class ReplayedCaller:
    """Someone who says again what he said in a recorded call; a microphone for `voicenb.run`.

    Args:
        side: what he did.
        track: his track, on the recorded engine's clock.
        background: the room behind him, which fills the waits.
        ear: hears the agent; the speaker of the same call.
        name: of the recording.
        by: ``"turns"``: each part waits for its cue; ``"clock"``: they come when they came.
        patience: seconds without a sound of the agent after which he waits no longer.
        if_unanswered: what he does then.
        longest: seconds that he stays at most.
        why_longest: why no longer, as it is told.

    Attributes:
        truth: what was said so far, with its place in the track that is sent, and which recorded turns it is.
        told: what becomes of the call.
    """

    def __init__(
        self,
        side: CallerSide,
        track: LaidOut,
        background: RoomSound,
        ear: Ear,
        *,
        name: str,
        by: By = "turns",
        patience: float = PATIENCE,
        if_unanswered: Unanswered = "go on",
        longest: float = math.inf,
        why_longest: str = "limit",
    ) -> None:
        self.label = f"replay of {name}"
        self.truth: list[dict[str, Any]] = []
        self.told: dict[str, Any] = {"ended": "", "unanswered": [], "room": round(background.seconds, 3)}
        self._side = side
        self._track = track
        self._background = background
        self._ear = ear
        self._by = by
        self._patience = patience
        self._if_unanswered = if_unanswered
        self._longest = longest
        self._why_longest = why_longest
        self._passages = passages(side, by)
        self._next = 0
        self._sound: Track | None = None  # of the passage that is being said
        self._place = 0
        self._marks: list[tuple[int, int, CallerPart]] = []  # of its parts: from where to where in it

    def about(self) -> dict[str, Any]:
        """What the recording says of it; both grow during the call."""
        return {"truth": self.truth, "replay": self.told}

    async def frames(self, room: Room) -> AsyncIterator[bytes]:
        """The caller's side in frames of 20 ms, each when its last sample has been said."""
        loop = asyncio.get_running_loop()
        pace = Pace()
        self._base = loop.time()
        self._listening = Listening(room, self._ear, reaction=self._side.reaction, greeted=self._side.greeted)
        self._said = Said(self._base, first=True)
        self._sent = 0
        while True:
            await pace.next()
            late = loop.time() - (self._base + (self._sent + FRAME) / RATE)
            if late > STALL:
                self._base += late
            frame = self._frame()
            if frame is None:
                return
            self._sent += FRAME
            yield frame.astype("<i2").tobytes()

    def _frame(self) -> Track | None:
        """The next 20 ms; None where he hangs up."""
        if self._now(0) - self._base >= self._longest:
            self.told["ended"] = self._why_longest
            return None
        out, at = np.zeros(FRAME, np.int16), 0
        while at < FRAME:
            if self._sound is not None:
                at += self._say(out, at)
                continue
            due = self._due(self._now(at))
            wait = FRAME if due is None else round((due - self._now(at)) * RATE)
            if due is not None and self._next == len(self._passages) and wait <= 0:
                if at == 0:
                    self.told["ended"] = self.told["ended"] or "hung up"
                    return None
                wait = FRAME  # at the end of this frame
            if due is not None and self._next < len(self._passages):
                wait -= self._passages[self._next].lead
            some = min(max(0, wait), FRAME - at)
            out[at : at + some] = self._background.take(some)
            at += some
            if due is not None and self._next < len(self._passages) and wait < FRAME and at < FRAME:
                self._begin(cut=max(0, -wait), anew=self._sent + at == 0)
        return out

    def _now(self, at: int) -> float:
        """When a sample of this frame is said, in the loop's seconds."""
        return self._base + (self._sent + at) / RATE

    def _due(self, now: float) -> float | None:
        """When he goes on; None where that is not known yet."""
        ends = self._next == len(self._passages)
        cue = self._side.hanging_up if ends else self._passages[self._next].cue
        if ends:
            cue = Cue(cue.kind, min(cue.wait, self._patience), cue.announced)
        elif self._by == "clock":
            return self._base + cue.wait
        due = self._listening.due(cue, self._said, now)
        if due is not None:
            return due
        if self._listening.quiet(self._said, now) <= self._patience:
            return None
        # Nobody answers.
        number = self.truth[-1]["part"] if self.truth else 0  # 0 is the greeting
        if number not in self.told["unanswered"]:
            self.told["unanswered"].append(number)
        if ends or self._if_unanswered == "hang up":
            self._next = len(self._passages)
            self.told["ended"] = "not answered"
        return now

    # --- saying ---

    def _begin(self, cut: int, *, anew: bool) -> None:
        """Begin a passage; its lead is shorter where he is late, but never so short that it clicks.

        Args:
            cut: samples of the lead for which there is no time.
            anew: whether nothing was sent before it.
        """
        passage = self._passages[self._next]
        skipped = min(cut, max(0, passage.lead - SEAM))
        first = passage.first + skipped
        sound = self._track[first : passage.last].copy()
        seam = min(SEAM, passage.lead - skipped)
        if seam and not anew:
            sound[:seam] = faded(self._background.take(seam), sound[:seam])
        stop = round(passage.parts[-1].end * RATE)
        seam = min(SEAM, passage.last - stop)
        if seam:
            sound[-seam:] = faded(sound[-seam:], self._background.take(seam))
        self._sound, self._place = sound, 0
        self._marks = [
            (round(part.start * RATE) - first, round(part.end * RATE) - first, part) for part in passage.parts
        ]
        self._next += 1

    def _say(self, out: Track, at: int) -> int:
        """Put what is due of the passage into a frame; how many samples that were."""
        assert self._sound is not None
        # Up to the next mark, so that what is noted there is noted there.
        marks = [mark for start, stop, _ in self._marks for mark in (start, stop) if mark > self._place]
        until = min([len(self._sound), self._place + FRAME - at, *marks])
        self._mark(at)
        some = until - self._place
        out[at : at + some] = self._sound[self._place : until]
        self._place = until
        if self.truth and self._marks:
            last = self.truth[-1]
            last["stop"] = max(last["stop"], min(self._sent + at + some, last["start"] + self._length))
        if until == len(self._sound):
            self._mark(at + some)
            self._sound = None
        elif until in (stop for _, stop, _ in self._marks):
            self._mark(at + some)
        return some

    def _mark(self, at: int) -> None:
        """Note what begins or ends here."""
        listening = self._listening
        while self._marks:
            start, stop, part = self._marks[0]
            known = bool(self.truth) and self.truth[-1]["part"] == part.number
            if not known and self._place >= start:
                self._said = Said(
                    self._said.end,
                    part.answered,
                    replies_before=listening.replies,
                    turn_before=listening.turn,
                )
                self._length = stop - start
                self.truth.append(self._entry(part, self._sent + at))
                known = True
            if not known or self._place < stop:
                return
            self._said.end = self._now(at)
            self._said.replies, self._said.turn = listening.replies, listening.turn
            self._marks.pop(0)

    def _entry(self, part: CallerPart, start: int) -> dict[str, Any]:
        return {
            "part": part.number,
            "turns": list(part.turns),
            "text": part.text,
            "start": start,
            "stop": start,
            "over_agent": self._listening.over_agent(self._base + start / RATE),
            "cue": "clock" if self._by == "clock" else part.cue.kind,
        }
