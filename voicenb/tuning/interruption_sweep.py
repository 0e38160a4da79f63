"""What would interrupt the agent under other settings: on calls with the emulator, as that decides it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from voicenb.analysis.figure import Figure
from voicenb.errors import InvalidConfiguration
from voicenb.tuning.guard import emulated
from voicenb.tuning.scores import Ground
from voicenb.tuning.share import Share
from voicenb.tuning.sheet import Row, Sheet
from voicenb.tuning.spoken_over import SpokenOver, spoken_over
from voicenb.turn_detection import TurnDetection
from voicenb.turn_taking.settings import Settings

if TYPE_CHECKING:
    import pandas

YIELDS = 2.0
"""Seconds from the onset within which the agent has given way (design: words and clocks)."""

USUAL: dict[str, Any] = {"vad_threshold": 0.5, "interrupt_response": True, "interruption_delay": 500}
"""The service's defaults, for what is not swept."""

_HAIR = 1e-6


@dataclass(frozen=True, slots=True)
class InterruptionScore:
    """How a setting does over the agent's voice. Seconds; None: nothing to tell it from.

    Attributes:
        setting: the settings.
        false_interruptions: utterances over the agent without words, or with back-channels alone, for which
            it is stopped; those of which that is not known are left out.
        yielded: utterances with words that it gives way to within 2 s of their acoustic onset.
        reaction: of those that it gives way to, acoustic onset → the emulator's decision; where that rests on
            words of which nobody knows when they came it is left out.
        yield_latency: median of the reaction, and of the time from the service's word to silence as it was
            where the agent was stopped in these calls.
        beyond: utterances that it decides on later than the recorded stop: what the caller would have said by
            then nobody heard.
        unknown: utterances of which it might decide sooner than the recording has words.
    """

    setting: TurnDetection
    false_interruptions: Share
    yielded: Share
    reaction: Figure
    yield_latency: float | None
    beyond: int = 0
    unknown: int = 0

    @property
    def observed(self) -> bool:
        """Whether it rests on what was observed alone."""
        return self.beyond == 0 and self.unknown == 0

    def to_dict(self) -> dict[str, Any]:
        """All of it in plain values."""
        shares = {"false_interruptions": self.false_interruptions, "yielded": self.yielded}
        counts = {name: {"": each.k, "_of": each.n} for name, each in shares.items()}
        return {
            **{name: getattr(self.setting, name) for name in USUAL},
            **{f"{name}{end}": value for name, both in counts.items() for end, value in both.items()},
            "reaction_p50": self.reaction.p50,
            "yield_latency": self.yield_latency,
            "beyond": self.beyond,
            "unknown": self.unknown,
        }

    def __str__(self) -> str:
        setting = self.setting
        stops = f"after {setting.interruption_delay} ms" if setting.interrupt_response else "not at all"
        told = f"interrupted {stops} at {setting.vad_threshold:g}: false {self.false_interruptions}"
        told += f", gives way to {self.yielded}"
        if self.reaction.n:
            told += f", reaction {self.reaction}"
        if self.beyond:
            told += f"; {self.beyond} not observed"
        return f"{told}; {self.unknown} not known" if self.unknown else told


class InterruptionSweep(Sequence[InterruptionScore]):
    """Scores of settings over the agent's voice, as the emulator would decide.

    Args:
        ground: the calls.
        swept: for each setting a value or several.

    Attributes:
        utterances: of the callers' over the agent, with what they held.

    Raises:
        InvalidConfiguration: a setting that cannot be swept, a value that cannot be, or a call with another
            service: barge-in is semantic there, and no recording tells what it would have done.
    """

    def __init__(self, ground: Ground, swept: Mapping[str, Any]) -> None:
        services = list(dict.fromkeys(call.evidence.service for call in ground.calls))
        others = [each for each in services if each not in emulated(services)]
        if others:
            raise InvalidConfiguration(
                f"What interrupts the agent is judged by its meaning on {others[0] or 'an unknown service'}: "
                "a recording does not tell what other settings would have done.",
                remedy="This is for calls with the emulator; vn.replay(...) tries settings on a service.",
                param="recordings",
            )
        self._settings = _settings(swept)
        found = [
            (number, one) for number, call in enumerate(ground.calls) for one in spoken_over(call.evidence)
        ]
        self.utterances: list[SpokenOver] = [one for _, one in found]
        self._call_of = np.array([number for number, _ in found], np.intp)
        self._calls = len(ground.calls)
        flushes = [
            max(0.0, one.reply.end - one.reply.told)
            for one in self.utterances
            if one.stopped and one.reply.told is not None
        ]
        self._flush = float(np.median(flushes)) if flushes else None
        self._scores = [self._score(each) for each in self._settings]

    def __len__(self) -> int:
        return len(self._scores)

    def __getitem__(self, at: Any) -> Any:
        """The score of one setting, or of some."""
        return self._scores[at]

    def __iter__(self) -> Iterator[InterruptionScore]:
        return iter(self._scores)

    def to_dataframe(self) -> pandas.DataFrame:
        """One row for each setting.

        Raises:
            MissingExtra: pandas is not installed.
        """
        from voicenb.analysis.frame import frame

        return frame([each.to_dict() for each in self])

    @property
    def sheet(self) -> Sheet:
        """All settings, and what they rest on."""
        meant = sum(one.meant for one in self.utterances)
        title = f"{len(self)} settings · {len(self.utterances)} utterances over the agent, {meant} with words"
        below = [
            "As the emulator decides; the hosted service goes by the meaning. False: stopped for no words, "
            "or for back-channels. Gives way: within 2 s of the onset, of utterances with words. Reaction: "
            "onset → decision; yield latency: onset → silence (medians, in seconds).",
        ]
        if any(each.beyond for each in self):
            below.append("Faded: it stops the agent later than it was stopped, where nothing was observed.")
        if any(each.unknown for each in self):
            below.append(
                "Faded: sooner than the recorded delay, or at a lower threshold, nobody knows what words "
                "there were by then. Where that matters reactions and false stops are left out: record calls "
                "with the shortest delay in question."
            )
        columns = ("interrupted", "threshold", "false", "gives way", "reaction", "yield latency")
        return Sheet(title, columns, [("", [_row(each) for each in self])], below)

    def __repr__(self) -> str:
        return self.sheet.text()

    def _repr_html_(self) -> str:
        return self.sheet.html()

    def _score(self, setting: TurnDetection) -> InterruptionScore:
        settings = Settings.from_wire(setting.to_wire())
        stops = [one.stop(settings) for one in self.utterances]
        reactions = [at - one.onset for at, one in zip(stops, self.utterances, strict=True)]
        meant = np.array([one.meant for one in self.utterances], np.bool_)
        stopped = np.isfinite(np.array(stops, np.float64))
        soon = np.array(reactions, np.float64) <= YIELDS + _HAIR
        known = np.array(
            [not settings.interrupt_response or one.is_known(settings) for one in self.utterances], np.bool_
        )
        reaction = Figure.of(
            [
                round(seconds, 6)
                for seconds, one, told in zip(reactions, self.utterances, known, strict=True)
                if told and one.meant and math.isfinite(seconds)
            ]
        )
        latency = None
        if reaction.p50 is not None and self._flush is not None:
            latency = round(reaction.p50 + self._flush, 6)
        return InterruptionScore(
            setting,
            self._share(stopped, ~meant & known),
            self._share(soon, meant & (known | soon)),  # at the latest so soon, or not known
            reaction,
            latency,
            sum(map(_is_beyond, self.utterances, stops)) if settings.interrupt_response else 0,
            int((~known).sum()),
        )

    def _share(self, hits: Any, some: Any) -> Share:
        calls = self._call_of[some]
        hit = np.bincount(calls[hits[some]], minlength=self._calls).tolist()
        return Share.of(hit, np.bincount(calls, minlength=self._calls).tolist())


def _row(of: InterruptionScore) -> Row:
    setting = of.setting
    when = f"after {setting.interruption_delay} ms" if setting.interrupt_response else "not at all"
    reaction, latency = (
        "" if each is None else f"{each:.2f}" for each in (of.reaction.p50, of.yield_latency)
    )
    threshold = f"{setting.vad_threshold:g}" if setting.interrupt_response else ""
    shares = str(of.false_interruptions), str(of.yielded)
    return Row((when, threshold, *shares, reaction, latency), not of.observed)


def _is_beyond(one: SpokenOver, stop: float) -> bool:
    """Whether what a setting decides rests on what the caller did after the agent had been stopped."""
    return one.stopped and one.reply.told is not None and stop > one.reply.told + _HAIR


def _settings(swept: Mapping[str, Any]) -> list[TurnDetection]:
    for name in swept:
        if name not in USUAL:
            raise InvalidConfiguration(
                f"{name} is no setting of what interrupts the agent.",
                remedy=f"Swept are {', '.join(USUAL)}.",
                param=name,
            )
    values: dict[str, list[Any]] = {}
    for name, usual in USUAL.items():
        given = swept.get(name, usual)
        several = list(given) if isinstance(given, list | tuple | range | np.ndarray) else [given]
        if not several:
            raise InvalidConfiguration(f"{name} has no value.", param=name)
        values[name] = [each.item() if isinstance(each, np.generic) else each for each in several]
    found = [TurnDetection(**dict(zip(values, each, strict=True))) for each in product(*values.values())]
    off = [each for each in found if not each.interrupt_response]
    return [each for each in found if each.interrupt_response or each is off[0]]  # off is off: one is enough
