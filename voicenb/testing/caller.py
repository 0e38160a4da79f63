"""A scripted caller: a microphone that says lines, waits for answers and interrupts, by its loop's clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from voicenb.audio.speech import check_voice
from voicenb.errors import InvalidConfiguration
from voicenb.session.microphone import Room
from voicenb.session.microphones import Spoken
from voicenb.session.pace import Pace
from voicenb.testing.bad_line import BadLine
from voicenb.testing.caller_attention import Attention
from voicenb.testing.caller_ear import CallerEar
from voicenb.testing.caller_performance import Performance
from voicenb.testing.caller_truth import Utterance
from voicenb.testing.clips import Clip, clips_of
from voicenb.testing.conditions import Conditions
from voicenb.testing.moves import (
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
    moves,
)

__all__ = [
    "Answer",
    "BackChannel",
    "BargeIn",
    "Caller",
    "Conditions",
    "Cough",
    "FirstWord",
    "Greeting",
    "HangUp",
    "Pause",
    "Say",
    "Utterance",
]


class Caller:
    """Someone who calls and follows a script; a microphone for sessions and for `voicenb.run`.

        vn.Caller(["A table for four on Friday.", vn.Answer(), vn.Say("Half past eight."), vn.Answer()])

    If the agent has a greeting, the caller lets it finish before the first words, unless the script begins
    with another move than words. Behind the last move the caller hangs up.

    Args:
        script: texts (strings, spoken by a synthetic voice), ``WavFile`` or `pathlib.Path` of WAV files,
            ``Say``, ``Pause``, ``Answer``, ``FirstWord``, ``Greeting``, ``BargeIn``, ``BackChannel``,
            ``Cough`` and ``HangUp``, one after the other.
        voice: one of the API's voice names; a caller's voice when None.
        label: what the recording calls it.
        conditions: what becomes of the voice on its way: noise, a telephone, lost packets, an echo.

    Attributes:
        script: the moves.
        label: as above.
        conditions: as above.
        ear: hears the agent; the speaker of a call of `voicenb.run`. In another session it may be given as
            its ``speaker``: for an echo it has to be, and what comes at a word or at the first sound of the
            agent's is then exact to a frame.
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
        conditions: Conditions | None = None,
    ) -> None:
        check_voice(voice)
        self.script = moves(script)
        self.label = label
        self.voice = voice
        if not isinstance(conditions, Conditions | None):
            raise InvalidConfiguration(
                f"conditions={conditions!r} are none.",
                remedy="Write conditions=vn.Conditions(snr=10).",
                param="conditions",
            )
        self.conditions = conditions
        self.ear = CallerEar(keeps=conditions is not None and conditions.echo is not None)
        self.truth: list[Utterance] = []
        self._clips: list[list[Clip]] | None = None
        self._performance: Performance | None = None

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Caller:
        """A caller from a file: YAML (extra ``yaml``; JupyterLab brings it too) or JSON.

            script:
              - A table for four on Friday.
              - wait: answer
              - say: ["At", {pause: 0.8}, "half past eight."]

        The file is a script, or ``script`` with ``voice``, ``label`` and ``conditions`` beside it. Moves are
        ``say``, ``wav``, ``pause``, ``wait`` (``answer``, ``first word`` or ``greeting``), ``barge_in``,
        ``back_channel``, ``cough`` and ``hang_up``, with what else there is to say of them beside them
        (``after``, ``at``, ``voice``, ``timeout``, ``seed``). Files of sound are named from its folder on.

        Raises:
            InvalidConfiguration: it cannot be read, or something in it cannot be; the message names the line.
            MissingExtra: it is YAML, and PyYAML is not installed.
        """
        from voicenb.recording.recording import as_path
        from voicenb.testing.caller_file import read_caller

        return cls(**read_caller(as_path(path, "vn.Caller.load")))

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
            self._clips = [clips_of(move, self.voice) for move in self.script]

    async def frames(self, room: Room) -> AsyncIterator[bytes]:
        """The caller's side in frames of 20 ms, each when its last sample has been said.

        Raises:
            WaitTimeout: the agent did not do what the script waits for.
            InvalidConfiguration: there is to be an echo, and the speaker is another than :attr:`ear`.
            AudioError: a file with noise that cannot be read.
        """
        loop = asyncio.get_running_loop()
        self._performance = None  # that of the call before
        await loop.run_in_executor(None, self.prepare)
        assert self._clips is not None
        self.truth.clear()
        line = await loop.run_in_executor(None, self._line, self._clips)
        attention, delay = Attention(room, self.ear), 0 if line is None else line.delay
        pace = Pace()
        self._performance = Performance(self.script, self._clips, room, self.truth, attention, delay)
        played = self._performance.play()
        while True:
            await pace.next()
            frame = next(played, None)
            if frame is None:
                return
            yield frame if line is None else line.through(frame, loop.time())

    def about(self) -> dict[str, Any]:
        """What a recording says of the caller: ``truth``, which grows during the call, and ``conditions``."""
        told: dict[str, Any] = {"truth": self.truth}
        return told if self.conditions is None else {**told, "conditions": self.conditions.told()}

    @property
    def hung_up(self) -> bool:
        """Whether the line was cut in the call at hand, without a word (``HangUp``)."""
        return self._performance is not None and self._performance.cut

    def _line(self, sounds: Sequence[Sequence[Clip]]) -> BadLine | None:
        if self.conditions is None:
            return None
        if self.conditions.echo is not None and not self.ear.hears:
            raise InvalidConfiguration(
                "There is to be an echo of the agent, and the caller does not hear it.",
                remedy="Let the caller's ear be the speaker: speaker=caller.ear (vn.run does so by itself).",
                param="speaker",
            )
        return BadLine(self.conditions, sounds, self.ear)

    def __repr__(self) -> str:
        return f"<Caller with {len(self.script)} move{'s' if len(self.script) != 1 else ''}>"
