"""What one session leaves behind, gathered while it goes on."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from voicenb.emulator import history_timeline
from voicenb.emulator.checks import JSONObject
from voicenb.emulator.configuration import Configuration
from voicenb.emulator.history import Past
from voicenb.emulator.history_reasons import reasons
from voicenb.emulator.history_tapes import Side
from voicenb.emulator.history_tracks import Piece, Track
from voicenb.emulator.resources import Resources
from voicenb.emulator.timeline import TurnRecord

log = logging.getLogger(__name__)


class SessionLog:
    """Made when a session is ready. All moments are the loop's.

    Args:
        resources: history, sound, stamps.
        session_id: of the session.
        config: in force.
        began: when its client connected, from where its sound and its timeline count.
    """

    def __init__(self, resources: Resources, session_id: str, config: Configuration, began: float) -> None:
        self._resources = resources
        self._id = session_id
        self._config = config
        self._began = began
        self._changes: list[JSONObject] = []
        self._user, self._agent = (Track(keep) for keep in (self._keep_user, self._keep_agent))
        self._pieces = self._lost = 0
        self._record: JSONObject = {
            "id": session_id,
            "agent_id": None if config.id == session_id else config.id,
            "status": "created",
            "public_close_reason": None,
            "duration_seconds": None,
            "created_at": resources.stamps.iso(began),
            "ended_at": None,
            "config": config.echo(),
        }
        resources.history.begin(self._record)
        resources.webhooks.tell("session.started", self._record)

    def heard(self, audio: bytes) -> None:
        """Audio of the client's came."""
        self._user.arrive(self._now(), self._config.input_format["encoding"], audio)

    def sent(self, audio: bytes, moment: float) -> None:
        """Audio of the agent's went out, to be heard from ``moment`` on."""
        self._agent.add(moment - self._began, self._config.output_format["encoding"], audio)

    def hushed(self, moment: float) -> None:
        """What was to be heard of the agent from ``moment`` on is not: its reply was cut."""
        self._agent.cut(moment - self._began)

    def changed(self, patch: Mapping[str, Any], config: Configuration) -> None:
        """A ``session.update`` was accepted."""
        self._config = config
        self._record["config"] = echo = config.echo()
        shown = {key: echo[key] for key in patch if key in echo}
        self._changes.append({"at_ms": round(self._now() * 1000, 1), "config": shown})

    def end(self, ended_by: str, records: Sequence[TurnRecord]) -> None:
        """The session is over; a fault of the store's must not hold that up, and is logged."""
        try:
            self._end(ended_by, records)
        except Exception:
            log.exception("What session %s leaves could not be kept", self._id)

    def _end(self, ended_by: str, records: Sequence[TurnRecord]) -> None:
        resources, stamps = self._resources, self._resources.stamps
        for track in (self._user, self._agent):
            track.flush()
        seconds = round(self._now(), 3)
        now = self._began + self._now()
        reason, public = reasons(ended_by)
        self._record |= {
            "status": "completed",
            "public_close_reason": public,
            "duration_seconds": seconds,
            "ended_at": stamps.iso(now),
        }
        said = [record for record in records if record.status != "reopened"]
        taken_back = [record for record in records if record.status == "reopened"]
        timeline = {
            "session_id": self._id,
            "started_at_unix_ms": round(stamps.at(self._began) * 1000),
            "turns": history_timeline.turns(said, self._began),
            "config_changes": self._changes,
            "ended": {"reason": reason, "public_reason": public, "duration_seconds": seconds},
            "emulator": {
                "profile": resources.profile.name,
                "ears": resources.ears.name if resources.ears else "none",
                "mouth": resources.mouth.name,
                # Answers that were being prepared when the user went on: nobody heard of them.
                "taken_back": history_timeline.turns(taken_back, self._began),
            },
        }
        metadata = {
            "session_id": self._id,
            "started_at": self._record["created_at"],
            "ended_at": self._record["ended_at"],
            "format": "ogg/opus",
            "channels": 2,
            "channel_layout": "left=user,right=agent",
            "sample_rate": 24_000,
            "file": f"{self._id}.ogg",
            "uploaded_chunks": self._pieces,
            "dropped_chunks": self._lost,
        }
        complete_at = stamps.at(now) + resources.profile.artifacts_after
        resources.history.end(Past(self._record, timeline, metadata, complete_at))
        if resources.history.there(self._id):
            resources.audio.ended(self._id, seconds)
        else:  # it was deleted while it ran
            resources.audio.forget(self._id)
        resources.webhooks.tell("session.completed", self._record)

    def _keep_user(self, piece: Piece) -> None:
        self._keep("user", piece)

    def _keep_agent(self, piece: Piece) -> None:
        self._keep("agent", piece)

    def _keep(self, side: Side, piece: Piece) -> None:
        """Keep some sound; no room for it must not hold up the call, and is logged."""
        try:
            self._resources.audio.keep(self._id, side, piece)
        except Exception:
            if not self._lost:
                log.exception("The sound of session %s is not kept whole", self._id)
            self._lost += 1
        else:
            self._pieces += 1

    def _now(self) -> float:
        """Seconds of the session."""
        return self._resources.stamps.loop_time() - self._began
