"""What people give to a function that wants a recording, or several: recordings, or the paths of some."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from typing import Any

from voicenb.errors import InvalidConfiguration
from voicenb.recording.library import load
from voicenb.recording.named import named
from voicenb.recording.recording import Recording

OneCall = Recording | str | PathLike[str]
"""A recording, or the path of one, as for ``vn.load``."""

Calls = OneCall | Iterable[OneCall]
"""One, or several: a path may be of a folder with some, or a pattern (``"calls/*"``)."""

LONG = 60
"""Letters from which on a value is told by its kind alone."""

_LOAD = 'Give it a recording, or its path: vn.load("calls/lido"), talk.recording, or what vn.run gives.'


def one_call(given: Any, taker: str) -> Recording:
    """The recording that somebody gave to a function that takes one.

    Args:
        given: a recording, or the path of one.
        taker: the function's name, for what is wrong.

    Raises:
        InvalidConfiguration: it is neither, or several are given; where another object has a recording the
            remedy says so.
        RecordingError: there is none at that path, or it cannot be read.
    """
    if isinstance(given, Recording):
        return given
    if isinstance(given, str | PathLike):
        return load(given)
    raise InvalidConfiguration(
        f"{taker} takes one recording or its path, not {told(given)}.",
        remedy=_several(given, taker) or _remedy(given, taker),
        param="recording",
    )


def some_calls(given: Any, taker: str) -> list[Recording]:
    """The recordings that somebody gave to a function that takes one or several.

    Args:
        given: a recording; the path of one, of a folder with several, or a pattern; or several of these.
        taker: the function's name, for what is wrong.

    Raises:
        InvalidConfiguration: something among them is neither.
        RecordingError: there is none at a path, or it cannot be read.
    """
    if isinstance(given, Recording):
        return [given]
    if isinstance(given, str | PathLike):
        return [load(each) for each in named(given, taker)]
    if not isinstance(given, Iterable) or isinstance(given, Mapping | bytes):
        each: Any = given
    else:
        every = list(given)
        wrong = [one for one in every if not isinstance(one, Recording | str | PathLike)]
        if not wrong:
            return [call for one in every for call in some_calls(one, taker)]
        # Of rows or samples, which are no recordings each, the whole is told.
        each = wrong[0] if isinstance(given, list | tuple | set) else given
    raise InvalidConfiguration(
        f"{taker} takes recordings or their paths, not {told(each)}.",
        remedy=_remedy(each, taker),
        param="recordings",
    )


def told(given: object) -> str:
    """A wrong argument in few letters: as it is written, or its kind where that is long.

    Args:
        given: anything.
    """
    if given is None or isinstance(given, bool | int | float | str | bytes):
        written = repr(given)
        if len(written) <= LONG:
            return written
    kind = type(given).__name__
    return f"{'an' if kind[:1].lower() in 'aeiou' else 'a'} {kind}"


def _several(given: object, taker: str) -> str:
    """The remedy for several recordings where one is wanted."""
    if not isinstance(given, list | tuple) or not given:
        return ""
    if not all(isinstance(one, Recording | str | PathLike) for one in given):
        return ""
    return f"Give one of them, or each in turn: [{taker}(call) for call in calls]."


def _remedy(given: object, taker: str) -> str:
    """Where the recording is that was meant."""
    if given is None:
        return (
            "There is a recording once a call has begun; calls that nobody saved are in vn.recordings(). "
            'A saved one has a path: vn.load("calls/lido").'
        )
    if not isinstance(given, type) and hasattr(type(given), "recording"):
        name = type(given).__name__
        return f"A {name} has one once a call has begun: {taker}({name.lower()}.recording)."
    return _LOAD
