"""A call of a scripted caller in which the test is the other end of the line, message by message."""

import asyncio

import numpy as np

from voicenb.audio.pcm import to_pcm
from voicenb.protocol import messages as m
from voicenb.protocol.conversation import Conversation
from voicenb.session.speaker import Heard
from voicenb.testing.virtual_clock import run_virtually

RATE = 24_000


class Spoken:
    def __init__(self, pcm):
        self.pcm = pcm


class Tones:
    """A tenth of a second of silence, a tenth of a second of tone for each letter, a fifth of silence."""

    def say(self, text, voice):
        tone = 0.3 * np.sin(np.arange(2400 * len(text.strip("."))) / 5)
        return Spoken(bytes(2 * 2400) + to_pcm(tone) + bytes(2 * 4800))


class Call:
    """A room, and the other end of the line."""

    def __init__(self, greeting=None):
        self.conversation = Conversation()
        self.audible = False
        self.frames = []
        session = {"greeting": greeting} if greeting else {}
        self.conversation.send(m.SessionUpdate(session=session), self.now)
        self.receive(m.SessionReady(session_id="s"))

    async def changed(self):
        raise NotImplementedError

    @property
    def now(self):
        return asyncio.get_running_loop().time()

    def receive(self, message):
        self.conversation.receive(message, self.now)

    async def takes(self, caller):
        async for frame in caller.frames(self):
            assert len(frame) == 960
            self.frames.append((self.now, frame))

    async def replies(self, reply_id, seconds, *, silent=False):
        self.receive(m.ReplyStarted(reply_id=reply_id))
        if not silent:
            self.receive(m.ReplyAudio(reply_id=reply_id, data=bytes(round(seconds * RATE) * 2)))
            self.audible = True
            began = self.now
            await asyncio.sleep(seconds)
            self.audible = False
            self.conversation.heard(Heard(reply_id, 0, round(seconds * RATE), began))
        self.receive(m.ReplyDone(reply_id=reply_id))

    async def understands(self, text):
        self.receive(m.SpeechStarted())
        self.receive(m.SpeechStopped())
        self.receive(m.TranscriptUser(item_id=text, text=text))

    @property
    def track(self):
        return np.frombuffer(b"".join(frame for _, frame in self.frames), "<i2")


def call(caller, other_side=None, greeting=None):
    """Hold a call; ``other_side(call)`` runs beside the caller."""

    async def main():
        held = Call(greeting)
        other = asyncio.create_task(other_side(held)) if other_side else None
        try:
            await held.takes(caller)
        finally:
            if other:
                other.cancel()
        return held

    return run_virtually(main)
