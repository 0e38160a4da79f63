"""A two-channel sound file as a recording: a call of which nothing is known but what can be heard."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from voicenb.audio.wav_extent import wav_extent
from voicenb.elsewhere.alternation import NEAR, Said, turns_of
from voicenb.elsewhere.retelling import SECOND
from voicenb.elsewhere.sound import seconds_of, tracks
from voicenb.elsewhere.words import Words, read_words
from voicenb.errors import InvalidConfiguration, RecordingError
from voicenb.progress import of_sound
from voicenb.recording.given import told
from voicenb.recording.layout import RATE, JSONObject, is_recording
from voicenb.recording.library import root
from voicenb.recording.recorder import Recorder
from voicenb.recording.recording import Recording, as_path
from voicenb.turn_taking.detector import SpeechDetector
from voicenb.turn_taking.segmenter import stretches

ABSENT = {
    "decisions": "When a turn was decided to be over, and by what.",
    "partials": "What the service said while somebody spoke: when speech began, and the words so far.",
    "frames": "When each piece of sound was sent and received; the sound stands where the file has it.",
    "ear": "When the caller heard the agent: it stands where the file has it.",
    "replies": "Which replies there were: they are told apart by the caller's turns and by long silences.",
    "tools": "Whether tools were called, and when.",
    "settings": "The agent's settings, and the service.",
    "interruptions": "Whether the agent was cut off, and what it would have said.",
}
"""What an imported file has not, and a recording that was made here has."""

WORDS = "What was said."

RULES = 3
"""Of these rules: what was imported by others is imported anew."""

SHORTEST = 0.1
"""Seconds; in less nobody says anything."""

BEFORE, BEHIND = 0.2, 0.3
"""Seconds of sound that belong to a reply before its first and behind its last speech."""


def import_wav(
    path: str | PathLike[str],
    *,
    transcript: object = None,
    caller: Literal["left", "right"] = "left",
    agent: str = "Agent",
    folder: str | PathLike[str] | None = None,
    partial: bool = False,
) -> Recording:
    """A call that was recorded elsewhere, one side on each channel, as a recording.

    Everything takes it that takes a recording. Whose turn it was comes from the sound, found by Silero on
    both sides; what a file cannot tell is in :attr:`voicenb.Recording.absent`, and figures that rest on it
    are None.

    Args:
        path: of the file: WAV of any rate and width, also µ-law and A-law, or FLAC, Ogg or MP3.
        transcript: what was said: a list of ``{"role": "user" or "agent", "text", "start", "end"}`` with
            seconds of the file, or the path of a WebVTT, SubRip or JSON file of such lines. ``end`` may be
            missing; who spoke, too, where the sound of one side alone is near. A line beyond the sound's end
            is refused.
        caller: the caller's channel.
        agent: the agent's name.
        folder: where the recording goes; by default a folder of the library's, in which the same file with
            the same words is found again. It is not among ``vn.recordings()``, and stays until somebody
            deletes it: ``call.folder`` says where it is, some 6 MB a minute.
        partial: take what is there of a WAV that is cut off.

    Raises:
        InvalidConfiguration: an argument that is none, or a transcript that goes beyond the sound.
        RecordingError: the file cannot be read, is cut off, holds no sound or has not two channels, or the
            recording cannot be written.
        MissingExtra: soundfile is not installed.

    Example:
        >>> call = vn.import_wav("call.wav", transcript="call.vtt", agent="Lido")  # doctest: +SKIP
        >>> vn.turns(call).caller[0].response_latency  # doctest: +SKIP
        1.43
    """
    if caller not in ("left", "right"):
        raise InvalidConfiguration(
            f"caller={caller!r} is no channel.", remedy='Say "left" or "right".', param="caller"
        )
    source = as_path(path, "import_wav")
    if not source.is_file():
        raise RecordingError(f"There is no file {source}.", remedy="Check the path.", path=str(source))
    if not partial:
        _refuse_cut(source)
    words = [] if transcript is None else read_words(transcript, agent)
    target, known = _target(source, words, caller, agent, folder)
    if known is not None:
        return known
    draft = target.with_name(f".{target.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        _write(draft, source, words, caller, agent)
        draft.rename(target)
    except OSError as error:
        raise RecordingError(
            f"{target} cannot be written: {error.strerror or error}.",
            remedy="Name another folder with folder=…",
            folder=str(target),
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Recording(target)


def _refuse_cut(source: Path) -> None:
    """Refuse a WAV that ends before its header says."""
    try:
        with source.open("rb") as file:
            extent = wav_extent(file)
    except OSError as error:
        raise RecordingError(
            f"{source} cannot be read: {error.strerror or error}.", path=str(source)
        ) from error
    if extent is not None and extent.cut:
        raise RecordingError(
            f"{source} is cut off: its header says {extent.promised_seconds:.2f} s, and "
            f"{extent.seconds:.2f} s are there.",
            remedy="Copy it again, or take what is there with partial=True.",
            path=str(source),
            seconds=extent.seconds,
        )


def _within(words: list[Words], length: float) -> list[Words]:
    """The lines of a transcript, none of which ends behind the sound.

    Raises:
        InvalidConfiguration: one begins there.
    """
    beyond = next((line for line in words if line.start > length + NEAR), None)
    if beyond is not None:
        raise InvalidConfiguration(
            f"The transcript has a line at {beyond.start:.1f} s, {told(beyond.text)}, and the sound ends at "
            f"{length:.1f} s.",
            remedy="Its times are seconds of this file, from its beginning; is it of another call?",
            param="transcript",
        )
    return [
        replace(line, start=min(line.start, length), end=None if line.end is None else min(line.end, length))
        for line in words
    ]


def _target(
    source: Path, words: list[Words], caller: str, agent: str, folder: str | PathLike[str] | None
) -> tuple[Path, Recording | None]:
    """Where the recording goes, and the one that is there already."""
    if folder is not None:
        target = as_path(folder, "import_wav").absolute()
        if target.exists():
            raise RecordingError(
                f"There is something at {target} already; nothing was imported.",
                remedy="Choose another folder.",
                folder=str(target),
            )
        return target, None
    said = json.dumps([RULES, caller, agent, [[w.role, w.text, w.start, w.end] for w in words]])
    digest = hashlib.sha256(said.encode())
    with source.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    name = re.sub(r"[^a-z0-9]+", "-", source.stem.lower()).strip("-")[:40] or "call"
    target = root() / "elsewhere" / "files" / f"{name}-{digest.hexdigest()[:12]}"
    return target, Recording(target) if is_recording(target) else None


def _write(draft: Path, source: Path, words: list[Words], caller: str, agent: str) -> None:
    recorder = Recorder(draft, about=_about(source, words, caller, agent))
    length = 0.0
    try:
        detectors = SpeechDetector(), SpeechDetector()
        probabilities: tuple[list[float], list[float]] = ([], [])
        samples = 0
        with of_sound("Importing", seconds_of(source)) as progress:
            for left, right in tracks(source):
                sides = (left, right) if caller == "left" else (right, left)
                samples = recorder.caller(sides[0]) + len(sides[0]) // 2
                recorder.agent(sides[1])
                for detector, values, pcm in zip(detectors, probabilities, sides, strict=True):
                    values += [frame.probability for frame in detector.push(pcm)]
                progress.step(len(left) / 2 / RATE)
        for detector, values in zip(detectors, probabilities, strict=True):
            values += [frame.probability for frame in detector.finish()]
        length = samples / RATE
        if length < SHORTEST:
            raise RecordingError(
                f"{source} holds {samples} samples of sound at {RATE} Hz, {length:.3f} s: no call.",
                remedy="Check the file.",
                path=str(source),
            )
        words = _within(words, length)
        spoken = [stretches(values) for values in probabilities]
        for number, event in enumerate(retold(turns_of(spoken[0], spoken[1], words), samples)):
            recorder.event({"n": number, **event})
    finally:
        recorder.close({"t": round(length, 6), "reason": "ended"})
    if recorder.failure is not None:
        raise recorder.failure


def _about(source: Path, words: list[Words], caller: str, agent: str) -> dict[str, Any]:
    return {
        "agent": {"name": agent},
        "service": f"imported from {source.name}",
        "microphone": "elsewhere",
        "speaker": "elsewhere",
        "started": None,
        "source": {"kind": "file", "name": source.name, "caller": caller, "lines": len(words)},
        "absent": dict(ABSENT) if words else {**ABSENT, "words": WORDS},
    }


def retold(turns: list[Said], samples: int) -> list[JSONObject]:
    """The events that these turns amount to, in order.

    Two events of our own tell where they were found: ``turn`` the caller's, ``spoken`` the agent's, and
    whether that was beside what the other said. Transcripts follow where there are some.

    Args:
        turns: of both sides, by when they took the floor.
        samples: of each track.
    """
    moments: list[tuple[float, JSONObject]] = [(0.0, _received("session.ready", session_id=""))]
    for start in range(0, samples, round(SECOND * RATE)):
        count = min(round(SECOND * RATE), samples - start)
        place = {"track": "caller", "start": start, "samples": count}
        frame = {"dir": "out", "type": "input.audio", "msg": {"type": "input.audio"}, **place}
        moments.append(((start + count) / RATE, frame))
    replies = [n for n, turn in enumerate(turns) if turn.role == "agent"]
    reached = 0
    for number, turn in enumerate(turns):
        if turn.role == "user":
            later = (other for other in turns[number + 1 :] if other.role == "agent" and not other.beside)
            following = next(later, None)
            # The agent may begin before it is over: what it says then answers it all the same.
            at = turn.end if following is None else min(turn.end, following.start - BEFORE - 0.001)
            moments += _caller(turn, number, max(turn.start, at))
            continue
        after = next((turns[n].start for n in replies if n > number), None)
        last = turn.end + BEHIND if after is None else min(turn.end + BEHIND, max(turn.end, after - BEFORE))
        first = max(reached, round((turn.start - BEFORE) * RATE))
        reached = max(first, min(samples, round(last * RATE)))
        moments += _agent(turn, number, first, reached)
    moments.sort(key=lambda moment: moment[0])
    return [{"t": round(max(0.0, at), 6), **event} for at, event in moments]


def _caller(turn: Said, number: int, at: float) -> list[tuple[float, JSONObject]]:
    item = f"turn_{number}"
    span = {"item_id": item, "start": round(turn.start, 6), "end": round(turn.end, 6)}
    if turn.beside:
        span["beside"] = True
    told: list[tuple[float, JSONObject]] = [(at, {"dir": "local", "type": "turn", "msg": span})]
    if turn.text:
        told.append((at, _received("transcript.user", item_id=item, text=turn.text)))
    return told


def _agent(turn: Said, number: int, first: int, last: int) -> list[tuple[float, JSONObject]]:
    reply = {"reply_id": f"reply_{number}"}
    begin, over = first / RATE, max(last / RATE, turn.end)
    span = {**reply, "start": round(turn.start, 6), "end": round(turn.end, 6), "beside": turn.beside}
    told: list[tuple[float, JSONObject]] = [(begin, {"dir": "local", "type": "spoken", "msg": span})]
    told.append((begin, _received("reply.started", **reply)))
    if last > first:
        place = {"track": "agent", "start": first, "samples": last - first}
        told.append((begin, {**_received("reply.audio", **reply), **place}))
        note = {**reply, "from": 0, "to": last - first, "t": round(begin, 6), "uncertainty": None}
        told.append((begin, {"dir": "local", "type": "heard", "msg": note}))
    if turn.text:
        told.append((over, _received("transcript.agent", **reply, text=turn.text, interrupted=False)))
    told.append((over, _received("reply.done", **reply, status="completed")))
    return told


def _received(kind: str, **message: Any) -> JSONObject:
    return {"dir": "in", "type": kind, "msg": {"type": kind, **message}}
