"""A judge of the sound and one recorded call: it is asked once about each silence.

Of Smart Turn the probabilities are kept beside the recording, as those of speech are: another threshold asks
nothing anew. What other judges say is kept in memory only, since nobody knows what it rests on.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np

from voicenb.audio.pcm import Samples
from voicenb.progress import Progress
from voicenb.recording.layout import TURN_ENDS
from voicenb.recording.recording import Recording
from voicenb.tuning.evidence import Evidence
from voicenb.tuning.far import Far
from voicenb.tuning.hearing import Values
from voicenb.tuning.kept import store, stored
from voicenb.tuning.words import Span, words_at
from voicenb.turn_taking.completeness import (
    LISTENED,
    Completeness,
    SoundCompleteness,
    Utterance,
    hears,
    known_after,
    stretch_of,
)
from voicenb.turn_taking.detector import at_16k
from voicenb.turn_taking.smart_turn import SmartTurn

VERSION = 1
"""Of the layout, and of what is done to the samples in front of the judge."""

RATE = 16_000
MANY = 200
"""Silences from which on asking is worth a bar."""

Stretch = tuple[int, int]
"""The samples at 16 kHz that an answer rests on: the first, and the one behind the last."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A silence that the judge is asked about. Seconds of the track.

    Attributes:
        turn: where the turn began in truth: older words belong to another one.
        onset: where a detector heard it begin.
        start: where the silence begins.
        end: where the caller goes on, or the next turn begins.
    """

    turn: float
    onset: float
    start: float
    end: float

    @property
    def stretch(self) -> Stretch:
        """What is to be heard."""
        first, last = stretch_of(self.onset, self.start)
        return round(first * RATE), round(last * RATE)


class Listener:
    """A judge of the sound that hears one recorded call.

    Args:
        recording: the call; its sound is let go again.
        evidence: what it shows.
        judge: is asked.
    """

    def __init__(self, recording: Recording, evidence: Evidence, judge: SoundCompleteness) -> None:
        self._recording, self._evidence, self._judge = recording, evidence, judge
        self._known: dict[Stretch, float] | None = None

    def spans(self, silences: Sequence[Asked]) -> list[tuple[Span, ...]]:
        """When the turn looked complete in each: from the answer on, or never.

        A silence that ends before the judge would have been asked has no answer.
        """
        heard = [each for each in silences if each.end - each.start >= LISTENED]
        recording = self._recording.again() if isinstance(self._recording, Far) else self._recording
        try:
            known = self._known if self._known is not None else self._kept(recording)
            self._known = known
            missing = {each.stretch: each for each in heard if each.stretch not in known}
            if missing:
                self._ask(recording, list(missing.values()), known)
                self._keep(recording, known)
        finally:
            if isinstance(recording, Far):
                recording.let_go()
        always = (known_after(self._judge), np.inf)
        return [(always,) if self._complete(known.get(each.stretch, 0.0)) else () for each in silences]

    def _ask(self, recording: Recording, silences: Sequence[Asked], known: dict[Stretch, float]) -> None:
        track = recording.caller
        with Progress("Silences", len(silences) if len(silences) >= MANY else 0) as shown:
            for each in silences:
                sound = at_16k(track, *each.stretch)
                known[each.stretch] = self._answer(each, sound)
                shown.step()

    def _answer(self, asked: Asked, sound: Samples) -> float:
        if isinstance(self._judge, SmartTurn):
            return self._judge.probability(sound)
        said = words_at(self._evidence.words, asked.turn, asked.start, LISTENED)
        utterance = Utterance(said[-1][1] if said else "", said, lambda: sound)
        return float(bool(self._judge.looks_complete(utterance)))

    def _complete(self, answer: float) -> bool:
        return answer > (self._judge.threshold if isinstance(self._judge, SmartTurn) else 0.5)

    # --- what is kept ---

    def _kept(self, recording: Recording) -> dict[Stretch, float]:
        if isinstance(self._judge, SmartTurn):
            name = _name(self._judge, self._evidence.values)
            for data in stored(recording, TURN_ENDS, name):
                known = _read(data, name)
                if known is not None:
                    return known
        return {}

    def _keep(self, recording: Recording, known: dict[Stretch, float]) -> None:
        if not isinstance(self._judge, SmartTurn):
            return
        name, file = _name(self._judge, self._evidence.values), io.BytesIO()
        np.savez_compressed(
            file,
            name=np.array(name),
            stretches=np.array(list(known), np.int64).reshape(-1, 2),
            values=np.array(list(known.values()), np.float64),
        )
        store(recording, TURN_ENDS, name, file.getvalue())


def listener(recording: Recording, evidence: Evidence, judge: Completeness) -> Listener | None:
    """The listener of a call; None where the judge is one of the words."""
    return Listener(recording, evidence, judge) if hears(judge) else None


def _name(judge: SmartTurn, values: Values) -> str:
    """What the answers rest on: layout, model, and the sound, by its probabilities of speech."""
    return f"{VERSION} {judge.fingerprint} {len(values)} {zlib.crc32(values.tobytes()):08x}"


def _read(data: bytes, name: str) -> dict[Stretch, float] | None:
    """None where they are of something else, or damaged."""
    try:
        kept = np.load(io.BytesIO(data), allow_pickle=False)
        if str(kept["name"]) != name:
            return None
        stretches = [(int(first), int(last)) for first, last in kept["stretches"].tolist()]
        return dict(zip(stretches, kept["values"].tolist(), strict=True))
    except (OSError, ValueError, KeyError, TypeError, EOFError, zlib.error, BadZipFile):
        return None
