"""A turn that a setting would cut."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from voicenb.recording.excerpt import Excerpt
from voicenb.recording.recording import Recording

if TYPE_CHECKING:
    from voicenb.widgets.player import Player

AROUND = 2.0
"""Seconds to either side of the silence that are played."""


@dataclass(frozen=True, slots=True)
class Example:
    """A silence in which a setting would end the turn, and the caller had more to say.

    Attributes:
        call: the recording's name.
        kind: ``"pause"``; ``"speech"`` that is not heard at its threshold; ``"doubtful"``, where nobody knows
            whether the caller had done.
        start: where the silence begins, in seconds of the call.
        end: where the caller went on.
        decided: when the turn would be ended.
        recording: of the call.
    """

    call: str
    kind: Literal["pause", "speech", "doubtful"]
    start: float
    end: float
    decided: float
    recording: Recording = field(repr=False, compare=False)

    @property
    def sound(self) -> Excerpt:
        """The part of the call around it: a recording, which can be played."""
        begin = max(0.0, self.start - AROUND)
        return self.recording[begin : min(self.recording.duration, self.end + AROUND)]

    def player(self) -> Player:
        """To hear it in a notebook: a :class:`~voicenb.widgets.player.Player` of :attr:`sound`."""
        from voicenb.widgets.player import Player

        return Player(self.sound)
