"""One call of the history, written as a recording."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from voicenb.elsewhere.retelling import ABSENT, duration, retold
from voicenb.elsewhere.since import written
from voicenb.elsewhere.sound import tracks
from voicenb.errors import RecordingError, ServiceError, WaitTimeout
from voicenb.recording.layout import is_recording
from voicenb.recording.recorder import Recorder
from voicenb.recording.recording import Recording
from voicenb.service.sessions import PastSession
from voicenb.service.timeline import Timeline

FRESH = timedelta(seconds=150)
"""After the end of a call: for up to 90 s the service writes what it keeps of it, and clocks differ."""


def folder_of(home: Path, session_id: str) -> Path:
    """Where a session's recording is, or is to be."""
    return home / (re.sub(r"[^A-Za-z0-9_-]", "_", session_id)[:80] or "_")


def kept(home: Path, session_id: str) -> Recording | None:
    """The recording of a session that was written before, whole."""
    folder = folder_of(home, session_id)
    if not is_recording(folder):
        return None
    try:
        recording = Recording(folder)
    except RecordingError:
        return None
    source = recording.session.get("source")
    is_it = isinstance(source, dict) and source.get("session_id") == session_id
    return recording if is_it and recording.finished else None


def keep(home: Path, session: PastSession, agent_name: str, host: str, secrets: Iterable[str]) -> Recording:
    """Fetch what is kept of a session and write it, whole or not at all.

    Args:
        home: the folder that gets one for each session.
        session: of the history, and over.
        agent_name: what people call the agent.
        host: whose history it is.
        secrets: texts that must not be written.

    Raises:
        WaitTimeout: nothing is kept of it yet, or, right after its end, not all of it.
        RecordingError: it cannot be written, or its sound cannot be read.
        ServiceError: it cannot be fetched.
        MissingExtra: soundfile is not installed.
    """
    folder = folder_of(home, session.id)
    if folder.exists():  # half of one, or something else of that name
        raise RecordingError(
            f"{folder} is there already, and is no recording of the session {session.id}.",
            remedy="Move it away, or choose another folder.",
            folder=str(folder),
        )
    there = {artifact.type for artifact in session.artifacts}
    missing = [kind for kind in ("timeline", "audio") if kind not in there]
    if len(missing) == 2 or (missing and _is_fresh(session)):
        session.artifact(missing[0])  # which says why there is none
    timeline = session.timeline() if "timeline" in there else None
    ogg = session.artifact("audio") if "audio" in there else b""
    offset = _offset(session, timeline)
    absent = dict(ABSENT)
    if timeline is None:
        absent["timeline"] = "What was said, and when."
    if not ogg:
        absent["sound"] = "The sound of both sides."
    elif offset is None:
        absent["beginning"] = "When the sound begins: it is taken to begin with the timeline."
    draft = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    about = _about(session, timeline, agent_name, host, absent)
    try:
        _write(draft, about, session, timeline, ogg, offset or 0.0, secrets)
        draft.rename(folder)
    except OSError as error:
        raise RecordingError(
            f"{folder} cannot be written: {error.strerror or error}.", folder=str(folder)
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Recording(folder)


def _write(
    draft: Path,
    about: dict[str, Any],
    session: PastSession,
    timeline: Timeline | None,
    ogg: bytes,
    offset: float,
    secrets: Iterable[str],
) -> None:
    recorder = Recorder(draft, about=about, secrets=secrets)
    length = 0.0
    try:
        samples = 0
        for caller, agent in tracks(ogg) if ogg else ():
            samples = recorder.caller(caller) + len(caller) // 2
            recorder.agent(agent)
        length = duration(session, timeline, samples, offset)
        for event in retold(session, timeline, samples, offset):
            recorder.event(event)
    finally:
        recorder.close({"t": round(length, 6), "reason": _reason(session)})
    if recorder.failure is not None:
        raise recorder.failure


def _about(
    session: PastSession, timeline: Timeline | None, agent_name: str, host: str, absent: dict[str, str]
) -> dict[str, Any]:
    began = written(session.created_at)
    if timeline is not None and timeline.started is not None:
        began = datetime.fromtimestamp(timeline.started, UTC)
    settings = {name: session.config[name] for name in _TOLD if session.config.get(name) is not None}
    return {
        "agent": {"name": agent_name, **settings},
        "service": f"from the history of {host}",
        "microphone": "elsewhere",
        "speaker": "elsewhere",
        "started": began.isoformat(timespec="milliseconds") if began is not None else session.created_at,
        "source": {
            "kind": "session history",
            "host": host,
            "session_id": session.id,
            "agent_id": session.agent_id,
            "record": {name: value for name, value in session.wire.items() if name != "artifacts"},
            "timeline": None if timeline is None else dict(timeline.wire),
        },
        "absent": absent,
    }


_TOLD = ("system_prompt", "greeting", "input", "output", "tools")


def _is_fresh(session: PastSession) -> bool:
    """Whether a session ended so lately that more of it may still be written."""
    ended = written(session.ended_at)
    return ended is not None and datetime.now(UTC) - ended < FRESH


def _reason(session: PastSession) -> str:
    reason = session.public_close_reason
    return "ended" if reason in (None, "client_end") else str(reason)


def _offset(session: PastSession, timeline: Timeline | None) -> float | None:
    """Where on the timeline's clock the sound begins, as far as the metadata tells it."""
    if timeline is None or timeline.started is None:
        return None
    if not any(artifact.type == "metadata" for artifact in session.artifacts):
        return None
    with contextlib.suppress(ServiceError, WaitTimeout, ValueError):
        metadata = json.loads(session.artifact("metadata"))
        began = written(metadata.get("started_at") if isinstance(metadata, dict) else None)
        if began is not None:
            offset = began.timestamp() - timeline.started
            # What is off by more was written by another clock.
            return round(offset, 3) if abs(offset) < 60 else None
    return None
