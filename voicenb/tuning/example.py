"""A turn that a setting would cut."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from voicenb.analysis.turns import turns
from voicenb.recording.annotations import Annotations, Note
from voicenb.recording.excerpt import Excerpt
from voicenb.recording.recording import Recording

if TYPE_CHECKING:
    from voicenb.widgets.player import Player

AROUND = 2.0
"""Seconds to either side of the silence that are played, and of the agent's next words."""

BEFORE = 0.5
"""Seconds in front of the turn: where speech begins the service tells, and the detector hears, later."""

LONGEST = 10.0
"""Seconds behind the turn within which the agent's next words are taken for its answer."""

NEAR = 0.1
"""Seconds that a turn's ends may lie apart from the silence's and still touch it."""


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
        """The part of the call around it, two seconds to either side: a recording."""
        begin = max(0.0, self.start - AROUND)
        return self.recording[begin : min(self.recording.duration, self.end + AROUND)]

    @property
    def in_call(self) -> Excerpt:
        """The part of the call with all of the turn, up to the agent's next words: a recording.

        A note says where the setting would have ended the turn; the call itself is given none.
        """
        of_call = turns(self.recording)
        spoken = [(each.start, each.end) for each in of_call.caller if each.start is not None]
        whole = [
            (start, end)
            for start, end in spoken
            if end is not None and start < self.end + NEAR and self.start - NEAR < end
        ]
        begin = min([self.start - AROUND, *(start - BEFORE for start, _ in whole)])
        done = max([self.end, *(end for _, end in whole)])
        answers = [each.start for each in of_call.agent if each.start is not None and each.start >= done]
        answer = min((each for each in answers if each <= done + LONGEST), default=done)
        return _Marked(
            self.recording, max(0.0, begin), min(self.recording.duration, answer + AROUND), self.decided
        )

    def player(self) -> Player:
        """To hear it in a notebook: a :class:`~voicenb.widgets.player.Player` of :attr:`in_call`.

        It stands two seconds before the silence.
        """
        from voicenb.widgets.player import Player

        part = self.in_call
        return Player(part, start=max(0.0, self.start - AROUND - part.begin))


class _Marked(Excerpt):
    """A part of a call with a note where a turn would have ended, which the call has not."""

    def __init__(self, call: Recording, begin: float, end: float, decided: float) -> None:
        super().__init__(call, begin, end)
        self._decided = Note("The setting would have ended the turn here.", round(decided - begin, 6))

    @property
    def _annotations(self) -> Annotations:
        return super()._annotations.with_note(self._decided)
