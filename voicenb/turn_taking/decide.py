"""Stage two: pauses and settings become decisions.

Written once, for one pause live and for 100 000 policies offline. Everything broadcasts as numpy does: one
pause and one policy give scalars; pauses of shape ``(p, 1)`` and silences of shape ``(k,)`` give decisions of
shape ``(p, k)``.

    >>> from voicenb.turn_taking.settings import Settings
    >>> decision = decide(Pauses(length=1.2, resumed=True), Settings(min_silence=1000, max_silence=3000))
    >>> float(decision.at), Ending(int(decision.by)).name
    (1.024, 'MIN_SILENCE')
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from voicenb.turn_taking.segmenter import FRAME_SECONDS

_FRAME_MS = FRAME_SECONDS * 1000
_HAIR = 1e-6
"""Of a frame: floating point must not cost a frame when a limit falls on a frame's end."""


class Ending(IntEnum):
    """Which limit ended a turn; as integers, so that arrays can hold them."""

    NONE = 0
    MIN_SILENCE = 1
    MAX_SILENCE = 2

    @property
    def setting(self) -> str:
        """The setting's name as the wire has it: ``"min_silence"``, ``"max_silence"`` or ``"none"``."""
        return self.name.lower()


class Silences(Protocol):
    """The two limits, in milliseconds, scalars or arrays; `Settings` is one."""

    @property
    def min_silence(self) -> Any:
        """Ends an utterance that looks complete."""

    @property
    def max_silence(self) -> Any:
        """Ends any utterance."""


@dataclass(frozen=True, slots=True)
class Policies:
    """Many settings at once: arrays of limits in milliseconds."""

    min_silence: npt.ArrayLike
    max_silence: npt.ArrayLike


@dataclass(frozen=True, slots=True)
class Pauses:
    """One silence or many, scalars or arrays.

    Attributes:
        length: seconds from the end of the speech to its resumption, or so far when nobody has resumed
            (live); ``inf`` for a silence that is known to go on.
        complete_at: seconds into the silence from which on the words look complete: 0 at once, ``inf`` never.
        resumed: whether the caller went on. The first of the two frames that make a resumption still counts
            as silence when it comes, so a decision can fall on it.
    """

    length: npt.ArrayLike
    complete_at: npt.ArrayLike = 0.0
    resumed: npt.ArrayLike = False


@dataclass(frozen=True, slots=True)
class Decisions:
    """When the turn ends, and why; scalars or arrays of one shape.

    Attributes:
        at: seconds into the silence, always the end of a frame; ``inf`` where the turn does not end.
        by: the `Ending`.
    """

    at: npt.NDArray[np.float64]
    by: npt.NDArray[np.int8]


def limit_frames(milliseconds: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The frame of a silence, counted from 1, at whose end a limit is reached; of limits as of arrays.

    Limits that are reached at the same frame decide alike.
    """
    frames: npt.NDArray[np.float64] = np.ceil(np.asarray(milliseconds, np.float64) / _FRAME_MS - _HAIR)
    return frames


def decide(pauses: Pauses, settings: Silences) -> Decisions:
    """When and why the turn ends in each pause under each policy.

    It ends on the first frame end at which the silence has reached ``min_silence`` and the words look
    complete, or ``max_silence`` in any case. Where both hold on the same frame, it was ``min_silence``.
    """
    seen = np.floor(np.asarray(pauses.length, np.float64) / FRAME_SECONDS + _HAIR)
    seen = seen + np.asarray(pauses.resumed, np.bool_)
    shortest, longest = limit_frames(settings.min_silence), limit_frames(settings.max_silence)
    complete = np.ceil(np.asarray(pauses.complete_at, np.float64) / FRAME_SECONDS - _HAIR)
    willing = np.maximum(shortest, complete)
    end = np.minimum(willing, longest)
    ended = end <= seen
    by = np.where(ended, np.where(willing <= longest, Ending.MIN_SILENCE, Ending.MAX_SILENCE), Ending.NONE)
    return Decisions(np.where(ended, end * FRAME_SECONDS, np.inf), by.astype(np.int8))
