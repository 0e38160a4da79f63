"""One call of a scripted caller: the script as frames, each when it is due, after what the agent does."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from voicenb.errors import WaitTimeout
from voicenb.protocol.conversation import Conversation
from voicenb.protocol.floor import SAME_MOMENT, SEQUEL
from voicenb.protocol.replies import Reply
from voicenb.session.microphone import FRAME, RATE, Room
from voicenb.testing.caller_attention import Attention
from voicenb.testing.caller_truth import Utterance, kind_of, what_follows
from voicenb.testing.clips import Clip
from voicenb.testing.moves import (
    PATIENCE,
    Answer,
    BackChannel,
    BargeIn,
    Cough,
    FirstWord,
    Greeting,
    HangUp,
    Move,
    Pause,
    Say,
)

LISTEN = "See the recording; a longer timeout= waits longer."
"""What to do about an agent that does not speak."""

WORDLESS = "It replied without a sound. A brain that returns None says nothing: let it return the words."
"""What to do about an agent that replies so."""

WAITED = "Leave out the {before}() before the {move}: it waits until the agent has spoken. " + LISTEN
"""What to do where the script has waited for the end of what it wants to speak over."""

UNTIMED = "The service sends its words without times; say after= instead of at=."
"""What to do about such a service."""

STRAGGLER = 1.5
"""Seconds of quiet after which an answer counts that answers the beginning of what was said."""


class Performance:
    """One call of the script. Its generators give a frame whenever one is due.

    Args:
        script: the moves.
        sounds: what is said in each.
        room: of the call.
        truth: takes what was said.
        attention: to the agent.
        delay: samples by which the line makes the caller's voice late.

    Attributes:
        answered: the script's last words were said, and answered since.
        cut: the caller has hung up without a word.
    """

    def __init__(
        self,
        script: Sequence[Move],
        sounds: Sequence[Sequence[Clip]],
        room: Room,
        truth: list[Utterance],
        attention: Attention,
        delay: int = 0,
    ) -> None:
        self._script = script
        self._sounds = sounds
        self._room = room
        self._truth = truth
        self._attention = attention
        self._delay = delay
        self._rest = b""  # said already, but not a whole frame yet
        self._sent = 0  # samples
        self._said = ""
        self._replies_before = 0  # the last of it
        self._turn_before: float | None = None  # the last turn when the speech at hand began
        self._turn_at_end: float | None = None  # and when it ended
        self._answered = True
        self._quiet = 0  # frames for which an answer has been over
        self._sequel = SEQUEL  # seconds that an answer must have been over where another may follow
        self._words_left = sum(
            any(clip.voiced for clip in clips)
            for move, clips in zip(script, sounds, strict=True)
            if kind_of(move) == "words"
        )
        self.answered = not self._words_left
        self.cut = False

    @property
    def _conversation(self) -> Conversation:
        return self._room.conversation

    def play(self) -> Iterator[bytes]:
        """All frames of the call."""
        if self._script and isinstance(self._script[0], Say):
            yield from self._wait_for_greeting(PATIENCE)
        for number, move in enumerate(self._script):
            match move:
                case Pause(seconds=seconds):
                    yield from self._sound(bytes(2 * round(seconds * RATE)))
                case Say():
                    yield from self._say(number)
                case Greeting(timeout=timeout):
                    yield from self._wait_for_greeting(timeout)
                case Answer(timeout=timeout):
                    if not any(isinstance(move, Say | BargeIn) for move in self._script[:number]):
                        yield from self._wait_for_first_words(timeout)
                    elif not self._said:  # a file without a sound in it
                        yield from self._wait_for_greeting(timeout)
                    elif not self._answered:
                        yield from self._wait_for_answer(timeout)
                case FirstWord(timeout=timeout):
                    yield from self._wait_for_first_sound(timeout)
                case BargeIn() | BackChannel():
                    yield from self._wait_into_answer(number, move.after, move.at, move.timeout)
                    yield from self._say(number, at_once=move.at is not None)
                case Cough(after=after, at=at, timeout=timeout):
                    if move.over:
                        yield from self._wait_into_answer(number, after or 0.0, at, timeout)
                    yield from self._say(number)
                case HangUp():
                    self.cut = True
        yield from self._whole()

    def _say(self, move: int, *, at_once: bool = False) -> Iterator[bytes]:
        """Say the clips of a move; ``at_once`` without the silence that the first of them begins with."""
        kind = kind_of(self._script[move])
        if kind == "words":
            self._turn_before = self._conversation.last_turn_at
        for number, clip in enumerate(self._sounds[move]):
            if at_once and not number:
                clip = replace(clip, pcm=clip.pcm[2 * clip.onset :], onset=0, stop=clip.stop - clip.onset)
            place = self._sent + len(self._rest) // 2 + self._delay
            yield from self._sound(clip.pcm[: 2 * clip.onset])
            if clip.voiced:
                start, stop, over = place + clip.onset, place + clip.stop, self._room.audible
                then = what_follows(self._script, self._sounds, move, number)
                self._truth.append(Utterance(move, clip.text, start, stop, over, kind, then))
                if kind == "words":
                    self._said, self._replies_before = clip.text, self._attention.replies
            yield from self._sound(clip.pcm[2 * clip.onset : 2 * clip.stop])
            if kind == "words":
                self._turn_at_end = self._conversation.last_turn_at
            yield from self._sound(clip.pcm[2 * clip.stop :])
        if kind != "words":
            return
        self._answered = False
        self._quiet = 0
        self._words_left -= any(clip.voiced for clip in self._sounds[move])

    # --- waits: silence until something is so ---

    def _wait_for_greeting(self, timeout: float) -> Iterator[bytes]:
        if self._conversation.config.get("greeting"):
            yield from self._silence_until(self._greeting_is_over, timeout, "the agent did not greet")

    def _wait_for_first_words(self, timeout: float) -> Iterator[bytes]:
        if self._conversation.config.get("greeting"):
            yield from self._silence_until(self._one_was_heard, timeout, "the agent did not greet")
            return
        yield from self._silence_until(
            self._one_was_heard,
            timeout,
            "the agent said nothing of its own accord",
            "It has no greeting: give it one (greeting=), or let the script begin with words.",
        )

    def _greeting_is_over(self) -> bool:
        """Whether nothing more of it comes: a connection that is lost takes the rest of it along."""
        first = next(iter(self._conversation.replies.values()), None)
        return first is not None and (first.done or first.superseded) and first.settled

    def _one_was_heard(self) -> bool:
        return any(reply.done and reply.settled for reply in self._conversation.replies.values())

    def _wait_for_answer(self, timeout: float) -> Iterator[bytes]:
        self._sequel = min(SEQUEL, timeout / 2)  # who has less patience does not give up over it
        yield from self._silence_until(
            self._all_was_answered, timeout, f"the agent did not answer {self._said!r}"
        )
        self._answered = True

    def _all_was_answered(self) -> bool:
        if not self._answer_was_heard():
            return False
        turn = self._conversation.last_turn_at
        # Perhaps the service ended the turn early, and the rest of the words came to nothing.
        early = turn == self._turn_at_end
        if early and (turn == self._turn_before or self._quiet < STRAGGLER * RATE / FRAME):
            return False
        if self._conversation.may_go_on and self._quiet < self._sequel * RATE / FRAME:
            return False
        self.answered = self.answered or not self._words_left
        return True

    def _answer_was_heard(self) -> bool:
        conversation = self._conversation
        if not conversation.answered or conversation.user_speaking or self._room.audible:
            return False
        if conversation.may_go_on and conversation.over_since is None:
            return False  # another one is on its way
        # A reply without a sound is none to somebody who listens.
        since = conversation.mark - SAME_MOMENT
        return any(
            reply.started_at >= since and reply.samples and reply.heard_out and not reply.calls
            for reply in reversed(conversation.replies.values())
        )

    def _wait_for_first_sound(self, timeout: float) -> Iterator[bytes]:
        if not self._said:
            yield from self._silence_until(
                lambda: self._attention.begins(0), timeout, "the agent said nothing of its own accord"
            )
            return
        yield from self._silence_until(
            lambda: self._attention.begins(self._replies_before),
            timeout,
            f"the agent did not answer {self._said!r}",
        )

    def _wait_into_answer(self, number: int, after: float, at: str | None, timeout: float) -> Iterator[bytes]:
        if at is None:
            yield from self._wait_into_sound(number, after, timeout)
        else:
            yield from self._wait_for_word(at, after, timeout)

    def _wait_for_word(self, phrase: str, after: float, timeout: float) -> Iterator[bytes]:
        loop = asyncio.get_running_loop()
        since = loop.time() - FRAME / RATE

        def said() -> bool:
            at = self._attention.word(phrase, since)
            if at is not None and math.isinf(at):
                raise self._hung_up(f"no times are told of the agent's {phrase!r}", timeout, UNTIMED)
            return at is not None and loop.time() >= at + after

        yield from self._silence_until(said, timeout, f"the agent did not say {phrase!r}")

    def _wait_into_sound(self, number: int, after: float, timeout: float) -> Iterator[bytes]:
        """Wait until the agent has spoken for so long, in what is no announcement of a tool's answer."""
        again = True
        while again:
            yield from self._wait_for_sound(number, timeout)
            reply, again = self._attention.sounding, False
            for frame in self._sound(bytes(2 * round(after * RATE))):
                yield frame
                if again := _is_announcement(reply):
                    break
                if reply is not None and reply.settled and self._conversation.may_go_on:
                    yield from self._wait_for_sequel()
                    again = self._room.audible
                    break

    def _wait_for_sequel(self) -> Iterator[bytes]:
        """What was said was perhaps said before the result of a tool that the service runs."""
        yield from self._whole()
        for _ in range(round(SEQUEL * RATE / FRAME)):
            if self._room.audible:
                return
            yield from self._out(bytes(2 * FRAME))

    def _wait_for_sound(self, number: int, timeout: float) -> Iterator[bytes]:
        move, before = self._script[number], self._script[number - 1] if number else None
        waited = isinstance(before, Answer | Greeting)
        yield from self._silence_until(
            lambda: self._room.audible and not _is_announcement(self._attention.sounding),
            timeout,
            "the agent did not speak, and there was nothing to interrupt",
            WAITED.format(before=type(before).__name__, move=type(move).__name__) if waited else LISTEN,
        )

    def _silence_until(
        self, true: Callable[[], bool], timeout: float, otherwise: str, remedy: str = LISTEN
    ) -> Iterator[bytes]:
        yield from self._whole()
        silence = bytes(2 * FRAME)
        waited = 0
        while not true():
            # A long answer is no reason to hang up; silence is.
            waited = 0 if self._room.audible else waited + FRAME
            if waited > timeout * RATE:
                raise self._hung_up(otherwise, timeout, remedy)
            yield from self._out(silence)

    def _hung_up(self, what: str, timeout: float, remedy: str) -> WaitTimeout:
        conversation = self._conversation
        if not self._answered and self._replied_silently():
            remedy = WORDLESS
        understood = [line.text for line in conversation.lines if line.role == "user" and line.final]
        return WaitTimeout(
            f"The caller hung up: {what} within {timeout:g} s. State: {conversation.state}. "
            f"Understood until then: {', '.join(repr(text) for text in understood) or 'nothing'}."
            f"{' ' * bool(conversation.losses)}{conversation.losses}",
            remedy=remedy,
            seconds=timeout,
            state=conversation.state,
            understood=understood,
            lost_at=list(conversation.lost_at),
        )

    def _replied_silently(self) -> bool:
        """Whether what was said last got a reply, and no sound in it."""
        since = self._conversation.mark - SAME_MOMENT
        replies = [reply for reply in self._conversation.replies.values() if reply.started_at >= since]
        return bool(replies) and all(
            reply.done and not reply.samples and not reply.calls for reply in replies
        )

    # --- frames ---

    def _sound(self, pcm: bytes) -> Iterator[bytes]:
        pcm = self._rest + pcm
        size = 2 * FRAME
        whole = len(pcm) - len(pcm) % size
        self._rest = pcm[whole:]
        for at in range(0, whole, size):
            yield from self._out(pcm[at : at + size])

    def _whole(self) -> Iterator[bytes]:
        if self._rest:
            frame, self._rest = self._rest, b""
            yield from self._out(frame + bytes(2 * FRAME - len(frame)))

    def _out(self, frame: bytes) -> Iterator[bytes]:
        self._sent += len(frame) // 2
        self._attention.look()
        yield frame
        self._quiet = self._quiet + 1 if self._answer_was_heard() else 0
        if not self._words_left and not self.answered:
            self._all_was_answered()  # whoever asks from without may not have written an Answer there


def _is_announcement(reply: Reply | None) -> bool:
    """Whether a reply is what is said before a tool's answer."""
    return reply is not None and bool(reply.calls)
