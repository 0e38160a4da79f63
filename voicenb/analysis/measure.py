"""Measures a call from its recording, turn by turn, also while it runs."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from voicenb.analysis.answer import Answer, ended_by, is_separable
from voicenb.analysis.boundaries import Speech, find_speech
from voicenb.analysis.dip import dips
from voicenb.analysis.echo import likeness
from voicenb.analysis.echo import longest as longest_echo
from voicenb.analysis.exchange import Exchange, Exchanges
from voicenb.analysis.interruption import Interruption
from voicenb.analysis.voiced import heard_before, voiced
from voicenb.analysis.wait import lasting, waits
from voicenb.audio.level import first_audible
from voicenb.protocol.conversation import SAME_MOMENT
from voicenb.protocol.events import HeardNote, read_event
from voicenb.recording.alignment import lay_out
from voicenb.recording.layout import RATE
from voicenb.recording.reading import FRAME

if TYPE_CHECKING:
    from voicenb.protocol.calls import ToolCallState
    from voicenb.protocol.replies import Reply
    from voicenb.recording.alignment import Track
    from voicenb.recording.recording import Recording

NEAR = 2.5
"""Seconds before a decision within which the speech that it is about is looked for first: it costs less."""

LONGEST = 12.0
"""Seconds before a decision within which it is looked for where there was none that near."""

PIECE = 5.0
"""Seconds of a reply in which its first audible sample is looked for at once; mostly it is in the first."""

YIELDED = 2.0
"""Seconds within which the agent is silent, else it did not yield (design, section 6)."""

BEFORE = 0.5
"""Seconds that the voice may be silent before the service's word comes."""

PAUSE = 0.2
"""Seconds; a shorter silence inside speech is no pause (design, section 6)."""

UTTERANCE = 0.5
"""Seconds; words over the agent with shorter pauses in them are one interruption."""

GRID = 0.16
"""Seconds; a look begins at a multiple of it, so that levels (10 ms) and frames (32 ms) are those of the
whole track, and what is measured while the call runs is what is measured afterwards."""

LATE = 0.06
"""Seconds that speech may seem to end behind the decision: what is measured is known to that."""


class Measure:
    """Looks at one recording, which may grow.

    Args:
        recording: of the call.

    Attributes:
        recording: of the call.
        exchanges: the turns so far.
        heard: by reply, what was heard of it: first sample, the one after the last, when.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._absent = recording.absent
        self.exchanges = Exchanges()
        self._taken = 0
        self.heard: dict[str, list[tuple[int, int, float]]] = {}

    def refresh(self) -> None:
        """Read what has been added to the recording."""
        events = self.recording.events
        for event in events.without(FRAME, since=self._taken):
            self.exchanges.take(event)
            if event["type"] == "heard" and isinstance(note := read_event(event), HeardNote):
                self.heard.setdefault(note.reply_id, []).append((note.start, note.stop, note.at))
        self._taken = len(events)

    def answer(self, reply_id: str) -> Answer | None:
        """What the caller waited for until this reply was heard.

        Returns:
            None where it is no answer, was not heard, or the caller's speech was not captured. What a
            recording from elsewhere does not tell (:attr:`voicenb.Recording.absent`) is None in it, or
            ``"unknown"``.
        """
        exchange = self.exchanges.of_reply(reply_id)
        if exchange is None or exchange.decided is None:
            return None
        audible = self.audible(reply_id)  # first, for it is cheap, and a reply that plays is looked at often
        if audible is None or audible < exchange.decided:
            return None
        speech = self._speech_before(exchange)
        if speech is None:
            return None
        began = self.recording.conversation.replies[reply_id].started_at
        calls = self._calls(exchange, until=began)
        before = exchange.replies[: exchange.replies.index(reply_id)] if calls else []
        announced = voiced(self.recording, {each: self.heard[each] for each in before if each in self.heard})
        found = waits(calls, announced, since=exchange.decided, begun=began, until=audible)
        tools, said = lasting(found, "tool") if calls else None, lasting(found, "announcement")
        if "decisions" in self._absent:  # that is where the reply began
            return Answer(reply_id, speech.end, None, audible, "unknown", None, tools, said)
        delay = exchange.decided - speech.end
        separable = is_separable(self.recording.session.get("service"))
        limit, silence = ended_by(delay, exchange.turn_detection, separable=separable)
        return Answer(reply_id, speech.end, exchange.decided, audible, limit, silence, tools, said)

    def interruption(self, exchange: Exchange) -> Interruption | None:
        """How the agent gave way to this turn.

        The caller may have begun before the reply was audible: his onset over its voice is then where that
        began.

        Returns:
            None where it was not spoken over the sound of a reply, and where a recording from elsewhere does
            not tell when the service told of it.
        """
        if "partials" in self._absent:
            return None
        over = self._spoken_over(exchange)
        if exchange.told is None or over is None:
            return None
        audible = self.audible(over)
        if audible is None or audible > exchange.told:
            return None
        speech = self._onset_before(exchange.told)
        if speech is None or speech.end <= audible:
            return None
        onset = max(speech.start, audible)
        lines = self.recording.conversation.lines
        line = next((line for line in lines if line.reply_id == over), None)
        unheard = len(line.unheard.split()) if line is not None else 0
        silent = self._silent(over)
        echo = self._likeness(over, speech.start, max(exchange.told, silent))
        quieter = self._quieter(exchange.told)
        after = None if quieter is None else max(0.0, quieter - onset)
        return Interruption(over, onset, exchange.told, silent, unheard, echo, after)

    def _quieter(self, told: float) -> float | None:
        """When the voice that fell silent at the service's word was heard quieter before that."""
        for dip in dips(self.recording):
            if dip.why == "confirmed" and abs((dip.taken_back or 0.0) - told) <= SAME_MOMENT:
                return dip.begin
        return None

    def self_interruptions(self) -> list[Interruption]:
        """Those at which nobody spoke but the agent itself."""
        found = [self.interruption(exchange) for exchange in self.exchanges.all]
        return [each for each in found if each is not None and each.by_itself]

    def onset(self, exchange: Exchange) -> float | None:
        """Where a turn of the caller's begins: the utterance that the service told of.

        Args:
            exchange: the turn.

        Returns:
            The engine's seconds (acoustic); None where nobody told of one, or nothing was said there.
        """
        if exchange.begun is not None:
            speech = self._onset_before(max(0.0, exchange.begun) + PAUSE)
        else:
            speech = None if exchange.told is None else self._onset_before(exchange.told)
        return None if speech is None else speech.start

    def was_over(self, reply: Reply) -> bool:
        """Whether all that came of a cut reply had been heard before the caller began: it gave way to nobody.

        Args:
            reply: it, as far as it was heard.
        """
        told = reply.stopped_at
        if told is None or reply.heard < reply.samples or reply.reply_id not in self.heard:
            return False
        speech = self._onset_before(told)
        return speech is not None and speech.start > self._silent(reply.reply_id)

    def audible(self, reply_id: str) -> float | None:
        """When a reply's first audible sample was heard; 0 where that was before this part of the call.

        Args:
            reply_id: the reply.

        Returns:
            The engine's seconds (heard); None where none was.
        """
        first = self._first_audible(reply_id)
        if first is None:
            return None
        for start, stop, at in self.heard.get(reply_id, ()):
            if start <= first < stop:
                return at + (first - start) / RATE
        return 0.0 if heard_before(first, self.heard.get(reply_id, ())) else None

    # --- inside ---

    def _spoken_over(self, exchange: Exchange) -> str | None:
        """The reply that was cut off for this turn: its last sample was heard when the service told of it."""
        for reply in reversed(self.recording.conversation.replies.values()):
            if reply.interrupted and reply.reply_id in self.heard and exchange.told is not None:
                later = self._silent(reply.reply_id) - exchange.told
                if later <= YIELDED:  # else it was cut off for another turn, after this one
                    return reply.reply_id if later >= -BEFORE else None
        return None

    def _likeness(self, reply_id: str, begin: float, end: float) -> float:
        """How much the caller's sound between two moments is the reply's."""
        before = max(0.0, begin - longest_echo(self.recording.session))
        pieces = []
        for first, place, count in self.recording.sound(reply_id):
            for start, stop, at in self.heard[reply_id]:
                low, high = max(first, start), min(first + count, stop)
                if low < high:
                    on_clock = round((at - before) * RATE) + low - start
                    pieces.append((place + low - first, high - low, on_clock))
        heard = lay_out(self.recording.agent, pieces, round((end - before) * RATE))
        return likeness(self._caller(begin, end), heard)

    def _silent(self, reply_id: str) -> float:
        """When the last sample of a reply was heard."""
        return max(at + (stop - first) / RATE for first, stop, at in self.heard[reply_id])

    def _first_audible(self, reply_id: str) -> int | None:
        """Which of the reply's samples is its first audible one."""
        track, piece = self.recording.agent, round(PIECE * RATE)
        for first, place, count in self.recording.sound(reply_id):
            for begin in range(0, count, piece):
                samples = track[place + begin : place + min(count, begin + piece)]
                found = first_audible(samples / 32768, RATE)
                if found is not None:
                    return first + begin + found
        return None

    def _speech_before(self, exchange: Exchange) -> Speech | None:
        """The speech that the turn ended with."""
        assert exchange.decided is not None
        for seconds in (NEAR, LONGEST):
            if said := self._said(exchange.decided - seconds, exchange.decided + LATE):
                return said[-1]
        return None

    def _onset_before(self, told: float) -> Speech | None:
        """The speech that the service told of; where it began, and not where it was first looked for."""
        for seconds in (NEAR, LONGEST):
            said = self._said(told - seconds, told + LATE, join=UTTERANCE)
            speech = next((each for each in reversed(said) if each.start <= told), None)
            if speech is not None and speech.start > told - seconds + UTTERANCE:
                return speech
        return speech

    def _said(self, begin: float, end: float, *, join: float = PAUSE) -> list[Speech]:
        """The caller's speech between two moments; shorter silences than ``join`` do not part it."""
        begin = GRID * max(0, floor(begin / GRID))
        track = self._caller(begin, end)
        return [Speech(each.start + begin, each.end + begin) for each in find_speech(track, join=join)]

    def _caller(self, begin: float, end: float) -> Track:
        """The caller's track between two moments."""
        offset = round(begin * RATE)
        pieces = self.recording.said_pieces(since=begin, until=end + 1.0)
        moved = [(first, count, at - offset) for first, count, at in pieces]
        return lay_out(self.recording.caller, moved, round((end - begin) * RATE))

    def _calls(self, exchange: Exchange, *, until: float) -> list[ToolCallState]:
        """The calls for this turn of which the result was sent before a moment."""
        calls = self.recording.conversation.calls
        known = [calls[name] for name in exchange.calls if name in calls]
        return [call for call in known if call.result_at is not None and call.result_at <= until]
