"""One replayed call, from a recording to a recording; may be held in another process."""

from __future__ import annotations

import math
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from voicenb.analysis.connected import connected
from voicenb.analysis.turns import turns
from voicenb.errors import VoicenbError
from voicenb.policy import Policy
from voicenb.protocol.barge_in import BargeInMode
from voicenb.recording.layout import RATE, is_recording
from voicenb.recording.recording import Recording
from voicenb.session.opening import AgentLike, ServiceLike
from voicenb.tuning.replay_caller import By, ReplayedCaller, Unanswered
from voicenb.tuning.replay_ear import Ear
from voicenb.tuning.replay_ledger import Entry, enter, folder_for
from voicenb.tuning.replay_parts import Doubtful, caller_side
from voicenb.tuning.replay_room import room_of

TIDYING = 60.0
"""Seconds that a call may take beyond what the caller stays."""


@dataclass(frozen=True, slots=True)
class Way:
    """How calls are replayed.

    Attributes:
        by: ``"turns"`` or ``"clock"``.
        clock: ``"virtual"`` or ``"real"``.
        patience: seconds without a sound of the agent after which the caller waits no longer.
        if_unanswered: what he does then.
        candidate_cuts: what they are taken for.
        barge_in: what becomes of the agent's voice while he speaks over it.
    """

    by: By
    clock: Literal["virtual", "real"]
    patience: float
    if_unanswered: Unanswered
    candidate_cuts: Doubtful
    barge_in: BargeInMode


@dataclass(frozen=True, slots=True)
class Job:
    """A call to hold.

    Attributes:
        source: the folder of the recording that is replayed.
        part: of it, from second to second of its clock; None for all of it.
        sound: what its caller's track sounds like (`voicenb.tuning.replay_ledger.sound_of`).
        agent: who is called.
        service: who answers.
        brain: of the emulator that is made for the call.
        policy: changes settings while it runs; the call works with a copy.
        way: how it is replayed.
        key: of the call.
        home: the folder with the ledger; None: a temporary one.
        seconds: that it will take, by estimate.
        longest: seconds that the caller stays at most.
        why_longest: ``"budget"`` or ``"limit"``.
    """

    source: str
    part: tuple[float, float] | None
    sound: str
    agent: AgentLike
    service: ServiceLike
    brain: Any
    policy: Policy | None
    way: Way
    key: str
    home: str | None
    seconds: float
    longest: float = math.inf
    why_longest: str = "limit"


@dataclass(frozen=True, slots=True)
class Held:
    """What came of it.

    Attributes:
        folder: of the recording; None where there is none.
        seconds: that the session was open.
        ended: how it ended: ``"hung up"`` (as the recorded caller did), ``"not answered"``, ``"budget"``,
            ``"limit"``, ``"service"`` (it ended the session) or ``"error"``.
        error: what ended it, or kept it from beginning.
    """

    folder: str | None
    seconds: float
    ended: str
    error: VoicenbError | None = None


def _recording(job: Job) -> Recording:
    whole = Recording(job.source)
    return whole if job.part is None else whole[slice(*job.part)]


def hold(job: Job) -> Held:
    """Hold a call; what goes wrong in it is part of what came of it.

    Args:
        job: the call.
    """
    from voicenb.testing.run import run

    recording = _recording(job)
    side = caller_side(recording, job.way.candidate_cuts)
    found, track, ear = turns(recording), recording.lanes()[0], Ear()
    background = room_of(track, [*found.said, *found.heard], round(side.begin * RATE))
    caller = ReplayedCaller(
        side,
        track,
        background,
        ear,
        name=recording.name,
        by=job.way.by,
        patience=job.way.patience,
        if_unanswered=job.way.if_unanswered,
        longest=job.longest,
        why_longest=job.why_longest,
    )
    caller.told |= {
        "of": recording.name,
        "caller": job.sound,
        "key": job.key,
        "by": job.way.by,
        "taken_for": job.way.candidate_cuts,
        "candidate_cuts": sum(part.candidate_cuts for part in side.parts),
    }
    if job.policy is not None:
        caller.told["policy"] = type(job.policy).__name__
    home = Path(tempfile.mkdtemp(prefix="voicenb-") if job.home is None else job.home)
    folder = folder_for(home, recording.name, job.key)
    error = None
    try:
        run(
            job.agent,
            caller,
            job.service,
            brain=job.brain,
            policy=job.policy,
            speaker=ear,
            barge_in=job.way.barge_in,
            recording=folder,
            clock=job.way.clock,
            limit=job.longest + TIDYING,
        )
    except VoicenbError as failure:
        error = failure
    stretches = connected(Recording(folder)) if is_recording(folder) else []
    if not stretches:  # no session began, and there is nothing in it
        shutil.rmtree(home if job.home is None else folder, ignore_errors=True)
        return Held(None, 0.0, "error", error)
    seconds = sum(each.end - each.start for each in stretches)
    ended = "error" if error is not None else str(caller.told["ended"] or "service")
    if job.home is not None and error is None and ended != "budget":
        enter(home, Entry(job.key, folder.name, recording.name, seconds, ended))
    return Held(str(folder), seconds, ended, error)
