"""A service whose agent hums: a voice without any pause, so that each pause in it was made on the way."""

from array import array
from base64 import b64decode
from collections import defaultdict
from math import pi, sin
from threading import Event

from telling import TellingEmulator

from voicenb.emulator.mouth import Clause, Word

RATE = 24_000

PERIOD = 128 / 3
"""Samples in a period of the tone: three fit into a render quantum, so each is equally loud."""

LOUD = 8000 / 32768 / 2**0.5
"""Root mean square of the tone."""

WORD = 1.0
"""Seconds for which a word is hummed."""

HOLD = "Hold"
"""The word in front of which the mouth waits until it is told to go on."""

_TONE = array("h", (round(8000 * sin(2 * pi * n / PERIOD)) for n in range(RATE))).tobytes()


def hum(seconds):
    """A text that is hummed for so long."""
    return " ".join(["la"] * round(seconds / WORD)) + "."


class Hum:
    """A mouth that hums a second for each word."""

    name = "hum"
    cost = 0.0

    def __init__(self):
        self.go_on = Event()

    def say(self, text, voice):
        del voice
        words = text.split()
        if HOLD in words:
            self.go_on.wait(60)
        places = (Word(word, n * WORD, (n + 1) * WORD) for n, word in enumerate(words))
        return Clause(text, _TONE * len(words), tuple(places))


class HummingEmulator(TellingEmulator):
    """Hums, and notes when it has sent what.

    Attributes:
        sent: by reply, in order: when each piece of sound had gone out, in epoch seconds, and its samples.
    """

    def __init__(self, **parts):
        self.mouth = Hum()
        self.sent = defaultdict(list)
        super().__init__(mouth=self.mouth, leading_silence=0, **parts)

    def told(self, event, at):
        if event["type"] == "reply.audio":
            self.sent[event["reply_id"]].append((at, len(b64decode(event["data"])) // 2))

    @property
    def voice(self):
        """What was sent of the reply that was sent last."""
        return list(self.sent[next(reversed(self.sent))]) if self.sent else []

    def stop(self):
        self.mouth.go_on.set()
        super().stop()
