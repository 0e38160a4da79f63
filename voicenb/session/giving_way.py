"""How the agent gives way: what becomes of its voice while the caller speaks over it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from voicenb.audio.processor import Processor, ThreadProcessor
from voicenb.errors import VoicenbError
from voicenb.protocol.barge_in import USUAL, BargeInMode, check_barge_in
from voicenb.session.devices import check_ducks
from voicenb.session.events import EventLog
from voicenb.session.floor import Floor
from voicenb.session.microphone import RATE
from voicenb.session.speaker import Duckable, FlushesItself, Speaker
from voicenb.turn_taking.ducking import Back, Ducking, Quieter

if TYPE_CHECKING:
    from voicenb.turn_taking.detector import Frame, SpeechDetector

GAIN = 0.2
"""Of the agent's voice while an own ear hears the caller: 14 dB below what it was."""

COST = 0.006
"""Seconds of work for a second of the caller's sound, as stated on the virtual clock; measured: 0.2 ms for a
frame of 32 ms."""

MOST = RATE * 2
"""Bytes of the caller's sound that may wait to be heard, one second: what comes late is of no use."""

RESTS = (
    "Three times in a row the agent's voice was made quieter for somebody whom the service did not hear, so "
    "that is left off until the service hears somebody over the agent. If the microphone hears the agent "
    "itself, headphones help."
)


class GivingWay:
    """Follows one session on its loop; with ``barge_in="duck"`` it has an ear of its own.

    That hears what is sent of the caller's while the agent is audible and may be interrupted, and costs
    nothing at other times.

    Args:
        floor: the conversation.
        log: is told of each change.
        speaker: the agent's voice.
        processor: where the ear works; by default a thread.
    """

    def __init__(
        self, floor: Floor, log: EventLog, speaker: Speaker, processor: Processor | None = None
    ) -> None:
        self._floor = floor
        self._log = log
        self._speaker = speaker
        self._processor = processor
        self._own: ThreadProcessor | None = None
        self._ducking = Ducking()
        self._detector: SpeechDetector | None = None
        self._waiting = bytearray()
        self._until = 0.0  # when the last of it was sent
        self._given = 0  # samples of this stretch of the agent's that the ear got
        self._stretch = 0
        self._hears = False
        self._filled = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def mode(self) -> BargeInMode:
        """What is in force."""
        return self._floor.conversation.barge_in

    def begin(self, mode: BargeInMode) -> None:
        """What the session begins with."""
        if mode != USUAL:
            self.change(mode)

    def change(self, mode: BargeInMode) -> None:
        """Another mode from now on.

        Raises:
            InvalidConfiguration: there is none of that name, or the speaker cannot be made quieter.
        """
        check_barge_in(mode)
        check_ducks(mode, self._speaker)
        if mode == self.mode:
            return
        self._floor.conversation.barge_in = mode
        self._log.put("local", "barge_in", {"mode": mode})
        if isinstance(self._speaker, FlushesItself):
            self._speaker.wait_for_interruption(mode == "wait")
        if mode == "duck":
            self._filled.set()  # so that the ear is there when the agent begins to speak
        else:
            self._rest()

    # --- the caller ---

    def hear(self, pcm: bytes, at: float | None = None) -> None:
        """So much of the caller's sound was sent; returns at once.

        Args:
            pcm: PCM16 mono at 24 kHz.
            at: when, in the engine's seconds; None: just now.
        """
        if not self._listens:
            if self._hears:
                self._rest()
            return
        self._hears = True
        self._waiting += pcm
        self._until = self._log.now() if at is None else at
        if len(self._waiting) > MOST:
            self._rest()
        self._filled.set()

    @property
    def _listens(self) -> bool:
        # Not what the speaker says: a voice that runs dry for a moment is not over.
        conversation = self._floor.conversation
        return self.mode == "duck" and conversation.agent_audible and conversation.interruptible

    async def listen(self) -> None:
        """Hear the caller, for as long as the session lasts."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            if self.mode != "duck":
                continue
            try:
                if self._detector is None:
                    self._detector = await self._work().run(_load, cost=0.0)
            except VoicenbError as error:
                self._log.put("local", "log", {"text": f'barge_in="duck" was left off. {error}'})
                self.change(USUAL)
                continue
            if self._waiting:
                await self._take(self._detector)

    async def _take(self, detector: SpeechDetector) -> None:
        pcm, until, stretch, afresh = bytes(self._waiting), self._until, self._stretch, self._given == 0
        self._waiting.clear()
        given = self._given = self._given + len(pcm) // 2
        work = partial(_push, detector, pcm, afresh=afresh)
        frames = await self._work().run(work, cost=COST * len(pcm) / 2 / RATE)
        for frame in frames:
            if stretch != self._stretch:  # what follows is of another one
                break
            probability, at = frame.probability, until - (given - frame.end) / RATE
            self._do(self._ducking.frame(probability, at))

    def _work(self) -> Processor:
        if self._processor is None:
            self._processor = self._own = ThreadProcessor(1)
        return self._processor

    # --- the service ---

    def confirmed(self, *, audible: bool) -> None:
        """The service hears the caller, or has ended the reply for that; what waited to be played is gone.

        Args:
            audible: whether the agent was until now.
        """
        self._do(self._ducking.confirm(self._log.now(), audible=audible))

    # --- the voice ---

    def _rest(self) -> None:
        self._waiting.clear()
        self._given = 0
        self._stretch += 1
        self._hears = False
        self._do(self._ducking.rest())

    def _expire(self) -> None:
        self._do(self._ducking.expire(self._ducking.until))

    def _do(self, what: Quieter | Back | None) -> None:
        if what is None:
            return
        assert isinstance(self._speaker, Duckable)
        self._stop_timer()
        if isinstance(what, Quieter):
            self._log.put("local", "duck", {"gain": GAIN, "onset": round(what.onset, 6)})
            self._speaker.duck(GAIN)
            left = max(0.0, self._ducking.until - self._log.now())
            self._timer = asyncio.get_running_loop().call_later(left, self._expire)
            return
        self._log.put("local", "duck", {"gain": 1.0, "why": what.why})
        self._speaker.duck(1.0)
        if what.rests:
            self._log.put("local", "log", {"text": RESTS})

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def close(self) -> None:
        """The session is over."""
        self._stop_timer()
        if self._own is not None:
            self._own.close()


def _load() -> SpeechDetector:
    from voicenb.turn_taking.detector import SpeechDetector

    return SpeechDetector()


def _push(detector: SpeechDetector, pcm: bytes, *, afresh: bool) -> list[Frame]:
    if afresh:
        detector.reset()
    return detector.push(pcm)
