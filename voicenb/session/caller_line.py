"""The caller's line: what becomes of the microphone's frames on their way to the service."""

from __future__ import annotations

from voicenb.errors import AudioError
from voicenb.session.microphone import RATE

ROOM = 60 * RATE * 2
"""Bytes of audio given by hand that may wait to be sent: one minute."""


class CallerLine:
    """Mutes frames, and lays audio that was given by hand over them.

    Audio given by hand takes the place of the microphone's, sample for sample: so it goes out at the
    microphone's pace, which is real time, and the service never gets more than one second of audio a second.
    """

    def __init__(self) -> None:
        self.muted = False
        self._given = bytearray()

    @property
    def waiting(self) -> int:
        """Bytes of audio given by hand that were not sent yet."""
        return len(self._given)

    def has_room(self, pcm: bytes) -> bool:
        """Whether ``pcm`` fits behind what waits."""
        return not self._given or len(self._given) + len(pcm) <= ROOM

    def give(self, pcm: bytes) -> None:
        """Audio given by hand, PCM16 mono at 24 kHz.

        Raises:
            AudioError: half a sample.
        """
        if len(pcm) % 2:
            raise AudioError(f"PCM16 needs whole samples of two bytes; got {len(pcm)} bytes.", bytes=len(pcm))
        self._given += pcm

    def through(self, frame: bytes) -> bytes:
        """What is sent in place of a frame of the microphone's."""
        if self._given:
            given = bytes(self._given[: len(frame)])
            del self._given[: len(frame)]
            return given + (bytes(len(frame) - len(given)) if self.muted else frame[len(given) :])
        return bytes(len(frame)) if self.muted else frame
