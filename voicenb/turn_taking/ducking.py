"""When the agent's voice is made quieter: an ear of one's own hears the caller before the service says so.

The service withholds ``input.speech.started`` over the agent until it has decided to interrupt; live, that
was observed 1.1 to 2.2 s behind the onset, once 3 s. Two frames of speech (64 ms) are enough to make the
voice quieter, for that can be taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from voicenb.turn_taking.segmenter import Resumed, Segmenter, Started

THRESHOLD = 0.5
"""The speech probability from which a frame is speech."""

WINDOW = 3.2
"""Seconds behind the onset within which the service confirms, or the voice is back: the latest that was
observed live, and the way there and back."""

APART = 0.5
"""Seconds of silence behind which speech is new: what goes on past the window does not do it again."""

TRIES = 3
"""So many in a row that nobody confirmed, and the ear is not believed any more, until the service hears
somebody over the agent: in a microphone that hears the agent's own voice it would go on for ever."""

Why = Literal["confirmed", "unconfirmed", "over"]
"""The service said that the caller speaks, and the agent falls silent; it did not say so in time; the agent's
voice was over before."""


@dataclass(frozen=True, slots=True)
class Quieter:
    """Make the voice quieter: the caller speaks, since ``onset``."""

    onset: float


@dataclass(frozen=True, slots=True)
class Back:
    """Make it as loud as it was.

    Attributes:
        why: what became of it.
        rests: whether the ear is not believed any more, from now on.
    """

    why: Why
    rests: bool = False


class Ducking:
    """Follows one call, whose agent is audible now and then. Times are the driver's, in seconds.

    Attributes:
        quiet: whether the voice is quieter now.
        until: when :meth:`expire` is due, if it is.
    """

    def __init__(self) -> None:
        self.quiet = False
        self.until = float("-inf")
        self._segmenter = Segmenter(THRESHOLD)
        self._tries = 0

    def frame(self, probability: float, at: float) -> Quieter | None:
        """The next frame of 32 ms of the caller's sound, while the agent is audible and may be interrupted.

        Args:
            probability: of speech in it, 0…1.
            at: when its end was sent.
        """
        match self._segmenter.push(probability):
            case Started(onset=onset):
                pass
            case Resumed(onset=onset, pause=pause) if pause >= APART:
                pass
            case _:
                return None
        if self.quiet or self._tries >= TRIES:
            return None
        began = at - (self._segmenter.now - onset)
        self.quiet, self.until = True, began + WINDOW
        return Quieter(began)

    def expire(self, at: float) -> Back | None:
        """It is so late: the voice comes back where nobody has confirmed in time."""
        return self._back("unconfirmed") if self.quiet and at >= self.until else None

    def rest(self) -> Back | None:
        """The agent is silent, or may not be interrupted: what is heard next is heard afresh."""
        self._segmenter = Segmenter(THRESHOLD)
        return self._back("over") if self.quiet else None

    def confirm(self, at: float, *, audible: bool) -> Back | None:
        """The service hears the caller, or has ended the reply for that.

        Args:
            at: when it says so.
            audible: whether the agent was until now.
        """
        was, self.quiet = self.quiet, False
        if was or audible or at <= self.until:
            self._tries = 0
        return Back("confirmed") if was else None

    def _back(self, why: Why) -> Back:
        self.quiet = False
        self._tries += 1
        return Back(why, rests=self._tries == TRIES)
