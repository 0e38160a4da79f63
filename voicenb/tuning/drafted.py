"""Labels of a call, told apart from the turns that the service made of it.

``vn.export`` writes the turns as they were recorded, cut where the service cut them: a draft to correct.
Taken for the truth as it is, it would turn each cut-off into an end that nobody disputes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from os import PathLike

from voicenb.analysis.turns import turns
from voicenb.exports.spoken_line import spoken_lines
from voicenb.names import warn
from voicenb.recording.recording import Recording
from voicenb.tuning.labels import Label, read_labels

SAME = 0.01
"""Seconds that a label's ends may lie apart from a recorded turn's and still be its: files are rounded."""

_HAIR = 1e-6


def labels_of(path: str | PathLike[str], recording: Recording) -> list[Label]:
    """Labels of a call from a file; those that are recorded turns, uncorrected, are marked as drafted.

    Where all turns are, nobody has corrected them: a warning says so, and what is said of single silences
    alone is left.

    Args:
        path: of the file.
        recording: of the call.

    Raises:
        InvalidConfiguration: it cannot be read, or says something else than labels.
    """
    labels = read_labels(path)
    if all(each.truth is not None for each in labels):
        return labels
    spoken = [each for each in spoken_lines(turns(recording)) if each.speaker == "caller"]
    recorded = [(each.start, each.end) for each in spoken]
    labels = [replace(each, drafted=each.truth is None and _is_one_of(each, recorded)) for each in labels]
    if any(each.truth is None and not each.drafted for each in labels):
        return labels
    warn(
        f"The labels of {recording.name} are the turns as the service made them, cut where it cut: they say "
        "nothing of what the caller meant, and are left out. What vn.export writes is a draft to correct: "
        "join turns that were cut, or say of single silences what they were (went on, was done, can't tell).",
        UserWarning,
    )
    return [each for each in labels if each.truth is not None]


def _is_one_of(label: Label, recorded: Sequence[tuple[float, float]]) -> bool:
    near = SAME + _HAIR
    return any(abs(label.start - start) <= near and abs(label.end - end) <= near for start, end in recorded)
