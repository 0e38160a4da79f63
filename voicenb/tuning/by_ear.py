"""What somebody heard in single silences, kept beside the recording.

The panel of turn detection plays a silence and is told what it was. That lies in a file of labels of its own
in the recording's folder (``labels.txt``, Audacity's text: start, end, verdict), and goes before every other
label and the rule: `voicenb.whatif` takes it up without being told. Times are the call's.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from voicenb.errors import InvalidConfiguration, RecordingError
from voicenb.recording.excerpt import Excerpt
from voicenb.recording.layout import LABELS
from voicenb.recording.recording import Recording
from voicenb.tuning.far import Far
from voicenb.tuning.labels import VERDICTS, Label, read_labels
from voicenb.tuning.truth import Truth

_WORDS = {truth: words for words, truth in VERDICTS.items()}


def labels_by_ear(recording: Recording) -> list[Label]:
    """What was set by ear in a recording, by time; of a part of a call what lies in it.

    Args:
        recording: of the call.

    Raises:
        InvalidConfiguration: somebody has written something else than labels into the file.
    """
    if isinstance(recording, Excerpt):
        begin, end = recording.begin, recording.end
        of_call = labels_by_ear(recording.call)
        return [
            Label(max(0.0, each.start - begin), min(end, each.end) - begin, each.truth)
            for each in of_call
            if each.start < end and each.end > begin
        ]
    file = recording.folder / LABELS
    return read_labels(file) if file.exists() else []


def set_by_ear(recording: Recording, start: float, end: float, truth: Truth | None) -> None:
    """Keep what a silence was; it takes the place of what was said of it before.

    Args:
        recording: of the call, or a part of it.
        start: where the silence begins, in seconds of the recording.
        end: where it ends.
        truth: ``MID`` (the caller went on), ``END`` (was done), ``UNCLEAR`` (nobody can tell); None takes
            back what was said.

    Raises:
        InvalidConfiguration: no such silence, or a file of labels that cannot be read.
        RecordingError: it cannot be written.
    """
    if isinstance(recording, Excerpt):
        set_by_ear(recording.call, recording.begin + start, recording.begin + end, truth)
        return
    if isinstance(recording, Far):
        recording.refuse_to_write()
    if not 0 <= start < end < float("inf"):
        raise InvalidConfiguration(f"There is no silence from {start} to {end} s.", param="start")
    kept = [each for each in labels_by_ear(recording) if not (each.start < end and each.end > start)]
    if truth is not None:
        kept.append(Label(start, end, truth))
    _write(recording.folder / LABELS, sorted(kept, key=lambda each: each.start))


def _write(file: Path, labels: list[Label]) -> None:
    lines = [f"{each.start:.6f}\t{each.end:.6f}\t{_told(each)}\n" for each in labels]
    draft = file.with_name(f"{file.name}.part")
    try:
        if not lines:
            file.unlink(missing_ok=True)
            return
        draft.write_text("".join(lines), "utf-8")
        draft.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise RecordingError(
            f"The label cannot be kept beside the recording: {error}.",
            remedy="Save the call to a folder of yours (recording.save), and label the copy.",
            folder=str(file.parent),
        ) from error


def _told(label: Label) -> str:
    return "caller" if label.truth is None else _WORDS[label.truth]
