"""Answers: how long the caller waited for one, and for what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

EndedBy = Literal["min_silence", "max_silence", "adaptive", "resumed", "unknown"]
"""What ended a turn; ``"resumed"``: nothing did, the caller went on before anyone spoke."""

SLACK = 0.1
"""Seconds that a measured silence may be shorter than the setting that ended it."""

TOLD_LATE = 0.3
"""Seconds that it may be longer where the decision is told when it falls: at the end of a frame, and when the
recogniser has come so far."""


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
        ended_by: which limit ended the turn, as far as the client can tell (:func:`ended_by`).
        silence: seconds that the setting which ended the turn demands, or of which nobody can tell which it
            was those that ``min_silence`` demands in any case; None where none is known.
        tools: seconds of tool round trips of which the result was sent before the reply began; None where
            there were none.
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


def is_separable(service: object) -> bool:
    """Whether a service tells of its decision when it falls.

    The emulator does; the hosted service when model and voice are done, so that they are in the delay.

    Args:
        service: who answered, as the recording has it, e.g. ``"emulator · contract · rules"``.
    """
    return str(service or "").split(" ")[0] == "emulator"


def ended_by(
    delay: float, turn_detection: Mapping[str, Any] | None, *, separable: bool
) -> tuple[EndedBy, float | None]:
    """Which limit ended a turn, and the seconds of silence that were demanded.

    A silence that did not reach ``max_silence`` was ended by ``min_silence``. A longer one may have been
    ended by either, wherever the decision is told late; then the limit is ``"unknown"``, and the silence the
    one that ``min_silence`` demands in any case. Where it is told within :data:`TOLD_LATE`, it is known as
    long as that leaves one of the two.

    Args:
        delay: the end-of-turn delay in seconds.
        turn_detection: the settings that were in force; None for the adaptive default.
        separable: whether the service tells of a decision when it falls (:func:`is_separable`).
    """
    if turn_detection is None:
        return "adaptive", None
    least, most = (
        None if value is None else value / 1000
        for value in (turn_detection.get("min_silence"), turn_detection.get("max_silence"))
    )
    if most is not None and delay >= most - SLACK:
        in_time = separable and delay <= most + TOLD_LATE
        if in_time and (least is None or delay > least + TOLD_LATE):
            return "max_silence", most
        return "unknown", least
    if least is not None and delay >= least - SLACK:
        return "min_silence", least
    return "unknown", None
