"""How much audio a client may send: real time, with a burst forgiven."""

from __future__ import annotations

BURST = 10.0
"""Seconds of audio ahead of real time that are forgiven: clients hold early frames and send them at ready."""


class AudioBucket:
    """A leaky bucket of audio, in seconds.

    Args:
        now: loop time at ``session.ready``.
        burst: seconds of audio ahead of real time that pass.
    """

    def __init__(self, now: float, burst: float = BURST) -> None:
        self._level = 0.0
        self._burst = burst
        self._at = now

    def take(self, seconds: float, now: float) -> bool:
        """Whether ``seconds`` more of audio pass; those that do not are not counted."""
        self._level = max(0.0, self._level - (now - self._at))
        self._at = now
        if self._level + seconds > self._burst:
            return False
        self._level += seconds
        return True
