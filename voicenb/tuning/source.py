"""Where recordings come from: objects, paths, folders of them, patterns, addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from voicenb.recording.given import Calls, some_calls
from voicenb.recording.named import named
from voicenb.recording.recording import Recording
from voicenb.tuning.far import find, is_address


def recordings_of(given: Calls, taker: str) -> list[Recording]:
    """The recordings that somebody means; of each no more than its ``session.json`` is read here.

    Args:
        given: a recording; a path of one, of a folder with several, or a pattern (``"calls/*"``); an address
            of fsspec's for the same; or several of these.
        taker: the name of the function that wants them, for what is wrong.

    Returns:
        In the order that they were given in, those of a folder or a pattern by name.

    Raises:
        InvalidConfiguration: something among them is none of these.
        RecordingError: there is none at a path or an address, or it cannot be read.
        MissingExtra: an address, and fsspec is not installed.
    """
    if isinstance(given, Recording):
        return [given]
    if isinstance(given, str | PathLike):
        return _named(given, taker)
    if isinstance(given, Iterable) and not isinstance(given, Mapping | bytes):
        several: list[Any] = list(given)
        if all(isinstance(each, Recording | str | PathLike) for each in several):
            return [one for each in several for one in recordings_of(each, taker)]
    return some_calls(given, taker)  # which says what is wrong


def _named(given: str | PathLike[str], taker: str) -> list[Recording]:
    if isinstance(given, str) and is_address(given):
        found = find(given)
        return [Recording(each) if isinstance(each, Path) else each for each in found]
    return [Recording(each) for each in named(given, taker)]
