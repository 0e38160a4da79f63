"""The turns of a call, one row for each turn of either side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields, replace
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, Any, overload
from weakref import WeakKeyDictionary

from voicenb.analysis.answer import ended_by, is_separable
from voicenb.analysis.boundaries import Speech, find_speech
from voicenb.analysis.exchange import LONGEST_PAUSE, Exchange
from voicenb.analysis.interruption import Interruption
from voicenb.analysis.measure import PAUSE, YIELDED, Measure
from voicenb.analysis.overlap import overlap
from voicenb.analysis.sequel import sequel
from voicenb.analysis.spoken import sort
from voicenb.analysis.turn import Pause, ToolUse, Turn
from voicenb.analysis.voiced import Voiced, audible_runs, voiced
from voicenb.analysis.wait import Wait, waits
from voicenb.protocol.calls import ToolCallState
from voicenb.protocol.lines import Line
from voicenb.protocol.replies import RATE, Reply
from voicenb.recording.alignment import LaidOut
from voicenb.recording.given import OneCall, one_call
from voicenb.turn_taking.backchannel import is_backchannel

if TYPE_CHECKING:
    import pandas

    from voicenb.recording.recording import Recording
    from voicenb.service.timeline import Timeline

UNANSWERED = 10.0
"""Seconds after which a turn without an audible reply is unanswered (design, section 6)."""

GOT_LOST = 1.0
"""Seconds behind its end at the service after which a reply that nobody heard got lost on its way."""

OVER_THE_ANSWER = 1.0
"""Seconds into the agent's answer within which somebody who goes on may have been cut off."""


class Turns(Sequence[Turn]):
    """The turns of one call, in the order in which they began.

    Args:
        turns: of both sides.
        said: all of the caller's speech.
        heard: all that was heard of the agent.
        other: the caller's speech that no turn was made of.
        service: who answered, as the recording has it.

    Attributes:
        said: all of the caller's speech, on the engine's clock.
        heard: all that was heard of the agent, on the engine's clock.
        other: the caller's speech that no turn was made of: back-channels that passed, noise, words that the
            service did not take.
        service: who answered, e.g. ``"emulator · contract · rules"``: timings of the emulator are its own.
    """

    def __init__(
        self,
        turns: Sequence[Turn],
        said: Sequence[Speech] = (),
        heard: Sequence[Voiced] = (),
        other: Sequence[Speech] = (),
        service: str = "",
    ) -> None:
        self._turns = list(turns)
        self.said = tuple(said)  # one object is handed out to all who ask: it stays as it is
        self.heard = tuple(heard)
        self.other = tuple(other)
        self.service = service

    @overload
    def __getitem__(self, at: int) -> Turn: ...
    @overload
    def __getitem__(self, at: slice) -> Turns: ...
    def __getitem__(self, at: int | slice) -> Turn | Turns:
        """One turn, or some of them."""
        return self._turns[at] if isinstance(at, int) else self._some(self._turns[at])

    def __len__(self) -> int:
        return len(self._turns)

    def __iter__(self) -> Iterator[Turn]:
        return iter(self._turns)

    @property
    def caller(self) -> Turns:
        """Those of the caller."""
        return self._some([turn for turn in self if turn.role == "user"])

    @property
    def agent(self) -> Turns:
        """Those of the agent."""
        return self._some([turn for turn in self if turn.role == "agent"])

    def to_dicts(self) -> list[dict[str, Any]]:
        """A dict for each turn, with all its attributes; pauses and tools are lists of dicts."""
        return [asdict(turn) for turn in self]

    def to_dataframe(self) -> pandas.DataFrame:
        """One row per turn, a column for each attribute of :class:`voicenb.analysis.turn.Turn`.

        Pauses and tools are told by number and sum (``pauses``, ``pause_time``, ``tools``, ``tool_time``).
        The columns and their types are the same for every call, also one without turns.

        Raises:
            MissingExtra: pandas is not installed.
        """
        from voicenb.analysis.turns_table import table

        return table(self)

    def __repr__(self) -> str:
        from voicenb.analysis.turns_text import text

        return text(self)

    def _repr_html_(self) -> str:
        from voicenb.analysis.turns_text import html

        return html(self)

    def _some(self, turns: Sequence[Turn]) -> Turns:
        return Turns(turns, self.said, self.heard, self.other, self.service)


_OPEN: Mapping[str, Any] = {
    "ended_by": "unknown",
    "false_cutoffs": None,
    "candidate_cut": None,
    "unanswered": None,
    "gap": None,
}
"""What is not known of a turn where what followed it is cut off."""

_FOUND: WeakKeyDictionary[Recording, tuple[tuple[object, ...], Turns]] = WeakKeyDictionary()
"""The turns of finished recordings: listening to an hour takes half a minute, and each picture wants them."""


def turns(recording: OneCall) -> Turns:
    """The turns of a call, with what they waited for; definitions at :class:`voicenb.analysis.turn.Turn`.

    Speech boundaries come from the sound and not from the service's events: the caller's from Silero
    (threshold 0.5, frames of 32 ms) and refined to 10 ms by level against the noise around them, the agent's
    from its level. Of a recording that was made elsewhere, what it does not tell is None.

    Args:
        recording: of the call, or its path; it may still run. Of a finished one they are kept for as long
            as the recording is.

    Raises:
        InvalidConfiguration: that is neither, or several.
        RecordingError: there is no recording at that path.

    Example:
        >>> call = vn.run(agent, ["A table for four on Friday.", vn.Answer()])  # doctest: +SKIP
        >>> vn.turns(call).caller[0].response_latency  # doctest: +SKIP
        0.91
    """
    call = one_call(recording, "vn.turns")
    if are_kept(call):
        return _FOUND[call][1]
    found = _Reading(call).turns()
    if call.finished:
        _FOUND[call] = _state(call), found
    return found


def are_kept(call: Recording) -> bool:
    """Whether its turns are found without listening to it once more.

    Args:
        call: the recording.
    """
    before = _FOUND.get(call)
    return before is not None and before[0] == _state(call)


def _state(call: Recording) -> tuple[object, ...]:
    return (len(call.events), tuple(call.absent), call.timeline)


class _Reading:
    """Reads one recording from end to end."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.measure = Measure(recording)
        self.measure.refresh()
        self.events = recording.events
        self.conversation = recording.conversation
        self.exchanges = [each for each in self.measure.exchanges.all if each.decided is not None]
        self.heard = self._heard()
        self.voiced = voiced(recording, self.heard)
        track = LaidOut(recording.caller, recording.said_pieces())
        self.speech = find_speech(track)
        self.spoken = sort(self.speech, self.exchanges, [run.start for run in self.voiced])
        self._leave_out_what_was_spoken_before()
        self.lines = {line.reply_id: line for line in self.conversation.lines if line.reply_id}
        self.own_times = {
            str(event["msg"]["call_id"]): float(event["msg"]["own_time"])
            for event in self.events.select("tool", direction="local")
            if event.get("msg")
        }
        self.first_audio = _first_audio(recording.timeline)
        self.cuts = [self.measure.interruption(exchange) for exchange in self.exchanges]

    def turns(self) -> Turns:
        rows = [(self._began(number), self._caller(number)) for number in range(len(self.exchanges))]
        replies = [reply for reply in self.conversation.replies.values() if self._counts(reply)]
        for reply in replies:
            turn = self._agent(reply)
            rows.append((reply.started_at if turn.start is None else turn.start, turn))
        rows.sort(key=lambda row: row[0])
        service = str(self.recording.session.get("service") or "")
        numbered = [replace(_rounded(turn), number=number) for number, (_, turn) in enumerate(rows, 1)]
        return Turns(numbered, self.speech, self.voiced, self.spoken.other, service)

    def _leave_out_what_was_spoken_before(self) -> None:
        """A part of a call may begin between a turn's last sound and its words."""
        if "excerpt" not in self.recording.session or not self.exchanges:
            return
        if not self.spoken.turns[0] and not self.exchanges[0].told:  # it had begun when the part does
            del self.exchanges[0], self.spoken.turns[0]

    # --- the caller's ---

    def _caller(self, number: int) -> Turn:
        exchange, said = self.exchanges[number], self.spoken.turns[number]
        turn = Turn(
            number=0,
            role="user",
            kind="tool" if exchange.calls or exchange.waited_for_tools else "plain",
            start=said[0].start if said else None,
            end=said[-1].end if said else None,
            text=exchange.text,
            item_id=exchange.item_id,
            replies=tuple(exchange.replies),
            pauses=_pauses(said),
            **self._decided(exchange),
            turn_detection=None if exchange.turn_detection is None else dict(exchange.turn_detection),
            tools=tuple(self._tool(call) for call in self._calls(exchange)),
            waits=self._waits(exchange),
            talk_over=overlap(said, self.voiced) if said else None,
            **self._yield(self.cuts[number]),
            service_first_audio=self.first_audio.get(exchange.item_id),
        )
        if turn.end is None:
            return turn
        following = self._next_onset(number)
        first = next((run.start for run in self.voiced if run.start >= (exchange.decided or turn.end)), None)
        turn = replace(
            turn,
            **(self._decision(exchange, turn.end) | self._cuts(number, first)),
            **self._answer(exchange, turn.end),
            gap=self._gap(turn.end, following),
            unanswered=None if exchange.beside else self._unanswered(exchange, turn.end, following),
        )
        return replace(turn, **_OPEN) if self._is_torn_off(number, first) else turn

    def _is_torn_off(self, number: int, first: float | None) -> bool:
        """Whether a part of a call ends while the caller may be going on: the rest is not in it."""
        part, exchange = self.recording.session.get("excerpt"), self.exchanges[number]
        if not isinstance(part, Mapping) or number + 1 < len(self.exchanges) or exchange.decided is None:
            return False
        end = self.spoken.turns[number][-1].end
        until = self.recording.duration if first is None else first
        return any(end < each.start < until for each in self.spoken.other)

    def _decided(self, exchange: Exchange) -> dict[str, Any]:
        if "decisions" in self.recording.absent:
            return {}
        return {"decided": exchange.decided, "taken_back": tuple(exchange.taken_back)}

    def _decision(self, exchange: Exchange, end: float) -> dict[str, Any]:
        if "decisions" in self.recording.absent or exchange.decided is None:
            return {}
        delay = exchange.decided - end
        separable = is_separable(self.recording.session.get("service"))
        limit, silence = ended_by(delay, exchange.turn_detection, separable=separable)
        transcribed = None if exchange.transcribed is None else exchange.transcribed - end
        return {
            "end_of_turn_delay": delay,
            "ended_by": limit,
            "configured_silence": silence,
            "transcription_delay": transcribed,
        }

    def _answer(self, exchange: Exchange, end: float) -> dict[str, Any]:
        first = self._first(exchange.replies)
        if first is None:
            return {}
        figures: dict[str, Any] = {"response_latency": first.start - end}
        received = self.conversation.replies[first.reply_id].first_audio_at
        begun = self.heard[first.reply_id][0][2]
        if received is not None:
            if self.measure.heard and "ear" not in self.recording.absent:
                figures["playback_delay"] = begun - received
            if exchange.decided is not None and "decisions" not in self.recording.absent:
                figures["reply_latency"] = received - exchange.decided
        if "replies" not in self.recording.absent:
            figures["leading_silence"] = first.start - begun
        if exchange.calls or exchange.waited_for_tools:
            figures["first_sound"] = first.start - end
            answer = self._using(exchange)
            if answer is not None:
                figures["first_answer"] = answer.start - end
                before = self._before(exchange, answer)
                figures["announcement"] = sum(min(run.end, answer.start) - run.start for run in before)
        return figures

    def _using(self, exchange: Exchange) -> Voiced | None:
        """Where the answer that uses a tool's result was heard first."""
        calling = {call.reply_id for call in self._calls(exchange)}
        return self._first([each for each in exchange.using if each not in calling])

    def _before(self, exchange: Exchange, answer: Voiced) -> list[Voiced]:
        """Where replies to this turn were heard before its answer."""
        return [run for run in self.voiced if run.reply_id in exchange.replies and run.start < answer.start]

    def _waits(self, exchange: Exchange) -> tuple[Wait, ...]:
        """What was waited for behind the decision of a tool turn, up to the answer if there was one."""
        if exchange.decided is None or not exchange.calls:
            return ()
        answer = self._using(exchange)
        before = [] if answer is None else self._before(exchange, answer)
        begun = None if answer is None else self.conversation.replies[answer.reply_id].started_at
        until = None if answer is None else answer.start
        return waits(self._calls(exchange), before, since=exchange.decided, begun=begun, until=until)

    def _cuts(self, number: int, first: float | None) -> dict[str, Any]:
        """Whether the caller went on behind a decision, in a turn of its own or not.

        Where that was before anyone spoke, the last decision ended nothing: the turn was resumed. Only words
        tell that it was: a sound that no turn was made of, or a back-channel, does not.

        Args:
            number: of the turn.
            first: when the agent was heard first behind the decision.
        """
        exchange = self.exchanges[number]
        if "decisions" in self.recording.absent or exchange.decided is None:
            return {}
        following = self._went_on(number)
        soon = following is not None and following - exchange.decided <= LONGEST_PAUSE
        waited = following is not None and (first is None or following < first)
        resumed = soon and waited and not self._passed(exchange, following)
        over = None
        if following is not None and first is not None and following >= first:
            over = following - first <= OVER_THE_ANSWER
        figures = {"false_cutoffs": len(exchange.taken_back) + resumed, "candidate_cut": over}
        return figures | {"ended_by": "resumed"} if resumed else figures

    def _went_on(self, number: int) -> float | None:
        """When the caller began with the words of the next turn."""
        following = number + 1
        if following == len(self.exchanges) or is_backchannel(self.exchanges[following].text):
            return None
        end = self.spoken.turns[number][-1].end  # it may be told late: the caller has gone on by then
        return next((said.start for said in self.spoken.turns[following] if said.start > end), None)

    def _passed(self, exchange: Exchange, before: float | None) -> bool:
        """Whether the service had answered without a sound by then: who speaks then does not go on."""
        replies = (self.conversation.replies.get(each) for each in exchange.replies)
        return any(
            (self._is_silent(reply) and not reply.interrupted and (reply.done_at or inf) < (before or 0.0))
            or self._got_lost(reply, before or 0.0)
            for reply in replies
            if reply is not None
        )

    def _got_lost(self, reply: Reply, at: float) -> bool:
        """Whether it was complete so long before, and nobody heard any of it."""
        unheard = bool(reply.samples) and reply.reply_id not in self.heard
        return unheard and reply.status == "completed" and (reply.done_at or inf) + GOT_LOST < at

    def _unanswered(self, exchange: Exchange, end: float, following: float | None) -> bool | None:
        limit = end + UNANSWERED if following is None else min(following, end + UNANSWERED)
        first = self._first(exchange.replies)
        if first is not None and first.start <= limit:
            return False
        over = self.conversation.ended_at
        lasted = self.recording.duration if over is None else over
        return True if following is not None or lasted >= limit else None

    def _gap(self, end: float, following: float | None) -> float | None:
        after = next((run.start for run in self.voiced if run.start >= end), None)
        return None if after is None or (following is not None and after > following) else after - end

    def _next_onset(self, number: int) -> float | None:
        """When the caller began to speak again."""
        later = zip(self.exchanges[number + 1 :], self.spoken.turns[number + 1 :], strict=True)
        return next((said[0].start if said else exchange.told for exchange, said in later), None)

    def _yield(self, cut: Interruption | None) -> dict[str, Any]:
        if cut is None:
            return {}
        return {
            "reaction": cut.reaction,
            "flush": cut.flush,
            "yield_latency": cut.latency,
            "yielded": cut.latency <= YIELDED,
        }

    def _calls(self, exchange: Exchange) -> list[ToolCallState]:
        return [self.conversation.calls[each] for each in exchange.calls if each in self.conversation.calls]

    def _tool(self, call: ToolCallState) -> ToolUse:
        return ToolUse(
            call_id=call.call_id,
            name=call.name,
            round_trip=None if call.result_at is None else call.result_at - call.at,
            own_time=self.own_times.get(call.call_id),
            is_error=call.is_error,
        )

    # --- the agent's ---

    def _counts(self, reply: Reply) -> bool:
        """Whether it is a turn: one that only called a tool, or that the call's end overtook, is none."""
        return bool(reply.samples) or (reply.done and not reply.calls)

    def _agent(self, reply: Reply) -> Turn:
        runs = [run for run in self.voiced if run.reply_id == reply.reply_id]
        line = self.lines.get(reply.reply_id)
        return Turn(
            number=0,
            role="agent",
            kind=reply.kind,
            start=runs[0].start if runs else None,
            end=runs[-1].end if runs else None,
            **_heard_words(line, reply, runs),
            item_id=reply.item_id or "",
            reply_id=reply.reply_id,
            talk_over=overlap(self.speech, runs) if runs else None,
            **self._given_way(reply, runs),
            silent=self._is_silent(reply),
        )

    def _given_way(self, reply: Reply, runs: Sequence[Voiced]) -> dict[str, Any]:
        if "interruptions" in self.recording.absent:
            return {}
        cut = reply.interrupted and bool(runs) and not self._was_over(reply)
        taken_back = reply.interrupted and not runs and not self._got_lost(reply, reply.stopped_at or 0.0)
        false = self._stopped_for_nothing(reply, runs) if cut else None
        return {"interrupted": cut, "cancelled": taken_back, "false_interruption": false}

    def _was_over(self, reply: Reply) -> bool:
        """Whether all of it that came had been heard before the caller began: nobody was spoken over."""
        silent, told = self._silent(reply.reply_id), reply.stopped_at
        if told is None or reply.heard < reply.samples:
            return False
        began = [each.start for each in self.speech if each.end > silent and each.start <= told]
        return bool(began) and began[0] > silent

    def _is_silent(self, reply: Reply) -> bool | None:
        if audible_runs(self.recording, reply.reply_id):
            return False
        return True if reply.done and not reply.calls and not reply.interrupted else None

    def _stopped_for_nothing(self, reply: Reply, runs: Sequence[Voiced]) -> bool | None:
        """Whether it was cut off for no words."""
        for number, cut in enumerate(self.cuts):
            if cut is not None and cut.reply_id == reply.reply_id:
                return is_backchannel(self.exchanges[number].text)
        begins = zip(self.exchanges, self.spoken.turns, strict=True)
        turns = [(turn, said[0].start if said else turn.told or turn.decided or 0.0) for turn, said in begins]
        silent = self._silent(reply.reply_id)
        told, until = sequel(reply.reply_id, runs[0].start, silent, turns, self.speech)
        if told is not None:
            return is_backchannel(told.text)
        return True if self.recording.duration >= until else None

    def _silent(self, reply_id: str) -> float:
        """When the last of a reply was heard."""
        return max(at + (stop - first) / RATE for first, stop, at in self.heard[reply_id])

    # --- both ---

    def _heard(self) -> Mapping[str, list[tuple[int, int, float]]]:
        if self.measure.heard:
            return self.measure.heard
        # Where nobody notes what is heard, it counts as heard when it came, until it was cut off; of a call
        # whose notes are still to come, nothing does.
        return {
            reply.reply_id: [(0, reply.heard, reply.heard_at)]
            for reply in self.conversation.replies.values()
            if reply.heard_at is not None and reply.heard
        }

    def _first(self, reply_ids: Sequence[str]) -> Voiced | None:
        return next((run for run in self.voiced if run.reply_id in reply_ids), None)

    def _began(self, number: int) -> float:
        """When a turn of the caller's began; about, where its sound was not captured."""
        if said := self.spoken.turns[number]:
            return said[0].start
        exchange = self.exchanges[number]
        at = exchange.decided if exchange.begun is None else exchange.begun
        return 0.0 if at is None else at


def _first_audio(timeline: Timeline | None) -> dict[str, float]:
    """The service's own time to first audio, by the caller's turn."""
    found: dict[str, float] = {}
    for turn in timeline.turns if timeline is not None else ():
        if turn.item_id and turn.time_to_first_audio is not None:
            found.setdefault(turn.item_id, turn.time_to_first_audio)
    return found


def _pauses(said: Sequence[Speech]) -> tuple[Pause, ...]:
    between = (Pause(one.end, other.start) for one, other in pairwise(said))
    return tuple(pause for pause in between if PAUSE <= pause.length <= LONGEST_PAUSE)


def _heard_words(line: Line | None, reply: Reply, runs: Sequence[Voiced]) -> dict[str, Any]:
    """The words that were heard, and those that were not: all of one cut off in its leading silence."""
    if line is None:
        return {"text": "", "unheard": ""}
    if reply.interrupted and not runs:
        return {"text": "", "unheard": line.text}
    return {"text": line.heard if line.unheard else line.text, "unheard": line.unheard}


def _rounded(turn: Turn) -> Turn:
    """To a microsecond, as the events are: sums of times are no more exact."""
    values = {field.name: getattr(turn, field.name) for field in fields(turn)}
    rounded: dict[str, Any] = {name: round(v, 6) for name, v in values.items() if isinstance(v, float)}
    return replace(turn, **rounded)
