"""One policy's score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from voicenb.tuning.scores import Ground, Outcomes, summarize
from voicenb.tuning.share import Share, mean_interval
from voicenb.turn_detection import TurnDetection


@dataclass(frozen=True, slots=True)
class Score:
    """How a policy does on the calls. Seconds on the acoustic clock; None: nothing to tell it from.

    Attributes:
        name: of the policy.
        setting: its settings; None for the service's adaptive default.
        false_cutoffs: mid-turn pauses in which it ends the turn, of all of them.
        turns: the caller's turns that it cuts, in such a pause or in speech that it does not hear.
        calls: calls in which it cuts a turn.
        doubtful: silences of which nobody knows whether the caller had done, those in which it decides
            before the caller goes on; they are no part of the others.
        latency: EOT latency, the caller's speech end → the decision, mean; a missed end counts with 10 s.
        latency_interval: of that mean, 95 %: calls are drawn anew from ten up, below that turns; None below
            six ends.
        latency_p50: its median.
        latency_p90: its 90th percentile, from 20 ends up.
        ends: turns' ends that it rests on.
        missed: ends that it does not decide within 10 s.
        response_latency: median of what the response latency (the caller's speech end → the first audible
            sample heard) would have been, the service's own time as it was; plain turns only.
        responses: turns that it rests on.
        beyond: ends without a label that it decides later than the recorded decision: what the caller would
            have done by then nobody observed.
        recorded: whether this is what really was decided.
        agreement: silences in which the model decides as the service did, of those compared; None for what
            was recorded, in which there is no model.
    """

    name: str
    setting: TurnDetection | None
    false_cutoffs: Share
    turns: Share
    calls: Share
    doubtful: Share
    latency: float | None
    latency_interval: tuple[float, float] | None
    latency_p50: float | None
    latency_p90: float | None
    ends: int
    missed: int
    response_latency: float | None
    responses: int
    beyond: int = 0
    recorded: bool = False
    agreement: Share | None = None

    @property
    def observed(self) -> bool:
        """Whether it rests on what was observed, or labelled, alone."""
        return self.beyond == 0

    def to_dict(self) -> dict[str, Any]:
        """All of it in plain values."""
        low, high = self.false_cutoffs.interval
        soon, late = self.latency_interval or (None, None)
        return {
            "policy": self.name,
            "vad_threshold": None if self.setting is None else self.setting.vad_threshold,
            "min_silence": None if self.setting is None else self.setting.min_silence,
            "max_silence": None if self.setting is None else self.setting.max_silence,
            "pauses_cut": self.false_cutoffs.k,
            "pauses": self.false_cutoffs.n,
            "false_cutoff_rate": self.false_cutoffs.rate,
            "rate_low": low,
            "rate_high": high,
            "turns_cut": self.turns.k,
            "turns": self.turns.n,
            "calls_cut": self.calls.k,
            "calls": self.calls.n,
            "doubtful_cut": self.doubtful.k,
            "doubtful": self.doubtful.n,
            "eot_latency": self.latency,
            "latency_low": soon,
            "latency_high": late,
            "eot_latency_p50": self.latency_p50,
            "eot_latency_p90": self.latency_p90,
            "ends": self.ends,
            "missed": self.missed,
            "response_latency": self.response_latency,
            "responses": self.responses,
            "beyond": self.beyond,
            "observed": self.observed,
            "recorded": self.recorded,
            "agreement": None if self.agreement is None else self.agreement.k,
            "compared": None if self.agreement is None else self.agreement.n,
        }

    def __str__(self) -> str:
        latency = "not measured" if self.latency is None else f"{self.latency:.2f} s"
        told = (
            f"{self.name}: cuts {self.false_cutoffs} pauses, {self.turns.k} of {self.turns.n} turns, in "
            f"{self.calls.k} of {self.calls.n} calls; EOT latency {latency} (n = {self.ends})"
        )
        if not self.observed:
            told += f", {self.beyond} of them not observed"
        if not self.doubtful.n:
            return told
        return f"{told}; {doubtful_ends(self.doubtful)} besides"


def score(
    name: str,
    setting: TurnDetection | None,
    outcomes: Outcomes,
    ground: Ground,
    *,
    recorded: bool = False,
    agreement: Share | None = None,
) -> Score:
    """The score of one policy's outcomes, all of shape ``(…, 1)``."""
    calls = len(ground.calls)
    ends_of = ground.turn_call[ground.end_turn]
    found = summarize(outcomes, ground, recorded=recorded)
    doubtful = int(ground.doubtful.sum())
    return Score(
        name=name,
        setting=setting,
        false_cutoffs=Share.of(*per_call(outcomes.pauses_cut[:, 0], ground.pause_call, calls)),
        turns=Share.of(*per_call(outcomes.turns_cut[:, 0], ground.turn_call, calls)),
        calls=Share.of([int(found.calls_cut[0])], [calls]),
        doubtful=Share.of([int(found.doubtful_cut[0])], [doubtful]),
        latency=_known(found.mean[0]),
        latency_interval=mean_interval(outcomes.latency[:, 0], ends_of, calls),
        latency_p50=_known(found.p50[0]),
        latency_p90=_known(found.p90[0]),
        ends=len(outcomes.latency),
        missed=int(found.missed[0]),
        response_latency=_known(found.response[0]),
        responses=int(np.isfinite(ground.rest).sum()),
        beyond=int(found.beyond[0]),
        recorded=recorded,
        agreement=agreement,
    )


def doubtful_ends(share: Share) -> str:
    """Doubtful ends that are decided, of all of them, in words."""
    return f"{share.k} of {share.n} doubtful end{'' if share.n == 1 else 's'}"


def per_call(hits: Any, call: Any, calls: int) -> tuple[Sequence[int], Sequence[int]]:
    """Counts for each call: how many, and of how many."""
    return np.bincount(call[hits], minlength=calls).tolist(), np.bincount(call, minlength=calls).tolist()


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(round(value, 6))
