"""What a path names: a recording, a folder with several, or a pattern of theirs."""

from __future__ import annotations

import glob
from os import PathLike
from pathlib import Path

from voicenb.errors import RecordingError
from voicenb.recording.layout import is_recording
from voicenb.recording.recording import as_path


def named(given: str | PathLike[str], taker: str) -> list[Path]:
    """The folders of recordings that a path names, by name; nothing of them is read.

    Args:
        given: the path of one, of a folder with several in it, or a pattern (``"calls/*"``).
        taker: the name of the function that wants them, for what is wrong.

    Returns:
        The path itself where there is no recording at it: whoever opens it says what is wrong.

    Raises:
        InvalidConfiguration: it is no path.
        RecordingError: nothing matches the pattern.
    """
    path = as_path(given, taker)
    if is_recording(path):
        return [path]
    if path.is_dir() and (inside := sorted(each for each in path.iterdir() if is_recording(each))):
        return inside
    if not path.exists() and glob.has_magic(str(path)):
        matching = map(Path, sorted(glob.glob(str(path), recursive=True)))  # noqa: PTH207 - of any root
        if calls := [each for each in matching if is_recording(each)]:
            return calls
        raise RecordingError(
            f"There is no recording that matches {path}.",
            remedy='A pattern names the folders of recordings, as in "calls/*".',
            pattern=str(path),
        )
    return [path]
