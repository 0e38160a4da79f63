"""Gaps in the agent's voice: silences in the middle of a reply that were not in it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from voicenb.analysis.voiced import audible_runs

if TYPE_CHECKING:
    from voicenb.recording.played import Played
    from voicenb.recording.recording import Recording

LEAST = 0.04
"""Seconds; a shorter one nobody hears, and the page's clock may have moved by that."""


@dataclass(frozen=True, slots=True)
class VoiceGap:
    """A silence of :data:`LEAST` or more that was not in the reply, as where its sound came late.

    Attributes:
        reply_id: the reply.
        start: when the last sample before it had been heard, in the engine's seconds.
        end: when the first one behind it was heard.
    """

    reply_id: str
    start: float
    end: float

    @property
    def length(self) -> float:
        """Seconds (both heard)."""
        return self.end - self.start


def voice_gaps(recording: Recording) -> tuple[VoiceGap, ...] | None:
    """Those of a call, by time: what the panel counts as gaps.

    Only where something audible of the reply was heard before and behind it. A reply that went on as it was,
    a pause in the agent's own words, and what was cut off have none.

    Args:
        recording: of the call.

    Returns:
        None where replies have sound and nobody noted what was heard.
    """
    if "ear" in recording.absent:
        return None
    stretches = recording.played()
    if not stretches and any(reply.samples for reply in recording.conversation.replies.values()):
        return None
    of_reply: dict[str, list[Played]] = {}
    for stretch in stretches:
        of_reply.setdefault(stretch.reply_id, []).append(stretch)
    found = [gap for reply_id, mine in of_reply.items() for gap in _gaps(recording, reply_id, mine)]
    return tuple(sorted(found, key=lambda gap: gap.start))


def _gaps(recording: Recording, reply_id: str, mine: list[Played]) -> list[VoiceGap]:
    broken = [(one, other) for one, other in pairwise(mine) if other.start - one.end >= LEAST]
    runs = audible_runs(recording, reply_id) if broken else []
    return [
        VoiceGap(reply_id, one.end, other.start)
        for one, other in broken
        if runs and runs[0][0] < one.last and other.first < runs[-1][1]
    ]
