"""Real speech, and where it begins and ends."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

CLIPS = Path(__file__).parents[1] / "data" / "audio"


@dataclass(frozen=True)
class Label:
    """Seconds of a clip, set by hand."""

    onset: float
    offset: float
    onset_uncertainty: float
    offset_uncertainty: float


with (CLIPS / "labels.csv").open(encoding="utf-8") as _file:
    LABELS = {
        row.pop("file"): Label(**{key: float(value) for key, value in row.items()})
        for row in csv.DictReader(_file)
    }
