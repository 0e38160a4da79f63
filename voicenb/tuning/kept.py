"""Probabilities of speech, heard once for each recording and kept beside it.

They lie in a file of their own in the recording's folder; where nothing can be written there, in the cache
folder. The file names the version of its layout, the model and the samples that were heard: where one of them
differs, they are heard anew. Nothing is kept of a call that still runs, or of a part of one.
"""

from __future__ import annotations

import contextlib
import io
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary
from zipfile import BadZipFile

import numpy as np

from voicenb.analysis.boundaries import BLOCK, Track
from voicenb.audio.vad import model_path
from voicenb.emulator.voices.shelf import Shelf, cache_folder, key
from voicenb.recording.layout import SPEECH
from voicenb.recording.lock import is_locked
from voicenb.recording.recording import Recording
from voicenb.tuning.far import Far
from voicenb.tuning.hearing import SIDE_BY_SIDE, Values, hear

VERSION = 1
"""Of its layout, and of what is done to the samples in front of the model."""

_HEARD: WeakKeyDictionary[Recording, tuple[str, Values]] = WeakKeyDictionary()


class Place(IntEnum):
    """Where probabilities are kept that were heard just now."""

    KNOWN = 0
    """They were not heard: they had been kept."""
    BESIDE = 1
    CACHE = 2
    NOWHERE = 3
    MEMORY = 4
    """A call that still runs, or a part of one: nothing is kept but while the recording is held."""


def cached_in() -> Path:
    """The folder for those that cannot be kept beside their recording."""
    return cache_folder() / "probabilities"


def probabilities(recordings: Sequence[Recording]) -> Iterator[Values]:
    """For each recording the probability of each whole frame of the caller's track, in order.

    Those that are not known are heard, a few at a time and side by side; memory is taken by those alone.

    Args:
        recordings: of finished calls or running ones.
    """
    return (values for values, _ in heard(recordings))


def heard(
    recordings: Sequence[Recording], step: Callable[[float], None] | None = None
) -> Iterator[tuple[Values, Place]]:
    """As :func:`probabilities`, and where they were put that had to be heard.

    Args:
        recordings: of finished calls or running ones.
        step: is told how many minutes more have been heard.
    """
    for at in range(0, len(recordings), SIDE_BY_SIDE):
        some = recordings[at : at + SIDE_BY_SIDE]
        tracks = [each.caller for each in some]
        names = [_name(track) for track in tracks]
        found = [_known(each, name) for each, name in zip(some, names, strict=True)]
        missing = [number for number, values in enumerate(found) if values is None]
        places = [Place.KNOWN] * len(some)
        for number, values in zip(
            missing, hear([tracks[number] for number in missing], step=step), strict=True
        ):
            found[number] = values
            places[number] = _keep(some[number], names[number], values)
        del tracks
        for known, place in zip(found, places, strict=True):
            if known is not None:
                yield known, place


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
    for data in stored(recording, SPEECH, name):
        values = _read(data, name)
        if values is not None:
            return values
    return None


def stored(recording: Recording, file: str, name: str) -> Iterator[bytes]:
    """What was kept of a recording: what lies beside it, then what is in the cache.

    Args:
        recording: the call.
        file: its name in the recording's folder.
        name: what it rests on.
    """
    if not recording._is_whole:  # a part of a call shares the call's folder
        return
    with contextlib.suppress(OSError):
        yield (recording.folder / file).read_bytes()
    cached = _shelf(cached_in()).get(key(name))
    if cached is not None:
        yield cached


def _read(data: bytes, name: str) -> Values | None:
    """None where they are of something else, or damaged."""
    try:
        kept = np.load(io.BytesIO(data), allow_pickle=False)
        if str(kept["name"]) != name:
            return None
        values = np.asarray(kept["values"], np.float32)
    except (OSError, ValueError, KeyError, EOFError, zlib.error, BadZipFile):
        return None
    return values if values.shape == (int(name.split()[2]) // 768,) else None


def _keep(recording: Recording, name: str, values: Values) -> Place:
    _HEARD[recording] = name, values
    file = io.BytesIO()
    np.savez_compressed(file, name=np.array(name), values=values)
    return store(recording, SPEECH, name, file.getvalue())


def store(recording: Recording, file: str, name: str, data: bytes) -> Place:
    """Keep something of a recording, as :func:`stored` finds it."""
    if not recording._is_whole or not (recording.finished or not is_locked(recording.folder)):
        return Place.MEMORY
    if not isinstance(recording, Far):
        try:
            _write(recording.folder / file, data)
        except OSError:
            pass
        else:
            return Place.BESIDE
    shelf, known = _shelf(cached_in()), key(name)
    shelf.put(known, data)
    return Place.NOWHERE if shelf.get(known) is None else Place.CACHE


@lru_cache(maxsize=4)
def _shelf(folder: Path) -> Shelf:
    return Shelf(folder)


def _write(file: Path, data: bytes) -> None:
    draft = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(data)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
