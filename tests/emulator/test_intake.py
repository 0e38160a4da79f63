"""A client's sound on its way in."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from voicenb.audio.pcm import to_pcm
from voicenb.audio.wav import wav_bytes
from voicenb.emulator.clock import Stamps
from voicenb.emulator.hearing import Hearing
from voicenb.emulator.intake import STRETCH, Intake
from voicenb.emulator.profiles import CONTRACT
from voicenb.testing.virtual_clock import run_virtually

SECOND = bytes(48_000)


class Stand:
    """An intake with stand-ins around it; keeps what was heard, kept and refused."""

    def __init__(self, *, enforced=True):
        self.heard, self.kept, self.refused = [], [], []
        resources = SimpleNamespace(stamps=Stamps(0.0), profile=replace(CONTRACT, rate_enforced=enforced))
        self.intake = Intake(resources, self.refused.append)

    def open(self):
        turns = SimpleNamespace(hearing=Hearing("audio/pcm"), hear=self.heard.append)
        self.intake.open(turns, self.kept.append)

    async def send(self, audio):
        self.intake.take(audio)
        await self.intake.hear()


def on_stand(play, **options):
    stand = Stand(**options)
    run_virtually(lambda: play(stand), limit=600)
    return stand


def test_outside_of_a_conversation_sound_is_discarded_without_a_word():
    async def play(stand):
        await stand.send(SECOND)
        stand.open()
        await stand.send(SECOND)
        stand.intake.close()
        await stand.send(SECOND)

    stand = on_stand(play)
    assert (stand.heard, stand.kept, stand.refused) == ([SECOND], [SECOND], [])
    assert stand.intake.received == 1


def test_half_a_sample_is_refused_and_nothing_of_it_is_heard():
    async def play(stand):
        stand.open()
        await stand.send(b"abc")

    stand = on_stand(play)
    assert [refusal.code for refusal in stand.refused] == ["invalid_audio"]
    assert (stand.heard, stand.intake.received) == ([], 0)


def test_a_wav_file_is_refused_by_its_header_and_raw_samples_are_not():
    samples = np.full(2400, 0.1, np.float32)
    raw = to_pcm(samples)

    async def play(stand):
        stand.open()
        await stand.send(wav_bytes(samples, 24_000))
        await stand.send(raw)
        await stand.send(b"RIFF" + raw)  # samples that happen to begin so

    stand = on_stand(play)
    assert [(refusal.code, refusal.close) for refusal in stand.refused] == [("invalid_audio", None)]
    assert stand.heard == [raw, b"RIFF" + raw]
    assert stand.intake.received == pytest.approx((4800 + 4804) / 48_000)


def test_too_fast_is_told_once_until_it_is_not():
    async def play(stand):
        stand.open()
        for _ in range(13):
            await stand.send(SECOND)
        await asyncio.sleep(2)
        await stand.send(SECOND)
        for _ in range(3):
            await stand.send(SECOND)

    stand = on_stand(play)
    assert [refusal.code for refusal in stand.refused] == ["audio_rate_violation"] * 2
    assert stand.intake.received == 12


def test_who_comes_back_begins_anew():
    async def play(stand):
        stand.open()
        for _ in range(10):
            await stand.send(SECOND)
        stand.intake.begin()
        for _ in range(10):
            await stand.send(SECOND)

    assert on_stand(play).refused == []


def test_a_long_message_is_heard_in_stretches_and_what_is_left_at_once():
    async def play(stand):
        stand.open()
        hearing = asyncio.create_task(stand.send(SECOND * 5))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert stand.heard == [bytes(STRETCH)] * 2
        stand.intake.hear_out()
        await hearing

    stand = on_stand(play, enforced=False)
    assert [len(audio) for audio in stand.heard] == [STRETCH, STRETCH, 3 * STRETCH]
    assert stand.kept == [SECOND * 5]
