"""Recordings as the panel of turn detection decides them anew: read once, then as often as a label is set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from voicenb.recording.recording import Recording
from voicenb.tuning.by_ear import labels_by_ear, set_by_ear
from voicenb.tuning.drafted import labels_of
from voicenb.tuning.evidence import Evidence
from voicenb.tuning.ghost import Ghosts
from voicenb.tuning.grid import Grid, grid
from voicenb.tuning.labels import Label, apply
from voicenb.tuning.listener import Listener, listener
from voicenb.tuning.scores import Ground, Heard
from voicenb.tuning.survey import look_through
from voicenb.tuning.sweep import Sweep
from voicenb.tuning.truth import Gap, Truth, gaps, turns
from voicenb.tuning.whatif import Labels, files_of
from voicenb.turn_taking.completeness import CompletenessLike, judge_of

AT_ONCE = 4
"""Calls that are heard side by side: more gain little, and one wants to see how far it is."""

SHORTEST = 0.01
"""Seconds that a label has at least."""


def front() -> Grid:
    """The settings of which the front is made that is drawn."""
    return grid(
        {
            "min_silence": [*range(200, 2001, 100), *range(2200, 3001, 200)],
            "max_silence": [1000, 1500, 2000, 3000, 4000, 6000],
            "vad_threshold": [0.3, 0.5, 0.7],
        }
    )


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """The calls with their truth, as the labels were when it was made.

    Attributes:
        sweep: the settings of the front, and what was really decided.
        ghosts: where each turn would have ended.
    """

    sweep: Sweep
    ghosts: Ghosts

    @property
    def ground(self) -> Ground:
        """The calls, with their truth."""
        return self.sweep.ground


class RecordedCalls:
    """Recordings, and what they show. One thread at a time.

    Args:
        calls: the recordings.
        labels: files of labels, as for `voicenb.whatif`.
        completeness: says whether what was said looks complete; None: as the emulator does by default.

    Attributes:
        calls: the recordings.
        evidence: of each, once it has been read.

    Raises:
        InvalidConfiguration: labels of none of the calls.
    """

    def __init__(
        self,
        calls: Sequence[Recording],
        labels: Labels | None = None,
        completeness: CompletenessLike | None = None,
    ) -> None:
        self.calls = list(calls)
        self.evidence: list[Evidence] = []
        self._judge = judge_of(completeness)
        self._files = files_of(labels, self.calls)
        self._listeners: list[Listener | None] = []
        self._given: list[list[Label]] = []
        self._gaps: list[list[Gap]] = []

    def read(self, told: Callable[[int], object] = lambda number: None) -> None:
        """Hear and read all of them.

        Args:
            told: called now and then with how many have been read.

        Raises:
            InvalidConfiguration: labels that cannot be read.
            RecordingError: a recording that is damaged.
        """
        told(0)
        for at in range(0, len(self.calls), AT_ONCE):
            some = self.calls[at : at + AT_ONCE]
            for call, found in zip(some, look_through(some), strict=True):
                self.evidence.append(found.evidence)
                self._listeners.append(listener(call, found.evidence, self._judge))
                self._gaps.append(gaps(found.evidence))
                file = self._files.get(call.name)
                self._given.append([] if file is None else labels_of(file, call))
            told(len(self.evidence))

    def decide(self) -> Decided:
        """Decide all of them with the labels as they are.

        Raises:
            InvalidConfiguration: a file of labels by ear that somebody has made unreadable.
        """
        heard: list[Heard] = []
        for number, call in enumerate(self.calls):
            evidence = self.evidence[number]
            labels = [*labels_by_ear(call), *self._given[number]]
            of_call = turns(evidence, apply(self._gaps[number], labels, evidence))
            heard.append(Heard(evidence, of_call, self._listeners[number]))
        ground = Ground(heard, self._judge)
        return Decided(Sweep(front(), ground, self._judge, self.calls), Ghosts(ground))

    def label(self, number: int, start: float, end: float, truth: Truth | None) -> None:
        """Keep what a silence was, beside its recording.

        Args:
            number: of the call, counted from 0.
            start: seconds of the call.
            end: seconds of the call.
            truth: what it was; None takes back what was said.

        Raises:
            InvalidConfiguration: there is no such silence.
            RecordingError: it cannot be written.
        """
        set_by_ear(self.calls[number], start, max(end, start + SHORTEST), truth)
