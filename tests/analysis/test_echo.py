"""The agent that hears itself: its own voice comes back, by itself or while somebody speaks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

import voicenb as vn
from voicenb.analysis.echo import ITSELF, likeness
from voicenb.analysis.interruption import Interruption
from voicenb.analysis.measure import Measure
from voicenb.audio.pcm import to_pcm
from voicenb.session.microphone import FRAME, RATE, Microphone, Room
from voicenb.session.speakers import Captured
from voicenb.widgets.echo_notice import HEARS_ITSELF

from .conftest import CLIPS, LABELS

TOLD = (
    "We have a table by the window at seven, another one in the garden at half past eight, and if none of "
    "these suits you, the kitchen is open until eleven and you may simply come by."
)
AGENT = vn.Agent(name="Lido", system_prompt="Short.", greeting=TOLD)


class Loudspeaker(Captured):
    """What the agent says comes back to the microphone.

    Args:
        db: how loud it comes back.
        delay: seconds that it takes.
    """

    def __init__(self, db: float, delay: float) -> None:
        super().__init__()
        self.gain = 10 ** (db / 20)
        self.delay = delay

    def echo(self, end: float, samples: int) -> np.ndarray:
        """What comes back in that many samples up to a second of the loop."""
        begin = round((end - self.delay) * RATE) - samples
        out = np.zeros(samples)
        for stretch in (*self.stretches, *self._queue):
            voice = np.frombuffer(bytes(stretch.pcm), "<i2") / 32768
            place = round(stretch.at * RATE) - begin
            low, high = max(0, place), min(samples, place + len(voice))
            if low < high:
                out[low:high] += voice[low - place : high - place]
        return self.gain * out


class Beside:
    """A microphone that hears the loudspeaker, and whoever speaks.

    Args:
        speaker: the loudspeaker.
        person: what a person says, where there is one; else it hangs up after some seconds.
    """

    label = "beside the loudspeaker"

    def __init__(self, speaker: Loudspeaker, person: Microphone | None = None, seconds: float = 9.0) -> None:
        self.speaker = speaker
        self.person = person or vn.Silence()
        self.seconds = seconds if person is None else float("inf")

    async def frames(self, room: Room) -> AsyncIterator[bytes]:
        """Both."""
        loop = asyncio.get_running_loop()
        begin = loop.time()
        async for frame in self.person.frames(room):
            now = loop.time()
            if now - begin > self.seconds:
                return
            said = np.frombuffer(frame, "<i2") / 32768
            yield to_pcm(np.clip(said + self.speaker.echo(now, FRAME), -1, 1))


def interruptions(recording: vn.Recording) -> list[Interruption]:
    measure = Measure(recording)
    measure.refresh()
    found = [measure.interruption(exchange) for exchange in measure.exchanges.all]
    itself = measure.self_interruptions()
    assert itself == [each for each in found if each is not None and each.by_itself]
    return [each for each in found if each is not None]


@pytest.mark.parametrize("db", [-6.0, -20.0])
@pytest.mark.parametrize("delay", [0.05, 0.25])
def test_an_agent_that_hears_itself_is_found_out(db: float, delay: float) -> None:
    speaker = Loudspeaker(db, delay)
    call = vn.run(AGENT, Beside(speaker), brain=lambda text: TOLD, speaker=speaker)
    found = interruptions(call)
    assert found
    assert all(each.by_itself for each in found), [each.likeness for each in found]


@pytest.mark.parametrize("clip", sorted(LABELS))
@pytest.mark.parametrize("db", [-100.0, -45.0], ids=["headphones", "a little echo"])
def test_a_person_who_interrupts_is_none(clip: str, db: float) -> None:
    speaker = Loudspeaker(db, 0.1)
    script = vn.Caller([vn.BargeIn(vn.WavFile(CLIPS / clip), after=1.5), vn.Answer()])
    call = vn.run(AGENT, Beside(speaker, script), brain=["I see."], speaker=speaker)
    (one,) = interruptions(call)
    assert not one.by_itself, one.likeness


def test_the_same_voice_with_other_words_is_none() -> None:
    speaker = Loudspeaker(-100.0, 0.1)
    words = "No wait, what about Saturday instead, for my whole family?"
    script = vn.Caller([vn.BargeIn(vn.Says(words, voice="ivy"), after=1.5), vn.Answer()])
    agent = AGENT.replace(voice="ivy")
    (one,) = interruptions(vn.run(agent, Beside(speaker, script), brain=["I see."], speaker=speaker))
    assert not one.by_itself, one.likeness


def test_the_panel_says_so_once_and_python_can_ask(tmp_path: Path) -> None:
    speaker = Loudspeaker(-12.0, 0.1)
    with vn.Emulator(brain=lambda text: TOLD) as emulator:
        talk = vn.Talk(AGENT, emulator, recording=tmp_path / "call")
        assert not talk.hears_itself
        talk._feed.watch()  # somebody looks at the panel
        noticed = threading.Event()
        talk.observe(lambda change: change.new.get("notice") and noticed.set(), "_state")
        talk.start(Beside(speaker, seconds=60), speaker=speaker)
        try:
            assert noticed.wait(30), talk._state
        finally:
            talk.end()
    assert talk._state["notice"] == HEARS_ITSELF
    assert talk.hears_itself
    told = [line["text"] for line in talk._feed.lines() if line["role"] == "yield"]
    assert told
    assert all(text.startswith("the agent heard itself · silent") for text in told)


def test_too_little_tells_nothing() -> None:
    nothing = np.zeros(0, np.int16)
    second = np.zeros(RATE, np.int16)
    assert likeness(nothing, nothing) == 0.0
    assert likeness(second, second) == 0.0
    noise = np.random.default_rng(1).integers(-9000, 9000, RATE).astype(np.int16)
    assert likeness(noise, noise) > ITSELF
    assert likeness(noise[: RATE // 10], noise[: RATE // 10]) == 0.0
