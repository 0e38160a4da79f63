"""Answers: how long the caller waited for one, and for what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

EndedBy = Literal["min_silence", "max_silence", "adaptive", "resumed", "unknown"]
"""What ended a turn; ``"resumed"``: nothing did, the caller went on before anyone spoke."""

SLACK = 0.1
"""Seconds that a measured silence may be shorter than the setting that ended it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came between the caller's last sound and the agent's first; times in the engine's seconds.

    The definitions are those of the response latency (acoustic speech end → first audible sample heard), of
    the end-of-turn delay (acoustic speech end → the decision, on the wire), and of the tool round trip (call
    received → result sent).

    Attributes:
        reply_id: the reply that was heard.
        speech_end: the caller's acoustic speech end.
        decided: when the service said that the turn was over (wire); None where a recording from elsewhere
            does not tell: it was not captured.
        audible: when the reply's first audible sample was heard; in a recording from elsewhere, when it was
            sent.
        ended_by: which limit ended the turn, as far as the client can tell.
        silence: seconds that the setting which ended the turn demands; None where none is known.
        tools: seconds of tool round trips before the reply; None in a turn without tools.
        announcement: seconds in which a reply before this one was heard, outside of the tool round trips.
    """

    reply_id: str
    speech_end: float
    decided: float | None
    audible: float
    ended_by: EndedBy
    silence: float | None = None
    tools: float | None = None
    announcement: float = 0.0

    @property
    def response_latency(self) -> float:
        """Seconds from the caller's acoustic speech end to the first audible sample heard."""
        return self.audible - self.speech_end

    @property
    def end_of_turn_delay(self) -> float | None:
        """Seconds from the caller's acoustic speech end to the decision; None where that was not captured."""
        return None if self.decided is None else self.decided - self.speech_end

    @property
    def rest(self) -> float | None:
        """Seconds from the decision to the first audible sample, without tools and announcement.

        None where the decision was not captured.
        """
        if self.decided is None:
            return None
        return self.audible - self.decided - (self.tools or 0.0) - self.announcement


def ended_by(delay: float, turn_detection: Mapping[str, Any] | None) -> tuple[EndedBy, float | None]:
    """Which limit ended a turn, and the seconds of silence that it demands.

    Args:
        delay: the end-of-turn delay in seconds.
        turn_detection: the settings that were in force; None for the adaptive default.
    """
    if turn_detection is None:
        return "adaptive", None
    least, most = turn_detection.get("min_silence"), turn_detection.get("max_silence")
    if most is not None and delay >= most / 1000 - SLACK:
        return "max_silence", most / 1000
    if least is not None and delay >= least / 1000 - SLACK:
        return "min_silence", least / 1000
    return "unknown", None
