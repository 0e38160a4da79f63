"""Turn taking live: a `TurnTaker` per session says, frame by frame, who has the floor. No clock, no I/O.

    >>> taker = TurnTaker(Settings.from_wire({"min_silence": 500}))
    >>> decisions = []
    >>> for probability in [0.9] * 30:  # live: for frame in detector.push(pcm)
    ...     decisions += taker.frame(probability)  # live: taker.frame(frame.probability, frame.end / 24_000)
    >>> taker.partial("A table for four.")  # whenever the ears know more
    >>> for probability in [0.0] * 20:
    ...     decisions += taker.frame(probability)
    >>> [type(decision).__name__ for decision in decisions]
    ['SpeechStarted', 'BeginFinal', 'TurnEnded']
    >>> decisions[-1].by, round(decisions[-1].silence, 3)
    ('min_silence', 0.512)

What a session does with what `TurnTaker.frame` says:

| decision | on the wire | besides |
|---|---|---|
| `SpeechStarted` | input.speech.started | ears listen from ``onset`` |
| `Overlap` | nothing | ears listen from ``onset`` |
| `Passed` | nothing | forget what was heard over the agent |
| `Interrupt` | transcript.agent, reply.done (interrupted), input.speech.started | the voice is silenced |
| `BeginFinal` | nothing | begin the final transcription in the background |
| `CheckComplete` | nothing | ask the judge of the sound, and tell `TurnTaker.complete` |
| `Resumed` | nothing | a final that was begun is dropped |
| `TurnEnded` | input.speech.stopped, transcript.user | wait for the final, then reply; no words, neither |
| `LoneStop` | input.speech.stopped | no reply |
| `Reopened` | reply.done if it had begun, input.speech.started | cancel the reply, the same item goes on |

`Reopened` is told as any other speech is: a client that shows who has the floor, or is playing the silence
with which the answer begins, would otherwise hear of two ends and one beginning. Of the item there is then a
second ``transcript.user``, with the words of both pieces.

What a session tells the taker: `TurnTaker.partial` when the ears know more; `TurnTaker.agent_audible` with
the first *audible* sample of each reply and at its end; `TurnTaker.answered` when a reply is over that was
never audible; ``taker.settings = ...`` at any time. Decisions come out of `frame` only, because they fall on
frame ends; all times are seconds of the caller's track. A turn is one item from `SpeechStarted` or
`Interrupt` over any `Reopened` until the agent is audible.
"""

from __future__ import annotations

from dataclasses import dataclass

from voicenb.turn_taking.barge_in import BargeIn
from voicenb.turn_taking.completeness import Completeness, Words, hears
from voicenb.turn_taking.decisions import (
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
from voicenb.turn_taking.question import Question
from voicenb.turn_taking.segmenter import FRAME_SECONDS, Segmenter
from voicenb.turn_taking.segmenter import Resumed as SpeechResumed
from voicenb.turn_taking.segmenter import Started as SpeechBegan
from voicenb.turn_taking.settings import Settings
from voicenb.turn_taking.silence import Silence
from voicenb.turn_taking.stand_in import StandIn

_HAIR = 1e-6


@dataclass(frozen=True, slots=True)
class _Ended:
    """A turn that was decided and not answered yet."""

    at: float
    onset: float
    speech_end: float


class TurnTaker:
    """Says who has the floor.

    Args:
        settings: in force at first; `settings` may be set at any time.
        completeness: asked when the silence reaches ``min_silence``, and at each partial after. One of the
            sound is not asked here: `frame` gives `CheckComplete` for it, and `complete` takes its answer.
        stand_in: what it has learned of this caller, to go on with after a resumption of the session.

    Attributes:
        recognizing: set it while the ears are at work on this utterance: then ``max_silence`` without words
            is the end of a turn whose words are still to come, and no lone stop.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        completeness: Completeness = Words(),  # noqa: B008 - has no state
        *,
        stand_in: StandIn | None = None,
    ) -> None:
        self.recognizing = False
        self.stand_in = stand_in or StandIn()
        self._settings = settings or Settings(adaptive=True)
        self._segmenter = Segmenter(self._settings.vad_threshold)
        self._offset = 0.0  # of the caller's clock to the count of frames
        self._audible = False
        self._open = False  # a turn has been announced and not decided
        self._began: float | None = None  # onset of the open turn
        self._over: BargeIn | None = None  # speech over the agent, not decided yet
        self._ended: _Ended | None = None
        self._cut: _Ended | None = (
            None  # the last decision, for the stand-in; outlives the answer's first sound
        )
        self._question = Question()
        self._silence = Silence(self._question, None if hears(completeness) else completeness)

    # What is known ------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """In force."""
        return self._settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._settings = settings
        self._segmenter.threshold = settings.vad_threshold

    @property
    def min_silence(self) -> float:
        """In force now, in milliseconds: the setting's, or the stand-in's."""
        return self.stand_in.min_silence if self._settings.adaptive else self._settings.min_silence

    @property
    def max_silence(self) -> float:
        """In force now, in milliseconds."""
        return self.stand_in.max_silence if self._settings.adaptive else self._settings.max_silence

    @property
    def now(self) -> float:
        """The end of the last frame."""
        return self._segmenter.now + self._offset

    @property
    def text(self) -> str:
        """The words of the utterance so far, as last given to `partial`."""
        return self._question.text

    @property
    def speaking(self) -> bool:
        """Whether the last frame was speech."""
        return self._segmenter.speaking

    @property
    def in_turn(self) -> bool:
        """Whether the caller's turn is open: announced and not decided."""
        return self._open

    @property
    def listening(self) -> bool:
        """Whether there is an utterance for the ears: an open turn, or speech over the agent."""
        return self._open or self._over is not None

    @property
    def onset(self) -> float | None:
        """Where the utterance began (a reopened turn: where it first began), or None."""
        if self._began is not None:
            return self._began + self._offset
        onset = self._segmenter.onset
        return None if onset is None else onset + self._offset

    @property
    def speech_end(self) -> float | None:
        """Where the utterance's speech ended so far, or None."""
        end = self._segmenter.speech_end
        return None if end is None else end + self._offset

    @property
    def silence(self) -> float:
        """Seconds of silence in the utterance so far."""
        return self._segmenter.silence

    # What happens -------------------------------------------------------------------------------------------

    def partial(self, text: str, at: float | None = None) -> None:
        """The words of the utterance so far, all of them.

        Args:
            text: replaces what was given before; empty when the ears heard none.
            at: up to where the ears had heard; None means up to now. Words of before this utterance are not
                used, and words that are behind its speech cannot call it complete.
        """
        if not self.listening:
            return
        until = self._segmenter.now if at is None else at - self._offset
        onset = self._segmenter.onset if self._began is None else self._began
        if onset is None or until > onset:
            self._question.hear(text, until, self._segmenter.now)

    def complete(self, check: CheckComplete, answer: bool) -> None:
        """The answer to ``check``; it is in time as long as the caller has not gone on."""
        end = self.speech_end
        same = end is not None and abs(end - check.speech_end) < FRAME_SECONDS / 2
        if answer and same and self._open and not self._segmenter.speaking:
            self._question.settle()

    def agent_audible(self, audible: bool, at: float | None = None) -> None:
        """The agent's voice is heard from now on, or no more.

        Args:
            audible: True with the first *audible* sample of a reply; leading silence does not count.
            at: when; the last frame's end is taken, decisions cannot be finer.
        """
        del at
        if audible == self._audible:
            return
        self._audible = audible
        if not audible:
            return
        self._ended = None
        if self._open:
            # The agent comes in over the caller: speech from here on has to last, as it would over a reply.
            self._over = BargeIn(self._segmenter.now, self._segmenter.now)

    def answered(self) -> None:
        """The last turn needs no answer any more (an empty reply, a failure): speech begins a new item."""
        self._ended = None

    def drop(self) -> None:
        """Forget the utterance at hand, as in a hold; speech that goes on is a new one."""
        self._close()
        self._ended = self._cut = None

    def frame(self, probability: float, at: float | None = None) -> list[Decision]:
        """Take the next frame.

        Args:
            probability: of speech, 0…1.
            at: the frame's end; None where frames are counted from the track's first sample.

        Returns:
            What is decided at its end, in the order in which it goes on the wire.
        """
        event = self._segmenter.push(probability)
        if at is not None:
            offset = at - self._segmenter.now
            self._offset = offset if abs(offset) > _HAIR else 0.0
        decided: list[Decision] = []
        match event:
            case SpeechBegan(onset=onset):
                self._start(onset, decided)
            case SpeechResumed(onset=onset, pause=pause):
                self._resume(onset, pause, decided)
            case _:
                pass
        if self._over is not None:
            self._judge_overlap(self._over, decided)
        if self._open and not self._segmenter.speaking:
            self._judge_silence(decided)
        return decided

    # Speech begins ------------------------------------------------------------------------------------------

    def _start(self, onset: float, decided: list[Decision]) -> None:
        ended, self._ended = self._ended, None
        self._learn_from_cut(onset)
        if ended is not None and not self._audible:
            self._open, self._began = True, ended.onset
            self._silence.renew()
            decided.append(
                Reopened(self.now, onset + self._offset, ended.onset + self._offset, onset - ended.speech_end)
            )
            return
        self._question.forget()
        if self._audible:
            self._over = BargeIn(onset, self._segmenter.now)
            decided.append(Overlap(self.now, onset + self._offset))
            return
        self._begin_turn(onset)
        decided.append(SpeechStarted(self.now, onset + self._offset))

    def _resume(self, onset: float, pause: float, decided: list[Decision]) -> None:
        if self._over is not None:
            self._over.resume(onset, self._segmenter.now, pause, self._question.text)
        if self._open:
            self.stand_in.note(pause)
            self._silence.renew()
            decided.append(Resumed(self.now, onset + self._offset, pause))

    def _learn_from_cut(self, onset: float) -> None:
        cut, self._cut = self._cut, None
        if cut is not None:
            self.stand_in.note(onset - cut.speech_end, resumed_after=onset - cut.at)

    # Speech over the agent ----------------------------------------------------------------------------------

    def _judge_overlap(self, over: BargeIn, decided: list[Decision]) -> None:
        onset, end = self._segmenter.onset, self._segmenter.speech_end
        if onset is None or end is None:
            self._over = None
            return
        if not self._audible:
            # The agent has finished by itself: the caller simply has the floor.
            self._over = None
            if not self._open:
                self._begin_turn(onset)
                decided.append(SpeechStarted(self.now, onset + self._offset))
            return
        match over.frame(self._segmenter.now, end, self.text, self._settings):
            case "interrupt":
                self._over, self._audible = None, False
                decided.append(Interrupt(self.now, over.onset + self._offset, in_turn=self._open))
                if not self._open:
                    self._begin_turn(onset)
            case "listen":
                self._over = None
                if not self._open:
                    self._begin_turn(onset)
                    decided.append(SpeechStarted(self.now, onset + self._offset, over_agent=True))
            case "wait":
                waiting = over.due and not self._question.has_words
                if not self._open and not waiting and self._segmenter.silence * 1000 >= self.min_silence:
                    decided.append(Passed(self.now, onset + self._offset, end + self._offset, self.text))
                    self._close()

    # Silence ------------------------------------------------------------------------------------------------

    def _judge_silence(self, decided: list[Decision]) -> None:
        onset, end = self._began, self._segmenter.speech_end
        if onset is None or end is None:
            return
        now = self._segmenter.now
        decided += self._silence.judge(
            now, onset, end, self, offset=self._offset, recognizing=self.recognizing
        )
        match decided[-1] if decided else None:
            case TurnEnded():
                self._cut = _Ended(now, onset, end)
                self._ended = None if self._audible else self._cut
                self._close()
            case LoneStop():
                self._close()
            case _:
                pass

    # The utterance ------------------------------------------------------------------------------------------

    def _begin_turn(self, onset: float) -> None:
        self._open, self._began = True, onset
        self._silence.renew()

    def _close(self) -> None:
        self._open, self._began, self._over = False, None, None
        self._segmenter.close()
