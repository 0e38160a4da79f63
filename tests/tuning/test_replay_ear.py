"""The ear of a replayed caller hears what the analysis measures."""

import asyncio

import numpy as np
import pytest

from voicenb.audio.pcm import to_pcm
from voicenb.session.speakers import BUFFER
from voicenb.testing.virtual_clock import run_virtually
from voicenb.tuning.replay_ear import Ear

RATE = 24_000
CHUNK = 960


def voice(before=0.1, sounding=0.5, behind=0.2):
    """Silence, a tone, silence."""
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(round(sounding * RATE)) / RATE)
    parts = [np.zeros(round(before * RATE)), tone, np.zeros(round(behind * RATE))]
    return to_pcm(np.concatenate(parts).astype(np.float32))


def play(ear, name, pcm, chunk=CHUNK):
    for at in range(0, len(pcm), chunk):
        ear.play(name, pcm[at : at + chunk])


def listening(work):
    async def main():
        ear = Ear()
        ear.open(lambda note: None)
        return await work(ear)

    return run_virtually(main, start=5.0)


@pytest.mark.parametrize("chunk", [480, 960, 962, 100_000])
def test_the_first_and_the_last_audible_sample(chunk):
    async def work(ear):
        assert ear.last is None
        assert ear.begun("r") is None
        play(ear, "r", voice(), chunk)
        return ear.begun("r"), ear.ended("r"), ear.last

    begun, ended, last = listening(work)
    assert begun == pytest.approx(5.0 + BUFFER + 0.1, abs=1e-6)
    assert ended == last == pytest.approx(5.0 + BUFFER + 0.6, abs=1e-6)


def test_silence_has_neither():
    async def work(ear):
        ear.play("r", bytes(4800))
        ear.play("r", b"")
        return ear.begun("r"), ear.ended("r")

    assert listening(work) == (None, None)


def test_what_is_cut_off_ends_there():
    async def work(ear):
        play(ear, "r", voice())
        play(ear, "s", voice())
        await asyncio.sleep(0.4)
        ear.flush()
        return ear.begun("r"), ear.ended("r"), ear.begun("s"), ear.last

    begun, ended, never, last = listening(work)
    assert begun == pytest.approx(5.2, abs=1e-6)
    assert ended == last == pytest.approx(5.4, abs=1e-6)
    assert never is None


def test_a_hole_moves_what_comes_behind_it():
    async def work(ear):
        pcm = voice(behind=0.0)
        play(ear, "r", pcm[: 2 * round(0.3 * RATE)])
        await asyncio.sleep(1.0)
        play(ear, "r", pcm[2 * round(0.3 * RATE) :])
        return ear.begun("r"), ear.ended("r")

    begun, ended = listening(work)
    assert begun == pytest.approx(5.2, abs=1e-6)
    assert ended == pytest.approx(6.0 + BUFFER + 0.3, abs=1e-6)


def test_when_a_sample_is_heard():
    async def work(ear):
        ear.play("r", voice())
        at = ear.at("r", 2400), ear.at("r", RATE), ear.at("other", 0)
        ear.flush()
        return at, ear.at("r", 2400)

    assert listening(work) == ((pytest.approx(5.0 + BUFFER + 0.1), None, None), None)
