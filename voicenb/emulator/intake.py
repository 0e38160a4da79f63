"""A client's sound on its way in: held against the pace of speech, and heard a stretch at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from voicenb.emulator.errors import Refusal
from voicenb.emulator.rate import AudioBucket
from voicenb.emulator.resources import Resources
from voicenb.emulator.turns import Turns
from voicenb.errors import AudioError

STRETCH = 48_000
"""Bytes of one message that are heard before others have their turn."""

BAD_AUDIO = Refusal("invalid_audio", "Invalid audio data", "audio")
TOO_FAST = Refusal("audio_rate_violation", "Audio is sent faster than real time")


class Intake:
    """Takes the sound of one session; outside of its conversation it is discarded.

    Args:
        resources: the clock, and whether the pace is enforced.
        refuse: says what is wrong.

    Attributes:
        received: seconds of sound that were taken.
    """

    def __init__(self, resources: Resources, refuse: Callable[[Refusal], None]) -> None:
        self.received = 0.0
        self._resources = resources
        self._refuse = refuse
        self._turns: Turns | None = None
        self._keep: Callable[[bytes], None] | None = None
        self._bucket = AudioBucket(0.0)
        self._told = False  # that it is too fast
        self._unheard = b""  # of the last message

    def open(self, turns: Turns, keep: Callable[[bytes], None]) -> None:
        """The conversation begins.

        Args:
            turns: hear it.
            keep: keeps it for the session's history.
        """
        self._turns, self._keep = turns, keep
        self.begin()

    def begin(self) -> None:
        """A client is there, for the first time or again: its pace counts from now on."""
        self._bucket = AudioBucket(self._resources.stamps.loop_time())

    def close(self) -> None:
        """The session is over."""
        self._turns, self._unheard = None, b""

    def take(self, audio: bytes) -> None:
        """A message came; `hear` is to follow."""
        if self._turns is None:
            return  # "audio sent before the session is established is discarded"
        try:
            seconds = self._turns.hearing.seconds(audio)
        except AudioError:
            self._refuse(BAD_AUDIO)
            return
        if audio.startswith(b"RIFF") and audio[8:12] == b"WAVE":  # a file, and no samples
            self._refuse(BAD_AUDIO)
            return
        enforced = self._resources.profile.rate_enforced
        if enforced and not self._bucket.take(seconds, self._resources.stamps.loop_time()):
            if not self._told:
                self._refuse(TOO_FAST)
            self._told = True
            return
        self._told = False
        self.received += seconds
        if self._keep is not None:
            self._keep(audio)
        self._unheard = audio

    async def hear(self) -> None:
        """Hear what came; a long message must not silence every agent."""
        while self._unheard:
            audio, self._unheard = self._unheard[:STRETCH], self._unheard[STRETCH:]
            self._hear(audio)
            if self._unheard:
                await asyncio.sleep(0)

    def hear_out(self) -> None:
        """Hear at once what is left of what came."""
        audio, self._unheard = self._unheard, b""
        self._hear(audio)

    def _hear(self, audio: bytes) -> None:
        if audio and self._turns is not None:
            self._turns.hear(audio)
