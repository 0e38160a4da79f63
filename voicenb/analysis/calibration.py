"""What a sound check found: how loud voice and room are, and what comes back of the agent's voice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from voicenb.analysis.boundaries import find_speech
from voicenb.analysis.echo_path import FEWEST, LATEST, EchoPath, find
from voicenb.audio.level import AUDIBLE, FLOOR, level, levels
from voicenb.audio.pcm import to_float
from voicenb.protocol.events import HeardNote, read_event

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording

RATE = 24_000

SETTLING = 0.5
"""Seconds behind the microphone's first sample that are left out: it may click, and its gain settles."""

QUIET = 1.0
"""Seconds of silence that a level of the room rests on at least."""

SPOKEN = 0.5
"""Seconds of speech that a level of the voice rests on at least."""

STEP = 0.01
"""Seconds; half of such a step is what a place on the clock may be off by itself."""

CLIPPED = 0.99
"""Of full scale: a sample that is cut off."""

Track = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was measured; what could not be is None, and `missing` says why.

    Levels are dBFS, root mean square (a full-scale square wave is 0).

    Attributes:
        voice: of the caller's speech.
        noise: of the room: the median of 10 ms windows while nobody spoke and nothing was played.
        clipped: share of the samples of speech that are cut off.
        echo: dB of what came back of the agent's sound, against what was played (both of full scale).
        echo_below: dB that it is certainly below, where none was found.
        round_trip: seconds from a sample's counting as heard (heard) to its place in the microphone's track
            (acoustic): what the clocks of loudspeaker and microphone leave out, and the way through the air.
        round_trip_uncertainty: seconds by which it may be off.
        tones: how many tones were played.
        tones_found: how many of them came back on the same way.
        microphone: what the recording calls it.
        measured: when, in ISO 8601; a label.
        missing: what could not be measured, and why, in sentences.
    """

    voice: float | None = None
    noise: float | None = None
    clipped: float | None = None
    echo: float | None = None
    echo_below: float | None = None
    round_trip: float | None = None
    round_trip_uncertainty: float | None = None
    tones: int = 0
    tones_found: int = 0
    microphone: str = ""
    measured: str = ""
    missing: tuple[str, ...] = ()

    @property
    def remedies(self) -> list[str]:
        """What to do about what was found; empty where all is well."""
        from voicenb.analysis.calibration_text import remedies

        return remedies(self)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it, and ``session.json`` of the next call: figures rounded, ``missing`` as a list."""
        told = {
            name: round(value, 4) if isinstance(value, float) else value
            for name, value in asdict(self).items()
        }
        return {**told, "missing": list(self.missing)}

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Calibration:
        """Read again what :meth:`to_dict` wrote; what this version does not know is left out."""
        known = {each.name: told[each.name] for each in fields(cls) if each.name in told}
        return cls(**{**known, "missing": tuple(known.get("missing") or ())})

    def __repr__(self) -> str:
        from voicenb.analysis.calibration_text import text

        return text(self)

    def _repr_html_(self) -> str:
        from voicenb.analysis.calibration_text import html

        return html(self)


def calibrate(recording: Recording) -> Calibration:
    """Measure the recording of a sound check: first silence, then tones of the agent's, then a sentence."""
    pieces = recording.said_pieces()
    heard = recording.heard()
    tones = [place / RATE for place in _tones(heard)]
    return measure(
        recording.said(),
        heard,
        begin=min((place for _, _, place in pieces), default=0),
        uncertainty=_uncertainty(recording, tones[0], tones[-1] + LATEST) if tones else 0.0,
        microphone=str(recording.session.get("microphone") or ""),
    )


def measure(
    said: Track, heard: Track, *, begin: int = 0, uncertainty: float = 0.0, microphone: str = ""
) -> Calibration:
    """Measure both tracks of a sound check, on one clock.

    Args:
        said: what the microphone heard: int16 at 24 kHz, shape ``(n,)``.
        heard: the agent's tones as they count as heard, likewise.
        begin: the microphone's first sample.
        uncertainty: seconds by which the two clocks may be apart.
        microphone: its name.
    """
    tones = list(_tones(heard))
    mine = to_float(np.ascontiguousarray(said).tobytes())
    if not mine.any():
        silent = "The microphone gave digital silence: it may be muted, or another one may be meant."
        return Calibration(tones=len(tones), microphone=microphone, missing=(silent,))
    missing: list[str] = []
    first = tones[0] if tones else len(said)
    quiet = mine[begin + round(SETTLING * RATE) : first]
    noise = _noise(quiet, missing)
    path = _path(tones, heard, mine, quiet, missing)
    last = tones[-1] + round(LATEST * RATE) if tones else 0
    voice, clipped = _voice(said, mine, last, missing)
    spread = path.spread
    return Calibration(
        voice=voice,
        noise=noise,
        clipped=clipped,
        echo=path.level,
        echo_below=path.below,
        round_trip=path.delay,
        round_trip_uncertainty=None if spread is None else spread + uncertainty + 1 / RATE,
        tones=path.sounds,
        tones_found=path.found,
        microphone=microphone,
        missing=tuple(missing),
    )


def _tones(heard: Track) -> Iterator[int]:
    """Where each tone of a track begins."""
    loud = levels(to_float(np.ascontiguousarray(heard).tobytes()), RATE, STEP) >= AUDIBLE
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud]).astype(np.int8)) == 1)
    for edge in edges.tolist():
        yield edge * round(STEP * RATE)


def _noise(quiet: npt.NDArray[np.float32], missing: list[str]) -> float | None:
    if len(quiet) < QUIET * RATE:
        missing.append(
            f"Noise: of the silence before the first tone there were {len(quiet) / RATE:.1f} s, and "
            f"{QUIET:g} s are needed."
        )
        return None
    median = float(np.median(levels(quiet, RATE, STEP)))
    return max(FLOOR, median)


def _path(
    tones: Sequence[int],
    heard: Track,
    mine: npt.NDArray[np.float32],
    quiet: npt.NDArray[np.float32],
    missing: list[str],
) -> EchoPath:
    if not tones or len(quiet) < QUIET * RATE:
        why = "no tone was played" if not tones else "how loud the room is by itself is not known"
        missing.append(f"Echo and round trip: {why}.")
        return EchoPath(len(tones), 0, None, None, None, None)
    sounds = [(place, _sound(heard, place)) for place in tones]
    path = find(sounds, mine, quiet)
    if path.delay is None and path.found > 0:
        missing.append(
            f"Echo and round trip: of {path.sounds} tones {path.found} came back alike, and {FEWEST} are "
            "needed. Was there another sound?"
        )
        return EchoPath(path.sounds, path.found, None, None, None, None)
    if path.delay is None:
        missing.append("Round trip: no tone came back into the microphone, which is as it should be.")
    return path


def _sound(heard: Track, place: int) -> npt.NDArray[np.float32]:
    """A tone, up to where it is no longer audible."""
    part = to_float(np.ascontiguousarray(heard[place : place + round(LATEST * RATE)]).tobytes())
    loud = levels(part, RATE, STEP) >= AUDIBLE
    silent = np.flatnonzero(~loud)
    end = int(silent[0]) if silent.size else loud.size
    return np.ascontiguousarray(part[: end * round(STEP * RATE)])


def _voice(
    said: Track, mine: npt.NDArray[np.float32], since: int, missing: list[str]
) -> tuple[float | None, float | None]:
    spoken = [
        mine[since + round(each.start * RATE) : since + round(each.end * RATE)]
        for each in find_speech(np.ascontiguousarray(said[since:]))
    ]
    count = sum(map(len, spoken))
    if count < SPOKEN * RATE:
        missing.append("Voice: nobody spoke behind the tones.")
        return None, None
    speech = np.concatenate(spoken)
    return level(speech), float(np.mean(np.abs(speech) >= CLIPPED))


def _uncertainty(recording: Recording, since: float, until: float) -> float:
    """Seconds by which what was heard and what was said may be apart on the clock meanwhile."""
    notes = [
        (event["msg"], note)
        for event in recording.events.select("heard", direction="local")
        if event.get("msg") and isinstance(note := read_event(event), HeardNote)
    ]
    heard = [
        float(message.get("uncertainty") or 0.0)
        for message, note in notes
        if since < note.at + (note.stop - note.start) / RATE and note.at < until
    ]
    clocks = recording.session.get("clocks")
    points = (clocks.get("caller") if isinstance(clocks, dict) else None) or []
    before = [point for point in points if float(point["t"]) <= since]
    in_force = [*before[-1:], *(point for point in points if since < float(point["t"]) < until)]
    said = [float(point.get("uncertainty") or 0.0) for point in in_force]
    return max(heard, default=0.0) + max(said, default=0.0)
