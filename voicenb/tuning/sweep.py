"""A sweep: what every setting would have done on the same calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from voicenb.errors import InvalidConfiguration
from voicenb.tuning.arms import Arm, arms
from voicenb.tuning.calibration import Calibration, calibrate
from voicenb.tuning.change import RATE, Change, differences, told_apart
from voicenb.tuning.choice import Choice, check_budget
from voicenb.tuning.example import Example
from voicenb.tuning.grid import Grid, grid
from voicenb.tuning.quick_calls import QuickCalls, quick_calls
from voicenb.tuning.score import Score, per_call, score
from voicenb.tuning.scores import Ground, Outcomes, Scorer, Scores, summarize, together
from voicenb.tuning.share import calls_needed, clustering
from voicenb.tuning.silences import Row
from voicenb.tuning.table import Floats
from voicenb.turn_detection import TurnDetection
from voicenb.turn_taking.decide import limit_frames

if TYPE_CHECKING:
    import pandas

    from voicenb.recording.recording import Recording
    from voicenb.tuning.interruption_sweep import InterruptionSweep
    from voicenb.tuning.state_sweep import StateSweep
    from voicenb.turn_taking.completeness import Completeness

_HAIR = 1e-9

OPERATING_LATENCIES = (0.3, 0.6)
"""Seconds at which the false-cutoff rate is told, …"""

OPERATING_RATES = (0.05, 0.10)
"""… and rates at which the latency is, as the public end-of-turn benchmarks tell them."""

PRESETS = ("recommended", "dictation", "patient")
"""Of :class:`~voicenb.turn_detection.TurnDetection`, those that differ in when a turn ends."""


class Sweep:
    """Scores of settings on recorded calls. Emulated or hosted: :attr:`services` says who answered.

    The future after a decision that was made is not known: settings more patient than the recorded one rest
    on labels alone, and are told as not ``observed`` where there are none.

    Args:
        grid: the settings.
        ground: the calls, with their truth.
        judge: says whether words look complete.
        recordings: of the calls.

    Attributes:
        grid: the settings.
        ground: the calls, with their truth.
        scores: of each setting, as arrays.
        recorded: what was really decided, by the settings in force; the adaptive default is first, also
            where no call was held with it.
        calibration: how far the model decides as the service did.
    """

    def __init__(
        self, grid: Grid, ground: Ground, judge: Completeness, recordings: Sequence[Recording]
    ) -> None:
        self.grid = grid
        self.ground = ground
        self._recordings = list(recordings)
        self._scorers: dict[float, Scorer] = {}
        self._arms: list[Arm] = arms(ground.calls, judge)
        self.recorded = [each.score for each in self._arms]
        self.calibration: Calibration = calibrate(ground)
        self.scores: Scores = self._scored()

    def __len__(self) -> int:
        return len(self.grid)

    def __getitem__(self, at: int) -> Score:
        """The score of one setting, with its intervals."""
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        return self._score(self.grid[at % len(self)])

    def __iter__(self) -> Iterator[Score]:
        return (self[at] for at in range(len(self)))

    def of(self, setting: TurnDetection | Mapping[str, Any]) -> Score:
        """The score of any setting, one of the sweep or another.

        Args:
            setting: what it leaves open is the service's default.

        Raises:
            InvalidConfiguration: that is no setting.
        """
        return self._score(_whole(setting))

    def quick_calls(self, setting: TurnDetection | Mapping[str, Any]) -> QuickCalls | None:
        """The calls that were decided too soon to observe a setting that others observe.

        Args:
            setting: of the sweep or not.

        Returns:
            None where that is none of the calls, or all.

        Raises:
            InvalidConfiguration: that is no setting.
        """
        return quick_calls(self._outcomes(_whole(setting)).latency[:, 0], self.ground)

    @property
    def presets(self) -> list[Score]:
        """The presets of ``vn.TurnDetection``, by name, whether they are in the sweep or not."""
        named = [(name, _whole(getattr(TurnDetection, name)())) for name in PRESETS]
        return [self._score(setting, f"{name}, {_name(setting)}") for name, setting in named]

    def by_state(self) -> StateSweep:
        """The same settings, chosen by state: for an answer, after a tool's result, for digits, for the rest.

        Its ``best(...)`` has the policy that ``vn.Talk(agent, policy=...)`` runs live.
        """
        from voicenb.tuning.state_sweep import StateSweep

        return StateSweep(self)

    def interruptions(self, **settings: Any) -> InterruptionSweep:
        """What would interrupt the agent under other settings, on calls with the emulator.

        Args:
            **settings: ``vad_threshold``, ``interrupt_response`` and ``interruption_delay``, a value or
                several of each; what is not given is the service's default.

        Raises:
            InvalidConfiguration: a setting that is none of these, or a call with another service, where
                barge-in is semantic and no recording tells it.
        """
        from voicenb.tuning.interruption_sweep import InterruptionSweep

        return InterruptionSweep(self.ground, settings)

    @property
    def services(self) -> list[str]:
        """Who answered; the timings of an emulator are its own."""
        return list(dict.fromkeys(call.evidence.service for call in self.ground.calls))

    @property
    def rates(self) -> Floats:
        """The false-cutoff rate of each setting, shape ``(k,)``; NaN where there is no mid-turn pause."""
        pauses = len(self.ground.pause_call)
        return self.scores.pauses_cut / pauses if pauses else np.full(len(self), np.nan)

    def to_dataframe(self) -> pandas.DataFrame:
        """One row for each policy: what was really decided first, then the presets, then every setting.

        Shares are told as counts, with the rate's interval (``rate_low``, ``rate_high``) and the mean
        latency's, in seconds; ``agreement`` of ``compared`` silences is the calibration.

        Raises:
            MissingExtra: pandas is not installed.
        """
        from voicenb.analysis.frame import frame

        return frame([each.to_dict() for each in [*self.recorded, *self.presets, *self]])

    @property
    def unobserved_from(self) -> float | None:
        """From which mean EOT latency on nothing rests on what was observed or labelled, in seconds.

        It lies behind all settings that do, and behind what was really decided; None where no setting is
        later than those.
        """
        latency, beyond = self.scores.mean, self.scores.beyond > 0
        known = np.isfinite(latency)
        held = [each.latency for each in self.recorded if each.turns.n and each.latency is not None]
        seen = [*latency[known & ~beyond].tolist(), *held]
        last = max(seen, default=-np.inf)
        behind = latency[known & beyond & (latency > last)]
        if not len(behind):
            return None
        return (last + float(behind.min())) / 2 if seen else 0.0

    def frontier(self, *, observed: bool = True) -> list[Score]:
        """The settings that none beats in both figures, by EOT latency.

        Args:
            observed: only those that rest on what was observed or labelled.
        """
        return [self[at] for at in self._frontier(observed)]

    def best(
        self,
        *,
        false_cutoff_rate: float | None = None,
        eot_latency: float | None = None,
        observed: bool = True,
    ) -> Choice:
        """The best setting within a budget, whether the calls are enough to choose it, and to change to it.

        Args:
            false_cutoff_rate: at most so many of the mid-turn pauses are cut: the least mean EOT latency.
            eot_latency: seconds that the mean EOT latency is at most: the least false-cutoff rate.
            observed: only settings that rest on what was observed or labelled.

        Raises:
            InvalidConfiguration: not exactly one budget, one that is none, or no setting within it.
        """
        if (false_cutoff_rate is None) == (eot_latency is None):
            raise InvalidConfiguration(
                "Exactly one budget: false_cutoff_rate= or eot_latency=.", param="false_cutoff_rate"
            )
        check_budget("false_cutoff_rate", false_cutoff_rate, 1)
        check_budget("eot_latency", eot_latency, 60)
        ranked = self._ranked(false_cutoff_rate, eot_latency, observed=observed)
        if not len(ranked):
            raise InvalidConfiguration(
                self._nothing(false_cutoff_rate, eot_latency, observed=observed),
                remedy=self._remedy(false_cutoff_rate, eot_latency, observed=observed),
                param="eot_latency" if false_cutoff_rate is None else "false_cutoff_rate",
            )
        latency = self.scores.mean
        one = int(ranked[0])
        # Many settings decide alike on few calls; what is told is the best of those that do not.
        differs = (self.scores.pauses_cut[ranked] != self.scores.pauses_cut[one]) | ~np.isclose(
            latency[ranked], latency[one], rtol=0, atol=_HAIR
        )
        by_latency = false_cutoff_rate is not None
        following = int(ranked[np.argmax(differs)]) if differs.any() else None
        return self._choice(one, following, by_latency)

    def calls_needed(self, difference: float = RATE, rate: float = OPERATING_RATES[0]) -> int | None:
        """How many calls like these would tell two false-cutoff rates apart, at 80 % power.

        Computed for two samples of calls; how far the pauses of one call go together is in it from ten calls
        up.

        Args:
            difference: of the two rates.
            rate: the lesser of them.

        Returns:
            None where these calls have no mid-turn pause.

        Raises:
            InvalidConfiguration: rates that are not between 0 and 1.
        """
        if not (_is_number(rate) and _is_number(difference) and 0 <= rate < rate + difference <= 1):
            raise InvalidConfiguration(
                f"No two rates are {rate!r} and {difference!r} more: rates are from 0 to 1.",
                param="difference",
            )
        return self._needed(rate, rate + difference)

    def operating_points(self, *, observed: bool = True) -> dict[str, float | None]:
        """The public benchmarks' points: rates at 0.3 and 0.6 s, latencies (s) at 5 and 10 %.

        Args:
            observed: only settings that rest on what was observed or labelled.

        Returns:
            None where no setting is within the budget.
        """
        rates, latency, allowed = self.rates, self.scores.mean, self._allowed(observed)
        points: dict[str, float | None] = {}
        for seconds in OPERATING_LATENCIES:
            points[f"false_cutoff_rate at {seconds:g} s"] = _least(
                rates, allowed & (latency <= seconds + _HAIR)
            )
        for rate in OPERATING_RATES:
            points[f"eot_latency at {rate:.0%}"] = _least(latency, allowed & (rates <= rate + _HAIR))
        return points

    def examples(self, setting: TurnDetection | Mapping[str, Any]) -> list[Example]:
        """The silences in which a setting would cut the caller off, and the doubtful ones, by call and time.

        Args:
            setting: of the sweep or not.

        Raises:
            InvalidConfiguration: that is no setting.
        """
        whole = _whole(setting)
        scorer = self._scorer(whole)
        at = scorer.decisions(_column(whole.min_silence), _column(whole.max_silence))[:, 0]
        rows, turns, _ = self.ground.silences(_threshold(whole))
        found: list[Example] = []
        kinds: dict[Row, Literal["pause", "speech", "doubtful"]] = {
            Row.MID: "pause",
            Row.SPEECH: "speech",
            Row.DOUBTFUL: "doubtful",
        }
        for row, turn, decided in zip(rows, turns.tolist(), at.tolist(), strict=True):
            if row.kind not in kinds or not np.isfinite(decided):
                continue
            call = int(self.ground.turn_call[turn])
            recording, clock = self._recordings[call], self.ground.calls[call].evidence.clock
            moments = [row.start, row.start + row.length, row.start + decided]
            if clock is not None:
                moments = [clock.back(each) for each in moments]
            begin, end, when = moments
            found.append(Example(recording.name, kinds[row.kind], begin, end, when, recording))
        return found

    def __repr__(self) -> str:
        from voicenb.tuning.sweep_text import text

        return text(self)

    def _repr_html_(self) -> str:
        from voicenb.tuning.sweep_text import html

        return html(self)

    # --- inside ---

    def _scorer(self, setting: TurnDetection) -> Scorer:
        threshold = _threshold(setting)
        if threshold not in self._scorers:
            self._scorers[threshold] = Scorer(self.ground, threshold)
        return self._scorers[threshold]

    def _scored(self) -> Scores:
        grid = self.grid
        # Limits that are reached at the end of one frame decide alike: each such setting is decided once.
        limits = [grid.vad_threshold, limit_frames(grid.min_silence), limit_frames(grid.max_silence)]
        _, first, same = np.unique(np.stack(limits), axis=1, return_index=True, return_inverse=True)
        order: list[Any] = []
        parts: list[Scores] = []
        for threshold in np.unique(grid.vad_threshold):
            places = np.flatnonzero(grid.vad_threshold[first] == threshold)
            scorer = self._scorer(grid[int(first[places[0]])])
            for at in range(0, len(places), scorer.at_once):
                some = places[at : at + scorer.at_once]
                outcomes = scorer.outcomes(grid.min_silence[first[some]], grid.max_silence[first[some]])
                parts.append(summarize(outcomes, self.ground))
                order.append(some)
        return together(parts, np.argsort(np.concatenate(order))[same.ravel()])

    def _outcomes(self, setting: TurnDetection) -> Outcomes:
        limits = _column(setting.min_silence), _column(setting.max_silence)
        return self._scorer(setting).outcomes(*limits)

    def _score(self, setting: TurnDetection, name: str = "") -> Score:
        agreement = self.calibration.agreement
        outcomes = self._outcomes(setting)
        return score(name or _name(setting), setting, outcomes, self.ground, agreement=agreement)

    def _allowed(self, observed: bool) -> Any:
        return self.scores.beyond == 0 if observed else np.ones(len(self), np.bool_)

    def _ranked(self, rate: float | None, seconds: float | None, *, observed: bool) -> Any:
        """The settings within a budget, the best first."""
        rates, latency = self.rates, self.scores.mean
        if rate is not None:
            within, goal, other = rates <= rate + _HAIR, latency, rates
        else:
            within, goal, other = latency <= (seconds or 0.0) + _HAIR, rates, latency
        at = np.flatnonzero(within & np.isfinite(goal) & np.isfinite(other) & self._allowed(observed))
        return at[np.lexsort((self.grid.min_silence[at], other[at], goal[at]))]

    def _frontier(self, observed: bool) -> list[int]:
        rates, latency = self.rates, self.scores.mean
        at = np.flatnonzero(np.isfinite(rates) & np.isfinite(latency) & self._allowed(observed))
        found: list[int] = []
        least = np.inf
        for number in at[np.lexsort((rates[at], latency[at]))].tolist():
            if rates[number] < least:
                found.append(number)
                least = rates[number]
        return found

    def _choice(self, one: int, other: int | None, by_latency: bool) -> Choice:
        what = "EOT latency" if by_latency else "false-cutoff rate"
        best, mine = self[one], self._outcomes(self.grid[one])
        changes = tuple(self._change(arm, best, mine) for arm in self._arms if len(arm.turns))
        if other is None:
            return Choice(best, None, what, None, None, changes, self.calibration)
        rate, latency = differences(mine, self._outcomes(self.grid[other]), self.ground)
        apart = latency if by_latency else rate
        between = None if apart is None else (apart.low, apart.high)
        needed = None
        if rate is not None and best.false_cutoffs.rate is not None:
            needed = self._needed(best.false_cutoffs.rate, best.false_cutoffs.rate + rate.value)
        return Choice(best, self[other], what, between, needed, changes, self.calibration)

    def _change(self, arm: Arm, after: Score, outcomes: Outcomes) -> Change:
        """From what was recorded: decided by the model too, but for the default, of which there is none."""
        if arm.score.setting is not None:
            apart = differences(self._outcomes(arm.score.setting), outcomes, self.ground)
        else:
            ground = self.ground
            held = np.zeros(max(1, ground.turns), np.bool_)
            held[arm.turns] = True
            apart = differences(
                arm.outcomes, outcomes, ground, held[ground.pause_turn], held[ground.end_turn]
            )
        return Change(arm.score, after, *apart, self._needed(*told_apart(after)))

    def _needed(self, one: float, other: float) -> int | None:
        """Calls like these that would tell two rates apart; pauses of a call go together as they do here."""
        ground, calls = self.ground, len(self.ground.calls)
        pauses = len(ground.pause_call)
        if not pauses:
            return None
        near = self.grid[int(np.argmin(np.abs(self.rates - max(one, other))))]
        counts = per_call(self._outcomes(near).pauses_cut[:, 0], ground.pause_call, calls)
        return calls_needed(one, other, pauses / calls, clustering(*counts))

    def _nothing(self, rate: float | None, latency: float | None, *, observed: bool) -> str:
        budget = (
            f"a false-cutoff rate of {rate:.0%}" if rate is not None else f"an EOT latency of {latency} s"
        )
        if not len(self.ground.pause_call) or not len(self.ground.end_turn):
            what = "mid-turn pause" if not len(self.ground.pause_call) else "end of a turn"
            return f"There is no {what} in these calls: nothing can be judged by it."
        kind = "setting that rests on what was observed" if observed else "setting of the sweep"
        return f"No {kind} keeps to {budget}."

    def _remedy(self, rate: float | None, latency: float | None, *, observed: bool) -> str:
        if not len(self.ground.pause_call) or not len(self.ground.end_turn):
            return "More calls have some: with callers who pause, and whose turns are answered."
        others = "sweep.frontier() has what can be had."
        place = self._ranked(rate, latency, observed=False)[:1] if observed else []
        if not len(place):
            return f"Sweep other settings, or allow more; {others}"
        score = self[int(place[0])]
        budget = f"false_cutoff_rate={rate}" if rate is not None else f"eot_latency={latency}"
        wait = "" if score.latency is None else f", EOT latency {score.latency:.2f} s"
        quick = self.quick_calls(self.grid[int(place[0])])
        hidden = "" if quick is None else f"{quick}: vn.whatif of those alone may answer. "
        return (
            f"sweep.best({budget}, observed=False) gives {score.name} "
            f"(cuts {score.false_cutoffs} pauses{wait}): {score.beyond} of {score.ends} ends are decided "
            "later than anybody observed, as if the caller kept quiet. "
            f"{hidden}Or hold calls with more patient settings, label, or allow more; {others}"
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def _name(setting: TurnDetection) -> str:
    return f"{setting.min_silence} to {setting.max_silence} ms at {setting.vad_threshold:g}"


def _whole(given: TurnDetection | Mapping[str, Any]) -> TurnDetection:
    setting = TurnDetection.of(given)
    told = {name: getattr(setting, name) for name in ("vad_threshold", "min_silence", "max_silence")}
    return grid({name: value for name, value in told.items() if value is not None})[0]


def _threshold(setting: TurnDetection) -> float:
    assert setting.vad_threshold is not None
    return setting.vad_threshold


def _column(value: int | None) -> Any:
    return np.array([value], np.float64)


def _least(values: Floats, where: Any) -> float | None:
    known = values[where & np.isfinite(values)]
    return float(known.min()) if len(known) else None
