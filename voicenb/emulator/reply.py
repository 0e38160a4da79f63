"""One reply on its way out: thoughts become clauses, clauses sound, sound goes out at the pace of speech."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from voicenb.emulator.brain import BrainMismatch, Call, Say
from voicenb.emulator.mouth import Word
from voicenb.emulator.pacing import PlayHead
from voicenb.emulator.profiles import Profile
from voicenb.emulator.resources import Resources
from voicenb.emulator.sound import Sound, silence, synthesise
from voicenb.emulator.timeline import TurnRecord
from voicenb.emulator.voices.clauses import ClauseStream
from voicenb.emulator.wire import Wire
from voicenb.errors import UnspeakableText

log = logging.getLogger(__name__)

Thoughts = AsyncIterator[Say | Call]

AHEAD = 2
"""Clauses that are synthesised ahead of the one that is spoken."""

PACE = 15
"""Letters a second, for the stated cost of a clause before it is said."""

LULL = 0.12
"""Seconds after which a finished sentence is spoken although the brain may go on."""

SLIP = "Sorry, something went wrong on my side."
"""Said when the brain fails; the log has the reason."""

CANNOT_SAY = "I cannot say that: the words have no sound in my voice."
"""Said in place of a reply that the mouth has no sound for, so that it is not taken for a fault."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a reply is spoken.

    Attributes:
        voice: one of the API's names.
        encoding: of the output.
        volume: 0 to 100, or None.
        leading: seconds of silence before the first sound.
        lead: seconds of sound that go out ahead of real time.
        delay: seconds until the first chunk may go out.
    """

    voice: str
    encoding: str
    volume: float | None
    leading: float
    lead: float
    delay: float = 0.0


class Reply:
    """A reply, from its first thought until its last sample is heard or it is cut.

    Args:
        resources: mouth, processor, identifiers.
        wire: where its events go.
        record: its line of the timeline.
        manner: how it is spoken.
        on_call: told of each tool call; the reply has been announced by then.
    """

    def __init__(
        self,
        resources: Resources,
        wire: Wire,
        record: TurnRecord,
        manner: Manner,
        on_call: Callable[[Reply, Call], None],
    ) -> None:
        self.id = resources.ids.reply()
        self.item_id = resources.ids.item()
        self.record = record
        self.head = PlayHead(manner.lead)
        self.announced = False
        self.over = False
        self.calls = 0
        self.thought = ""  # what it says as far as that is known, heard or not
        self._resources = resources
        self._profile: Profile = resources.profile
        self._wire = wire
        self._manner = manner
        self._on_call = on_call
        self._silent = False
        self._words: list[Word] = []
        self._to_tell: list[Word] = []
        self._made = 0.0  # when the sound made so far will have been heard, about
        record.reply_id = self.id

    # --- what others ask ---

    @property
    def audible_at(self) -> float | None:
        """When its first audible sample is (or will be) heard; None while nothing was sent."""
        return self.record.audible_at

    def is_audible(self, now: float) -> bool:
        """Whether it is heard at ``now``: its first audible sample is past, its last one is not."""
        begins = self.record.audible_at
        return begins is not None and begins <= now < self.head.end and not self.over

    def has_sounded(self, now: float) -> bool:
        """Whether anything of it was heard by ``now``."""
        begins = self.record.audible_at
        return begins is not None and begins <= now

    def text_heard(self, now: float) -> str:
        """The words that were heard, at least by half, at ``now``."""
        position = self.head.position(now)
        return " ".join(word.text for word in self._words if (word.start + word.end) / 2 <= position)

    # --- its course ---

    async def run(self, thoughts: Thoughts) -> None:
        """Speak it; returns when its last sample has been heard. Cancelled when it is cut."""
        clauses: asyncio.Queue[str | None] = asyncio.Queue()
        sounds: asyncio.Queue[Sound | None] = asyncio.Queue(AHEAD)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._think(thoughts, clauses))
            group.create_task(self._synthesise(clauses, sounds))
            group.create_task(self._pace(sounds))
        await _until(self.head.end)
        self._finish("completed", " ".join(word.text for word in self._words), self.head.end)

    def announce(self) -> None:
        """Say that it begins, once."""
        if not self.announced:
            self.announced = True
            self._wire.emit("reply.started", reply_id=self.id, item_id=self.item_id)

    def cut(self, now: float) -> None:
        """End it early, at ``now``; whoever runs it cancels its task. Not announced, it leaves no trace."""
        self.record.interrupted_at = now
        self._wire.hush(now)
        self._finish("interrupted", self.text_heard(now), now)

    def leave(self, now: float) -> None:
        """The session is over: what was heard of it stays on record, and nothing is said of it."""
        if not self.over:
            self.over = True
            self.record.agent_text, self.record.status = self.text_heard(now), "interrupted"
            self.record.ended_at = now
            self._wire.hush(now)

    def _finish(self, status: str, text: str, at: float) -> None:
        if self.over:
            return
        self.over = True
        self.record.agent_text, self.record.status, self.record.ended_at = text, status, at
        self.record.gaps = self.head.gaps
        if status == "completed":
            self.announce()
            self._tell()
        if not self.announced:
            return
        if self._words or (status == "interrupted" and not self.calls):
            self._wire.emit(
                "transcript.agent",
                reply_id=self.id,
                item_id=self.item_id,
                text=text,
                interrupted=status == "interrupted",
            )
        self._wire.emit("reply.done", reply_id=self.id, status=status)

    # --- its three workers ---

    async def _think(self, thoughts: Thoughts, clauses: asyncio.Queue[str | None]) -> None:
        pieces: asyncio.Queue[Say | Call | None] = asyncio.Queue()
        stream = ClauseStream()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen(thoughts, pieces))
            sentence_over = False
            while True:
                try:
                    piece = await asyncio.wait_for(pieces.get(), LULL if sentence_over else None)
                except TimeoutError:
                    piece = Say(" ")  # shows the stream that the last word is whole
                if self.over:
                    return  # cut while this was on its way: a worker runs once more before it is cancelled
                if isinstance(piece, Say):
                    if self.record.thought_at is None:
                        self.record.thought_at = _now()
                    sentence_over = piece.text.rstrip().endswith((".", "!", "?", "…"))
                    self.thought += piece.text
                    ready = stream.push(piece.text)
                else:
                    sentence_over = False
                    ready = stream.finish()
                for clause in ready:
                    clauses.put_nowait(clause)
                if isinstance(piece, Call):
                    self.calls += 1
                    self._silent = self._silent or not (self._profile.words_before_calls or self._words)
                    self.announce()
                    self._on_call(self, piece)
                    stream = ClauseStream()
                elif piece is None:
                    clauses.put_nowait(None)
                    return

    async def _listen(self, thoughts: Thoughts, pieces: asyncio.Queue[Say | Call | None]) -> None:
        """Collect the brain's thoughts; a brain that fails says so aloud instead of falling silent.

        Raises:
            BrainMismatch: it is not made for this agent; the session ends.
        """
        try:
            async with aclosing(thoughts) as open_thoughts:  # type: ignore[type-var]
                async for piece in open_thoughts:
                    pieces.put_nowait(piece)
        except BrainMismatch:
            raise
        except Exception:
            log.exception("The brain failed")
            pieces.put_nowait(Say(SLIP))
        pieces.put_nowait(None)

    async def _synthesise(
        self, clauses: asyncio.Queue[str | None], sounds: asyncio.Queue[Sound | None]
    ) -> None:
        said = False
        while (text := await clauses.get()) is not None:
            if not self._says_nothing():
                said = await self._say(text, sounds) or said
        if self.record.unsaid:
            self._report(said=said)
            if not said and not self.calls:
                await self._say(CANNOT_SAY, sounds)
        await sounds.put(None)

    async def _say(self, text: str, sounds: asyncio.Queue[Sound | None]) -> bool:
        """Make the sound of a clause; whether it has one."""
        mouth, manner = self._resources.mouth, self._manner
        try:
            sound = await self._resources.budget.run(
                lambda: synthesise(mouth, text, manner.voice, manner.encoding, manner.volume),
                cost=mouth.cost * len(text) / PACE,
                due=max(_now(), self._made - manner.lead),
            )
        except UnspeakableText:
            self.record.unsaid = f"{self.record.unsaid} {text}".strip()
            return False
        if self.record.sound_at is None:
            self.record.sound_at = _now()
        self._made = max(_now(), self._made) + sound.seconds
        await sounds.put(sound)
        return True

    def _report(self, *, said: bool) -> None:
        log.warning(
            "Reply %s: %s, speaking as %s, has no sound for %r; %s",
            self.id,
            self._resources.mouth.name,
            self._manner.voice,
            self.record.unsaid[:200],
            "the rest was said" if said else "nothing of it was said",
        )

    async def _pace(self, sounds: asyncio.Queue[Sound | None]) -> None:
        first, not_before = True, _now() + self._manner.delay
        while (sound := await sounds.get()) is not None:
            if first:
                await _until(not_before)
            if self.over:
                return
            if self._says_nothing():
                continue
            self.announce()
            if first and self._manner.leading > 0:
                leading = silence(self._manner.leading, self._manner.encoding)
                if not await self._play(leading):
                    return
                if self._says_nothing():
                    continue  # its call came during that silence
            self._place(sound, first=first)
            first = False
            await self._play(sound)

    def _says_nothing(self) -> bool:
        """Whether it has called a tool before it had a word, where such a reply has none."""
        return self._silent

    def _place(self, sound: Sound, *, first: bool) -> None:
        """Give the clause's words their places in the reply."""
        begins = self.head.sent
        placed = [Word(word.text, begins + word.start, begins + word.end) for word in sound.words]
        self._words += placed
        self._to_tell += placed
        if first:
            # The record learns the moment with the first chunk, when the head has begun.
            self._audible_from = begins + (sound.words[0].start if sound.words else 0.0)

    _audible_from: float | None = None

    async def _play(self, sound: Sound) -> bool:
        """Send it at its pace; False when the reply is cut meanwhile."""
        step = round(self._profile.chunk * sound.rate)
        for at in range(0, len(sound.data), step):
            chunk = sound.data[at : at + step]
            await _until(self.head.due(_now()))
            if self.over:
                return False
            now = _now()
            before = self.head.sent
            self.head.put(len(chunk) / sound.rate, now)
            self._wire.emit_audio(self.id, chunk, self.head.when(before))
            if self.record.sent_at is None:
                self.record.sent_at = now
            if self.record.audible_at is None and self._audible_from is not None:
                self.record.audible_at = self.head.when(self._audible_from)
            self._tell()
        return True

    def _tell(self) -> None:
        """Emit the clause's words: together, so that a client knows which ones an interruption cut off."""
        short = self._profile.words_short
        for word in self._to_tell:
            self._wire.emit(
                "transcript.agent.delta",
                reply_id=self.id,
                item_id=self.item_id,
                delta=word.text + " ",
                start_ms=max(0, round(word.start * 1000) - short),
                end_ms=max(0, round(word.end * 1000) - short),
            )
        self._to_tell.clear()


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _until(moment: float) -> None:
    wait = moment - _now()
    if wait > 0:
        await asyncio.sleep(wait)
