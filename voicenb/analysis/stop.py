"""A stop: the agent fell silent before its end, or was made quieter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from voicenb.analysis.echo import ITSELF
from voicenb.protocol.barge_in import BargeInMode

By = Literal["client", "service", "duck"]
"""``"client"``: its own flush at ``input.speech.started``; ``"service"``: its interruption of the reply;
``"duck"``: the client's own ear, which made the voice quieter before either."""

BY: tuple[By, ...] = get_args(By)

Outcome = Literal["silent", "back", "over"]
"""It fell silent before its end; it was quieter and came back; or quieter until its end, or the call's."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One time that the agent's voice gave way. Times are the engine's, in seconds; not captured is None.

    Attributes:
        number: 1 for the first.
        call: which of the recordings, 1 for the first.
        reply_id: the reply.
        barge_in: the mode in force then; None in a recording from elsewhere.
        by: who acted first; None in a recording from elsewhere.
        outcome: what became of the voice.
        at: when its last sample was heard (heard); of one that did not fall silent when it began to be heard
            quieter (heard), or was to be (wire).
        onset: the caller's acoustic onset over the agent's voice, not before its first audible sample heard,
            or when the own ear heard it, where that was sooner; None where none was found.
        told: when the service said that the caller speaks, or ended the reply (wire); None where it did not.
        quieter: acoustic onset → the voice heard quieter, in seconds; None where it was not made quieter.
        reaction: acoustic onset → the service's word (wire), in seconds.
        flush: the service's word (wire) → the last sample heard, in seconds; 0 where it was silent by then.
        quiet: seconds in which the voice was heard quieter.
        lost: words of the reply that were not heard, about, of those that the service had told by then; what
            it had still to say is not among them. None where nobody knows them: it had told none before it
            cut the transcript.
        unheard: these words.
        turn: number of the caller's turn that followed, in :func:`vn.turns <voicenb.analysis.turns.turns>`;
            None where none did. Its clock runs in silence only: 2 s of it without words, and none did.
        false: whether what it gave way to held no words, or only back-channels; None where that cannot be
            told, and where it did not fall silent.
        likeness: how much the caller's sound then is the agent's own voice, from -1 to 1
            (:mod:`voicenb.analysis.echo`); None where there is none to compare.
        searched: seconds that an echo may have come late to be found so: 0.3, or what a sound check measured
            where that is longer. Of a later one nothing is known.
    """

    number: int
    call: int
    reply_id: str
    barge_in: BargeInMode | None
    by: By | None
    outcome: Outcome
    at: float
    onset: float | None = None
    told: float | None = None
    quieter: float | None = None
    reaction: float | None = None
    flush: float | None = None
    quiet: float | None = None
    lost: int | None = 0
    unheard: str = ""
    turn: int | None = None
    false: bool | None = None
    likeness: float | None = None
    searched: float | None = None

    @property
    def echo(self) -> bool | None:
        """Whether nobody spoke: the microphone heard the agent's own voice. None where nobody can tell.

        False says so of an echo within ``searched`` seconds; a later one is not known.
        """
        return None if self.likeness is None else self.likeness >= ITSELF

    @property
    def yield_latency(self) -> float | None:
        """Acoustic onset → the last sample heard, in seconds; of a voice that fell silent."""
        return None if self.onset is None or self.outcome != "silent" else self.at - self.onset
