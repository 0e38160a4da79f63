"""What is noticed where the caller's ear is the speaker, and where it is not."""

import asyncio
import math

import pytest

from voicenb.audio.pcm import to_pcm
from voicenb.protocol import messages as m
from voicenb.protocol.conversation import Conversation
from voicenb.session.speakers import BUFFER
from voicenb.testing.caller_attention import Attention
from voicenb.testing.caller_ear import CallerEar
from voicenb.testing.virtual_clock import run_virtually

RATE = 24_000
LOOP = 1000.0
SOUND = bytes(2 * RATE) + to_pcm([0.3, -0.3] * RATE)  # a second of silence, two of a tone


class Room:
    def __init__(self):
        self.conversation = Conversation()
        self.audible = False
        self.conversation.send(m.SessionUpdate(session={}), 0.0)
        self.conversation.receive(m.SessionReady(session_id="s"), 0.0)

    def says(self, reply_id, words, at):
        self.conversation.receive(m.ReplyStarted(reply_id=reply_id), at)
        for text, ms in words:
            self.conversation.receive(
                m.TranscriptAgentDelta(reply_id=reply_id, delta=text, start_ms=ms, end_ms=None), at
            )
        self.conversation.receive(m.ReplyAudio(reply_id=reply_id, data=SOUND), at)


def notice(work):
    async def main():
        room, ear = Room(), CallerEar()
        return await work(room, ear, Attention(room, ear))

    return run_virtually(main, start=LOOP)  # the conversation has a clock of its own


def test_with_the_ear_the_first_audible_sample_counts():
    async def work(room, ear, attention):
        ear.open(lambda note: None)
        room.says("r", [("Well,", 1000)], 0.0)
        ear.play("r", SOUND)
        await asyncio.sleep(BUFFER + 0.9)
        before = attention.begins(0)
        await asyncio.sleep(0.15)
        return before, attention.begins(0), attention.begins(1), attention.word("well", 0.0)

    assert notice(work) == (False, True, False, LOOP + BUFFER + 1.0)


def test_without_it_the_room_that_becomes_audible():
    async def work(room, ear, attention):
        room.says("r", [("Well,", 1000)], 0.0)
        before = attention.begins(0), attention.word("well", 0.0)
        room.audible = True
        await asyncio.sleep(0.5)
        attention.look()
        return before, attention.begins(0), attention.word("well", 0.0)

    assert notice(work) == ((False, None), True, LOOP + 1.5)


@pytest.mark.parametrize(
    ("phrase", "since", "when"),
    [
        ("on friday", 0.0, 1.0),
        ("On Friday", 1.5, 2.0),
        ("Friday or", 0.0, 2.0),
        ("no friday", 0.0, None),
        ("sunday", 0.0, math.inf),
    ],
)
def test_words_in_a_row_from_a_moment_on(phrase, since, when):
    async def work(room, ear, attention):
        said = [("On", 1000), ("Friday.", 1200), ("No,", 1500), ("on Friday!", 2000), ("Or Sunday", None)]
        room.says("r", said, 0.0)
        room.audible = True
        attention.look()
        at = attention.word(phrase, LOOP + since)
        return at if at is None else at - LOOP

    assert notice(work) == when
