"""What a scripted caller notices of the agent: which reply is heard, its first sound, a word of it."""

from __future__ import annotations

import asyncio
import math

from voicenb.protocol.conversation import Conversation
from voicenb.protocol.replies import Reply
from voicenb.session.microphone import RATE, Room
from voicenb.testing.caller_ear import CallerEar
from voicenb.testing.moves import words


class Attention:
    """Listens to one call. Moments are seconds of the loop.

    Args:
        room: of the call.
        ear: tells exactly what is heard when, where it is the speaker of the call. Where it is not, a reply
            begins when the room becomes audible.
    """

    def __init__(self, room: Room, ear: CallerEar) -> None:
        self._room = room
        self._ear = ear
        self._began: dict[str, float] = {}
        self._loop = asyncio.get_running_loop()

    @property
    def _conversation(self) -> Conversation:
        return self._room.conversation

    def look(self) -> None:
        """Once in each frame: note which reply is heard."""
        if self._room.audible and (reply := self.sounding) is not None:
            self._began.setdefault(reply.reply_id, self._loop.time())

    @property
    def sounding(self) -> Reply | None:
        """The reply that is heard, or will be next."""
        replies = self._conversation.replies.values()
        return next((reply for reply in replies if reply.samples and not reply.settled), None)

    @property
    def replies(self) -> int:
        """How many have been started so far."""
        return len(self._conversation.replies)

    def begins(self, before: int) -> bool:
        """Whether a reply has begun to be heard, the first ``before`` left aside."""
        for reply in list(self._conversation.replies.values())[before:]:
            begun = self._ear.begun(reply.reply_id) if self._ear.hears else self._began.get(reply.reply_id)
            if begun is not None and begun <= self._loop.time():
                return True
        return False

    def word(self, phrase: str, since: float) -> float | None:
        """When the agent begins to say some words, heard no sooner than ``since``; may be soon to come.

        Returns:
            The moment; infinite where the service has sent the words, and not when they are said; None where
            it has not sent them.
        """
        wanted = words(phrase)
        found: float | None = None
        for reply in self._conversation.replies.values():
            for start_ms in _places(reply, wanted):
                if start_ms is None:
                    found = math.inf if not reply.settled else found
                elif (at := self._moment(reply, start_ms)) is not None and at >= since:
                    return at
        return found

    def _moment(self, reply: Reply, milliseconds: float) -> float | None:
        if self._ear.hears:
            return self._ear.at(reply.reply_id, round(milliseconds * RATE / 1000))
        begun = self._began.get(reply.reply_id)
        return None if begun is None else begun + milliseconds / 1000


def _places(reply: Reply, wanted: list[str]) -> list[float | None]:
    """Where in a reply some words begin, in its milliseconds; None where that is not told."""
    said = [(each, word.start_ms) for word in reply.words for each in words(word.text)]
    return [
        said[at][1]
        for at in range(len(said) - len(wanted) + 1)
        if [each for each, _ in said[at : at + len(wanted)]] == wanted
    ]
