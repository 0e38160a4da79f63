"""What all sessions of one emulator share: ears, mouth, brains, clock, identifiers, doors, budget."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from voicenb.audio.processor import Processor
from voicenb.emulator.auth import Doorkeeper
from voicenb.emulator.brain import Brain
from voicenb.emulator.budget import Budget
from voicenb.emulator.clock import Stamps
from voicenb.emulator.database import Database
from voicenb.emulator.faults_plan import Faults
from voicenb.emulator.history import History
from voicenb.emulator.history_audio import Audio
from voicenb.emulator.history_links import Links
from voicenb.emulator.http_tools import HttpTools
from voicenb.emulator.ids import Identifiers
from voicenb.emulator.mouth import Mouth
from voicenb.emulator.profiles import LeadingSilence, Profile
from voicenb.emulator.recognizer import Recognizer
from voicenb.emulator.store import AgentStore
from voicenb.emulator.webhooks_sender import Webhooks
from voicenb.turn_taking.completeness import Completeness, Words

if TYPE_CHECKING:
    from voicenb.emulator.session import EmulatedSession

log = logging.getLogger(__name__)

NO_EARS = "No ears on this machine: callers must be typed, talk.message(...)."


@dataclass(slots=True)
class Resources:
    """Shared by all sessions. ``ears`` and ``mouth`` are made by ``warm``, once, on the processor.

    Attributes:
        database: keeps agents, sessions, webhook subscriptions and tokens.
        history: what was held before.
        audio: the sound of it.
        links: to what is kept of a session.
        webhooks: tell subscribers of sessions.
        make_mouth: makes the mouth (half a second of loading for a neural one).
        make_ears: makes the recogniser, or gives None where there is none for this machine.
        make_brain: makes the wits of one session.
        http_tools: calls the tools that are called over HTTP.
        waiting: where work runs that waits for others, as those calls do; kept apart from ears and mouth.
        completeness: says whether what the caller said looks complete.
        leading_silence: before each reply; the profile's own when None.
        seed: for what is random in the live profile; None leaves it to chance.
        faults: what goes wrong on purpose.
        sessions: those that are ready and have not ended, by id; also those whose client is away.
        preload: whether models are loaded at once, and not when they are first needed.
        warmed: whether ears and mouth are loaded.
        notice: what people should know about this emulator, e.g. that it cannot hear; empty when all is well.
    """

    profile: Profile
    processor: Processor
    budget: Budget
    ids: Identifiers
    stamps: Stamps
    door: Doorkeeper
    database: Database
    agents: AgentStore
    history: History
    audio: Audio
    links: Links
    webhooks: Webhooks
    make_mouth: Callable[[], Mouth]
    make_ears: Callable[[], Recognizer | None]
    make_brain: Callable[[], Brain]
    http_tools: HttpTools
    waiting: Processor
    completeness: Completeness = field(default_factory=Words)
    leading_silence: LeadingSilence | None = None
    seed: int | None = None
    faults: Faults = field(default_factory=Faults)
    preload: bool = True
    warmed: bool = False
    notice: str = ""
    sessions: dict[str, EmulatedSession] = field(default_factory=dict)
    _mouth: Mouth | None = None
    _ears: Recognizer | None = None
    _loading: threading.Lock = field(default_factory=threading.Lock)

    async def warm(self) -> None:
        """Load ears and mouth, if that is still to be done; sessions wait here before they are ready.

        Raises:
            MissingExtra: there is no mouth on this machine.
        """
        if not self.warmed:
            await self.processor.run(self._load, cost=0.0)

    def find_ears(self) -> None:
        """See whether there are any, without loading their model: ``notice`` says when there are none."""
        with self._loading:
            self._find_ears()

    def _find_ears(self) -> None:
        if self._ears is None:
            self._ears = self.make_ears()
        if self._ears is None and NO_EARS not in self.notice:
            self.notice = f"{self.notice} {NO_EARS}".strip()
            log.warning(NO_EARS)

    def _load(self) -> None:
        with self._loading:
            if self.warmed:
                return
            self._mouth = self.make_mouth()
            self._find_ears()
            for part in (self._mouth, self._ears, self.completeness):
                warm = getattr(part, "warm", None)
                if self.preload and callable(warm):
                    warm()
            self.warmed = True

    @property
    def mouth(self) -> Mouth:
        """Who speaks; after `warm`."""
        if self._mouth is None:
            raise RuntimeError("Resources.warm() has not been awaited.")
        return self._mouth

    @property
    def ears(self) -> Recognizer | None:
        """Who listens, or None; after `warm`."""
        return self._ears

    @property
    def silence(self) -> LeadingSilence:
        """The leading silence in force."""
        return self.leading_silence or self.profile.leading_silence


class Deaf:
    """Ears that understand nothing, for machines without a recogniser."""

    name = "none"
    cost = 0.0

    def transcribe(self, samples: Any, keyterms: Sequence[str] = (), expected: Sequence[str] = ()) -> str:
        """No words."""
        del samples, keyterms, expected
        return ""
