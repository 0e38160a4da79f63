"""The service's own timeline of a call, beside the recording that was made here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from voicenb.errors import InvalidConfiguration, RecordingError
from voicenb.recording.layout import TIMELINE, JSONObject
from voicenb.recording.recorder import replace
from voicenb.service.timeline import Timeline

if TYPE_CHECKING:
    from voicenb.service.hosted import Hosted
    from voicenb.service.sessions import PastSession

PATIENCE = 90.0
"""Seconds that the service may need after a call until it has written its timeline."""


def read_timeline(folder: Path, session: JSONObject) -> Timeline | None:
    """The timeline that was attached, or that the recording was made from.

    Raises:
        RecordingError: the file is there and cannot be read.
    """
    path = folder / TIMELINE
    try:
        wire = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except FileNotFoundError:
        source = session.get("source")
        told = source.get("timeline") if isinstance(source, dict) else None
        return Timeline.from_wire(told) if isinstance(told, dict) else None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordingError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.",
            remedy="Attach it anew, as in call.attach(vn.Hosted()).",
            path=str(path),
        ) from error
    return Timeline.from_wire(wire)


def timeline_of(told: Timeline | PastSession | Hosted, session_id: str) -> Timeline:
    """The timeline that is meant.

    Args:
        told: it, the session of the history that has it, or the service, which is asked for it.
        session_id: of the call.

    Raises:
        InvalidConfiguration: it is none of these, or of another session.
        WaitTimeout: the service has not written it.
        ServiceError: the service does not give it.
    """
    from voicenb.service.hosted import Hosted
    from voicenb.service.sessions import PastSession

    if isinstance(told, Hosted):
        told = told.session(session_id)
    if isinstance(told, PastSession):
        told = told.timeline(timeout=PATIENCE)
    if not isinstance(told, Timeline):
        raise InvalidConfiguration(
            f"{told!r} is no timeline.",
            remedy="Give vn.Hosted(), a session of its history, or that session's timeline().",
            param="timeline",
        )
    if told.session_id != session_id:
        raise InvalidConfiguration(
            f"The timeline is of the session {told.session_id or 'without an id'}, the call is "
            f"{session_id or 'of none that is known'}.",
            remedy="Ask for the timeline of call.conversation.session_id.",
            param="timeline",
        )
    return told


def write_timeline(folder: Path, timeline: Timeline) -> None:
    """Put it beside the recording, as the service wrote it.

    Raises:
        RecordingError: the folder cannot be written to.
    """
    draft = folder / f"{TIMELINE}.part"
    try:
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(dict(timeline.wire)), indent=2) + b"\n")
        replace(draft, folder / TIMELINE)
    except OSError as error:
        raise RecordingError(
            f"The timeline cannot be written to {folder}: {error.strerror or error}.",
            remedy='Save a copy where you may write, as in call.save("calls/lido"), and attach it there.',
            folder=str(folder),
        ) from error
