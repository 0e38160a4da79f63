"""The ear tells what is heard at any moment, holes, flushes and gains included."""

import asyncio

import numpy as np

from voicenb.audio.pcm import to_float, to_pcm
from voicenb.session.speakers import BUFFER
from voicenb.testing.caller_ear import CallerEar
from voicenb.testing.virtual_clock import run_virtually

RATE = 24_000
VOICE = to_pcm(0.3 * np.sin(np.arange(RATE) / 7))  # a second


def listening(work, **options):
    async def main():
        ear = CallerEar(**options)
        assert not ear.hears
        ear.open(lambda note: None)
        assert ear.hears
        return await work(ear)

    return run_virtually(main, start=5.0)


def test_the_sound_between_two_moments_is_what_is_heard_then():
    async def work(ear):
        ear.play("r", VOICE)
        begun = 5.0 + BUFFER
        assert ear.at("r", 12_000) == begun + 0.5
        assert ear.at("r", RATE) is None  # has not come
        assert ear.at("other", 0) is None
        await asyncio.sleep(0.7)
        now = ear.between(begun - 0.1, begun + 0.5)
        await asyncio.sleep(1.0)
        ear.play("s", VOICE)
        return now, ear.between(begun - 0.1, begun + 0.5), ear.between(begun + 0.9, begun + 1.1)

    now, later, end = listening(work, keeps=True)
    assert not now[:2400].any()
    np.testing.assert_array_equal(now[2400:], to_float(VOICE)[:12_000])
    np.testing.assert_array_equal(later, now)
    assert end[:2400].any()
    assert not end[2400:].any()


def test_what_is_flushed_was_not_heard_and_what_is_quieter_is_quieter():
    async def work(ear):
        ear.play("r", VOICE)
        await asyncio.sleep(BUFFER + 0.2)
        ear.duck(0.5)
        await asyncio.sleep(0.2)
        ear.flush()
        await asyncio.sleep(0.2)
        assert ear.at("r", 12_000) is None
        return ear.between(5.0 + BUFFER, 5.0 + BUFFER + 0.6)

    heard, whole = listening(work, keeps=True), to_float(VOICE)
    np.testing.assert_array_equal(heard[:4800], whole[:4800])
    np.testing.assert_allclose(heard[6000:9500], whole[6000:9500] / 2, atol=1e-4)
    assert not heard[9601:].any()


def test_a_session_after_another_begins_anew():
    async def work(ear):
        ear.play("r", VOICE)
        await asyncio.sleep(2)
        ear.close()
        assert not ear.hears
        ear.open(lambda note: None)
        assert ear.begun("r") is None
        return ear.between(5.0, 6.5)

    assert not listening(work, keeps=True).any()
