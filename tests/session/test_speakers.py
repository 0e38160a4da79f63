"""Captured and Muted on the virtual clock: what is heard when, to the sample."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import numpy as np
import pytest

from voicenb.recording.loudness import RAMP
from voicenb.session.microphone import RATE
from voicenb.session.speaker import Ducked, Heard
from voicenb.session.speakers import Captured, Muted
from voicenb.testing.virtual_clock import run_virtually


def play(
    tell: Callable[[Muted], Awaitable[None]], speaker: Muted | None = None
) -> tuple[list[tuple[str, int, int, float]], Muted]:
    speaker = speaker or Captured(buffer=0.1)
    notes: list[Heard] = []

    async def main() -> None:
        speaker.open(lambda note: notes.append(note) if isinstance(note, Heard) else None)
        await tell(speaker)
        speaker.close()

    run_virtually(main)
    return [(note.reply_id, note.start, note.stop, round(note.at, 6)) for note in notes], speaker


def ones(seconds: float) -> bytes:
    return b"\x00\x40" * round(seconds * RATE)


def test_a_reply_is_one_stretch_however_its_chunks_come() -> None:
    async def tell(speaker: Muted) -> None:
        for _ in range(50):
            speaker.play("r1", ones(0.01))
            await asyncio.sleep(0.0101)
        assert speaker.audible
        await asyncio.sleep(1)
        assert not speaker.audible

    notes, _ = play(tell)
    assert notes == [("r1", 0, 12_000, 0.1)]


def test_the_note_comes_when_it_was_heard() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        heard: asyncio.Future[float] = loop.create_future()
        speaker = Captured(buffer=0.1)
        speaker.open(lambda note: heard.set_result(loop.time()))
        speaker.play("r1", ones(0.5))
        return await heard

    assert run_virtually(main) == pytest.approx(0.6)


def test_a_burst_is_played_at_real_time_and_cut_to_the_sample() -> None:
    async def tell(speaker: Muted) -> None:
        speaker.play("r1", ones(10))
        await asyncio.sleep(1.1)
        speaker.flush()
        assert not speaker.audible
        await asyncio.sleep(20)

    notes, speaker = play(tell)
    assert notes == [("r1", 0, RATE, 0.1)]
    assert isinstance(speaker, Captured)
    assert len(speaker.heard()) == round(1.1 * RATE)


def test_what_was_not_begun_is_not_heard() -> None:
    async def tell(speaker: Muted) -> None:
        speaker.play("r1", ones(1))
        await asyncio.sleep(0.05)
        speaker.flush()

    assert play(tell)[0] == []


def test_replies_follow_each_other() -> None:
    async def tell(speaker: Muted) -> None:
        speaker.play("r1", ones(1))
        speaker.play("r2", ones(1))
        await asyncio.sleep(3)

    assert play(tell)[0] == [("r1", 0, RATE, 0.1), ("r2", 0, RATE, 1.1)]


def test_a_stall_leaves_a_hole_where_it_was() -> None:
    async def tell(speaker: Muted) -> None:
        speaker.play("r1", ones(0.5))
        await asyncio.sleep(2)
        speaker.play("r1", ones(0.5))
        await asyncio.sleep(2)

    notes, speaker = play(tell)
    assert notes == [("r1", 0, 12_000, 0.1), ("r1", 12_000, 24_000, 2.1)]
    assert isinstance(speaker, Captured)
    heard = speaker.heard()
    assert len(heard) == round(2.6 * RATE)
    assert set(np.flatnonzero(heard)) == {*range(2400, 14_400), *range(50_400, 62_400)}
    assert heard.max() == pytest.approx(0.5)


def test_the_end_of_the_session_notes_what_was_heard_last() -> None:
    async def tell(speaker: Muted) -> None:
        speaker.play("r1", ones(1))
        await asyncio.sleep(0.6)

    assert play(tell)[0] == [("r1", 0, 12_000, 0.1)]


def test_muted_takes_its_time_and_keeps_nothing() -> None:
    async def tell(speaker: Muted) -> None:
        speaker.play("r1", ones(1))
        speaker.play("r1", b"")
        speaker.done("r1")
        await asyncio.sleep(2)

    notes, speaker = play(tell, Muted())
    assert notes == [("r1", 0, RATE, 0.1)]
    assert not hasattr(speaker, "stretches")


def test_before_it_is_opened_nothing_is_heard() -> None:
    speaker = Captured()
    speaker.flush()
    assert not speaker.audible
    assert speaker.heard().shape == (0,)


def test_a_voice_that_is_made_quieter_is_heard_so() -> None:
    async def tell(speaker: Muted) -> None:
        speaker.play("r1", ones(3))
        await asyncio.sleep(1.1)
        speaker.duck(0.2)
        await asyncio.sleep(0.5)
        speaker.duck(1.0)
        await asyncio.sleep(2)

    speaker = Captured(buffer=0.1)
    notes: list[object] = []

    async def main() -> None:
        speaker.open(notes.append)
        await tell(speaker)
        speaker.close()

    run_virtually(main)
    assert notes[:2] == [Ducked(0.2, pytest.approx(1.1)), Ducked(1.0, pytest.approx(1.6))]
    heard = speaker.heard() / 0.5
    ramp, begin, end = round(RAMP * RATE), round(1.1 * RATE), round(1.6 * RATE)
    assert heard[2400:begin] == pytest.approx(1.0)
    assert heard[begin + ramp : end] == pytest.approx(0.2, abs=1e-3)
    assert heard[end + ramp :] == pytest.approx(1.0)
    # No step in between: it gets there in the ramp.
    assert np.abs(np.diff(heard[2400:])).max() < 1.1 * 0.8 / ramp


def test_a_quieter_voice_is_cut_where_it_is_flushed() -> None:
    async def tell(speaker: Muted) -> None:
        speaker.play("r1", ones(3))
        await asyncio.sleep(0.6)
        speaker.duck(0.2)
        await asyncio.sleep(0.5)
        speaker.flush()
        speaker.duck(1.0)
        speaker.play("r2", ones(1))
        await asyncio.sleep(2)

    _, speaker = play(tell)
    assert isinstance(speaker, Captured)
    quiet, loud = (np.frombuffer(bytes(each.pcm), "<i2") / 16384 for each in speaker.stretches)
    assert (quiet.min(), quiet.max()) == (pytest.approx(0.2, abs=1e-3), pytest.approx(1.0))
    assert loud[round(RAMP * RATE) :] == pytest.approx(1.0)
