"""What was said in a call from elsewhere, from whoever wrote it down: lines, WebVTT, SubRip or JSON."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from voicenb.errors import InvalidConfiguration, RecordingError

Role = Literal["user", "agent"]

CALLER = frozenset({"caller", "user", "customer", "client", "human"})
AGENT = frozenset({"agent", "assistant", "bot", "ai"})

SHAPES = (
    'Give a list of {"role": "user" or "agent", "text": …, "start": seconds, "end": seconds}, or a .vtt, '
    ".srt or .json file of such lines."
)

_TIMES = re.compile(
    r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})\s+-->\s+(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})"
)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_SPEAKER = re.compile(r"\s*([^:<>]{1,40}):\s+(.*)", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Words:
    """A line of a transcript.

    Attributes:
        role: who spoke; None where that was not written down.
        text: what.
        start: seconds of the recording.
        end: seconds; None where that was not written down.
    """

    role: Role | None
    text: str
    start: float
    end: float | None = None


def read_words(transcript: object, agent: str) -> list[Words]:
    """The lines of a transcript, in order; empty ones are left out.

    Args:
        transcript: lines, or the path of a file of them.
        agent: the agent's name, which speakers may be called by.

    Raises:
        InvalidConfiguration: it is none, a line has no time, or a speaker is neither caller nor agent.
        RecordingError: the file cannot be read.
    """
    if isinstance(transcript, str | PathLike):
        lines = _from_file(Path(transcript), agent)
    elif isinstance(transcript, Iterable) and not isinstance(transcript, bytes | Mapping):
        lines = [_line(each, agent) for each in transcript]
    else:
        raise InvalidConfiguration(f"{transcript!r} is no transcript.", remedy=SHAPES, param="transcript")
    return sorted((line for line in lines if line.text), key=lambda line: line.start)


def _from_file(path: Path, agent: str) -> list[Words]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        what = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise RecordingError(f"{path} cannot be read: {what}.", path=str(path)) from error
    if path.suffix.lower() == ".json":
        try:
            told = json.loads(text)
        except ValueError as error:
            raise RecordingError(f"{path} is no JSON: {error}.", path=str(path)) from error
        if isinstance(told, Mapping):
            told = next(
                (told[name] for name in ("lines", "transcript") if isinstance(told.get(name), list)), None
            )
        if not isinstance(told, list):
            raise InvalidConfiguration(f"{path} holds no lines.", remedy=SHAPES, param="transcript")
        return [_line(each, agent) for each in told]
    if path.suffix.lower() in (".vtt", ".srt"):
        return _cues(text, agent)
    raise InvalidConfiguration(
        f"{path.name} is no transcript that is known here.", remedy=SHAPES, param="transcript"
    )


def _cues(text: str, agent: str) -> list[Words]:
    """The cues of WebVTT, which names speakers in tags, or SubRip, in which they stand in front."""
    found = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        times = _TIMES.search(block)
        if times is None:
            continue
        said = block[times.end() :].partition("\n")[2]
        role: Role | None = None
        if voice := _VOICE.search(said):
            role = _role(voice[1], agent)
        elif (named := _SPEAKER.match(said)) and _known(named[1], agent):
            role, said = _role(named[1], agent), named[2]
        begins, ends = _seconds(times.groups()[:4]), _seconds(times.groups()[4:])
        if ends < begins:
            raise InvalidConfiguration(
                f"The cue at {begins:.1f} s ends before it begins.",
                remedy="Its end is behind its start.",
                param="transcript",
            )
        words = " ".join(html.unescape(_TAG.sub("", said)).split())
        found.append(Words(role, words, begins, ends))
    return found


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return 3600 * hours + 60 * minutes + seconds + thousandths / 1000


def _line(told: Any, agent: str) -> Words:
    get = told.get if isinstance(told, Mapping) else lambda name, default=None: getattr(told, name, default)
    start = get("start", get("started"))
    end = get("end", get("ended"))
    text = get("text")
    if not _is_second(start) or not isinstance(text, str) or not (end is None or _is_second(end)):
        raise InvalidConfiguration(f"{told!r} is no line with a time.", remedy=SHAPES, param="transcript")
    if end is not None and end < start:
        raise InvalidConfiguration(
            f"{told!r} ends before it begins.", remedy="Its end is behind its start.", param="transcript"
        )
    speaker = get("role", get("speaker"))
    role = None if speaker is None else _role(str(speaker), agent)
    return Words(role, " ".join(text.split()), float(start), None if end is None else float(end))


def _role(speaker: str, agent: str) -> Role:
    known = _known(speaker, agent)
    if known is None:
        raise InvalidConfiguration(
            f"The transcript has a speaker {speaker!r}, who is neither caller nor agent.",
            remedy=f"Call them user and agent, or name the agent: agent={speaker!r}.",
            param="transcript",
        )
    return known


def _known(speaker: str, agent: str) -> Role | None:
    name = speaker.strip().casefold()
    if name in CALLER:
        return "user"
    return "agent" if name in AGENT or name == agent.strip().casefold() else None


def _is_second(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
