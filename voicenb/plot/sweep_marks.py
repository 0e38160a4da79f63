"""The policies that the picture of a sweep names: what was recorded, the presets, the best in a budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voicenb.errors import InvalidConfiguration
from voicenb.plot.palette import Palette

if TYPE_CHECKING:
    from voicenb.tuning.score import Score
    from voicenb.tuning.sweep import Sweep


@dataclass(frozen=True, slots=True)
class Mark:
    """One policy in the picture.

    Attributes:
        score: its score.
        texts: its name, the longest first.
        marker: as matplotlib calls it.
        colour: of the mark and of the name.
        filled: whether the mark is.
        ring: whether it is a ring around another mark, and its name bold.
    """

    score: Score
    texts: tuple[str, ...]
    marker: str
    colour: str
    filled: bool = True
    ring: bool = False

    @property
    def place(self) -> tuple[float, float] | None:
        """Seconds and rate; None where there is nothing to tell one of them from."""
        rate, latency = self.score.false_cutoffs.rate, self.score.latency
        return None if rate is None or latency is None else (latency, rate)

    @property
    def listed(self) -> str:
        """What it is called in a list."""
        return self.texts[0] if self.score.setting is not None else self.texts[1]

    @property
    def missing(self) -> str:
        """What is missing where it has no place."""
        if not self.score.turns.n:
            return "no call was held with it"
        return "no mid-turn pause" if not self.score.false_cutoffs.n else "no end of a turn"


def best(swept: Sweep, rate: float | None, latency: float | None, colours: Palette) -> list[Mark]:
    """The best settings within the budgets; none where nothing is within one.

    Args:
        swept: the sweep.
        rate: the budget of false cutoffs, or None.
        latency: the budget of seconds, or None.
        colours: of the ground that it stands on.
    """
    found: list[Mark] = []
    for cuts, seconds in ((rate, None), (None, latency)):
        if cuts is None and seconds is None:
            continue
        try:
            score = swept.best(false_cutoff_rate=cuts, eot_latency=seconds).score
        except InvalidConfiguration:
            continue
        setting = short(score, swept)
        within = f"{100 * cuts:.3g} %" if cuts is not None else f"{seconds:.3g} s"
        texts = (f"best within {within}: {setting}", f"best: {setting}", "best")
        found.append(Mark(score, texts, "o", colours.caller, filled=False, ring=True))
    return found


def policies(swept: Sweep, colours: Palette) -> list[Mark]:
    """What was recorded, the adaptive default among it, and the presets."""
    found: list[Mark] = []
    for score in swept.recorded:
        setting = score.setting
        if setting is None:
            texts = ("adaptive default, as it decided", "adaptive default", "adaptive")
            found.append(Mark(score, texts, "D", colours.agent))
        else:
            limits = f"{setting.min_silence} to {setting.max_silence} ms"
            found.append(Mark(score, (f"as recorded: {limits}", "as recorded"), "s", colours.ink))
    for score, marker in zip(swept.presets, "o^v", strict=True):
        name = score.name.partition(",")[0]
        colour = colours.ink if score.observed else colours.wait
        found.append(Mark(score, (name,), marker, colour, filled=False))
    return found


def short(score: Score, swept: Sweep) -> str:
    """A setting in few letters: what is not the same in the whole sweep, and ``min_silence``."""
    setting, grid = score.setting, swept.grid
    if setting is None:
        return "adaptive"
    text = f"{setting.min_silence}"
    if len(set(grid.max_silence.tolist())) > 1:
        text += f" to {setting.max_silence}"
    text += " ms"
    if len(set(grid.vad_threshold.tolist())) > 1:
        text += f" at {setting.vad_threshold:g}"
    return text


def look(mark: Mark, colours: Palette) -> dict[str, Any]:
    """How a mark is drawn, for ``ax.plot``."""
    return {
        "marker": mark.marker,
        "linestyle": "none",
        "markersize": 11.0 if mark.ring else 7.0,
        "markerfacecolor": mark.colour if mark.filled else "none" if mark.ring else colours.ground,
        "markeredgecolor": mark.colour,
        "markeredgewidth": 2.0 if mark.ring else 1.4,
    }
