"""The user's side of a session: what is heard, who has the floor, what was said."""

from __future__ import annotations

import asyncio
import random

from voicenb.emulator.answering import Answering
from voicenb.emulator.arrivals import Arrivals
from voicenb.emulator.brain import Line
from voicenb.emulator.configuration import Configuration
from voicenb.emulator.dispatch import Spawn
from voicenb.emulator.expected import expected
from voicenb.emulator.hearing import Hearing
from voicenb.emulator.outlet import Outlet
from voicenb.emulator.resources import Deaf, Resources
from voicenb.emulator.timeline import TurnRecord
from voicenb.emulator.transcription import Transcription
from voicenb.turn_taking.completeness import Utterance, hears, stretch_of
from voicenb.turn_taking.decisions import (
    BeginFinal,
    CheckComplete,
    Decision,
    Interrupt,
    LoneStop,
    Overlap,
    Passed,
    Reopened,
    Resumed,
    SpeechStarted,
    TurnEnded,
)
from voicenb.turn_taking.detector import Frame
from voicenb.turn_taking.floor import TurnTaker
from voicenb.turn_taking.settings import Settings

STALLED = 1.0
"""Seconds without audio after which a turn at hand is given silence: clients that mute by sending nothing."""

_LOOK = 0.25


class Listening:
    """Hears the user. `answering` is set right after both sides were made.

    Args:
        resources: ears, budget, identifiers, clock.
        outlet: where the user's events go.
        config: in force; `configure` changes it.
        spawn: starts a task of the session.
    """

    answering: Answering

    def __init__(self, resources: Resources, outlet: Outlet, config: Configuration, spawn: Spawn) -> None:
        self.hearing = Hearing(config.input_format["encoding"])
        self.taker = TurnTaker(_settings(config), resources.completeness)
        self._arrivals = Arrivals()
        self._resources = resources
        self._outlet = outlet
        self._config = config
        self._spawn = spawn
        self._ears = resources.ears or Deaf()
        self._random = random.Random(resources.seed)
        self._item = ""
        self._told = ""
        self._line: Line | None = None
        self._words: Transcription | None = None  # of the utterance at hand
        self._past: Transcription | None = None  # of the turn that was decided, should it be reopened
        self._interrupting = False
        self._finishing: asyncio.Task[None] | None = None
        self._last_audio = self._filled_until = resources.stamps.loop_time()  # silence fills as audio does
        self._watch: asyncio.TimerHandle | None = None

    # --- what the agent's side asks and tells ---

    @property
    def taken(self) -> bool:
        """Whether the user is speaking, or has spoken and the words are not known yet."""
        return self.taker.in_turn or self._finishing is not None

    def reply_over(self, *, audible: bool) -> None:
        """A reply is over (or has called a tool): what the user says next is a new item."""
        if audible:
            self.taker.agent_audible(True)
        self.taker.agent_audible(False)
        self.taker.answered()

    # --- what comes in ---

    def configure(self, config: Configuration) -> None:
        """Another configuration; keyterms count from the next utterance."""
        if config.input_format != self._config.input_format:
            self.hearing.switch(config.input_format["encoding"])
        self._config = config
        self.taker.settings = _settings(config)

    def hear(self, audio: bytes) -> None:
        """Take audio of the client's."""
        self._last_audio = self._filled_until = self._now()
        self._take(self.hearing.push(audio), self.hearing.seconds(audio))
        if self._watch is None and self.taker.listening:
            self._watch = asyncio.get_running_loop().call_later(STALLED, self._look)

    def leave(self, away: bool) -> None:
        """The client is away, or back: what it says then goes on where it stopped, without silence."""
        if away:
            self._rest()
        elif self.taker.listening:
            self._last_audio = self._filled_until = self._now()
            self._watch = asyncio.get_running_loop().call_later(STALLED, self._look)

    def _rest(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def stop(self) -> None:
        """The session is over."""
        self._rest()
        self.hearing.forget()
        self._arrivals.forget()

    def _look(self) -> None:
        """Give silence to a turn whose client has stopped sending."""
        self._watch = None
        now = self._now()
        if now - self._last_audio >= STALLED:
            missing, self._filled_until = now - self._filled_until, now
            self._take(self.hearing.push_silence(missing), missing)
        if self.taker.listening:
            wait = max(_LOOK, self._last_audio + STALLED - now)
            self._watch = asyncio.get_running_loop().call_later(wait, self._look)

    def _take(self, frames: list[Frame], seconds: float) -> None:
        self._arrivals.note(frames, seconds, self._now())
        for frame in frames:
            reply = self.answering.reply
            # A reply that is to be interrupted (late, in the live profile) is not spoken over once more.
            audible = reply is not None and reply.is_audible(self._now()) and not self._interrupting
            self.taker.agent_audible(audible)
            self.taker.recognizing = self._words is not None and self._words.busy
            for decision in self.taker.frame(frame.probability, frame.end / 24_000):
                self._decide(decision)
            if self._words is not None and self.taker.listening and self.taker.speaking:
                self._words.speaking(frame.end / 24_000)

    # --- what is decided ---

    def _decide(self, decision: Decision) -> None:
        match decision:
            case SpeechStarted(onset=onset):
                self._listen(onset)
                self.answering.give_way(interrupts=self.taker.settings.interrupt_response)
                self._outlet.delay(self._resources.profile.speech_start_lateness)
                self._outlet.say("input.speech.started")
                self._new_item()
            case Overlap(onset=onset):
                self._words = None
                self._listen(onset, over_agent=True)
            case Passed(text=text):
                self._words = None
                if self.answering.reply is not None and text:
                    self.answering.reply.record.passed.append(text)
            case Interrupt(onset=onset, in_turn=in_turn):
                self._interrupt(onset, in_turn=in_turn)
            case BeginFinal(speech_end=end):
                if self._words is not None:
                    self._words.pausing(end, max(0.0, self.taker.min_silence / 1000 - self.taker.silence))
            case CheckComplete():
                self._spawn(self._check(decision))
            case Resumed(onset=onset, pause=pause):
                if self._words is not None:
                    self._words.resumed(onset, onset - pause)
            case TurnEnded():
                self._end(decision)
            case LoneStop():
                self._outlet.hurry()
                self._outlet.say("input.speech.stopped")
                self._words = None
                self.answering.go_on()
            case Reopened(onset=onset, pause=pause):
                self._reopen(onset, pause)

    def _listen(self, onset: float, *, over_agent: bool = False) -> None:
        """The ears begin, unless they have been listening since the speech began over the agent."""
        if self._words is None:
            self._words = Transcription(
                self.hearing,
                self._ears,
                self._resources.budget,
                self._config.keyterms,
                self._spawn,
                self._learn,
                eager=over_agent,
                expected=expected(self.answering.last_words, self._config.tools),
            )
            self._words.begin(onset)

    def _new_item(self) -> None:
        self._item = self._resources.ids.item()
        self._told = ""
        self._line = self._past = None
        if self._words is not None:
            self._learn(self._words)

    def _learn(self, words: Transcription) -> None:
        """The ears know more."""
        if words is not self._words:
            return
        text = words.text
        self.taker.partial(text, words.covers)
        if text and text != self._told and self._item and self.taker.in_turn:
            self._told = text
            self._outlet.say("transcript.user.delta", item_id=self._item, text=text)

    async def _check(self, check: CheckComplete) -> None:
        """Ask the judge of the sound; the turn goes on meanwhile."""
        judge = self._resources.completeness
        assert hears(judge)
        # Taken now: the ring of samples is filled on, and the judge works elsewhere.
        sound = self.hearing.stretch(*stretch_of(check.onset, check.speech_end))
        text = check.said[-1][1] if check.said else ""
        utterance = Utterance(text, check.said, lambda: sound)
        wanted_in = max(0.0, self.taker.min_silence / 1000 - self.taker.silence)
        due = self._now() + wanted_in
        budget = self._resources.budget
        answer = await budget.run(lambda: judge.looks_complete(utterance), judge.cost, due)
        self.taker.complete(check, bool(answer))

    def _interrupt(self, onset: float, *, in_turn: bool) -> None:
        def take_the_floor() -> None:
            self._interrupting = False
            self.answering.interrupt()
            if not in_turn:
                self._outlet.say("input.speech.started")

        least, most = self._resources.profile.barge_in_lateness
        self._interrupting = True
        self._listen(onset)
        self._outlet.delay(self._random.uniform(least, most) if most else 0.0, take_the_floor)
        if not in_turn:
            self._new_item()

    def _end(self, ended: TurnEnded) -> None:
        self._outlet.hurry()
        self._outlet.say("input.speech.stopped")
        words, self._words, self._past = self._words, None, self._words
        taker = self.taker
        record = TurnRecord(
            "user_speech",
            item_id=self._item,
            speech_started_at=self._arrivals.at(ended.onset),
            speech_ended_at=self._arrivals.at(ended.speech_end),
            decided_at=self._now(),
            ended_by="stand-in" if taker.settings.adaptive else ended.by,
            limit=taker.min_silence if ended.by == "min_silence" else taker.max_silence,
        )
        self._finishing = self._spawn(self._finish(ended, words, record))

    async def _finish(self, ended: TurnEnded, words: Transcription | None, record: TurnRecord) -> None:
        """Wait for the final words, if they are not there yet, and hand them over.

        Where the turn ended before there were any, there may be none: then it was a lone stop.
        """
        text = "" if words is None else await words.final(ended.speech_end)
        record.user_text = text = text or ended.text
        if not text.strip():
            self._finishing = None
            self.taker.answered()
            self.answering.go_on()
            return
        record.transcript_at = self._now()
        record.transcript_work = None if words is None else words.last_work
        self._outlet.say("transcript.user", item_id=record.item_id, text=text)
        self._finishing = None
        self._line = self.answering.user_said(text, record)

    def _reopen(self, onset: float, pause: float) -> None:
        """The user had not finished: the answer is taken back, the item goes on."""
        if self._finishing is not None:
            self._finishing.cancel()
            self._finishing = None
        else:
            self.answering.take_back(self._line)
        self._line = None
        self._words, self._past = self._past, None
        if self._words is None:
            self._listen(onset)
        else:
            self._words.resumed(onset, onset - pause)
        self._outlet.say("input.speech.started")

    def _now(self) -> float:
        return self._resources.stamps.loop_time()


def _settings(config: Configuration) -> Settings:
    return Settings.from_wire(config.turn_detection, config.transcription_mode)
