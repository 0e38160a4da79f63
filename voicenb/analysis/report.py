"""A report: what a call, or many, were like."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, SupportsFloat

from voicenb.analysis.connected import Connected, connected
from voicenb.analysis.figure import Figure
from voicenb.analysis.overlap import Span, overlap
from voicenb.analysis.stop import BY
from voicenb.analysis.stops import Stops, ledger, together
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns, are_kept, turns
from voicenb.analysis.voice_gap import VoiceGap, voice_gaps
from voicenb.errors import InvalidConfiguration
from voicenb.progress import LONG, Progress
from voicenb.recording.given import Calls, some_calls
from voicenb.recording.given import told as as_told
from voicenb.service.prices import COST_RATES

if TYPE_CHECKING:
    from voicenb.analysis.other_tools import OtherTools
    from voicenb.analysis.report_comparison import ReportComparison
    from voicenb.recording.recording import Recording


TOLD_BY = {
    "interruptions": "interruptions",
    "false_interruptions": "interruptions",
    "stops": "interruptions",
    "false_cutoffs": "decisions",
    "candidate_cuts": "decisions",
    "silent_replies": "replies",
    "tool_turns": "tools",
    "lost_frames": "frames",
    "late_frames": "frames",
}
"""What a count rests on: a recording that lacks it (:attr:`voicenb.Recording.absent`) does not tell."""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """One call of a report.

    Attributes:
        name: of its folder.
        service: who answered, e.g. ``"emulator · contract · rules"``.
        turns: of both sides.
        connected: seconds that sessions were open (wire): ``session.ready`` to the end, without the time
            between a lost connection and another session.
        talk_over: seconds of them in which both sides were heard.
        silence: seconds of the connected time in which neither was.
        late: frames of the microphone's that were late; None where that was not captured.
        lost: frames of the microphone's that were lost; None where that was not captured.
        cost: dollars; None where the price is not known.
        recording: of the call, for figures that are asked for later.
        stops: every time that the agent's voice gave way.
        absent: what the recording has not captured (:attr:`voicenb.Recording.absent`).
        voice_gaps: silences in the middle of replies that were not in them; None where nobody noted what was
            heard.
        virtual: whether it was held on the virtual clock of ``vn.run``, on which a tool takes only the time
            that it awaits.
    """

    name: str
    service: str
    turns: Turns
    connected: float
    talk_over: float
    silence: float
    late: int | None
    lost: int | None
    cost: float | None
    recording: Recording | None = field(default=None, repr=False, compare=False)
    stops: Stops = field(default_factory=Stops, repr=False, compare=False)
    absent: frozenset[str] = frozenset()
    voice_gaps: tuple[VoiceGap, ...] | None = ()
    virtual: bool = False

    def tells(self, count: str) -> bool:
        """Whether a count of a report's was captured here.

        Args:
            count: e.g. ``"interruptions"`` or ``"lost_frames"``.
        """
        if count == "cost":
            return self.cost is not None
        if count == "voice_gaps":
            return self.voice_gaps is not None
        return TOLD_BY.get(count) not in self.absent


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one call or many. Figures are in seconds; turns with tools are never pooled with others.

    Unanswered turns are counted and have no part in the latencies: what came at last was no answer to them.
    A count that no call tells is None, "not captured"; where some tell it, it is theirs (:meth:`telling`).

    Attributes:
        calls: one each.
        latency: response latency of plain turns (acoustic speech end → first audible sample heard).
        first_sound: of tool turns, acoustic speech end → first audible sample heard.
        first_answer: of tool turns, acoustic speech end → first audible sample of the reply that uses the
            tool's result.
        end_of_turn_delay: acoustic speech end → decision (wire), of plain turns, also unanswered ones.
        transcription_delay: acoustic speech end → ``transcript.user`` (wire), of the same.
        reply_latency: decision → first ``reply.audio`` (both wire), of plain turns.
        playback_delay: first ``reply.audio`` (wire) → its first sample heard, of plain turns.
        tool_end_of_turn_delay: as ``end_of_turn_delay``, of tool turns.
        tool_transcription_delay: as ``transcription_delay``, of tool turns.
        tool_playback_delay: as ``playback_delay``, of tool turns: of what was heard first.
        tool_round_trip: ``tool.call`` received → ``tool.result`` sent (both wire), of all calls of tools.
        yield_latency: the caller's onset over the agent's speech (acoustic) → silence (heard).
    """

    calls: tuple[CallFacts, ...]
    latency: Figure = field(default_factory=Figure)
    first_sound: Figure = field(default_factory=Figure)
    first_answer: Figure = field(default_factory=Figure)
    end_of_turn_delay: Figure = field(default_factory=Figure)
    transcription_delay: Figure = field(default_factory=Figure)
    reply_latency: Figure = field(default_factory=Figure)
    playback_delay: Figure = field(default_factory=Figure)
    tool_end_of_turn_delay: Figure = field(default_factory=Figure)
    tool_transcription_delay: Figure = field(default_factory=Figure)
    tool_playback_delay: Figure = field(default_factory=Figure)
    tool_round_trip: Figure = field(default_factory=Figure)
    yield_latency: Figure = field(default_factory=Figure)

    # --- counts ---

    @property
    def caller_turns(self) -> list[Turn]:
        """The caller's turns of all calls."""
        return [turn for call in self.calls for turn in call.turns if turn.role == "user"]

    @property
    def agent_turns(self) -> list[Turn]:
        """The agent's turns of all calls."""
        return [turn for call in self.calls for turn in call.turns if turn.role == "agent"]

    @property
    def plain_turns(self) -> list[Turn]:
        """The caller's turns without tools, and those of calls that do not tell of tools."""
        return [turn for turn in self.caller_turns if turn.kind == "plain"]

    @property
    def tool_turns(self) -> list[Turn]:
        """The caller's turns with tools."""
        return [turn for turn in self.caller_turns if turn.kind == "tool"]

    def telling(self, count: str) -> list[CallFacts]:
        """The calls that a count rests on; recordings of calls made elsewhere do not tell everything.

        Args:
            count: e.g. ``"interruptions"``, ``"false_cutoffs"``, ``"lost_frames"`` or ``"cost"``.
        """
        return [call for call in self.calls if call.tells(count)]

    def _counted(self, count: str, each: Callable[[CallFacts], int]) -> int | None:
        telling = self.telling(count)
        return sum(each(call) for call in telling) if telling else None

    @property
    def turns_of_unknown_kind(self) -> list[Turn]:
        """The caller's turns in calls that do not tell whether tools were called."""
        untold = [call for call in self.calls if not call.tells("tool_turns")]
        return [turn for call in untold for turn in call.turns if turn.role == "user"]

    @property
    def unanswered(self) -> int:
        """Caller's turns without an audible reply before the caller spoke again or 10 s had passed."""
        return sum(turn.unanswered is True for turn in self.caller_turns)

    @property
    def silent_replies(self) -> int | None:
        """Replies without an audible sample, that called no tool; None where no call tells."""
        return self._counted("silent_replies", lambda call: sum(turn.silent is True for turn in call.turns))

    @property
    def interruptions(self) -> int | None:
        """How often the agent was cut off; None where no call tells."""
        return self._counted(
            "interruptions", lambda call: sum(turn.interrupted is True for turn in call.turns)
        )

    @property
    def false_interruptions(self) -> int | None:
        """How often for no words, or for back-channels only; None where no call tells."""
        return self._counted(
            "false_interruptions", lambda call: sum(turn.false_interruption is True for turn in call.turns)
        )

    @property
    def stops(self) -> Stops:
        """Every time that the agent's voice gave way, of all calls (:func:`vn.stops`)."""
        return together(call.stops for call in self.calls)

    @property
    def voice_gaps(self) -> tuple[VoiceGap, ...] | None:
        """Silences in the middle of replies that were not in them (heard); None where no call tells."""
        telling = self.telling("voice_gaps")
        return tuple(gap for call in telling for gap in call.voice_gaps or ()) if telling else None

    @property
    def false_cutoffs(self) -> int | None:
        """Decisions in a pause after which the caller went on before anyone spoke; None: no call tells."""
        return self._counted(
            "false_cutoffs", lambda call: sum(turn.false_cutoffs or 0 for turn in call.turns)
        )

    @property
    def candidate_cuts(self) -> int | None:
        """Turns after which the caller went on over the first second of the answer; None: no call tells."""
        return self._counted(
            "candidate_cuts", lambda call: sum(turn.candidate_cut is True for turn in call.turns)
        )

    @property
    def connected(self) -> float:
        """Seconds that sessions were open."""
        return sum(call.connected for call in self.calls)

    @property
    def talk_over_share(self) -> float | None:
        """Share of the connected time in which both sides were heard; None where there is none."""
        return sum(call.talk_over for call in self.calls) / self.connected if self.connected else None

    @property
    def silence_share(self) -> float | None:
        """Share of the connected time in which neither side was heard; None where there is none."""
        return sum(call.silence for call in self.calls) / self.connected if self.connected else None

    @property
    def cost(self) -> float | None:
        """Dollars, at the rate that was given or the service's own; None where no call has a price."""
        known = [call.cost for call in self.calls if call.cost is not None]
        return sum(known) if known else None

    @property
    def lost_frames(self) -> int | None:
        """Frames of the microphone's that were lost; None where no call tells."""
        return self._counted("lost_frames", lambda call: call.lost or 0)

    @property
    def late_frames(self) -> int | None:
        """Frames of the microphone's that were late; None where no call tells."""
        return self._counted("late_frames", lambda call: call.late or 0)

    @property
    def services(self) -> list[str]:
        """Who answered; timings of the emulator are its own, and say nothing of the hosted service's."""
        return sorted({call.service for call in self.calls if call.service})

    def compare(self, other: Report, *, names: tuple[str, str] | None = None) -> ReportComparison:
        """This report beside a later one: what differs, and what cannot be told apart.

        Args:
            other: the one after.
            names: of the two sides, e.g. ``("short pause", "long pause")``; by default the settings in which
                their calls differ.

        Raises:
            InvalidConfiguration: that is no report, or those are no two names.
        """
        from voicenb.analysis.report_comparison import compare
        from voicenb.analysis.sides import given_names

        if not isinstance(other, Report):
            raise InvalidConfiguration(
                f"A report is compared with another one, not with {as_told(other)}.",
                remedy="Make one of the later calls: before.compare(vn.report(later)).",
                param="other",
            )
        return compare(self, other, given_names(names))

    # --- told ---

    @property
    def findings(self) -> list[str]:
        """What stands out, in plain words; nothing of what another setting would have done."""
        from voicenb.analysis.findings import findings

        return findings(self)

    @property
    def other_tools(self) -> OtherTools:
        """The figures of LiveKit, Pipecat, EVA and τ-voice by their own definitions, beside ours.

        It listens to each call once more (13 s for an hour): keep what you get.
        """
        from voicenb.analysis.other_tools import other_tools

        return other_tools(self)

    def to_dict(self) -> dict[str, Any]:
        """All of it, as JSON has it; without :attr:`other_tools`.

        What no call tells is None; ``told_by`` says how many calls tell each of the counts that not all do.
        """
        figures = {
            each.name: getattr(self, each.name).to_dict() for each in fields(self) if each.name != "calls"
        }
        counts = (
            *("unanswered", "silent_replies", "interruptions", "false_interruptions"),
            *("false_cutoffs", "candidate_cuts", "lost_frames", "late_frames"),
        )
        untold = len(self.turns_of_unknown_kind)
        shares = {name: getattr(self, name) for name in ("talk_over_share", "silence_share")}
        return {
            "calls": len(self.calls),
            "services": self.services,
            "turns": {
                "caller": len(self.caller_turns),
                "plain": len(self.plain_turns) - untold if self.telling("tool_turns") else None,
                "tool": len(self.tool_turns) if self.telling("tool_turns") else None,
                "unknown": untold,
                "agent": len(self.agent_turns),
            },
            **figures,
            **{name: getattr(self, name) for name in counts},
            "stops": _counts(self.stops) if self.telling("stops") else None,
            "voice_gaps": _gaps(self),
            **{name: None if share is None else round(share, 6) for name, share in shares.items()},
            "connected": round(self.connected, 6),
            "cost": None if self.cost is None else round(self.cost, 6),
            "told_by": {
                name: len(telling)
                for name in (*TOLD_BY, "voice_gaps", "cost")
                if len(telling := self.telling(name)) < len(self.calls)
            },
            "findings": self.findings,
        }

    def to_json(self) -> str:
        """The same as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def __repr__(self) -> str:
        from voicenb.analysis.report_text import text

        return text(self)

    def _repr_html_(self) -> str:
        from voicenb.analysis.report_text import html

        return html(self)


def report(recordings: Calls, *, cost_rate: float | None = None) -> Report:
    """What one call, or many, were like.

    Args:
        recordings: of one call or more, or their paths.
        cost_rate: dollars per connected hour; by default 4.50 for the hosted service and nothing for the
            emulator; of another service the cost is not known.

    Raises:
        InvalidConfiguration: there is no recording, or something that is none and no path; or ``cost_rate``
            is no rate.
        RecordingError: there is no recording at a path.
    """
    given = some_calls(recordings, "vn.report")
    if not given:
        raise InvalidConfiguration("vn.report was given no recording.", remedy="Give it one or more.")
    calls = tuple(_all_facts(given, _rate(cost_rate)))
    caller = [turn for call in calls for turn in call.turns if turn.role == "user"]
    answered = [turn for turn in caller if turn.unanswered is not True]  # the others stand beside them
    plain = [turn for turn in answered if turn.kind == "plain"]
    tool = [turn for turn in answered if turn.kind == "tool"]
    return Report(
        calls,
        latency=Figure.of(turn.response_latency for turn in plain),
        first_sound=Figure.of(turn.first_sound for turn in tool),
        first_answer=Figure.of(turn.first_answer for turn in tool),
        end_of_turn_delay=Figure.of(turn.end_of_turn_delay for turn in caller if turn.kind == "plain"),
        transcription_delay=Figure.of(turn.transcription_delay for turn in caller if turn.kind == "plain"),
        reply_latency=Figure.of(turn.reply_latency for turn in plain),
        playback_delay=Figure.of(turn.playback_delay for turn in plain),
        tool_end_of_turn_delay=Figure.of(turn.end_of_turn_delay for turn in caller if turn.kind == "tool"),
        tool_transcription_delay=Figure.of(
            turn.transcription_delay for turn in caller if turn.kind == "tool"
        ),
        tool_playback_delay=Figure.of(turn.playback_delay for turn in tool),
        tool_round_trip=Figure.of(use.round_trip for turn in caller for use in turn.tools),
        yield_latency=Figure.of(turn.yield_latency for turn in caller),
    )


def _rate(given: object) -> float | None:
    """A rate that somebody gave, in dollars an hour."""
    if given is None:
        return None
    if isinstance(given, SupportsFloat) and not isinstance(given, bool | str):
        rate = float(given)
        if math.isfinite(rate) and rate >= 0:
            return rate
    raise InvalidConfiguration(
        f"cost_rate={as_told(given)} is no rate.",
        remedy="Give dollars an hour: cost_rate=4.50; without, the service's own price is taken.",
        param="cost_rate",
    )


def _all_facts(calls: Sequence[Recording], cost_rate: float | None) -> Iterator[CallFacts]:
    """Of many that have to be listened to it is told how far it is; one of them tells of itself."""
    new = [call for call in calls if not are_kept(call)]
    told = len(new) > 1 and sum(call.duration for call in new) >= LONG
    with Progress("Calls", len(new) if told else 0) as progress:
        for call in calls:
            heard = are_kept(call)
            yield _facts(call, cost_rate)
            if not heard:
                progress.step()


def _facts(recording: Recording, cost_rate: float | None) -> CallFacts:
    found = turns(recording)
    opened = connected(recording)
    seconds = _seconds(opened)
    said, heard = _within(found.said, opened), _within(found.heard, opened)
    both = overlap(said, heard)
    sounding = _seconds(said) + _seconds(heard) - both
    kind = found.service.split(" ")[0]
    rate = COST_RATES.get(kind) if cost_rate is None else cost_rate
    absent = frozenset(recording.absent)
    frames = [event["msg"] for event in recording.events if event["type"] == "frames" and event.get("msg")]
    last = frames[-1] if frames else {}
    return CallFacts(
        name=recording.name,
        service=found.service,
        turns=found,
        connected=seconds,
        talk_over=both,
        silence=max(0.0, seconds - sounding),
        late=None if "frames" in absent else int(last.get("late") or 0),
        lost=None if "frames" in absent else int(last.get("lost") or 0),
        cost=None if rate is None else seconds / 3600 * rate,
        stops=ledger(recording, found),
        recording=recording,
        absent=absent,
        voice_gaps=voice_gaps(recording),
        virtual=recording.session.get("clock") == "virtual",
    )


def _counts(stops: Stops) -> dict[str, int | None]:
    """How many stops, by who acted first, and what they cost."""
    silent = stops.silent
    return {
        "silent": len(silent),
        **{who: len(silent.by(who)) for who in BY},
        "only_quieter": len(stops) - len(silent),
        "echo": len(stops.echo),
        "words_lost": words_lost(stops),
    }


def gapped(report: Report) -> tuple[int, int]:
    """In how many replies the agent's voice had gaps, and of how many replies that were heard.

    Args:
        report: of the calls.
    """
    telling = report.telling("voice_gaps")
    broken = sum(len({gap.reply_id for gap in call.voice_gaps or ()}) for call in telling)
    return broken, sum(turn.start is not None for call in telling for turn in call.turns.agent)


def _gaps(report: Report) -> dict[str, float] | None:
    """How many gaps, in how many replies of how many, and how long they were."""
    found = report.voice_gaps
    if found is None:
        return None
    broken, replies = gapped(report)
    lengths = [gap.length for gap in found]
    told = {"gaps": len(found), "replies": broken, "of_replies": replies}
    return {**told, "seconds": round(sum(lengths), 6), "largest": round(max(lengths, default=0.0), 6)}


def words_lost(stops: Stops) -> int | None:
    """Words that were not heard, about; None where that is known of none of the stops.

    Args:
        stops: of one call or several.
    """
    known = [stop.lost for stop in stops.silent if stop.lost is not None]
    return sum(known) if known or not stops.silent else None


def _within(spans: Sequence[Span], stretches: Sequence[Connected]) -> list[Connected]:
    """What of these spans lies in these stretches."""
    parts = (
        Connected(max(span.start, each.start), min(span.end, each.end))
        for span in spans
        for each in stretches
    )
    return [part for part in parts if part.start < part.end]


def _seconds(spans: Sequence[Span]) -> float:
    return sum(span.end - span.start for span in spans)
