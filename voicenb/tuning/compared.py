"""Agents side by side, called by the same callers: each figure, and what cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from voicenb.comparison.difference import differences
from voicenb.errors import InvalidConfiguration
from voicenb.recording.recording import Recording
from voicenb.tuning.grid import USUAL
from voicenb.tuning.guard import emulated, write
from voicenb.tuning.replays import Replays
from voicenb.turn_detection import TurnDetection

if TYPE_CHECKING:
    import pandas

    from voicenb.agent import Agent
    from voicenb.service.hosted import Hosted
    from voicenb.session.opening import AgentLike

Verdict = Literal["lower", "higher", "inconclusive"]

IN_PERCENT = 10
"""How many a share rests on from which it is told in per cent; below, as k of n."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One of those that are compared.

    Attributes:
        name: as it was given.
        calls: how many of its calls are compared.
        left_out: calls of it that have no counterpart in every other arm, or were not held to their end.
        services: who answered, e.g. ``"hosted"`` or ``"emulator · contract · rules"``.
        turn_detection: whose settings decided when a turn was over: the agent's own, or the default of the
            service.
        differs: what of the agent differs from the first arm's, by place.
        agent: who was called, where that is known.
    """

    name: str
    calls: int
    left_out: int
    services: tuple[str, ...]
    turn_detection: str
    differs: tuple[str, ...] = ()
    agent: AgentLike | None = None

    @property
    def answered_by(self) -> str:
        """``"hosted"``, ``"emulated"``, ``"emulated and hosted"``, or what else the service is."""
        kinds = [each.split(" ")[0] or "unknown" for each in self.services] or ["unknown"]
        told = {"emulator": "emulated"}
        return " and ".join(sorted({told.get(kind, kind) for kind in kinds}))


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one arm.

    Attributes:
        value: of it; None where it was not measured in every arm.
        counts: of a share, how many of how many.
        difference: to the first arm, this minus that; None of the first.
        interval: of the difference, at 95 %; None where too little is there for one.
        largest: the largest of the values; None of shares.
    """

    value: float | None
    counts: tuple[int, int] | None = None
    difference: float | None = None
    interval: tuple[float, float] | None = None
    largest: float | None = None

    @property
    def verdict(self) -> Verdict:
        """Which way it went; ``"inconclusive"`` where the interval holds zero, or there is none."""
        if self.interval is None or self.interval[0] <= 0 <= self.interval[1]:
            return "inconclusive"
        return "lower" if self.interval[1] < 0 else "higher"


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One figure of all arms.

    Attributes:
        name: what it is.
        cells: by the arm's name.
        basis: what it rests on.
        share: whether it is a share.
        unit: of what is no share.
    """

    name: str
    cells: Mapping[str, Cell]
    basis: str
    share: bool = False
    unit: str = "s"


class Comparison:
    """Figures of several agents beside each other; the first is what the others are compared with.

    Figures rest on what was measured in every arm: of the same parts of the same callers' speech. From ten
    calls up intervals come from drawing whole calls anew (bootstrap, the same calls in both arms); below,
    shares have Newcombe's interval and other figures that of drawing pairs of turns, from six pairs up.

    Args:
        arms: in order.
        rows: one for each figure.
        recordings: of each arm, that are compared.
        replays: what came of the calls that were held for it.

    Attributes:
        arms: as above.
        rows: as above.
        recordings: as above.
        replays: as above; empty where all had been held before.
    """

    def __init__(
        self,
        arms: Sequence[Arm],
        rows: Sequence[ComparedRow],
        recordings: Mapping[str, Sequence[Recording]],
        replays: Mapping[str, Replays] | None = None,
    ) -> None:
        self.arms = tuple(arms)
        self.rows = tuple(rows)
        self.recordings = {name: tuple(calls) for name, calls in recordings.items()}
        self.replays = dict(replays or {})

    def __getitem__(self, name: str) -> ComparedRow:
        """The row of that name.

        Raises:
            KeyError: there is none.
        """
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(f"{name!r}; there are {', '.join(row.name for row in self.rows)}")

    __iter__: None = None

    @property
    def services(self) -> list[str]:
        """Who answered, in any arm."""
        return list(dict.fromkeys(each for arm in self.arms for each in arm.services))

    @property
    def notes(self) -> list[str]:
        """What the figures are to be read with."""
        found = [f"Differences are to {self.arms[0].name}, with intervals of 95 %."]
        kinds = {arm.answered_by for arm in self.arms}
        if emulated(self.services):
            found.append("Timings of the emulator are its own, and say nothing of the hosted service's.")
        if any(each.split(" ")[0] in ("hosted", "address") for each in self.services):
            found.append(
                "With the service itself a decision is known only when it is told: its delay holds model and "
                "voice."
            )
        if len(kinds) > 1:
            found.append("The arms were answered by different services: what differs may be theirs.")
        tested = sum(cell.interval is not None for _, cell in self._compared())
        told = [cell for _, cell in self._compared() if cell.verdict != "inconclusive"]
        if told and tested >= 10:
            found.append(
                f"{tested} intervals were looked at: about one in twenty leaves zero out by chance alone."
            )
        left = [f"{arm.left_out} of {arm.name}" for arm in self.arms if arm.left_out]
        if left:
            found.append(f"Left out, without a counterpart or not held to their end: {', '.join(left)}.")
        return found

    def write(
        self, name: str, hosted: Hosted, agent: Agent | str | None = None, *, even_if_emulated: bool = False
    ) -> Agent:
        """Write an arm's agent over one that is stored.

        Args:
            name: of the arm.
            hosted: the service that it is stored with.
            agent: what is written over: an agent or its id; None: the arm's own, which has an id.
            even_if_emulated: the word for it where the emulator answered in that arm or in the first: what
                is better there need not be with the service.

        Returns:
            The agent as it is stored now.

        Raises:
            InvalidConfiguration: there is no such arm, its agent is not known, or the emulator answered and
                the word was not said.
            ServiceError: refused.
            ServiceUnreachable: no answer.
        """
        from voicenb.agent import Agent as AnAgent

        arm = next((each for each in self.arms if each.name == name), None)
        if arm is None or not isinstance(arm.agent, AnAgent):
            known = [each.name for each in self.arms if isinstance(each.agent, AnAgent)]
            raise InvalidConfiguration(
                f"There is no agent {name!r} in this comparison.",
                remedy=f"It has {', '.join(map(repr, known))}." if known else "It has recordings only.",
                param="name",
            )
        over = agent.id if isinstance(agent, AnAgent) else agent
        written = arm.agent if over is None else arm.agent.replace(id=over)
        services = [*self.arms[0].services, *arm.services]
        return write(hosted, written, services, even_if_emulated=even_if_emulated)

    # --- told ---

    def to_dict(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        return {
            "arms": [
                {
                    "name": arm.name,
                    "answered_by": arm.answered_by,
                    "services": list(arm.services),
                    "turn_detection": arm.turn_detection,
                    "differs": list(arm.differs),
                    "calls": arm.calls,
                    "left_out": arm.left_out,
                }
                for arm in self.arms
            ],
            "rows": self._records(),
            "notes": self.notes,
        }

    def to_dataframe(self) -> pandas.DataFrame:
        """One row for each figure of each arm, with who answered and whose settings decided.

        Raises:
            MissingExtra: pandas is not installed.
        """
        from voicenb.analysis.frame import frame

        return frame([{**record, **_bounds(record.pop("interval"))} for record in self._records()])

    def __repr__(self) -> str:
        from voicenb.tuning.compared_text import text

        return text(self)

    def _repr_html_(self) -> str:
        from voicenb.tuning.compared_text import html

        return html(self)

    def _compared(self) -> Iterator[tuple[ComparedRow, Cell]]:
        """The cells that are compared with the first arm's."""
        for row in self.rows:
            for arm in self.arms[1:]:
                yield row, row.cells[arm.name]

    def _records(self) -> list[dict[str, Any]]:
        return [
            {
                "figure": row.name,
                "arm": arm.name,
                "answered_by": arm.answered_by,
                "turn_detection": arm.turn_detection,
                "value": cell.value,
                "unit": "share" if row.share else row.unit,
                "k": None if cell.counts is None else cell.counts[0],
                "n": None if cell.counts is None else cell.counts[1],
                "difference": cell.difference,
                "interval": None if cell.interval is None else list(cell.interval),
                "verdict": None if arm is self.arms[0] else cell.verdict,
                "basis": row.basis,
            }
            for row in self.rows
            for arm in self.arms
            for cell in [row.cells[arm.name]]
        ]


def _bounds(interval: list[float] | None) -> dict[str, float | None]:
    low, high = interval or (None, None)
    return {"low": low, "high": high}


def turn_detection_of(recordings: Sequence[Recording]) -> str:
    """Whose settings decided when a turn was over, in words.

    Args:
        recordings: of an arm.
    """
    told = []
    for recording in recordings:
        kind = str(recording.session.get("service") or "").split(" ")[0]
        settings = (recording.conversation.config.get("input") or {}).get("turn_detection")
        agent = recording.session.get("agent") or {}
        given = (agent.get("input") or {}).get("turn_detection") or settings
        if "settings" in recording.absent:
            told.append("not known")
        elif given:
            told.append(f"its own, {_limits(given)}{_changed(recording)}")
        elif kind == "emulator":
            told.append(f"the emulator's stand-in for the adaptive default{_changed(recording)}")
        elif "agent_id" in agent:
            told.append("as it is stored with the service")
        else:
            told.append(f"the service's adaptive default{_changed(recording)}")
    return "; ".join(dict.fromkeys(told))


def _changed(recording: Recording) -> str:
    """What changed them while the call ran."""
    updates = list(recording.events.select("session.update", direction="out"))[1:]
    sent = (((event.get("msg") or {}).get("session") or {}).get("input") or {} for event in updates)
    if not any("turn_detection" in each for each in sent):
        return ""
    policy = (recording.session.get("replay") or {}).get("policy")
    return f", changed by {policy}" if policy else ", changed in the call"


def _limits(given: Mapping[str, Any]) -> str:
    """The two limits, and what else is not as the service has it."""
    whole = TurnDetection.from_wire(given, known=False).whole()
    parts = [f"{whole.min_silence} to {whole.max_silence} ms"]
    if whole.vad_threshold != USUAL["vad_threshold"]:
        parts.append(f"threshold {whole.vad_threshold:g}")
    if whole.interrupt_response is False:
        parts.append("no interruption")
    return ", ".join(parts)


def differing(first: Recording, other: Recording) -> tuple[str, ...]:
    """What differs between the agents of two recordings, by place, as far as both are known; not their names.

    Args:
        first: of the one.
        other: of the other.
    """
    if any("settings" in call.absent for call in (first, other)):
        return ()
    one, two = (dict(call.session.get("agent") or {}) for call in (first, other))
    for each in (one, two):
        each.pop("name", None)
    return tuple(_short(difference) for difference in differences(one, two))


def _short(difference: Any) -> str:
    def of(value: Any) -> str:
        if value is None:
            return "not set"
        text = value if isinstance(value, str) else repr(value)
        return text if len(text) <= 40 else f"{text[:39].rstrip()}…"

    place = difference.place.removeprefix("input.").removeprefix("output.")
    return f"{place}: {of(difference.left)} → {of(difference.right)}"
