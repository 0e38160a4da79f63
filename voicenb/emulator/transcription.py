"""The words of one user's turn: segments that are done, the one at hand, and when the recogniser is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from voicenb.emulator.budget import Budget
from voicenb.emulator.hearing import EARS_RATE, Hearing
from voicenb.emulator.recognizer import Recognizer, Samples

BEFORE = 0.35
AFTER = 0.1
"""Seconds of sound around the speech that the recogniser is given. Before it a third of a second:
with less, it takes more first words for others."""

EVERY = 0.5
"""Seconds between two partial results while somebody speaks."""

BREAK = 0.5
"""A pause of so many seconds ends a segment: what was said before it is not decoded again."""

LONG = 12.0
"""In a segment of so many seconds any pause ends it."""

NEAR = 0.016
"""Seconds within which two moments are the same frame's end."""

URGENT = 0.2
"""Seconds within which the first words over the agent are wanted: they decide whether it is interrupted."""

LONGEST = 24.0
"""A segment of so many seconds is ended where it is, in the middle of speech if need be."""


Recognised = tuple[str, float]
"""Words, and the seconds that it took to get them."""


@dataclass(frozen=True, slots=True)
class _Final:
    """A recognition of the segment at hand up to a pause."""

    speech_end: float
    task: asyncio.Task[Recognised]


class Transcription:
    """What one turn's speech says.

    All times are seconds of the client's track.

    Args:
        hearing: where the samples are.
        ears: the recogniser.
        budget: its time, shared with other sessions.
        keyterms: words that are likelier than elsewhere.
        spawn: starts a task of the session.
        on_text: told when the text of the whole turn is another.
        eager: speech over the agent, whose first words decide whether it interrupts: ask for them sooner.
        expected: what the agent has offered, as a caller may say it.
    """

    def __init__(
        self,
        hearing: Hearing,
        ears: Recognizer,
        budget: Budget,
        keyterms: Sequence[str],
        spawn: Callable[[Coroutine[Any, Any, Recognised]], asyncio.Task[Recognised]],
        on_text: Callable[[Transcription], None],
        *,
        eager: bool = False,
        expected: Sequence[str] = (),
    ) -> None:
        self._hearing = hearing
        self._ears = ears
        self._budget = budget
        self._keyterms, self._expected = tuple(keyterms), tuple(expected)
        self._spawn = spawn
        self._on_text = on_text
        self._eager = self._urgent = eager
        self._closed: list[asyncio.Task[Recognised]] = []
        self._start = 0.0
        self._final: _Final | None = None
        self._partial: asyncio.Task[Recognised] | None = None
        self._newest = ""  # of the segment at hand
        self.covers = 0.0  # how far the newest text reaches
        self._asked = 0.0  # when the last partial was asked for, or speech began
        self.last_work: float | None = None

    # --- what happened on the track ---

    def begin(self, onset: float) -> None:
        """Speech begins: the first of the turn, or after a pause that ended a segment."""
        self._start = onset
        self._newest = ""
        self.covers = self._asked = onset
        if self._eager:
            self._asked -= EVERY / 2
            self._eager = False

    def speaking(self, now: float) -> None:
        """Speech goes on: ask for a partial result when it is time."""
        if now - self._start > LONGEST:
            self._close(now)
            self.begin(now)
        if now - self._asked >= EVERY and (self._partial is None or self._partial.done()):
            self._asked = now
            self._partial = self._spawn(self._recognise_partial(now))

    def pausing(self, speech_end: float, wanted_in: float = 0.0) -> None:
        """A pause is long enough to be the last: begin the final result while the silence still runs.

        Args:
            speech_end: where the pause began.
            wanted_in: seconds from now on until the pause may end the turn.
        """
        if self._final is None or abs(self._final.speech_end - speech_end) > NEAR:
            self._final = _Final(speech_end, self._spawn(self._recognise_final(speech_end, wanted_in)))

    def resumed(self, onset: float, speech_end: float) -> None:
        """Speech goes on after a pause that began at ``speech_end``."""
        if onset - speech_end >= BREAK or speech_end - self._start >= LONG:
            self._close(speech_end)
            self.begin(onset)
        else:
            self._final = None

    # --- what it says ---

    @property
    def text(self) -> str:
        """The whole turn so far, as far as it is known."""
        done = [task.result()[0] for task in self._closed if task.done() and not task.cancelled()]
        return " ".join(part for part in (*done, self._newest) if part)

    @property
    def busy(self) -> bool:
        """Whether the recogniser is at work on it."""
        tasks = [*self._closed, self._partial, self._final.task if self._final else None]
        return any(task is not None and not task.done() for task in tasks)

    async def final(self, speech_end: float) -> str:
        """The whole turn, whose last speech ended at ``speech_end``; uses what the pause began."""
        self.pausing(speech_end)
        assert self._final is not None
        parts = [*self._closed, self._final.task]
        results = [await asyncio.shield(task) for task in parts]
        self.last_work = results[-1][1]
        return " ".join(text for text, _ in results if text)

    # --- how it is found out ---

    def _close(self, speech_end: float) -> None:
        self.pausing(speech_end)
        assert self._final is not None
        self._closed.append(self._final.task)
        self._final = None

    async def _recognise_partial(self, now: float) -> Recognised:
        start = self._start
        samples = self._hearing.stretch(start - BEFORE, now)
        cost = self._cost(samples.size)
        text: str | None
        if self._urgent:
            self._urgent = False
            due = asyncio.get_running_loop().time() + URGENT
            text = await self._budget.run(lambda: self._transcribe(samples), cost, due)
        else:
            text = await self._budget.partial(lambda: self._transcribe(samples), cost)
        if text is not None and start == self._start and self.covers < now:
            self._learn(text, now)
        return text or "", 0.0

    async def _recognise_final(self, speech_end: float, wanted_in: float) -> Recognised:
        start = self._start
        began = asyncio.get_running_loop().time()
        samples = self._hearing.stretch(start - BEFORE, speech_end + AFTER)
        text = await self._budget.run(
            lambda: self._transcribe(samples),
            cost=self._cost(samples.size),
            due=began + wanted_in,
        )
        if start == self._start:
            self._learn(text, speech_end)
        return text, asyncio.get_running_loop().time() - began

    def _transcribe(self, samples: Samples) -> str:
        return self._ears.transcribe(samples, self._keyterms, self._expected)

    def _cost(self, samples: int) -> float:
        return self._ears.cost * samples / EARS_RATE

    def _learn(self, text: str, covers: float) -> None:
        self._newest = text
        self.covers = max(self.covers, covers)
        self._on_text(self)
