"""The ledger of stops: every time the agent's voice gave way, who did it, what for, and what it cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any, overload

from voicenb.analysis.boundaries import Speech
from voicenb.analysis.dip import Dip, dips
from voicenb.analysis.echo import likeness, longest
from voicenb.analysis.measure import LATE, UTTERANCE
from voicenb.analysis.sequel import sequel
from voicenb.analysis.stop import By, Outcome, Stop
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns, turns
from voicenb.analysis.voiced import audible_runs, heard_before
from voicenb.errors import InvalidConfiguration
from voicenb.protocol.barge_in import USUAL, BargeInMode
from voicenb.protocol.conversation import SAME_MOMENT
from voicenb.protocol.events import BargeInSet, read_event
from voicenb.protocol.replies import RATE, Reply
from voicenb.recording.alignment import LaidOut
from voicenb.recording.given import Calls, some_calls, told

if TYPE_CHECKING:
    import pandas

    from voicenb.analysis.stops_comparison import StopsComparison
    from voicenb.recording.recording import Recording

SINCE = 3.0
"""Seconds before the service's word within which the speech that it is about goes on, or has ended: it comes
so late at most."""


COMPARED = 0.6
"""Seconds of the caller's sound, up to the stop, that are held against the agent's at least."""


class Stops(Sequence[Stop]):
    """The stops of one call or of several, in order.

    Args:
        stops: all of them.
        calls: names of the recordings, those without a stop as well.
        services: who answered, as the recordings have it.
        voice: seconds that the agent was heard.
        not_captured: numbers of the calls, from 1 on, that do not tell of stops.

    Attributes:
        calls: names of the recordings, those without a stop as well.
        services: who answered; the timings of an emulator are its own.
        voice: seconds that the agent was heard, in all calls that tell of stops.
        not_captured: numbers of the calls, from 1 on, that do not tell of stops, as those of a file from
            elsewhere.
    """

    def __init__(
        self,
        stops: Iterable[Stop] = (),
        calls: Sequence[str] = (),
        services: Sequence[str] = (),
        voice: float = 0.0,
        not_captured: Sequence[int] = (),
    ) -> None:
        self._stops = list(stops)
        self.calls = list(calls)
        self.services = list(services)
        self.voice = voice
        self.not_captured = list(not_captured)

    @overload
    def __getitem__(self, at: int) -> Stop: ...
    @overload
    def __getitem__(self, at: slice) -> Stops: ...
    def __getitem__(self, at: int | slice) -> Stop | Stops:
        """One stop, or some of them."""
        return self._stops[at] if isinstance(at, int) else self._some(self._stops[at])

    def __len__(self) -> int:
        return len(self._stops)

    def __iter__(self) -> Iterator[Stop]:
        return iter(self._stops)

    @property
    def silent(self) -> Stops:
        """Those at which the agent fell silent before its end."""
        return self._some([stop for stop in self if stop.outcome == "silent"])

    @property
    def echo(self) -> Stops:
        """Those for which nobody spoke: the microphone heard the agent's own voice."""
        return self._some([stop for stop in self if stop.echo])

    def by(self, who: By) -> Stops:
        """Those at which ``"client"``, ``"service"`` or ``"duck"`` acted first."""
        return self._some([stop for stop in self if stop.by == who])

    @property
    def modes(self) -> list[BargeInMode]:
        """The values of ``barge_in`` that were in force at one of them."""
        return list(dict.fromkeys(stop.barge_in for stop in self if stop.barge_in is not None))

    @property
    def lost(self) -> int | None:
        """Words that were not heard, about, as far as they are known; None where they are of none."""
        known = [stop.lost for stop in self.silent if stop.lost is not None]
        return sum(known) if known or not len(self.silent) else None

    def compare(self, other: Stops, *, names: tuple[str, str] | None = None) -> StopsComparison:
        """These beside those of another mode, or of a later call.

        Args:
            other: the ones after.
            names: of the two sides; by default the ``barge_in`` of each.

        Raises:
            InvalidConfiguration: that is no ledger of stops, or those are no two names.
        """
        from voicenb.analysis.sides import given_names
        from voicenb.analysis.stops_comparison import compare

        if not isinstance(other, Stops):
            raise InvalidConfiguration(
                f"Stops are compared with others, not with {told(other)}.",
                remedy="Take those of the later calls: before.compare(vn.stops(later)).",
                param="other",
            )
        return compare(self, other, given_names(names))

    def to_dicts(self) -> list[dict[str, Any]]:
        """A dict for each, with all its attributes, ``echo`` and ``yield_latency``."""
        return [{**asdict(stop), "echo": stop.echo, "yield_latency": stop.yield_latency} for stop in self]

    def to_dataframe(self) -> pandas.DataFrame:
        """One row for each, a column for each attribute of :class:`voicenb.analysis.stop.Stop`.

        The columns and their types are the same for every call, also one without a stop.

        Raises:
            MissingExtra: pandas is not installed.
        """
        from voicenb.analysis.frame import dtypes_of, frame

        return frame(self.to_dicts(), {**dtypes_of(Stop), "echo": "boolean", "yield_latency": "float64"})

    def __repr__(self) -> str:
        from voicenb.analysis.stops_text import text

        return text(self)

    def _repr_html_(self) -> str:
        from voicenb.analysis.stops_text import html

        return html(self)

    def _some(self, stops: Iterable[Stop]) -> Stops:
        return Stops(stops, self.calls, self.services, self.voice, self.not_captured)


def stops(recordings: Calls) -> Stops:
    """Every time that the agent fell silent before its end, or was made quieter.

    What was stopped, when (on the heard clock), who did it, how fast, how many words were lost, whether a
    turn of the caller's followed, and whether the microphone heard the agent itself: definitions at
    :class:`voicenb.analysis.stop.Stop`. A reply of which nothing was heard is not in it, nor one that the
    end of the call, or a lost connection, cut short.

    Args:
        recordings: of one call or more, or their paths.

    Raises:
        InvalidConfiguration: something that is no recording and no path.
        RecordingError: there is no recording at a path.

    Example:
        >>> flushed, ducked = vn.stops(flush_calls), vn.stops(duck_calls)  # doctest: +SKIP
        >>> flushed.compare(ducked)  # doctest: +SKIP
    """
    return together(ledger(each, turns(each)) for each in some_calls(recordings, "vn.stops"))


def together(ledgers: Iterable[Stops]) -> Stops:
    """The ledgers of several calls as one."""
    given = list(ledgers)
    found: list[Stop] = []
    calls: list[str] = []
    untold: list[int] = []
    for each in given:
        found += [replace(stop, call=stop.call + len(calls)) for stop in each]
        untold += [call + len(calls) for call in each.not_captured]
        calls += each.calls
    found = [replace(stop, number=n) for n, stop in enumerate(found, 1)]
    services = dict.fromkeys(service for each in given for service in each.services)
    return Stops(found, calls, list(services), sum(each.voice for each in given), untold)


def ledger(recording: Recording, found: Turns) -> Stops:
    """The stops of one call.

    Args:
        recording: of the call.
        found: its turns.
    """
    stopped = _Reading(recording, found).stops()
    numbered = [replace(_rounded(stop), number=n) for n, stop in enumerate(stopped, 1)]
    name, services = recording.folder.name, [found.service] if found.service else []
    if "interruptions" in recording.absent:
        return Stops(numbered, [name], services, not_captured=[1])
    return Stops(numbered, [name], services, sum(run.end - run.start for run in found.heard))


class _Reading:
    """Reads one recording."""

    def __init__(self, recording: Recording, found: Turns) -> None:
        self.recording = recording
        self.turns = found
        self.conversation = recording.conversation
        self.dips = dips(recording)
        self.utterances = _joined(found.said)
        self.agent = {turn.reply_id: turn for turn in found.agent}
        self.began = self._began()
        self.elsewhere = "partials" in recording.absent
        self.searched = longest(recording.session)
        self.said = LaidOut(recording.caller, recording.said_pieces())
        self.heard = LaidOut(recording.agent, recording.heard_pieces())
        set_to = recording.events.select("barge_in", direction="local")
        modes = [(float(event["t"]), read_event(event)) for event in set_to]
        self.modes = [(at, told.mode) for at, told in modes if isinstance(told, BargeInSet)]

    def _began(self) -> dict[str, float]:
        """When replies were heard first; 0 where that was before this part of the call."""
        began = {run.reply_id: run.start for run in reversed(self.turns.heard)}
        for each in self.recording.played():
            note = each.first, each.last, each.start
            if each.reply_id in began and heard_before(0, [note]):
                audible = audible_runs(self.recording, each.reply_id)
                if heard_before(audible[0][0], [note]):
                    began[each.reply_id] = 0.0
        return began

    def stops(self) -> list[Stop]:
        told = [
            self._silent(reply, self.began[reply.reply_id])
            for reply in self.conversation.replies.values()
            if reply.stopped_at is not None and reply.reply_id in self.began and self._gave_way(reply)
        ]
        dipped = [self._dipped(dip) for dip in self.dips if dip.why != "confirmed"]
        return sorted([*told, *dipped], key=lambda stop: stop.at)

    def _gave_way(self, reply: Reply) -> bool:
        """Whether it fell silent before its end; what the service cut when it had been heard out did not."""
        agent = self.agent.get(reply.reply_id)
        return agent is None or agent.interrupted is not False

    def _silent(self, reply: Reply, began: float) -> Stop:
        """A reply that fell silent before its end."""
        assert reply.stopped_at is not None
        told = reply.stopped_at
        at = told if reply.heard_until is None else reply.heard_until
        dip = next((each for each in self.dips if self._is_of(each, told)), None)
        by: By = "duck" if dip is not None else "client" if reply.stopped_by == "speech" else "service"
        agent = self.agent.get(reply.reply_id)
        onset = self._onset(told, since=max(began, told - SINCE))
        onset = None if onset is None else max(onset, began)  # before that there was nothing to yield
        unheard = agent.unheard if agent is not None and not _is_unknown(reply) else ""
        return self._stop(
            reply.reply_id,
            "silent",
            at,
            dip,
            told=told,
            by=by,
            onset=onset,
            until=max(at, told),
            flush=max(0.0, at - told),
            lost=None if _is_unknown(reply) else len(unheard.split()),
            unheard=unheard,
            turn=self._turn(reply.reply_id, at),
            false=None if agent is None else agent.false_interruption,
        )

    def _dipped(self, dip: Dip) -> Stop:
        """A voice that was made quieter, and did not fall silent for that."""
        at = dip.decided if dip.begin is None else dip.begin
        until = next(
            (each for each in (dip.end, dip.taken_back) if each is not None), self.recording.duration
        )
        outcome: Outcome = "back" if dip.why == "unconfirmed" else "over"
        onset = self._onset(dip.decided, since=dip.decided - UTTERANCE)
        reply_id = self._playing(at)
        turn = self._turn(reply_id, at)
        return self._stop(reply_id, outcome, at, dip, by="duck", onset=onset, until=until, turn=turn)

    def _stop(
        self,
        reply_id: str,
        outcome: Outcome,
        at: float,
        dip: Dip | None,
        *,
        by: By,
        onset: float | None,
        until: float,
        told: float | None = None,
        **figures: Any,
    ) -> Stop:
        if dip is not None and onset is not None:
            onset = min(onset, max(dip.onset, self.began.get(reply_id, dip.onset)))
        if dip is not None and dip.begin is not None:
            end = at if outcome == "silent" else until
            figures["quiet"] = max(0.0, end - dip.begin)
            figures["quieter"] = None if onset is None else dip.begin - onset
        if onset is not None and told is not None:
            figures["reaction"] = told - onset
        alike = self._likeness(until - SINCE if onset is None else min(onset, until - COMPARED), until)
        return Stop(
            number=0,
            call=1,
            reply_id=reply_id,
            barge_in=None if self.elsewhere else self._mode(told if told is not None else at),
            by=None if self.elsewhere else by,
            outcome=outcome,
            at=at,
            onset=onset,
            told=told,
            likeness=alike,
            searched=None if alike is None else self.searched,
            **figures,
        )

    @staticmethod
    def _is_of(dip: Dip, told: float) -> bool:
        """Whether the voice was quieter when the service said its word."""
        taken_back = dip.taken_back
        return dip.why == "confirmed" and taken_back is not None and abs(taken_back - told) <= SAME_MOMENT

    def _mode(self, at: float) -> BargeInMode:
        return next((mode for since, mode in reversed(self.modes) if since <= at), USUAL)

    def _onset(self, told: float, *, since: float) -> float | None:
        """When the speech began that was going on, or had just ended."""
        spoken = (each for each in reversed(self.utterances) if each.start <= told + LATE)
        return next((each.start for each in spoken if each.end >= since), None)

    def _playing(self, at: float) -> str:
        """The reply that was heard then, or last."""
        before = [run.reply_id for run in self.turns.heard if run.start <= at]
        return before[-1] if before else next(iter(self.conversation.replies), "")

    def _turn(self, reply_id: str, silent: float) -> int | None:
        """The caller's turn that followed."""
        candidates = [(turn, _begin(turn)) for turn in self.turns.caller]
        turn, _ = sequel(reply_id, self.began.get(reply_id, 0.0), silent, candidates, self.turns.said)
        return None if turn is None else turn.number

    def _likeness(self, begin: float, end: float) -> float | None:
        if "sound" in self.recording.absent or not len(self.recording.caller):
            return None
        first, last = max(0, round(begin * RATE)), round(end * RATE)
        before = max(0, first - round(self.searched * RATE))
        said, heard = self.said[first:last], self.heard[before:last]
        short = last - first - len(said), last - before - len(heard)
        if max(short) >= last - first:
            return None
        import numpy as np

        return likeness(np.pad(said, (0, short[0])), np.pad(heard, (0, short[1])))


def _begin(turn: Turn) -> float:
    return turn.start if turn.start is not None else turn.decided or 0.0


def _is_unknown(reply: Reply) -> bool:
    """Whether nobody knows what was not heard: the transcript was cut, and no word came before it."""
    return not reply.words and (reply.text is None or reply.status == "interrupted")


def _joined(said: Sequence[Speech]) -> list[Speech]:
    """Speech in utterances."""
    found: list[Speech] = []
    for each in said:
        if found and each.start - found[-1].end <= UTTERANCE:
            found[-1] = Speech(found[-1].start, each.end)
        else:
            found.append(each)
    return found


def _rounded(stop: Stop) -> Stop:
    """To a microsecond, as the events are."""
    values = {field.name: getattr(stop, field.name) for field in fields(stop)}
    rounded: dict[str, Any] = {name: round(v, 6) for name, v in values.items() if isinstance(v, float)}
    return replace(stop, **rounded)
