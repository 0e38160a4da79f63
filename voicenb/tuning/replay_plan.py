"""Which calls are to be held for a replay: each with all that it needs, and a key of its content."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import Any

from voicenb.analysis.connected import connected
from voicenb.errors import InvalidConfiguration, RecordingError
from voicenb.policy import Policy
from voicenb.recording.excerpt import Excerpt
from voicenb.recording.layout import is_recording
from voicenb.recording.lock import is_locked
from voicenb.recording.recording import Recording, as_path
from voicenb.service.address import Address, InMemoryService
from voicenb.service.resolve import EMULATOR
from voicenb.session.opening import AgentLike, ServiceLike, locate, name_of, settings_of
from voicenb.tuning.by_ear import labels_by_ear
from voicenb.tuning.replay_call import Job, Way
from voicenb.tuning.replay_ledger import Entry, key_of, read_ledger, sound_of

SCHEME = 1
"""Of replaying; calls that were held by another one are held anew."""

STAYS = 3.0
"""So many times its recorded length a call may take, and a minute more."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Calls with one agent.

    Attributes:
        calls: that are replayed.
        jobs: one each.
        known: what was held before, by key.
    """

    calls: tuple[Recording, ...]
    jobs: tuple[Job, ...]
    known: dict[str, Entry]

    @property
    def to_hold(self) -> list[Job]:
        """Those that were not held before."""
        return [job for job in self.jobs if job.key not in self.known]


def plan(
    calls: Sequence[Recording],
    agent: AgentLike,
    service: ServiceLike,
    address: Address | None,
    brain: Any,
    policy: Policy | None,
    way: Way,
    home: Path | None,
) -> Plan:
    """Plan the calls with one agent.

    Args:
        calls: that are replayed.
        agent: who is called.
        service: who answers.
        address: where that is; None for an emulator of each call's own.
        brain: of that.
        policy: changes settings while a call runs.
        way: how they are replayed.
        home: where their recordings go; None for temporary ones.

    Raises:
        InvalidConfiguration: that is no agent, a call runs still, or nothing of its caller's was recorded.
    """
    settings, at = settings_of(agent), None if home is None else str(home)
    jobs = []
    for call in calls:
        if "sound" in call.absent or not len(call.caller):
            raise InvalidConfiguration(
                f"Nothing of the caller's was recorded in {call.name}; there is nothing to replay.",
                param="recordings",
            )
        if not call.finished and is_locked(call.folder):
            raise InvalidConfiguration(
                f"{call.name} runs still; a call is replayed when it is over.", param="recordings"
            )
        sound = sound_of(call)
        content = {
            "scheme": SCHEME,
            "caller": sound,
            "events": len(call.events),
            "labels": [repr(label) for label in labels_by_ear(call)],
            "agent": settings,
            "name": name_of(agent),
            "service": _place(address, service),
            "brain": _brain(brain),
            "policy": _policy(policy),
            "way": repr(way),
        }
        seconds = sum(each.end - each.start for each in connected(call)) or call.duration
        longest = STAYS * call.duration + 60.0
        key = key_of(content)
        source, part = str(call.folder), _part_of(call)
        jobs.append(Job(source, part, sound, agent, service, brain, policy, way, key, at, seconds, longest))
    return Plan(tuple(calls), tuple(jobs), {} if home is None else read_ledger(home))


def _part_of(call: Recording) -> tuple[float, float] | None:
    """Which part of the recording in its folder a recording is."""
    if not isinstance(call, Excerpt):
        return None
    above = _part_of(call.call)  # it may be a part of a part
    shift = 0.0 if above is None else above[0]
    return shift + call.begin, shift + call.end


def home_of(into: str | os.PathLike[str]) -> Path:
    """The folder that recordings are to go into, made where there is none.

    Args:
        into: as somebody gave it.

    Raises:
        InvalidConfiguration: that is no path.
        RecordingError: it is a recording itself, or cannot be made.
    """
    home = as_path(into, "into=").absolute()
    if is_recording(home):
        raise RecordingError(
            f"{home} is a recording itself; into= is a folder in which each call gets one of its own.",
            remedy=f"Name the folder above it, {home.parent}, or another one.",
            folder=str(home),
        )
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordingError(
            f"{home} cannot be made: {error.strerror or error}.", folder=str(home)
        ) from error
    return home


def in_memory(service: ServiceLike) -> bool:
    """Whether a service lives in this process and does not listen anywhere.

    Args:
        service: as ``service=`` takes it.
    """
    return isinstance(service, InMemoryService) and locate(service)[1] is not None


def _place(address: Address | None, service: ServiceLike) -> str:
    """Who answers, as far as that makes another call of it."""
    if address is None:
        brain = "" if service in (None, EMULATOR) else locate(service)[0].label
        return f"emulator, virtual clock {brain}".strip()
    return address.label if address.kind == "emulator" else f"{address.label} {address.place}"


def _policy(policy: Policy | None) -> str:
    """What a policy is: its kind, and what it holds."""
    if policy is None:
        return ""
    holds = repr(policy) if is_dataclass(policy) else repr(getattr(policy, "__dict__", {}))
    return f"{_brain(type(policy))} {holds}"


def _brain(brain: Any) -> str:
    if callable(brain):
        name = getattr(brain, "__qualname__", type(brain).__qualname__)
        return f"{getattr(brain, '__module__', '')}.{name}"
    return repr(brain)
