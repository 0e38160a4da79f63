"""A scripted caller: a microphone that says lines, waits for answers and interrupts, by its loop's clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from voicenb.audio.speech import check_voice
from voicenb.errors import WaitTimeout
from voicenb.protocol.conversation import Conversation
from voicenb.protocol.floor import SAME_MOMENT, SEQUEL
from voicenb.protocol.replies import Reply
from voicenb.session.microphone import FRAME, RATE, Room
from voicenb.session.microphones import Spoken
from voicenb.session.pace import Pace
from voicenb.testing.clips import Clip, clips
from voicenb.testing.moves import PATIENCE, Answer, BargeIn, Greeting, Move, Pause, Say, moves

__all__ = ["Answer", "BargeIn", "Caller", "Greeting", "Pause", "Say", "Utterance"]

LISTEN = "See the recording; a longer timeout= waits longer."
"""What to do about an agent that does not speak."""

WORDLESS = "It replied without a sound. A brain that returns None says nothing: let it return the words."
"""What to do about an agent that replies so."""

WAITED = "Leave out the {before}() before the BargeIn: it waits until the agent has spoken. " + LISTEN
"""What to do where the script has waited for the end of what it wants to interrupt."""

STRAGGLER = 1.5
"""Seconds of quiet after which an answer counts that answers the beginning of what was said."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something that the caller really said, and where it stands in the caller's track.

    Attributes:
        move: which move of the script it belongs to, counted from 0.
        text: the words, or the file's name.
        start: its first audible sample (24 kHz).
        stop: one past its last audible sample.
        over_agent: whether the agent was audible when it began.
    """

    move: int
    text: str
    start: int
    stop: int
    over_agent: bool = False


class Caller:
    """Someone who calls and follows a script; a microphone for sessions and for `voicenb.run`.

        vn.Caller(["A table for four on Friday.", vn.Answer(), vn.Say("Half past eight."), vn.Answer()])

    If the agent has a greeting, the caller lets it finish before the first words, unless the script begins
    with ``Pause`` or ``BargeIn``. Behind the last move the caller hangs up.

    Args:
        script: texts (strings, spoken by a synthetic voice), ``WavFile`` or `pathlib.Path` of WAV files,
            ``Say``, ``Pause``, ``Answer``, ``Greeting`` and ``BargeIn``, one after the other.
        voice: one of the API's voice names; a caller's voice when None.
        label: what the recording calls it.

    Attributes:
        script: the moves.
        label: as above.
        truth: what was said so far in the call at hand, with its place in the caller's track.

    Raises:
        InvalidConfiguration: something in the script that is no move, or a string that names a ``.wav`` file.
    """

    def __init__(
        self,
        script: Sequence[Move | str | Path | Spoken],
        *,
        voice: str | None = None,
        label: str = "scripted caller",
    ) -> None:
        check_voice(voice)
        self.script = moves(script)
        self.label = label
        self.voice = voice
        self.truth: list[Utterance] = []
        self._clips: list[list[Clip]] | None = None
        self._performance: _Performance | None = None

    @property
    def answered(self) -> bool:
        """Whether all that the script says has been said in the call at hand, and the last of it answered.

        Answered as ``Answer`` understands it: heard to its end, and the answer to all of the words. A script
        without words is answered once the call has begun. May be asked from any thread.
        """
        return self._performance is not None and self._performance.answered

    def prepare(self) -> None:
        """Read files and synthesise what is to be said; otherwise that is done when the call begins.

        Raises:
            AudioError: a file that cannot be read.
            UnspeakableText: a text that cannot be said.
            MissingExtra: no voice is installed.
        """
        if self._clips is None:
            self._clips = [
                clips(move.parts, move.voice or self.voice) if isinstance(move, Say | BargeIn) else []
                for move in self.script
            ]

    async def frames(self, room: Room) -> AsyncIterator[bytes]:
        """The caller's side in frames of 20 ms, each when its last sample has been said.

        Raises:
            WaitTimeout: the agent did not do what the script waits for.
        """
        loop = asyncio.get_running_loop()
        self._performance = None  # that of the call before
        await loop.run_in_executor(None, self.prepare)
        assert self._clips is not None
        self.truth.clear()
        pace = Pace()
        self._performance = _Performance(self.script, self._clips, room, self.truth)
        played = self._performance.play()
        while True:
            await pace.next()
            frame = next(played, None)
            if frame is None:
                return
            yield frame

    def __repr__(self) -> str:
        return f"<Caller with {len(self.script)} move{'s' if len(self.script) != 1 else ''}>"


class _Performance:
    """One call of the script. Its generators give a frame whenever one is due.

    Attributes:
        answered: the script's last words were said, and answered since.
    """

    def __init__(
        self, script: Sequence[Move], sounds: list[list[Clip]], room: Room, truth: list[Utterance]
    ) -> None:
        self._script = script
        self._sounds = sounds
        self._room = room
        self._truth = truth
        self._rest = b""  # said already, but not a whole frame yet
        self._sent = 0  # samples
        self._said = ""
        self._turn_before: float | None = None  # the last turn when the speech at hand began
        self._turn_at_end: float | None = None  # and when it ended
        self._answered = True
        self._quiet = 0  # frames for which an answer has been over
        self._sequel = SEQUEL  # seconds that an answer must have been over where another may follow
        self._words_left = sum(any(clip.voiced for clip in clips) for clips in sounds)
        self.answered = not self._words_left

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
                case BargeIn(after=after, timeout=timeout):
                    yield from self._wait_into_answer(
                        after, timeout, self._script[number - 1] if number else None
                    )
                    yield from self._say(number)
        yield from self._whole()

    def _say(self, move: int) -> Iterator[bytes]:
        self._turn_before = self._conversation.last_turn_at
        for clip in self._sounds[move]:
            place = self._sent + len(self._rest) // 2
            yield from self._sound(clip.pcm[: 2 * clip.onset])
            if clip.voiced:
                over = self._room.audible
                self._truth.append(Utterance(move, clip.text, place + clip.onset, place + clip.stop, over))
                self._said = clip.text
            yield from self._sound(clip.pcm[2 * clip.onset : 2 * clip.stop])
            self._turn_at_end = self._conversation.last_turn_at
            yield from self._sound(clip.pcm[2 * clip.stop :])
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

    def _wait_into_answer(self, after: float, timeout: float, before: Move | None) -> Iterator[bytes]:
        """Wait until the agent has spoken for so long, in what is no announcement of a tool's answer."""
        again = True
        while again:
            yield from self._wait_for_sound(timeout, before)
            reply, again = self._sounding, False
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

    @property
    def _sounding(self) -> Reply | None:
        """The reply that is heard, or will be next."""
        replies = self._conversation.replies.values()
        return next((reply for reply in replies if reply.samples and not reply.settled), None)

    def _wait_for_sound(self, timeout: float, before: Move | None) -> Iterator[bytes]:
        waited = isinstance(before, Answer | Greeting)
        yield from self._silence_until(
            lambda: self._room.audible and not _is_announcement(self._sounding),
            timeout,
            "the agent did not speak, and there was nothing to interrupt",
            WAITED.format(before=type(before).__name__) if waited else LISTEN,
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
        yield frame
        self._quiet = self._quiet + 1 if self._answer_was_heard() else 0
        if not self._words_left and not self.answered:
            self._all_was_answered()  # whoever asks from without may not have written an Answer there


def _is_announcement(reply: Reply | None) -> bool:
    """Whether a reply is what is said before a tool's answer."""
    return reply is not None and bool(reply.calls)
