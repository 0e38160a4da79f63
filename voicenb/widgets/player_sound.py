"""Both sides of a call as a page asks for them: stereo on the engine's clock, a few seconds at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from voicenb.errors import InvalidConfiguration

if TYPE_CHECKING:
    import numpy.typing as npt

    from voicenb.recording.recording import Recording

LONGEST = 10.0
"""Seconds that one slice may have."""


class BothSides:
    """What :meth:`~voicenb.recording.recording.Recording.stereo` gives, laid out slice by slice.

    The tracks stay on disk, mapped into memory, and of the call only the slice that is asked for is laid out,
    so an hour costs no more than a minute. It is the call as it was when this was made; of one that still
    runs, make another. May be asked from any thread.

    Args:
        recording: of the call.

    Attributes:
        rate: samples per second of each side.
        running: whether the call was still running, or its end is not known.
        lanes: the caller's side and the agent's, int16.
    """

    def __init__(self, recording: Recording) -> None:
        self.rate = recording.rate
        self.running = not recording.finished
        self.lanes = recording.lanes()
        self._length = max(*map(len, self.lanes), round(recording.duration * self.rate))

    def __len__(self) -> int:
        """Samples of each side."""
        return self._length

    @property
    def duration(self) -> float:
        """Seconds."""
        return self._length / self.rate

    def __getitem__(self, part: slice, /) -> npt.NDArray[np.int16]:
        """Int16 at 24 kHz, shape ``(n, 2)``: left the caller, right the agent as it was heard."""
        begin, stop, _ = part.indices(self._length)
        both = np.zeros((max(0, stop - begin), 2), np.int16)
        for side, track in enumerate(self.lanes):
            piece = track[begin:stop]
            both[: len(piece), side] = piece
        return both

    def asked(self, wish: Mapping[str, Any]) -> npt.NDArray[np.int16]:
        """A slice that a page asks for.

        Args:
            wish: ``start`` and ``count`` in samples; what lies behind the end is left out.

        Returns:
            Int16, shape ``(n, 2)``.

        Raises:
            InvalidConfiguration: it is no slice of the call, or longer than ten seconds.
        """
        start, count = _whole(wish, "start"), _whole(wish, "count")
        if not 0 <= start < self._length:
            raise InvalidConfiguration(
                f"The call has {self._length} samples, and none at {start}.", param="start"
            )
        if not 0 < count <= LONGEST * self.rate:
            raise InvalidConfiguration(
                f"A slice has 1 to {round(LONGEST * self.rate)} samples, not {count}.", param="count"
            )
        return self[start : start + count]


def _whole(wish: Mapping[str, Any], name: str) -> int:
    value = wish.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidConfiguration(f"A slice's {name} is in whole samples, not {value!r}.", param=name)
    return value
