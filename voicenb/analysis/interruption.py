"""Interruptions: how fast the agent gave way, and what of its words was not heard."""

from __future__ import annotations

from dataclasses import dataclass

from voicenb.analysis.echo import ITSELF


@dataclass(frozen=True, slots=True)
class Interruption:
    """The caller spoke over the agent, and it stopped; times in the engine's seconds.

    Attributes:
        reply_id: the reply that was cut off.
        onset: the caller's acoustic onset over the agent's speech: the reply's first audible sample heard
            where he had begun before that.
        told: when the service said so (wire).
        silent: when the last sample of the reply was heard.
        unheard: words of the reply that were not heard, about, of those that the service had told by then.
        likeness: how much the caller's sound is the agent's own voice (:mod:`voicenb.analysis.echo`).
        quieter: acoustic onset → the voice heard quieter, in seconds; None where it was not made quieter
            before it fell silent.
    """

    reply_id: str
    onset: float
    told: float
    silent: float
    unheard: int
    likeness: float = 0.0
    quieter: float | None = None

    @property
    def by_itself(self) -> bool:
        """Whether nobody spoke: the agent heard itself."""
        return self.likeness >= ITSELF

    @property
    def reaction(self) -> float:
        """Seconds from the onset to the service's event."""
        return self.told - self.onset

    @property
    def flush(self) -> float:
        """Seconds from the service's event to silence; 0 where the voice was silent by then."""
        return max(0.0, self.silent - self.told)

    @property
    def latency(self) -> float:
        """Seconds from the onset to silence: the yield latency, the sum of the two."""
        return self.reaction + self.flush
