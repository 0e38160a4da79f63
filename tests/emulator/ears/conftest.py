"""Real ears, real clips cut at their labels, and what was said in them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from voicenb.audio.resample import resample
from voicenb.audio.wav import read_wav
from voicenb.emulator.voices.piper import Piper

AUDIO = Path(__file__).parents[2] / "data" / "audio"
RATE = 16_000

SAID = {
    "austen-0870": "and mister john dashwood had then leisure to consider how much there might be prudently "
    "in his power to do for them",
    "austen-0880": "he was not an ill disposed young man",
    "austen-0890": "unless to be rather cold hearted and rather selfish is to be ill disposed",
    "austen-0920": "had he married a more amiable woman he might have been made still more respectable than "
    "he was",
    "austen-0930": "he might even have been made amiable himself",
    "cards-001": "ten of clubs",
    "cards-002": "four queen of clubs",
    "cards-003": "seven of clubs",
    "cards-004": "five five",
    "cards-005": "eight of spades four of clubs seven of hearts",
    "go-forward": "go forward ten meters",
}


def words_of(text):
    return re.findall(r"[a-z0-9']+", text.lower().replace("mr.", "mister").replace("-", " "))


def word_errors(said, heard):
    """Substitutions, insertions and deletions between two texts."""
    said, heard = words_of(said), words_of(heard)
    costs = list(range(len(heard) + 1))
    for row, left in enumerate(said, start=1):
        before, costs = costs, [row]
        for column, right in enumerate(heard, start=1):
            costs.append(
                min(before[column] + 1, costs[-1] + 1, before[column - 1] + (left != right)),
            )
    return costs[-1]


class Clips:
    """The eleven clips at 16 kHz, cut 0.2 s before and 0.1 s behind the speech."""

    said = SAID
    errors = staticmethod(word_errors)

    def __init__(self):
        with (AUDIO / "labels.csv").open() as file:
            labels = {row["file"].removesuffix(".wav"): row for row in csv.DictReader(file)}
        self.samples = {}
        for name in SAID:
            whole, rate = read_wav(AUDIO / f"{name}.wav")
            start = max(0.0, float(labels[name]["onset"]) - 0.2)
            stop = float(labels[name]["offset"]) + 0.1
            whole = resample(whole, rate, RATE)
            self.samples[name] = whole[int(start * RATE) : int(stop * RATE)]

    def wrong(self, ears, group, keyterms=(), change=lambda samples: samples):
        """Word errors of ``ears`` over the clips whose names begin with ``group``."""
        return sum(
            word_errors(SAID[name], ears.transcribe(change(samples), keyterms))
            for name, samples in self.samples.items()
            if name.startswith(group)
        )


@pytest.fixture(scope="session")
def clips():
    return Clips()


@pytest.fixture(scope="session")
def spoken():
    """A function that says a sentence in a voice, as samples at 16 kHz."""
    mouth = Piper(quiet=True)

    def say(text, voice="ivy"):
        pcm = mouth.say(text, voice).pcm
        return resample(np.frombuffer(pcm, "<i2").astype(np.float32) / 32768, 24_000, RATE)

    return say
