"""Callers made of real speech and silences of known length, and a loop that plays them to a taker."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from voicenb.audio.wav import read_wav
from voicenb.turn_taking.decisions import Decision
from voicenb.turn_taking.detector import probabilities
from voicenb.turn_taking.floor import TurnTaker

CLIPS = Path(__file__).parents[1] / "data" / "audio"
RATE = 24_000


@dataclass(frozen=True)
class Label:
    """Where speech begins and ends in a clip, in seconds, set by hand."""

    file: str
    onset: float
    offset: float
    onset_uncertainty: float
    offset_uncertainty: float


def labels() -> list[Label]:
    with (CLIPS / "labels.csv").open() as file:
        return [
            Label(row["file"], *(float(row[key]) for key in list(row)[1:])) for row in csv.DictReader(file)
        ]


def speech(name: str) -> np.ndarray:
    """A clip cut at its labels."""
    label = next(label for label in labels() if label.file == f"{name}.wav")
    samples, rate = read_wav(CLIPS / label.file)
    return samples[round(label.onset * rate) : round(label.offset * rate)]


@dataclass(frozen=True)
class Track:
    """A caller's track and where speech lies in it: ``(start, end)`` in seconds."""

    samples: np.ndarray
    spoken: list[tuple[float, float]]
    probabilities: np.ndarray


def track(parts: Sequence[str | float]) -> Track:
    """Names of clips and seconds of silence, joined."""
    pieces: list[np.ndarray] = []
    spoken: list[tuple[float, float]] = []
    at = 0
    for part in parts:
        piece = speech(part) if isinstance(part, str) else np.zeros(round(part * RATE), np.float32)
        if isinstance(part, str):
            spoken.append((at / RATE, (at + len(piece)) / RATE))
        pieces.append(piece)
        at += len(piece)
    samples = np.concatenate(pieces)
    return Track(samples, spoken, probabilities(samples))


@pytest.fixture(scope="session")
def caller() -> Callable[..., Track]:
    """``caller(1.0, "cards-001", 0.8, ...)``: a `Track`, made once per run for the same parts."""
    made: dict[tuple[str | float, ...], Track] = {}

    def make(*parts: str | float) -> Track:
        if parts not in made:
            made[parts] = track(parts)
        return made[parts]

    return make


@dataclass
class Played:
    """What a taker decided about a track."""

    decisions: list[Decision]

    def names(self, *without: str) -> list[str]:
        return [name for d in self.decisions if (name := type(d).__name__) not in without]

    def only(self, kind: type) -> list:  # type: ignore[type-arg]
        return [d for d in self.decisions if isinstance(d, kind)]


def play(
    taker: TurnTaker,
    probabilities: Sequence[float] | np.ndarray,
    script: dict[float, Callable[[TurnTaker], None]] | None = None,
) -> Played:
    """Push frames; before the first frame that ends after a script's second, its function is called."""
    waiting = sorted((script or {}).items())
    decisions: list[Decision] = []
    for index, probability in enumerate(probabilities):
        end = (index + 1) * 0.032
        while waiting and waiting[0][0] < end:
            waiting.pop(0)[1](taker)
        decisions += taker.frame(float(probability), end)
    assert not waiting, "the script is longer than the track"
    return Played(decisions)
