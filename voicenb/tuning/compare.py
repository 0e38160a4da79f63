"""Compare: prompts, voices and settings, called by the same callers."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Unpack

import numpy as np

from voicenb.analysis.interval import newcombe
from voicenb.analysis.report import words_lost
from voicenb.errors import InvalidConfiguration
from voicenb.recording.given import Calls, told
from voicenb.recording.recording import Recording
from voicenb.session.opening import AgentLike, ServiceLike
from voicenb.tuning.compared import Arm, Cell, ComparedRow, Comparison, differing, turn_detection_of
from voicenb.tuning.matched import MatchedCall, PartFacts, matched
from voicenb.tuning.paired import ENOUGH, paired_bootstrap
from voicenb.tuning.replay import Options, replay_with
from voicenb.tuning.replays import Replays
from voicenb.tuning.source import recordings_of

Matches = Sequence[Mapping[str, MatchedCall]]


def compare(
    recordings: Calls | Mapping[str, Calls],
    agents: Mapping[str, AgentLike] | None = None,
    service: ServiceLike = None,
    **options: Unpack[Options],
) -> Comparison:
    """Let the same callers call several agents, and see what differs.

    Args:
        recordings: of the callers, as for ``vn.replay``; or, without ``agents``, what is to be compared
            itself: recordings by name, each replays of the same callers, or the calls that those replay.
        agents: by name; the first is what the others are compared with.
        service: who answers, as for ``vn.replay``.
        **options: what ``vn.replay`` takes by name; a ``budget`` is for all agents together, and the calls
            are held caller by caller, so that what it is enough for can be compared.

    Returns:
        A table of figures with intervals; what cannot be told apart is ``"inconclusive"``.

    Raises:
        InvalidConfiguration: less than two arms, or no caller that called in all of them; else as for
            ``vn.replay``.
        RecordingError: there is no recording.

    Example:
        >>> vn.compare("calls", {"today": agent, "patient": agent.replace(turn_detection=patient)})
        ... # doctest: +SKIP
        >>> vn.compare({"recorded": calls, "replayed": vn.replay(calls, agent)})  # doctest: +SKIP
    """
    held: dict[str, Replays] = {}
    known: dict[str, AgentLike] = {}
    if agents is None:
        arms = _arms(recordings, options)
    else:
        if isinstance(recordings, Mapping):
            raise InvalidConfiguration(
                "Recordings by name are compared themselves, and no agent is called.",
                remedy="Leave out agents=, or give the recordings of the callers as a list.",
                param="agents",
            )
        known = _named(agents)
        calls = recordings_of(recordings, "vn.compare")
        found = replay_with(calls, list(known.values()), service, options, taker="vn.compare")
        held = dict(zip(known, found, strict=True))
        for each in found:
            if each.errors and not len(each):
                raise each.errors[0]
        arms = {name: list(each) for name, each in held.items()}
    return _comparison(arms, known, held)


def _named(agents: Mapping[str, AgentLike]) -> dict[str, AgentLike]:
    if not isinstance(agents, Mapping):
        raise InvalidConfiguration(
            f"agents= takes agents by name, not {told(agents)}.",
            remedy='Write {"today": agent, "patient": other}.',
            param="agents",
        )
    if len(agents) < 2:
        raise InvalidConfiguration(
            "To compare there must be two agents at least.",
            remedy="To compare one with the calls as they were recorded: "
            'vn.compare({"recorded": calls, "replayed": vn.replay(calls, agent)}).',
            param="agents",
        )
    return {str(name): agent for name, agent in agents.items()}


def _arms(recordings: Any, options: Mapping[str, Any]) -> dict[str, list[Recording]]:
    if not isinstance(recordings, Mapping) or len(recordings) < 2:
        raise InvalidConfiguration(
            "There is nothing to compare with.",
            remedy='Give agents by name, as in vn.compare(calls, {"today": agent, "patient": other}), or '
            'recordings by name: vn.compare({"before": calls, "after": others}).',
            param="agents",
        )
    if options:
        raise InvalidConfiguration(
            f"{next(iter(options))}= is for calls that are to be held, and these have been.",
            param=next(iter(options)),
        )
    return {str(name): recordings_of(calls, "vn.compare") for name, calls in recordings.items()}


def _comparison(
    arms: Mapping[str, Sequence[Recording]], agents: Mapping[str, AgentLike], held: Mapping[str, Replays]
) -> Comparison:
    matches = matched(arms)
    names = list(arms)
    compared = {name: [_recording(match[name]) for match in matches] for name in names}
    first = compared[names[0]][0]
    told_of = [
        Arm(
            name,
            len(matches),
            (len(held[name].rows) if name in held else len(arms[name])) - len(matches),
            tuple(dict.fromkeys(match[name].facts.service for match in matches)),
            turn_detection_of(compared[name]),
            () if name == names[0] else differing(first, compared[name][0]),
            agents.get(name),
        )
        for name in names
    ]
    rows = [row for row in _rows(matches, names) if row is not None]
    return Comparison(told_of, rows, compared, held)


def _recording(call: MatchedCall) -> Recording:
    assert call.facts.recording is not None
    return call.facts.recording


def _rows(matches: Matches, names: Sequence[str]) -> list[ComparedRow | None]:
    def medians(name: str, value: Callable[[PartFacts], float | None]) -> ComparedRow | None:
        return _median(name, matches, names, value)

    def shares(name: str, value: Callable[[PartFacts], bool | None]) -> ComparedRow | None:
        return _share(name, matches, names, value)

    def means(name: str, unit: str, value: Callable[[MatchedCall], float | None]) -> ComparedRow | None:
        return _mean(name, unit, matches, names, value)

    return [
        medians("response latency, plain turns", lambda part: part.figure("response_latency", "plain")),
        medians("first sound, tool turns", lambda part: part.figure("first_sound", "tool")),
        medians("first answer, tool turns", lambda part: part.figure("first_answer", "tool")),
        medians("end-of-turn delay", lambda part: part.figure("end_of_turn_delay")),
        medians("yield latency", _yielded),
        shares("cut off before the end", lambda part: part.cut),
        shares("unanswered", lambda part: part.unanswered),
        shares("no turn was made of it", lambda part: not part.turns),
        means("interruptions for no words, a call", "", lambda call: _count(call, "false_interruption")),
        means("silent replies, a call", "", lambda call: _count(call, "silent")),
        means("words not heard at stops, a call", "words", _lost),
        means("both at once, a call", "s", lambda call: call.facts.talk_over),
        means("length of a call", "s", lambda call: call.facts.connected),
        means("tools called, a call", "", _tools),
    ]


def _yielded(part: PartFacts) -> float | None:
    """Of the first of its turns that interrupted the agent."""
    return next((turn.yield_latency for turn in part.turns if turn.yield_latency is not None), None)


def _lost(call: MatchedCall) -> float | None:
    return words_lost(call.facts.stops) if call.facts.tells("stops") else None


def _count(call: MatchedCall, name: str) -> float | None:
    count = {"false_interruption": "false_interruptions", "silent": "silent_replies"}[name]
    if not call.facts.tells(count):
        return None
    return float(sum(getattr(turn, name) is True for turn in call.facts.turns))


def _tools(call: MatchedCall) -> float | None:
    if not call.facts.tells("tool_turns"):
        return None
    return float(sum(len(turn.tools) for turn in call.facts.turns))


def _known(
    matches: Matches, names: Sequence[str], value: Callable[[PartFacts], Any]
) -> list[list[tuple[Any, ...]]]:
    """For each call the parts that were measured in every arm, with the values of all."""
    found = []
    for match in matches:
        numbers = set.intersection(*(set(match[name].parts) for name in names))
        values = [tuple(value(match[name].parts[number]) for name in names) for number in sorted(numbers)]
        found.append([each for each in values if None not in each])
    return found


def _median(
    name: str, matches: Matches, names: Sequence[str], value: Callable[[PartFacts], float | None]
) -> ComparedRow | None:
    calls = _known(matches, names, value)
    parts = [part for call in calls for part in call]
    if not parts:
        return None
    basis = f"medians of {_parts(len(parts))} of {_calls(sum(map(bool, calls)))}"
    return ComparedRow(name, _cells(calls, names, statistics.median, np.median), basis)


def _mean(
    name: str,
    unit: str,
    matches: Matches,
    names: Sequence[str],
    value: Callable[[MatchedCall], float | None],
) -> ComparedRow | None:
    values = [tuple(value(match[each]) for each in names) for match in matches]
    calls = [[each] if None not in each else [] for each in values]
    known = [each for call in calls for each in call]
    if not known or not any(any(each) for each in known):
        return None
    return ComparedRow(
        name, _cells(calls, names, statistics.fmean, np.mean), f"means of {_calls(len(known))}", unit=unit
    )


def _cells(
    calls: Sequence[Sequence[tuple[Any, ...]]],
    names: Sequence[str],
    figure: Callable[[Sequence[float]], float],
    drawn: Callable[[Any], Any],
) -> dict[str, Cell]:
    columns = list(zip(*(part for call in calls for part in call), strict=True))
    first = float(figure(columns[0]))
    found = {names[0]: Cell(first, largest=float(max(columns[0])))}
    for at, name in enumerate(names[1:], 1):
        value = float(figure(columns[at]))
        pairs = [[(float(part[0]), float(part[at])) for part in call] for call in calls]
        interval = paired_bootstrap(pairs, drawn)
        found[name] = Cell(value, None, value - first, interval, float(max(columns[at])))
    return found


def _share(
    name: str, matches: Matches, names: Sequence[str], value: Callable[[PartFacts], bool | None]
) -> ComparedRow | None:
    calls = _known(matches, names, value)
    parts = [part for call in calls for part in call]
    if not parts or not any(any(part) for part in parts):
        return None
    total = len(parts)
    hits = [sum(column) for column in zip(*parts, strict=True)]
    cells: dict[str, Cell] = {names[0]: Cell(hits[0] / total, (hits[0], total))}
    for at, arm in enumerate(names[1:], 1):
        if sum(map(bool, calls)) >= ENOUGH:
            pairs = [[(float(part[0]), float(part[at])) for part in call] for call in calls]
            interval = paired_bootstrap(pairs, np.mean)
            if interval is not None:
                interval = max(-1.0, interval[0]), min(1.0, interval[1])  # a share differs by no more
        else:
            interval = newcombe((hits[0], total), (hits[at], total))
        difference = (hits[at] - hits[0]) / total
        cells[arm] = Cell(hits[at] / total, (hits[at], total), difference, interval)
    basis = f"{_parts(total)} of {_calls(sum(map(bool, calls)))}"
    return ComparedRow(name, cells, basis, share=True)


def _parts(count: int) -> str:
    return f"{count} turn{'s' * (count != 1)}"


def _calls(count: int) -> str:
    return f"{count} call{'s' * (count != 1)}"
