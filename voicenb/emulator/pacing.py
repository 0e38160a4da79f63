"""The play-head of one reply: what was sent, what is heard, when the next chunk is due. Pure arithmetic."""

from __future__ import annotations

SLACK = 0.1
"""Seconds that whoever listens holds back at least, lead or no lead; 100 to 200 ms are usual. So late may a
chunk come before that is heard."""


class PlayHead:
    """Plays a reply in thought, on the sender's clock, sample 0 at the moment of the first chunk.

    The head is absolute: a chunk that went out late does not push back the ones after it. Only when the sound
    sent so far, and what the listener holds back, has run out does the rest move (a *gap*, which whoever
    listens hears too).

    Args:
        lead: seconds of sound that go out ahead of real time.
    """

    def __init__(self, lead: float) -> None:
        self._lead = lead
        self._slack = max(0.0, SLACK - lead)
        self._origin: float | None = None
        self.sent = 0.0
        self.gaps: list[float] = []

    @property
    def begun(self) -> bool:
        """Whether anything was sent."""
        return self._origin is not None

    def due(self, now: float) -> float:
        """When the next chunk should go out; ``now`` for the first."""
        return now if self._origin is None else self._origin + max(0.0, self.sent - self._lead)

    def put(self, seconds: float, now: float) -> None:
        """A chunk goes out at ``now``."""
        if self._origin is None:
            self._origin = now
        elif now > self.end + self._slack + 1e-9:
            self.gaps.append(now - self.end)
            self._origin = now - self.sent
        self.sent += seconds

    @property
    def end(self) -> float:
        """When the last sample sent so far will have been heard."""
        return (self._origin or 0.0) + self.sent

    def when(self, position: float) -> float:
        """The moment at which the sample at ``position`` seconds is heard."""
        return (self._origin or 0.0) + position

    def position(self, now: float) -> float:
        """Seconds of the reply heard at ``now``."""
        return 0.0 if self._origin is None else min(self.sent, max(0.0, now - self._origin))
