"""Runs: the same call held several times, to see how reliable it is."""

from __future__ import annotations

import os
import shutil
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict, Unpack, overload

from voicenb.audio.processor import InPlaceProcessor
from voicenb.errors import InvalidConfiguration, RecordingError, VoicenbError
from voicenb.policy import Policy
from voicenb.protocol.barge_in import BargeInMode
from voicenb.recording.given import told
from voicenb.recording.layout import is_recording
from voicenb.recording.recording import Recording, as_path
from voicenb.service.resolve import EMULATOR
from voicenb.session.microphone import Microphone
from voicenb.session.microphones import Spoken
from voicenb.session.on_lost import OnLost
from voicenb.session.opening import AgentLike, ServiceLike
from voicenb.session.speaker import Speaker
from voicenb.testing.caller import Caller
from voicenb.testing.moves import Move
from voicenb.testing.run import Clock, run

MOST = 1_000
"""Runs at most."""


class How(TypedDict, total=False):
    """How each run is held: the keywords of ``vn.run``."""

    brain: Any
    speaker: Speaker | None
    policy: Policy | None
    barge_in: BargeInMode
    clock: Clock
    limit: float
    on_lost: OnLost


class Runs(Sequence[Recording]):
    """Recordings of the same call, for ``vn.expect`` and ``vn.report``; made by ``vn.repeat``.

    Args:
        recordings: one for each run.
        errors: what ended runs before their time, by place.

    Attributes:
        errors: what ended runs before their time, by place, 0 for the first; their recordings go that far.
    """

    def __init__(
        self, recordings: Sequence[Recording], errors: Mapping[int, VoicenbError] | None = None
    ) -> None:
        self._recordings = list(recordings)
        self.errors = dict(errors or {})

    @overload
    def __getitem__(self, at: int) -> Recording: ...
    @overload
    def __getitem__(self, at: slice) -> Runs: ...
    def __getitem__(self, at: int | slice) -> Recording | Runs:
        """One of them, or some."""
        if isinstance(at, int):
            return self._recordings[at]
        places = range(len(self))[at]
        errors = {n: self.errors[place] for n, place in enumerate(places) if place in self.errors}
        return Runs([self._recordings[place] for place in places], errors)

    def __len__(self) -> int:
        return len(self._recordings)

    def __repr__(self) -> str:
        ended = f", {len(self.errors)} ended before their time" if self.errors else ""
        return f"<{len(self)} runs{ended}>"


def repeat(
    agent: AgentLike,
    caller: Caller | Microphone | Sequence[Move | str | Path | Spoken],
    service: ServiceLike = None,
    *,
    runs: int,
    recording: str | os.PathLike[str] | None = None,
    **how: Unpack[How],
) -> Runs:
    """Hold the same call several times, one after the other, as ``vn.run`` holds one.

        runs = vn.repeat(agent, vn.Caller(["A table for four.", vn.Answer()]), runs=5, brain=brain)
        assert vn.expect(runs).calls("free_tables")

    Runs differ by what is random in them: a language model, a service, the emulator's seed, which is the
    run's number. With rules for a brain, on the virtual clock, all of them are the same call, and
    ``vn.expect`` says so. A run that ends before its time is a run like the others, and fails in
    ``vn.expect``.

    Args:
        agent: as for ``vn.run``.
        caller: as for ``vn.run``.
        service: as for ``vn.run``; None or ``"emulator"`` makes an emulator for each run.
        runs: how many.
        recording: a folder that gets a folder for each run, named by its number; None keeps them for as long
            as the returned objects are.
        **how: as for ``vn.run``.

    Raises:
        InvalidConfiguration: ``runs`` is no such count, or what ``vn.run`` refuses.
        RecordingError: a folder cannot be written.
        VoicenbError: a run ended before anything was recorded.
    """
    if isinstance(runs, bool) or not isinstance(runs, int) or not 1 <= runs <= MOST:
        raise InvalidConfiguration(
            f"runs={told(runs)} is no count.", remedy=f"Give 1 to {MOST}: runs=5.", param="runs"
        )
    folder = None if recording is None else as_path(recording, "recording=")
    recordings: list[Recording] = []
    errors: dict[int, VoicenbError] = {}
    for number in range(1, runs + 1):
        place = None if folder is None else folder / str(number)
        try:
            recordings.append(_once(agent, caller, service, number, place, how))
        except (InvalidConfiguration, RecordingError):
            raise
        except VoicenbError as error:
            recordings.append(_cut_short(error, kept=place is not None))
            errors[number - 1] = error
    return Runs(recordings, errors)


def _once(
    agent: AgentLike,
    caller: Caller | Microphone | Sequence[Move | str | Path | Spoken],
    service: ServiceLike,
    number: int,
    folder: Path | None,
    how: How,
) -> Recording:
    if service in (None, EMULATOR) and how.get("clock", "virtual") == "virtual":
        from voicenb.emulator.emulator import Emulator

        brain = how.get("brain")
        rest: Any = {name: value for name, value in how.items() if name != "brain"}
        emulator = Emulator(brain=brain, processor=InPlaceProcessor(), seed=number)
        return run(agent, caller, emulator, recording=folder, **rest)
    return run(agent, caller, service, recording=folder, **how)


def _cut_short(error: VoicenbError, *, kept: bool) -> Recording:
    """The recording of a run that ended before its time."""
    where = error.facts.get("recording")
    if not where or not is_recording(Path(where)):
        raise error
    recording = Recording(where)
    if not kept:
        weakref.finalize(recording, shutil.rmtree, recording.folder.parent, ignore_errors=True)
    return recording
