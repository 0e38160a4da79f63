"""Writes a call in a format of another tool."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from voicenb.analysis.turns import Turns, turns
from voicenb.errors import InvalidConfiguration, RecordingError
from voicenb.exports.labels import audacity, rttm, textgrid
from voicenb.exports.sound import Side, flac, wav
from voicenb.exports.spans import otel
from voicenb.exports.spoken_line import spoken_lines
from voicenb.exports.subtitles import subrip, webvtt
from voicenb.exports.table import csv, jsonl, parquet
from voicenb.exports.trace import chrome_trace
from voicenb.names import did_you_mean
from voicenb.recording.given import OneCall, one_call

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording

Format = Literal[
    "vtt", "srt", "rttm", "audacity", "textgrid", "trace", "otel", "csv", "parquet", "jsonl", "wav", "flac"
]
Writer = Callable[["Recording", Turns], bytes]

SIDES = ("both", "caller", "agent")


@dataclass(frozen=True, slots=True)
class _Kind:
    ending: str
    write: Writer


def _text(make: Callable[[Recording, Turns], str]) -> Writer:
    return lambda recording, found: make(recording, found).encode("utf-8")


FORMATS: dict[str, _Kind] = {
    "vtt": _Kind(".vtt", _text(lambda _, found: webvtt(spoken_lines(found)))),
    "srt": _Kind(".srt", _text(lambda _, found: subrip(spoken_lines(found)))),
    "rttm": _Kind(".rttm", _text(lambda call, found: rttm(spoken_lines(found), call.folder.name))),
    "audacity": _Kind(".txt", _text(lambda _, found: audacity(spoken_lines(found)))),
    "textgrid": _Kind(".textgrid", _text(lambda call, found: textgrid(spoken_lines(found), call.duration))),
    "trace": _Kind(".json", _text(chrome_trace)),
    "otel": _Kind(".otlp.json", _text(otel)),
    "csv": _Kind(".csv", _text(lambda _, found: csv(found))),
    "parquet": _Kind(".parquet", lambda _, found: parquet(found)),
    "jsonl": _Kind(".jsonl", _text(lambda _, found: jsonl(found))),
}
SOUND_WRITERS = {"wav": wav, "flac": flac}


def export(
    recording: OneCall,
    path: str | os.PathLike[str],
    *,
    format: Format | None = None,  # noqa: A002 - the word that people look for
    side: Side = "both",
) -> Path:
    """Write a call in a format of another tool; parents are made, a file that is there is replaced.

    Times are those of :func:`voicenb.turns`: the caller's from the sound, the agent's as it was heard.

    ============ ============== ==========================================================================
    format       ending         what it is
    ============ ============== ==========================================================================
    ``vtt``      ``.vtt``       WebVTT subtitles, the speaker as each cue's voice
    ``srt``      ``.srt``       SubRip subtitles
    ``rttm``     ``.rttm``      NIST's who-spoke-when
    ``audacity`` ``.txt``       a label track of Audacity's
    ``textgrid`` ``.TextGrid``  Praat, a tier for each side
    ``trace``    ``.json``      Chrome's trace events: opens in Perfetto
    ``otel``     ``.otlp.json`` OpenTelemetry spans, named as LiveKit's and Pipecat's tools read them
    ``csv``      ``.csv``       a row for each turn, with its figures
    ``parquet``  ``.parquet``   the same, typed (pandas and pyarrow: extra ``data``)
    ``jsonl``    ``.jsonl``     the same, an object a line
    ``wav``      ``.wav``       both sides in stereo, the caller left
    ``flac``     ``.flac``      the same, compressed without loss
    ============ ============== ==========================================================================

    Args:
        recording: of the call, or its path.
        path: of the file; its ending says the format where none is named.
        format: one of the above.
        side: of sound, ``"caller"`` or ``"agent"`` for one of them in mono.

    Returns:
        The file's path.

    Raises:
        InvalidConfiguration: that is no recording, no path or no format.
        MissingExtra: what the format needs is not installed.
        RecordingError: there is no recording at its path, or the file cannot be written.
    """
    from voicenb.recording.recording import as_path

    call = one_call(recording, "vn.export")
    target = as_path(path, "vn.export")
    name = _format(target, format)
    if side not in SIDES or (side != "both" and name not in SOUND_WRITERS):
        raise InvalidConfiguration(
            f"side={side!r} does not go with {name}.",
            remedy=f"Of wav and flac there are {', '.join(SIDES)}; all else has both sides.",
            param="side",
        )
    if name in SOUND_WRITERS:
        content = SOUND_WRITERS[name](call, side)
    else:
        content = FORMATS[name].write(call, turns(call))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as error:
        raise RecordingError(
            f"{target} cannot be written: {error.strerror or error}.",
            remedy="Choose another path.",
            path=str(target),
        ) from error
    return target


def _format(target: Path, named: str | None) -> str:
    names = [*FORMATS, *SOUND_WRITERS]
    if named is not None:
        if named in names:
            return named
        raise InvalidConfiguration(
            f"{named!r} is no format.",
            remedy=f"{did_you_mean(str(named), names)}There are {', '.join(names)}.",
            param="format",
        )
    endings = {kind.ending: name for name, kind in FORMATS.items()}
    endings |= {f".{name}": name for name in SOUND_WRITERS}
    longest_first = sorted(endings, key=len, reverse=True)
    found = next((endings[each] for each in longest_first if target.name.lower().endswith(each)), None)
    if found is None:
        raise InvalidConfiguration(
            f"The ending of {target.name!r} says no format.",
            remedy=f"There are {', '.join(endings)}; or name a format, format=….",
            param="path",
        )
    return found
