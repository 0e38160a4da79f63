"""A whole call without people: an agent, a scripted caller, a service, a virtual clock or the real one."""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from voicenb.audio.processor import InPlaceProcessor, Processor
from voicenb.errors import InvalidConfiguration, RecordingError, ServiceError, VoicenbError
from voicenb.policy import Policy, check_policy
from voicenb.protocol.barge_in import USUAL, BargeInMode, check_barge_in
from voicenb.recording.layout import is_recording
from voicenb.recording.recording import Recording, as_path
from voicenb.service.address import Address, InMemoryService
from voicenb.service.resolve import EMULATOR
from voicenb.session.devices import check_devices, check_ducks
from voicenb.session.host import Plan
from voicenb.session.microphone import Microphone
from voicenb.session.microphones import Spoken
from voicenb.session.on_lost import OnLost, check_on_lost
from voicenb.session.opening import AgentLike, ServiceLike, about, locate, settings_of, tools_of
from voicenb.session.speaker import Speaker
from voicenb.session.speakers import Muted
from voicenb.session.tool_runner import DaemonThreads, Workers
from voicenb.session.transport import Connect
from voicenb.testing.call import Call
from voicenb.testing.caller import Caller
from voicenb.testing.elsewhere import AtOnce, run_really
from voicenb.testing.faults import faults
from voicenb.testing.moves import Answer, Move, Pause
from voicenb.testing.virtual_clock import run_virtually

Clock = Literal["virtual", "real"]

LIMIT = 600.0
"""Seconds that a call may take."""

EPOCH = 1_790_000_000.0
"""The label of the virtual clock's second 0: in September 2026, as in the emulator's stamps."""


UNGREETED = Pause(0)
"""Begins the script of a caller who speaks at once; one that begins with words lets the greeting finish."""


def run(
    agent: AgentLike,
    caller: Caller | Microphone | Sequence[Move | str | Path | Spoken],
    service: ServiceLike = None,
    *,
    brain: Any = None,
    speaker: Speaker | None = None,
    policy: Policy | None = None,
    barge_in: BargeInMode = USUAL,
    recording: str | os.PathLike[str] | None = None,
    clock: Clock = "virtual",
    limit: float = LIMIT,
    on_lost: OnLost = "end",
) -> Recording:
    """Hold a whole call and return its recording.

        call = vn.run(agent, vn.Caller(["A table for four on Friday.", vn.Answer()]))

    On the virtual clock a minute takes a second or two, and the same call is the same bytes every time. Ears,
    mouth and turn taking are the emulator's own; tools run in place and take no time. On the real clock it is
    a session like any other and takes as long as it takes.

    Args:
        agent: an `Agent`, the id of a stored one, or a ``session`` object.
        caller: a `Caller` or its script. A ``WavFile`` is played from the start, and followed by silence
            until it is answered; any other microphone is used as it is.
        service: None or ``"emulator"``: an emulator made for this call (on the real clock without ``brain``:
            what ``vn.Session`` makes of it). The virtual clock needs an emulator of this process that is not
            listening; made with ``processor=InPlaceProcessor()`` it repeats itself to the byte.
        brain: what thinks in the emulator made for this call, as in ``vn.Emulator(brain=…)``.
        speaker: takes the agent's voice; by default the caller's ear (another microphone has none: then it is
            played to nobody).
        policy: changes settings while the call runs, as :class:`~voicenb.policy.AfterQuestion`.
        barge_in: what becomes of the agent's voice while the caller speaks over it: ``"flush"``, ``"duck"``
            or ``"wait"``, as in :class:`~voicenb.session.session.Session`.
        recording: a folder for the recording; None: it is kept for as long as the returned object is.
        clock: ``"virtual"`` or ``"real"``.
        limit: seconds of that clock that the call may take.
        on_lost: what follows where the connection is lost and the service does not resume the session, as in
            ``vn.Session``: ``"restart"`` begins another one, which is told what was said so far.

    Raises:
        WaitTimeout: the agent did not do what the caller waits for, or the limit is reached.
        ServiceError: the service ended the call; or something in the emulator (the brain, say) raised, and
            that is the cause.
        InvalidConfiguration: a service that the virtual clock cannot reach, ``brain`` beside ``service``, or
            another argument that cannot be.
        RecordingError: the folder cannot be written.
        VoicenbError: what else ended the call. ``facts["recording"]`` is the folder with what was recorded
            until then.
    """
    check_policy(policy)
    check_barge_in(barge_in)
    check_on_lost(on_lost)
    if clock not in ("virtual", "real"):
        raise InvalidConfiguration(f"No clock is called {clock!r}.", remedy='Take "virtual" or "real".')
    if brain is not None and service is not None:
        raise InvalidConfiguration(
            "brain= is for the emulator that is made for the call, but there is a service= already.",
            remedy="Give the brain to that emulator: vn.Emulator(brain=…).",
        )
    microphone, settings = _microphone(caller), settings_of(agent)
    listener = speaker or (microphone.ear if isinstance(microphone, Caller) else Muted())
    check_devices(microphone, listener)
    check_ducks(barge_in, listener)
    named = None if recording is None else as_path(recording, "recording=")
    stage = _virtual_stage(service, brain) if clock == "virtual" else _real_stage(service, brain)
    folder = named or _temporary()
    plan = Plan(
        stage.address,
        settings,
        folder=folder,
        about=_about(agent, stage, microphone, listener, barge_in),
        microphone=microphone,
        speaker=listener,
        connect=stage.connect,
        on_lost=on_lost,
        barge_in=barge_in,
        processor=stage.processor,
    )
    try:
        stage.run(lambda: Call(plan, tools_of(agent), stage.workers, policy).run(), limit)
    except BaseException as error:
        if is_recording(folder) and not isinstance(error, RecordingError):
            _tell_where(error, folder)
        elif recording is None:
            shutil.rmtree(folder.parent, ignore_errors=True)
        if isinstance(error, VoicenbError):
            # What it says is for whoever called; the way from the loop up to here tells them nothing. A cause
            # keeps its own.
            raise error.with_traceback(None) from error.__cause__
        raise
    result = Recording(folder)
    if recording is None:
        weakref.finalize(result, shutil.rmtree, folder.parent, ignore_errors=True)
    return result


@dataclass(frozen=True, slots=True)
class _Stage:
    """Where a call takes place."""

    address: Address
    run: Callable[[Callable[[], Coroutine[Any, Any, None]], float], None]
    workers: Workers
    connect: Connect | None = None
    started: str | None = None
    processor: Processor | None = None


def _virtual_stage(service: ServiceLike, brain: Any) -> _Stage:
    if service in (None, EMULATOR):
        from voicenb.emulator.emulator import Emulator

        service = Emulator(brain=brain, processor=InPlaceProcessor(), seed=0)
    address, connect = locate(service) if isinstance(service, InMemoryService) else (None, None)
    if address is None or connect is None:
        raise InvalidConfiguration(
            f"The virtual clock cannot reach {service!r}: time there is real.",
            remedy='Leave service= out, give a vn.Emulator() that is not entered, or take clock="real".',
        )

    def on_stage(main: Callable[[], Coroutine[Any, Any, None]], limit: float) -> None:
        run_virtually(lambda: _explained(main, everywhere=False), limit=limit)

    started = datetime.datetime.fromtimestamp(EPOCH, datetime.UTC).isoformat(timespec="milliseconds")
    return _Stage(address, on_stage, AtOnce(), connect, started, InPlaceProcessor())


def _real_stage(service: ServiceLike, brain: Any) -> _Stage:
    if service is None and brain is not None:
        from voicenb.emulator.emulator import Emulator

        emulator = Emulator(brain=brain).start()

        def with_emulator(main: Callable[[], Coroutine[Any, Any, None]], limit: float) -> None:
            with emulator:
                run_really(lambda: _explained(main, everywhere=True), limit=limit)

        return _Stage(emulator.address(), with_emulator, DaemonThreads())

    def on_stage(main: Callable[[], Coroutine[Any, Any, None]], limit: float) -> None:
        run_really(main, limit=limit)

    address, connect = locate(service)
    return _Stage(address, on_stage, DaemonThreads(), connect)


async def _explained(main: Callable[[], Coroutine[Any, Any, None]], *, everywhere: bool) -> None:
    """Run ``main``; when something in the emulator broke, say what."""
    with faults(everywhere=everywhere) as broken:
        try:
            await main()
        finally:
            if broken.found:
                what, why = broken.found[0]
                told = f"{why}" if isinstance(why, VoicenbError) else f"{type(why).__name__}: {why}."
                raise ServiceError(f"{what}: {told}", code="internal_error", status=None) from why


def _microphone(caller: Caller | Microphone | Sequence[Move | str | Path | Spoken]) -> Microphone:
    if isinstance(caller, Spoken):
        return Caller([UNGREETED, caller, Answer()], label=caller.label)
    if callable(getattr(caller, "frames", None)):
        return cast("Microphone", caller)
    return Caller(cast("Sequence[Move | str | Path | Spoken]", caller))


def _about(
    agent: AgentLike, stage: _Stage, microphone: Microphone, speaker: Speaker, barge_in: BargeInMode
) -> dict[str, Any]:
    said = about(agent, settings_of(agent), stage.address, microphone.label, speaker.label, barge_in)
    if stage.started is not None:
        said |= {"started": stage.started, "clock": "virtual"}
    if callable(tells := getattr(microphone, "about", None)):
        said |= tells()  # its values grow during the call, and are written as they stand at its end
    return said


def _temporary() -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix="voicenb-")) / "call"
    except OSError as error:
        raise RecordingError(
            f"There is no room for a recording: {error.strerror or error}.",
            remedy="Name a folder in recording=.",
        ) from error


def _tell_where(error: BaseException, folder: Path) -> None:
    if isinstance(error, VoicenbError):
        error.facts["recording"] = str(folder)
    error.add_note(f"What was recorded until then: {folder}")
