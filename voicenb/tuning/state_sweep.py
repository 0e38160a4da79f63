"""Settings that hang on the state: every combination of a sweep's settings over the states of its calls.

The figures of states add up: what is cut, and how long is waited. So the best combinations are found state by
state, and each that is told is then decided silence by silence.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from voicenb.errors import InvalidConfiguration
from voicenb.policy import ByState
from voicenb.protocol.caller_state import STATES, State
from voicenb.recording.given import told
from voicenb.tuning.change import RATE, Change, differences, told_apart
from voicenb.tuning.choice import check_budget, doubt
from voicenb.tuning.score import Score, score
from voicenb.tuning.scores import Ground, Outcomes, Scorer
from voicenb.tuning.sheet import Row, Sheet
from voicenb.tuning.silence_states import Spans, decided, spans_at, spans_of, state_at
from voicenb.tuning.table import Floats
from voicenb.turn_detection import TurnDetection
from voicenb.turn_taking.segmenter import FRAME_SECONDS

if TYPE_CHECKING:
    from voicenb.tuning.sweep import Sweep

_HAIR = 1e-6

_SHOWN = 6
"""Policies of the front that are shown; `StateSweep.frontier` has all."""

Names = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class StateScore:
    """A policy whose settings hang on the state, and how it does.

    Attributes:
        policy: for ``vn.Talk(agent, policy=...)``, ``vn.Session`` and ``vn.run``.
        score: of all the calls.
        states: of the pauses and of the turns' ends in each state.
    """

    policy: ByState
    score: Score
    states: dict[State, Score]

    def __str__(self) -> str:
        lines = [str(self.score)]
        for each in self.states.values():
            latency = "not measured" if each.latency is None else f"{each.latency:.2f} s"
            cuts = f"cuts {each.false_cutoffs} pauses"
            if not each.false_cutoffs.n:
                cuts = "no pauses, so what it cuts is not known"
            told = f"{cuts}, EOT latency {latency} (n = {each.ends})"
            lines.append(f"  {each.name}: {told}")
        return "\n".join(lines)

    __repr__ = __str__


@dataclass(frozen=True, slots=True)
class StateChoice:
    """The best policy within a budget, and whether the calls tell it from one setting for all.

    It was chosen on the calls that it is scored on, and from more combinations than a single setting is:
    other calls will do less well by it.

    Attributes:
        best: the policy, and its scores.
        change: from the best single setting within the budget; None where there is none.
    """

    best: StateScore
    change: Change | None

    @property
    def policy(self) -> ByState:
        """For ``vn.Talk(agent, policy=...)``, ``vn.Session`` and ``vn.run``."""
        return self.best.policy

    @property
    def score(self) -> Score:
        """Of all the calls."""
        return self.best.score

    def __str__(self) -> str:
        beside = "No single setting is within the budget."
        if self.change is not None:
            beside = f"Beside the best single setting: {self.change}"
        return "\n".join([str(self.best), *doubt(self.best.score), beside])

    __repr__ = __str__


@dataclass(frozen=True, slots=True)
class _Point:
    """A combination on its way: what it cuts, seconds waited in all, and a setting for each state so far."""

    cut: int
    waited: float
    settings: tuple[tuple[State, int], ...]


class StateSweep:
    """A sweep's settings, for each state on its own.

    One policy has one ``vad_threshold``: what a silence is does not hang on the state. A state of which the
    calls have no mid-turn pause has no setting of its own: nothing tells what a quick one would cut. It goes
    with ``other``, or where that has none either with the state that has most.

    Args:
        sweep: the settings and the calls.

    Attributes:
        pauses: for each mid-turn pause its state, ``(p,)``.
        ends: for each end of a turn its state, ``(e,)``.
    """

    def __init__(self, sweep: Sweep) -> None:
        self._sweep = sweep
        self._ground = sweep.ground
        self._spans: dict[float, list[Spans]] = {}
        self._scorers: dict[float, Scorer] = {}
        self._fronts: dict[bool, list[_Point]] = {}
        self.pauses, self._turns = _states_of(self._ground)
        self.ends = self._turns[self._ground.end_turn]

    @property
    def counts(self) -> dict[State, tuple[int, int]]:
        """How many pauses and how many ends there are of each state that the calls have."""
        both = {
            state: (int((self.pauses == state).sum()), int((self.ends == state).sum())) for state in STATES
        }
        return {state: found for state, found in both.items() if any(found)}

    def score(self, policy: ByState) -> StateScore:
        """How a policy does, whether it is made of the sweep's settings or of others.

        Args:
            policy: where it leaves ``other`` out, that is ``TurnDetection.recommended()``.

        Raises:
            InvalidConfiguration: that is no ``vn.ByState``, or settings with different values of
                ``vad_threshold``.
        """
        if not isinstance(policy, ByState):
            raise InvalidConfiguration(
                f"by_state().score takes a vn.ByState, not {told(policy)}.",
                remedy="vn.ByState(question=vn.TurnDetection.patient()); "
                "one setting for all is scored by sweep.of(...).",
                param="policy",
            )
        settings = {state: _whole(policy.of(state)) for state in STATES}
        thresholds = {setting.vad_threshold for setting in settings.values()}
        if len(thresholds) > 1:
            raise InvalidConfiguration(
                f"The states have different values of vad_threshold: {sorted(map(str, thresholds))}.",
                remedy="Give all of them the same: what a silence is does not hang on the state.",
                param="vad_threshold",
            )
        outcomes = self._outcomes(settings)
        agreement = self._sweep.calibration.agreement
        whole = score(_name(policy, settings), None, outcomes, self._ground, agreement=agreement)
        by_state: dict[State, Score] = {}
        for state in self.counts:
            part, some = self._part(outcomes, state)
            by_state[state] = score(f"{state} {_limits(settings[state])}", settings[state], some, part)
        return StateScore(policy, whole, by_state)

    def frontier(self, *, observed: bool = True) -> list[StateScore]:
        """The policies that none beats in both figures, by EOT latency.

        Args:
            observed: only those that rest on what was observed or labelled.
        """
        found: list[StateScore] = []
        least = float("inf")
        every = [self.score(self._policy(each)) for each in self._front(observed)]
        for each in sorted(every, key=lambda one: (one.score.latency or 0.0, one.score.false_cutoffs.k)):
            if each.score.false_cutoffs.k < least:
                found.append(each)
                least = each.score.false_cutoffs.k
        return found

    def best(
        self,
        *,
        false_cutoff_rate: float | None = None,
        eot_latency: float | None = None,
        observed: bool = True,
    ) -> StateChoice:
        """The best policy within a budget, and whether the calls tell it from the best single setting.

        Args:
            false_cutoff_rate: at most so many of the mid-turn pauses are cut: the least mean EOT latency.
            eot_latency: seconds that the mean EOT latency is at most: the least false-cutoff rate.
            observed: only settings that rest on what was observed or labelled.

        Raises:
            InvalidConfiguration: not exactly one budget, one that is none, or no policy within it.
        """
        check_budget("false_cutoff_rate", false_cutoff_rate, 1)
        check_budget("eot_latency", eot_latency, 60)
        try:
            plain = self._sweep.best(
                false_cutoff_rate=false_cutoff_rate, eot_latency=eot_latency, observed=observed
            )
        except InvalidConfiguration:
            plain = None
            if (false_cutoff_rate is None) == (eot_latency is None) or not (
                len(self.pauses) and len(self.ends)
            ):
                raise  # not for want of a better setting
        most = float("inf") if false_cutoff_rate is None else false_cutoff_rate * len(self.pauses) + _HAIR
        longest = float("inf") if eot_latency is None else eot_latency * len(self.ends) + _HAIR
        for each in self._ranked(observed, by_latency=false_cutoff_rate is not None):
            if each.cut > most or each.waited > longest:
                continue
            found = self.score(self._policy(each))
            rate, latency = found.score.false_cutoffs.rate, found.score.latency
            assert rate is not None
            assert latency is not None
            if rate <= (1.0 if false_cutoff_rate is None else false_cutoff_rate) + _HAIR and (
                latency <= (float("inf") if eot_latency is None else eot_latency) + _HAIR
            ):
                return StateChoice(found, None if plain is None else self._change(plain.score, found))
        wider = "Sweep other settings, or allow more"
        if observed:
            wider += ", or observed=False, which takes callers to keep quiet where nobody observed it"
        raise InvalidConfiguration(
            "No policy of these settings keeps to the budget.",
            remedy=f"{wider}; sweep.by_state().frontier() has what can be had.",
            param="eot_latency" if false_cutoff_rate is None else "false_cutoff_rate",
        )

    @property
    def sheet(self) -> Sheet:
        """The front, at most six policies of it, and what there is of each state."""
        told = [
            f"{state}: {pauses} mid-turn {'pause' if pauses == 1 else 'pauses'}, "
            f"{ends} {'end' if ends == 1 else 'ends'}"
            for state, (pauses, ends) in self.counts.items()
        ]
        title = f"{len(self._sweep)} settings for each state · {' · '.join(told) or 'no pause and no end'}"
        front = self.frontier(observed=False)
        places = np.unique(np.linspace(0, max(0, len(front) - 1), _SHOWN).round().astype(int)).tolist()
        shown = {at: front[at] for at in places if front}
        groups = [
            (
                f"{at + 1} of {len(front)} on the front",
                [_row("all states", each.score), *(_row(one.name, one) for one in each.states.values())],
            )
            for at, each in shown.items()
        ]
        below = []
        if shown:
            below = [
                "Policies that none beats in both figures. Chosen on the calls that they are scored on: "
                "other calls will do less well by them. best(...) holds one beside the best single setting.",
                str(self._sweep.calibration),
            ]
        if any(not each.score.observed for each in shown.values()):
            below.append("Faded: it decides later than the recorded decision, where nothing was observed.")
        return Sheet(title, ("policy", "pauses cut", "EOT latency", "p50", "missed"), groups, below)

    def __repr__(self) -> str:
        return self.sheet.text()

    def _repr_html_(self) -> str:
        return self.sheet.html()

    # --- inside ---

    def _outcomes(self, settings: dict[State, TurnDetection]) -> Outcomes:
        threshold = settings["other"].vad_threshold
        assert threshold is not None
        scorer, spans = self._at(threshold)
        rows, _, _ = self._ground.silences(threshold)
        alone = {state: scorer.decisions(*_column(setting))[:, 0] for state, setting in settings.items()}
        return scorer.outcomes_of(decided(rows, spans, alone))

    def _at(self, threshold: float) -> tuple[Scorer, list[Spans]]:
        if threshold not in self._scorers:
            self._scorers[threshold] = Scorer(self._ground, threshold)
            self._spans[threshold] = spans_at(self._ground, threshold)
        return self._scorers[threshold], self._spans[threshold]

    def _part(self, outcomes: Outcomes, state: State) -> tuple[Ground, Outcomes]:
        """The pauses and the turns of a state, and what was done in them."""
        pauses, turns, ends = self.pauses == state, self._turns == state, self.ends == state
        ground = copy.copy(self._ground)
        ground.pause_call, ground.turn_call = ground.pause_call[pauses], ground.turn_call[turns]
        ground.doubtful = ground.doubtful[turns]
        ground.observed, ground.rest = ground.observed[ends], ground.rest[ends]
        ground.end_turn = (np.cumsum(turns) - 1)[self._ground.end_turn[ends]]
        some = Outcomes(
            outcomes.pauses_cut[pauses],
            outcomes.turns_cut[turns],
            outcomes.doubtful_cut[turns],
            outcomes.latency[ends],
        )
        return ground, some

    def _change(self, plain: Score, found: StateScore) -> Change:
        assert plain.setting is not None
        before = self._outcomes(dict.fromkeys(STATES, plain.setting))
        after = self._outcomes({state: _whole(found.policy.of(state)) for state in STATES})
        needed = self._sweep.calls_needed(RATE, told_apart(found.score)[0])
        return Change(plain, found.score, *differences(before, after, self._ground), needed)

    def _policy(self, point: _Point) -> ByState:
        chosen = {state: self._sweep.grid[number] for state, number in point.settings}
        if "other" not in chosen:  # which no call has: it goes with the state that most of the ends are in
            most = max(self.counts, key=lambda state: self.counts[state][1])
            chosen["other"] = chosen[most]
        return ByState(**chosen)

    def _ranked(self, observed: bool, *, by_latency: bool) -> list[_Point]:
        front = self._front(observed)
        if by_latency:
            return sorted(front, key=lambda each: (each.waited, each.cut))
        return sorted(front, key=lambda each: (each.cut, each.waited))

    def _front(self, observed: bool) -> list[_Point]:
        if observed not in self._fronts:
            thresholds = np.unique(self._sweep.grid.vad_threshold).tolist()
            self._fronts[observed] = [
                point for threshold in thresholds for point in self._at_threshold(threshold, observed)
            ]
        return self._fronts[observed]

    def _at_threshold(self, threshold: float, observed: bool) -> list[_Point]:
        """The front of one threshold: the states' own fronts, put together one by one."""
        front = [_Point(0, 0.0, ())]
        for states in self._together():
            own = self._of_states(threshold, states, observed)
            front = _best(
                [
                    _Point(one.cut + two.cut, one.waited + two.waited, (*one.settings, *two.settings))
                    for one in front
                    for two in own
                ]
            )
        return front if self.counts else []

    def _together(self) -> list[tuple[State, ...]]:
        """States that have one setting: each by itself, but those without a pause."""
        pauses = {state: many for state, (many, _) in self.counts.items()}
        paused = [state for state, many in pauses.items() if many]
        alone = tuple(state for state, many in pauses.items() if not many)
        if not paused:
            return [alone] if alone else []
        leads: State = "other" if "other" in paused else max(paused, key=lambda state: pauses[state])
        return [(state, *alone) if state == leads else (state,) for state in paused]

    def _of_states(self, threshold: float, states: tuple[State, ...], observed: bool) -> list[_Point]:
        grid, ground = self._sweep.grid, self._ground
        scorer, _ = self._at(threshold)
        places = np.flatnonzero(grid.vad_threshold == threshold)
        pauses, ends = np.isin(self.pauses, states), np.isin(self.ends, states)
        limit = ground.observed[ends, None] + FRAME_SECONDS + _HAIR
        found: list[_Point] = []
        for at in range(0, len(places), scorer.at_once):
            some = places[at : at + scorer.at_once]
            outcomes = scorer.outcomes(grid.min_silence[some], grid.max_silence[some])
            latency = outcomes.latency[ends]
            allowed = (latency <= limit).all(axis=0) | (not observed)
            cut, waited = outcomes.pauses_cut[pauses].sum(axis=0), latency.sum(axis=0)
            found += [
                _Point(int(cut[k]), float(waited[k]), tuple((state, int(some[k])) for state in states))
                for k in np.flatnonzero(allowed)
            ]
            found = _best(found)
        return found


def _states_of(ground: Ground) -> tuple[Names, Names]:
    """The state of each mid-turn pause, and of each turn's end."""
    pauses: list[State] = []
    ends: list[State] = []
    for call, of_call in zip(ground.calls, ground.pauses, strict=True):
        for number, start, end in of_call:
            pauses.append(state_at(spans_of(call.evidence, call.turns[number], start, end)))
        for turn in call.turns:
            until = turn.last.end if turn.last.answered is None else turn.last.answered
            ends.append(state_at(spans_of(call.evidence, turn, turn.end, until)))
    return np.array(pauses, dtype="U8"), np.array(ends, dtype="U8")


def _best(points: list[_Point]) -> list[_Point]:
    """Those that none beats in both figures, by seconds waited."""
    found: list[_Point] = []
    for point in sorted(points, key=lambda each: (each.waited, each.cut)):
        if not found or point.cut < found[-1].cut:
            found.append(point)
    return found


def _row(name: str, of: Score) -> Row:
    latency, p50 = ("" if each is None else f"{each:.2f}" for each in (of.latency, of.latency_p50))
    if of.latency_interval is not None:
        low, high = of.latency_interval
        latency += f" ({low:.2f} to {high:.2f})"
    cut = str(of.false_cutoffs) if of.false_cutoffs.n else "no pauses"
    return Row((name, cut, latency, p50, f"{of.missed} of {of.ends}"), not of.observed)


def _whole(setting: TurnDetection) -> TurnDetection:
    """What decides of a setting, the service's defaults in what it leaves open."""
    told = setting.whole()
    return TurnDetection(
        vad_threshold=told.vad_threshold, min_silence=told.min_silence, max_silence=told.max_silence
    )


def _column(setting: TurnDetection) -> tuple[Floats, Floats]:
    return np.array([setting.min_silence], np.float64), np.array([setting.max_silence], np.float64)


def _limits(setting: TurnDetection) -> str:
    return f"{setting.min_silence} to {setting.max_silence} ms"


def _name(policy: ByState, settings: dict[State, TurnDetection]) -> str:
    given = [state for state in STATES if policy.settings[state] is not None]
    told = [f"{state} {_limits(settings[state])}" for state in given]
    return f"{', '.join(told)} at {settings['other'].vad_threshold:g}"
