"""A room in which the microphone hears the loudspeaker: two devices without a browser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from voicenb.audio.noise import pink
from voicenb.audio.pcm import to_float, to_pcm
from voicenb.audio.wav import read_wav
from voicenb.session.microphone import FRAME, RATE
from voicenb.session.pace import Pace
from voicenb.session.speakers import Captured

AUDIO = Path(__file__).parents[1] / "data" / "audio"

Sound = npt.NDArray[np.float32]


class Loudspeaker(Captured):
    """Keeps what it plays, and tells what of it sounds when."""

    label = "loudspeaker"

    def sounding(self, begin: float, count: int) -> Sound:
        """What sounds from the loop's second ``begin`` on."""
        found = np.zeros(count, np.float32)
        for stretch in [*self.stretches, *self._queue]:
            off = round((stretch.at - begin) * RATE)
            samples = to_float(bytes(stretch.pcm))
            low, high = max(0, off), min(count, off + len(samples))
            if low < high:
                found[low:high] += samples[low - off : high - off]
        return found


class Room:
    """A microphone in a room with a loudspeaker.

    Args:
        delay: seconds from the loudspeaker to the microphone.
        echo: dB of what arrives there; None: headphones.
        noise: dBFS of the room; None: digital silence.
        speaks: seconds after which somebody says a sentence; None: nobody does.
        hangs_up: seconds after which the microphone ends; None: never.
    """

    label = "microphone in a room"

    def __init__(
        self,
        *,
        delay: float = 0.05,
        echo: float | None = -25.0,
        noise: float | None = -60.0,
        speaks: float | None = 7.5,
        hangs_up: float | None = None,
    ) -> None:
        self.speaker = Loudspeaker()
        self.delay = delay
        self.echo = echo
        self.hangs_up = hangs_up
        self._own = np.zeros(60 * RATE, np.float32)
        if noise is not None:
            self._own += np.float32(10 ** (noise / 20)) * pink(len(self._own), 3)
        if speaks is not None:
            samples, _ = read_wav(AUDIO / "austen-0880.wav")
            at = round(speaks * RATE)
            self._own[at : at + len(samples)] += samples

    async def frames(self, room: Any) -> AsyncIterator[bytes]:
        """What is heard, frame by frame."""
        del room
        loop, pace = asyncio.get_running_loop(), Pace()
        began = loop.time()
        for place in range(0, len(self._own) - FRAME, FRAME):
            await pace.next()
            heard = self._own[place : place + FRAME].copy()
            if self.echo is not None:
                begin = began + place / RATE - self.delay  # not now: a frame may come late
                heard += np.float32(10 ** (self.echo / 20)) * self.speaker.sounding(begin, FRAME)
            yield to_pcm(heard)
            if self.hangs_up is not None and place / RATE >= self.hangs_up:
                return
