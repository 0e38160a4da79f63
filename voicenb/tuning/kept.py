"""Probabilities of speech, heard once for each recording and kept beside it.

They lie in a file of their own in the recording's folder. It names the version of its layout, the model and
the samples that were heard: where one of them differs, they are heard anew. Nothing is kept of a call that
still runs, of a part of one, or in a folder that cannot be written to.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary
from zipfile import BadZipFile

import numpy as np

from voicenb.analysis.boundaries import BLOCK, Track
from voicenb.audio.vad import model_path
from voicenb.recording.layout import SPEECH
from voicenb.recording.recording import Recording
from voicenb.tuning.hearing import SIDE_BY_SIDE, Values, hear

VERSION = 1
"""Of its layout, and of what is done to the samples in front of the model."""

_HEARD: WeakKeyDictionary[Recording, tuple[str, Values]] = WeakKeyDictionary()


def probabilities(recordings: Sequence[Recording]) -> Iterator[Values]:
    """For each recording the probability of each whole frame of the caller's track, in order.

    Those that are not known are heard, a few at a time and side by side; memory is taken by those alone.

    Args:
        recordings: of finished calls or running ones.
    """
    for at in range(0, len(recordings), SIDE_BY_SIDE):
        some = recordings[at : at + SIDE_BY_SIDE]
        tracks = [each.caller for each in some]
        names = [_name(track) for track in tracks]
        found = [_known(each, name) for each, name in zip(some, names, strict=True)]
        missing = [number for number, values in enumerate(found) if values is None]
        for number, values in zip(missing, hear([tracks[number] for number in missing]), strict=True):
            found[number] = values
            _keep(some[number], names[number], values)
        yield from (values for values in found if values is not None)


def _name(track: Track) -> str:
    """What the probabilities rest on: layout, model and samples."""
    digest = 0
    for at in range(0, len(track), BLOCK):
        digest = zlib.crc32(np.ascontiguousarray(track[at : at + BLOCK]).tobytes(), digest)
    return f"{VERSION} {_model()} {len(track)} {digest:08x}"


@lru_cache(maxsize=1)
def _model() -> str:
    return f"silero-{zlib.crc32(model_path().read_bytes()):08x}"


def _known(recording: Recording, name: str) -> Values | None:
    kept = _HEARD.get(recording)
    if kept is not None and kept[0] == name:
        return kept[1]
    if type(recording) is not Recording:  # a part of a call shares the call's folder
        return None
    try:
        with (recording.folder / SPEECH).open("rb") as file:
            kept_file = np.load(file, allow_pickle=False)
            if str(kept_file["name"]) != name:
                return None
            values = np.asarray(kept_file["values"], np.float32)
    except (OSError, ValueError, KeyError, EOFError, zlib.error, BadZipFile):
        return None  # there is none, or it is damaged
    return values if values.shape == (int(name.split()[2]) // 768,) else None


def _keep(recording: Recording, name: str, values: Values) -> None:
    _HEARD[recording] = name, values
    if type(recording) is Recording and recording.finished:
        with contextlib.suppress(OSError):
            _write(recording.folder, name, values)


def _write(folder: Path, name: str, values: Values) -> None:
    draft = folder / f"{SPEECH}.{os.getpid()}.part"
    try:
        with draft.open("wb") as file:
            np.savez_compressed(file, name=np.array(name), values=values)
        draft.replace(folder / SPEECH)
    finally:
        draft.unlink(missing_ok=True)
