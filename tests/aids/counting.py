"""A caller whose samples count: what is lost, repeated or out of order shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import numpy as np

from voicenb.session.microphone import FRAME, RATE, Room


class Counting:
    """A microphone that counts samples, for as long as the session goes on."""

    label = "counting"

    async def frames(self, room: Room) -> AsyncIterator[bytes]:
        del room
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number in range(10**6):
            samples = np.arange(number * FRAME, (number + 1) * FRAME)
            yield (samples % 65536 - 32768).astype("<i2").tobytes()
            await asyncio.sleep(began + (number + 1) * FRAME / RATE - loop.time())


def steps(pcm: bytes) -> list[int]:
    """The steps from one sample to the next, each once; where nothing is missing there is only 1."""
    samples = np.frombuffer(pcm, "<i2").astype(np.int64)
    return sorted(set((np.diff(samples) % 65536).tolist()))
