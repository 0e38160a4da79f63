"""The calls of a session history as recordings: those that are new are fetched, the others are there."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from voicenb.elsewhere.keeping import keep, kept
from voicenb.elsewhere.since import Since, moment, written
from voicenb.elsewhere.sound import needs_soundfile
from voicenb.errors import (
    RecordingError,
    ServiceError,
    ServiceUnreachable,
    Unauthorized,
    VoicenbError,
    WaitTimeout,
)
from voicenb.names import warn
from voicenb.progress import Progress
from voicenb.recording.library import root
from voicenb.recording.shelf import Recordings as Recordings

if TYPE_CHECKING:
    from voicenb.agent import Agent
    from voicenb.service.hosted import Hosted
    from voicenb.service.sessions import SessionRecord

_TOLD = 3


def recordings_of(
    hosted: Hosted,
    host: str,
    secrets: Iterable[str],
    since: Since,
    agent: Agent | str | None,
    folder: Path | None,
) -> Recordings:
    """The calls, newest first; see :meth:`voicenb.Hosted.recordings`."""
    needs_soundfile()
    after = moment(since, datetime.datetime.now(datetime.UTC))
    home = folder if folder is not None else root() / "elsewhere" / host.replace(":", "_").replace("/", "_")
    records = []
    for record in hosted.sessions(status="completed", agent=agent):
        began = written(record.created_at)
        if after is not None and began is not None and began < after:
            break  # the newest come first
        records.append(record)
    names: dict[str, str] = {}
    found = Recordings()
    left_out: list[str] = []
    with Progress("Calls", len(records)) as progress:
        for record in records:
            recording = kept(home, record.id)
            if recording is None:
                try:
                    name = _name(hosted, record, names)
                    recording = keep(home, hosted.session(record.id), name, host, secrets)
                except (Unauthorized, ServiceUnreachable):
                    raise  # the others would fare no better; what is there stays
                except (ServiceError, WaitTimeout, RecordingError) as error:
                    left_out.append(f"{record.id}: {error.message}")
            if recording is not None:
                found.append(recording)
            progress.step()
    if left_out:
        more = f"; and {len(left_out) - _TOLD} more" if len(left_out) > _TOLD else ""
        warn(
            f"{len(left_out)} of {len(records)} calls could not be fetched, and will be tried again: "
            f"{'; '.join(left_out[:_TOLD])}{more}"
        )
    return found


def _name(hosted: Hosted, record: SessionRecord, names: dict[str, str]) -> str:
    """What people call the agent of a session, as far as the service still knows it."""
    if record.agent_id is None:
        return "Agent"
    if record.agent_id not in names:
        try:
            names[record.agent_id] = hosted.get(record.agent_id).name
        except (Unauthorized, ServiceUnreachable):
            raise
        except VoicenbError:
            names[record.agent_id] = record.agent_id  # it was deleted, or is of another kind
    return names[record.agent_id]
