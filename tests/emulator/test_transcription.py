from __future__ import annotations

import asyncio

import numpy as np
import pytest

from voicenb.audio.processor import InPlaceProcessor
from voicenb.emulator.budget import Budget
from voicenb.emulator.transcription import Transcription
from voicenb.testing.virtual_clock import run_virtually


class Track:
    """A track whose samples say where they are from: the ears read the stretch off them."""

    def stretch(self, start, end):
        return np.array([start, end], np.float32)


class Ears:
    name = "ears"

    def __init__(self, cost=0.0):
        self.cost = cost
        self.asked = []

    def transcribe(self, samples, keyterms=(), expected=()):
        start, end = (round(float(value), 2) for value in samples)
        self.asked.append((start, end))
        return f"{start}-{end}"


@pytest.fixture
def run():
    """Runs a test with a transcription and its ears; what it told is in ``told``."""

    def start(test, **options):
        told: list[str] = []
        ears = Ears()

        async def main():
            words = Transcription(
                Track(),
                ears,
                Budget(InPlaceProcessor()),
                (),
                asyncio.get_running_loop().create_task,
                lambda words: told.append(words.text),
                **options,
            )
            await test(words, ears, told)

        run_virtually(main)

    return start


async def speak(words, start, end):
    """Speech frame by frame, in real time."""
    at = start
    while at < end:
        at += 0.032
        await asyncio.sleep(0.032)
        words.speaking(at)
    await asyncio.sleep(0.01)


def test_partials_every_half_second_and_the_final_once(run):
    async def test(words, ears, told):
        words.begin(1.0)
        await speak(words, 1.0, 2.7)
        assert [round(end - 1.0, 1) for _, end in ears.asked] == [0.5, 1.0, 1.5]
        assert {start for start, _ in ears.asked} == {0.65}
        words.pausing(2.7)
        words.pausing(2.7)
        assert await words.final(2.7) == "0.65-2.8"
        assert len(ears.asked) == 4
        assert told[-1] == words.text == "0.65-2.8"
        assert words.covers == 2.7

    run(test)


def test_over_the_agent_the_first_partial_comes_sooner(run):
    async def test(words, ears, told):
        words.begin(1.0)
        await speak(words, 1.0, 1.4)
        assert len(ears.asked) == 1

    run(test, eager=True)


def test_a_short_pause_goes_on_with_the_segment(run):
    async def test(words, ears, told):
        words.begin(1.0)
        words.pausing(2.0)
        await asyncio.sleep(0.1)
        words.resumed(2.3, 2.0)
        assert await words.final(3.0) == "0.65-3.1"

    run(test)


def test_a_long_pause_closes_the_segment_and_its_words_stay(run):
    async def test(words, ears, told):
        words.begin(1.0)
        words.pausing(2.0)
        await asyncio.sleep(0.1)
        words.resumed(2.6, 2.0)
        await speak(words, 2.6, 3.2)
        assert words.text == "0.65-2.1 2.25-3.11"
        assert await words.final(3.2) == "0.65-2.1 2.25-3.3"
        assert ears.asked.count((0.65, 2.1)) == 1

    run(test)


def test_speech_without_a_pause_is_cut_where_it_is(run):
    async def test(words, ears, told):
        words.begin(0.0)
        await speak(words, 0.0, 50.0)
        assert max(end - start for start, end in ears.asked) < 24.5
        text = await words.final(50.0)
        assert len(text.split()) == 3

    run(test)


def test_busy_while_the_recogniser_works(run):
    async def test(words, ears, told):
        ears.cost = 10_000.0
        words.begin(1.0)
        assert not words.busy
        words.pausing(2.0)
        await asyncio.sleep(0)
        assert words.busy
        await words.final(2.0)
        assert not words.busy

    run(test)
