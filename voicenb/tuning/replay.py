"""Replay: the callers of recorded calls, through fresh sessions."""

from __future__ import annotations

import os
import shutil
import weakref
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, Literal, TypedDict, Unpack, overload

from voicenb.errors import InvalidConfiguration, ServiceUnreachable, Unauthorized, VoicenbError
from voicenb.policy import Policy, check_policy
from voicenb.progress import Progress
from voicenb.protocol.barge_in import USUAL, BargeInMode, check_barge_in
from voicenb.recording.given import Calls, told
from voicenb.recording.layout import is_recording
from voicenb.recording.recording import Recording, as_path
from voicenb.service.resolve import EMULATOR
from voicenb.session.opening import AgentLike, ServiceLike, locate
from voicenb.tuning.budget import Budget, budget_of
from voicenb.tuning.far import is_address
from voicenb.tuning.replay_call import Held, Way
from voicenb.tuning.replay_caller import PATIENCE, By, Unanswered
from voicenb.tuning.replay_parts import Doubtful
from voicenb.tuning.replay_plan import Plan, home_of, in_memory, plan
from voicenb.tuning.replay_work import hold_all
from voicenb.tuning.replays import ReplayRow, Replays
from voicenb.tuning.source import recordings_of
from voicenb.tuning.spread import check_executor


class Options(TypedDict, total=False):
    """How calls are replayed: what :func:`replay` takes by name."""

    by: By
    clock: Literal["virtual", "real"] | None
    brain: Any
    policy: Policy | None
    barge_in: BargeInMode
    patience: float
    if_unanswered: Unanswered
    candidate_cuts: Doubtful
    into: str | os.PathLike[str] | None
    budget: float | None
    cost_rate: float | None
    executor: Executor | None
    progress: bool


@overload
def replay(
    recordings: Recording, agent: AgentLike, service: ServiceLike = ..., **options: Unpack[Options]
) -> Recording: ...
@overload
def replay(
    recordings: Sequence[Recording], agent: AgentLike, service: ServiceLike = ..., **options: Unpack[Options]
) -> Replays: ...
@overload
def replay(
    recordings: Calls, agent: AgentLike, service: ServiceLike = ..., **options: Unpack[Options]
) -> Recording | Replays: ...
def replay(
    recordings: Calls,
    agent: AgentLike,
    service: ServiceLike = None,
    *,
    by: By = "turns",
    clock: Literal["virtual", "real"] | None = None,
    brain: Any = None,
    policy: Policy | None = None,
    barge_in: BargeInMode = USUAL,
    patience: float = PATIENCE,
    if_unanswered: Unanswered = "go on",
    candidate_cuts: Doubtful = "pause",
    into: str | os.PathLike[str] | None = None,
    budget: float | None = None,
    cost_rate: float | None = None,
    executor: Executor | None = None,
    progress: bool = True,
) -> Recording | Replays:
    """Let the callers of recorded calls call an agent again, and record it.

    A caller says again what he said, sample for sample, with the silence around it. By turns each part of
    his speech begins when what came before it in the recording has come in the new call: the agent was heard
    to its end and his recorded reaction time is over; or, where he spoke over the agent, so long after its
    first audible sample. The waits are filled with the sound of his own room. How calls are taken apart is
    told in `voicenb.tuning.replay_parts`; which recorded turn each part is stands in ``session["truth"]`` of
    the new recording, and ``session["replay"]`` says what it is a replay of.

    He cannot say anything else than he said: an agent that asks other questions gets the old answers. Where
    it does not answer at all he goes on after ``patience``, and that is told.

    Args:
        recordings: of the calls, or their paths: one, several, a folder or a pattern.
        agent: an ``Agent``, the id of a stored one, or a ``session`` object.
        service: None or ``"emulator"``: an emulator of its own for each call, on the virtual clock; else what
            ``vn.Session`` takes, in real time.
        by: ``"turns"``, or ``"clock"``: he speaks at the very seconds at which he did, whatever the agent
            does.
        clock: ``"virtual"`` or ``"real"``; None: virtual where the service is an emulator that is not
            listening anywhere.
        brain: what thinks in the emulators that are made, as in ``vn.Emulator(brain=...)``.
        policy: changes settings while a call runs, as in ``vn.Session``.
        barge_in: as in ``vn.Session``.
        patience: seconds without a sound of the agent after which a turn counts as not answered.
        if_unanswered: what he does then, ``"go on"`` or ``"hang up"``.
        candidate_cuts: where he went on within the first second of an answer: ``"pause"`` takes the silence
            before for a pause of his own, which he will make again; ``"over"`` for an interruption.
        into: a folder for the recordings. Calls that are in it already are not held, and paid, again, so that
            a run that broke off goes on where it was. None: each is kept for as long as its object is.
        budget: dollars that the calls may cost together; asked for where they cost something. A call that
            would go beyond it is not begun, one that takes longer than it should is ended at it. A session
            whose connection is lost may be billed for half a minute more, which nobody can see from here.
        cost_rate: dollars for an hour of an open session; None: what the service costs.
        executor: any ``concurrent.futures.Executor``; None: processes of our own on the virtual clock, where
            that pays, and one call after the other in real time. With an emulator of this process
            (``service=vn.Emulator()``) there is one call at a time on that clock.
        progress: whether a bar is shown.

    Returns:
        Of one recording (or its path) its replay; of several, of a folder or a pattern all of them, with a
        table of what became of each call.

    Raises:
        InvalidConfiguration: an argument that cannot be; or a paid service without a budget, where the
            estimate is told.
        RecordingError: there is no recording, or ``into`` cannot be written to.
        ServiceError: the service refused the only call, or all of them for the same reason.

    Example:
        >>> again = vn.replay("calls/lido", agent)  # doctest: +SKIP
        >>> vn.report(call).compare(vn.report(again))  # doctest: +SKIP
    """
    calls = recordings_of(recordings, "vn.replay")
    options = Options(
        by=by,
        clock=clock,
        brain=brain,
        policy=policy,
        barge_in=barge_in,
        patience=patience,
        if_unanswered=if_unanswered,
        candidate_cuts=candidate_cuts,
        into=into,
        budget=budget,
        cost_rate=cost_rate,
        executor=executor,
        progress=progress,
    )
    (result,) = replay_with(calls, [agent], service, options, taker="vn.replay")
    if _is_one(recordings):
        return _only(result)
    if result.errors and not len(result):
        raise result.errors[0]
    return result


def replay_with(
    calls: Sequence[Recording],
    agents: Sequence[AgentLike],
    service: ServiceLike,
    options: Options,
    *,
    taker: str,
) -> list[Replays]:
    """Replay calls with several agents, call by call: what a budget is enough for can be compared.

    Args:
        calls: that are replayed.
        agents: who is called.
        service: who answers.
        options: as :func:`replay` takes them.
        taker: the name of the function that was called, for what is wrong.

    Returns:
        For each agent all of the calls.

    Raises:
        InvalidConfiguration: as for :func:`replay`.
        RecordingError: ``into`` cannot be written to.
    """
    if not calls:
        raise InvalidConfiguration(f"{taker} has no recording to replay.", param="recordings")
    clock = options.get("clock")
    _check("clock", clock, (None, "virtual", "real"))
    clock = clock or ("virtual" if service in (None, EMULATOR) or in_memory(service) else "real")
    way = _way(options, clock)
    executor = options.get("executor")
    check_executor(executor)
    into = options.get("into")
    home = None if into is None else home_of(into)
    address = None if clock == "virtual" else locate(service)[0]
    brain, policy = options.get("brain"), options.get("policy")
    check_policy(policy)
    plans = [plan(calls, each, service, address, brain, policy, way, home) for each in agents]
    todo = [
        job
        for of_call in zip(*(each.jobs for each in plans), strict=True)
        for job, each in zip(of_call, plans, strict=True)
        if job.key not in each.known
    ]
    estimated = sum(job.seconds for job in todo)
    kind = "emulator" if address is None else address.kind
    limits = Budget(None, None)
    if todo:
        limits = budget_of(options.get("budget"), options.get("cost_rate"), kind, estimated)
    shows = options.get("progress", True) and len(todo) > 1
    with Progress("Calls", len(todo) if shows else 0) as shown:
        # An emulator that lives in this process holds one call on the virtual clock at a time.
        spread = None if in_memory(service) else executor
        found = hold_all(todo, limits, spread, done=shown.step, stop=_hopeless)
    held = {id(job): each for job, each in zip(todo, found, strict=True)}
    return [_result(each, held, limits) for each in plans]


def _way(options: Options, clock: Literal["virtual", "real"]) -> Way:
    by = options.get("by", "turns")
    if_unanswered = options.get("if_unanswered", "go on")
    candidate_cuts = options.get("candidate_cuts", "pause")
    barge_in = options.get("barge_in", USUAL)
    patience = options.get("patience", PATIENCE)
    check_barge_in(barge_in)
    _check("by", by, ("turns", "clock"))
    _check("if_unanswered", if_unanswered, ("go on", "hang up"))
    _check("candidate_cuts", candidate_cuts, ("pause", "over"))
    if isinstance(patience, bool) or not isinstance(patience, int | float) or not 0 < patience <= 3600:
        raise InvalidConfiguration(
            f"patience={told(patience)} is no time.", remedy="Give seconds: patience=10.", param="patience"
        )
    return Way(by, clock, float(patience), if_unanswered, candidate_cuts, barge_in)


def _is_one(given: Calls) -> bool:
    """Whether one recording was given, and not a folder or a pattern that may have more."""
    if isinstance(given, str | os.PathLike) and not (isinstance(given, str) and is_address(given)):
        return is_recording(as_path(given, "vn.replay"))
    return isinstance(given, Recording)


def _check(name: str, given: object, known: tuple[object, ...]) -> None:
    if given not in known:
        names = " or ".join(repr(each) for each in known if each is not None)
        raise InvalidConfiguration(
            f"{name}={told(given)} is none that there is.", remedy=f"Take {names}.", param=name
        )


def _hopeless(held: Held) -> bool:
    return held.folder is None and isinstance(
        held.error, Unauthorized | ServiceUnreachable | InvalidConfiguration
    )


def _result(plan: Plan, outcomes: Mapping[int, Held | None], budget: Budget) -> Replays:
    found: list[Recording] = []
    rows: list[ReplayRow] = []
    errors: list[VoicenbError] = []
    spent = 0.0
    for call, job in zip(plan.calls, plan.jobs, strict=True):
        entry, held = plan.known.get(job.key), outcomes.get(id(job))
        if entry is not None and job.home is not None:
            recording = Recording(Path(job.home) / entry.folder)
            found.append(recording)
            rows.append(_row(call, recording, entry.ended, entry.seconds, 0.0, kept=True))
            continue
        if held is None:
            rows.append(ReplayRow(call.name, "not begun"))
            continue
        spent += held.seconds
        if held.error is not None:
            errors.append(held.error)
        if held.folder is None:
            rows.append(ReplayRow(call.name, "error", why=_why(held)))
            continue
        recording = Recording(held.folder)
        if job.home is None:
            weakref.finalize(recording, shutil.rmtree, recording.folder.parent, ignore_errors=True)
        found.append(recording)
        rows.append(
            _row(call, recording, held.ended, held.seconds, budget.cost(held.seconds), why=_why(held))
        )
    estimated = sum(job.seconds for job in plan.to_hold)
    return Replays(
        found,
        rows,
        estimate=budget.cost(estimated) if estimated else 0.0,
        spent=budget.cost(spent) if spent else 0.0,
        errors=errors,
    )


def _row(
    call: Recording,
    recording: Recording,
    ended: str,
    seconds: float,
    cost: float | None,
    *,
    kept: bool = False,
    why: str = "",
) -> ReplayRow:
    told_of = recording.session.get("replay") or {}
    return ReplayRow(
        call.name,
        ended,
        str(recording.session.get("service") or ""),
        round(seconds, 6),
        cost,
        kept,
        len(told_of.get("unanswered") or ()),
        int(told_of.get("candidate_cuts") or 0),
        why,
    )


def _why(held: Held) -> str:
    return "" if held.error is None else held.error.message


def _only(result: Replays) -> Recording:
    """The one replay that was asked for."""
    if result.errors:
        raise result.errors[0]
    if not len(result):
        raise InvalidConfiguration(
            f"The call was not begun: it would cost about ${result.estimate or 0:.2f}, more than the budget.",
            remedy="Raise budget=.",
            param="budget",
        )
    return result[0]
