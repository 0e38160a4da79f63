"""Other rates: whole sounds at once, or a stream in chunks. The chunks make no difference to the samples."""

from __future__ import annotations

from typing import Any

import numpy as np

from voicenb.audio.pcm import Samples


def resample(samples: Samples, source: int, target: int) -> Samples:
    """``samples`` at ``target`` samples per second instead of ``source``; the same bytes every time."""
    if source == target:
        return np.asarray(samples, dtype=np.float32)
    import soxr

    result: Samples = soxr.resample(np.asarray(samples, dtype=np.float32), source, target, quality="HQ")
    return result


class Resampler:
    """Resamples a stream; what comes out, joined, is what `resample` makes of the whole.

    The filter looks ahead, so the stream comes out late: about 40 ms between 16, 22.05, 24 and 48 kHz, 75
    ms to and from 8 kHz. Positions do not shift: output sample ``n`` stands for the moment ``n / target``.

    Args:
        source: samples per second that are pushed.
        target: samples per second that come out.
        quality: soxr's recipe; ``"LQ"`` halves the lateness and lets a little more of the top octave through.
    """

    def __init__(self, source: int, target: int, quality: str = "HQ") -> None:
        self.source = source
        self.target = target
        self._quality = quality
        self._stream = self._new()

    def _new(self) -> Any:
        if self.source == self.target:
            return None
        import soxr

        return soxr.ResampleStream(self.source, self.target, 1, dtype="float32", quality=self._quality)

    def push(self, samples: Samples) -> Samples:
        """Samples in, what can already be said of the output out (often empty for short chunks)."""
        chunk = np.ascontiguousarray(samples, dtype=np.float32)
        if self._stream is None:
            return chunk
        result: Samples = self._stream.resample_chunk(chunk)
        return result

    def finish(self) -> Samples:
        """The rest of the output; the resampler is then new, as if nothing had been pushed."""
        if self._stream is None:
            return np.zeros(0, np.float32)
        rest: Samples = self._stream.resample_chunk(np.zeros(0, np.float32), last=True)
        self._stream = self._new()
        return rest
