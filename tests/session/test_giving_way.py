"""What becomes of the agent's voice while the caller speaks over it: real speech, on the virtual clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scripted_service import Peer, ScriptedService

from voicenb.audio.pcm import to_pcm
from voicenb.audio.processor import InPlaceProcessor
from voicenb.audio.wav import load_wav
from voicenb.errors import InvalidConfiguration
from voicenb.session.asgi import connector
from voicenb.session.commands import perform
from voicenb.session.engine import Engine
from voicenb.session.giving_way import GAIN, RESTS
from voicenb.session.microphone import RATE
from voicenb.session.microphones import Spoken
from voicenb.session.speakers import BUFFER, Captured
from voicenb.testing.virtual_clock import run_virtually
from voicenb.turn_taking.ducking import TRIES, WINDOW

CLIPS = Path(__file__).parents[1] / "data" / "audio"
CARDS = load_wav(CLIPS / "cards-001.wav").samples
LABEL = 0.186  # seconds of that clip until it is heard, as set by hand in labels.csv
TONE = to_pcm((0.3 * np.sin(2 * np.pi * 300 * np.arange(12 * RATE) / RATE)).astype(np.float32))
BEGINS = 3.0
"""Seconds after the session is ready until the caller's clip begins."""

Tell = Callable[["Held"], Awaitable[None]]


class Held:
    """An engine whose agent hums for twelve seconds, and whose caller says something over it."""

    def __init__(
        self,
        mode: Any = "duck",
        script: Callable[[Peer], Awaitable[None]] | None = None,
        said: bytes | None = None,
        speaker: Any = None,
        processor: Any = None,
    ) -> None:
        self.events: list[dict[str, Any]] = []
        self.speaker = Captured() if speaker is None else speaker
        self.service = ScriptedService(script or humming())
        self.engine = Engine(
            self.service.address(),
            {},
            connect=connector(self.service.app),
            microphone=Spoken(to_pcm(CARDS) if said is None else said, "caller", before=BEGINS),
            speaker=self.speaker,
            publish=self.events.append,
            barge_in=mode,
            processor=processor or InPlaceProcessor(),
        )

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [{"t": event["t"], **event["msg"]} for event in self.events if event["type"] == kind]

    def loudness(self, begin: float, end: float) -> float:
        """Of what was heard between two moments, against the hum as it came."""
        track = self.speaker.heard()[round(begin * RATE) : round(end * RATE)]
        return float(np.sqrt(np.mean(track**2))) / (0.3 / np.sqrt(2))


def humming(*, starts: float | None = None, done: bool = True, **config: Any) -> Any:
    """A service whose agent hums; ``starts``: when it hears the caller, in seconds behind the beginning."""

    async def script(peer: Peer) -> None:
        await peer.ready(**config)
        await peer.reply("r1", "Hum.", TONE, status="completed" if done else None)
        if starts is not None:
            await asyncio.sleep(starts)
            await peer.say("input.speech.started")
        await peer.goodbye()

    return script


def hold(held: Callable[[], Held], tell: Tell | None = None, seconds: float = 14.0) -> Held:
    async def main() -> Held:
        made = held()
        running = asyncio.create_task(made.engine.run())
        if tell is not None:
            await tell(made)
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, seconds - loop.time()))
        await made.engine.end()
        await running
        return made

    return run_virtually(main, limit=600)


ONSET = BEGINS + LABEL


def test_the_voice_is_quieter_as_soon_as_the_caller_is_heard_and_back_when_nobody_confirms() -> None:
    held = hold(Held)
    quieter, back = held.told("duck")
    assert quieter["gain"] == GAIN
    assert quieter["onset"] == pytest.approx(ONSET, abs=0.2)  # this one begins softly
    assert quieter["t"] - quieter["onset"] < 0.12
    assert back == {
        "t": pytest.approx(quieter["onset"] + WINDOW, abs=0.001),
        "gain": 1.0,
        "why": "unconfirmed",
    }
    assert [note["gain"] for note in held.told("ducked")] == [GAIN, 1.0]
    assert held.loudness(1.0, quieter["t"]) == pytest.approx(1.0, abs=0.01)
    assert held.loudness(quieter["t"] + 0.03, back["t"]) == pytest.approx(GAIN, abs=0.01)
    assert held.loudness(back["t"] + 0.03, 11.0) == pytest.approx(1.0, abs=0.01)


def test_it_is_silent_when_the_service_confirms() -> None:
    held = hold(lambda: Held(script=humming(starts=ONSET + 1.6)))
    quieter, back = held.told("duck")
    (started,) = held.told("input.speech.started")
    assert (back["t"], back["why"]) == (started["t"], "confirmed")
    assert held.loudness(quieter["t"] + 0.03, started["t"]) == pytest.approx(GAIN, abs=0.01)
    assert len(held.speaker.heard()) == round(started["t"] * RATE)


def test_what_is_said_next_is_as_loud_as_ever() -> None:
    async def script(peer: Peer) -> None:
        await humming_until(peer, ONSET + 0.6)
        await peer.reply("r2", "Hum.", TONE)
        await peer.goodbye()

    async def humming_until(peer: Peer, moment: float) -> None:
        await peer.ready()
        await peer.reply("r1", "Hum.", TONE)
        await asyncio.sleep(moment)
        await peer.say("input.speech.started")
        await asyncio.sleep(1.0)

    held = hold(lambda: Held(script=script))
    assert held.loudness(ONSET + 1.8, 12.0) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("mode", ["flush", "wait"])
def test_without_an_ear_nothing_is_made_quieter(mode: str) -> None:
    held = hold(lambda: Held(mode))
    assert held.told("duck") == held.told("ducked") == []
    assert held.loudness(1.0, 11.0) == pytest.approx(1.0, abs=0.001)


@pytest.mark.parametrize("mode", ["duck", "flush", "wait"])
def test_where_the_caller_may_not_interrupt_nothing_happens_at_all(mode: str) -> None:
    settings = {"input": {"turn_detection": {"interrupt_response": False}}}
    held = hold(lambda: Held(mode, humming(starts=ONSET + 1.0, **settings)))
    assert held.told("duck") == []
    assert len(held.speaker.heard()) >= 12 * RATE
    assert held.loudness(1.0, 11.0) == pytest.approx(1.0, abs=0.001)


def test_who_waits_is_silent_when_the_reply_is_interrupted() -> None:
    async def script(peer: Peer) -> None:
        await peer.ready()
        await peer.reply("r1", "Hum.", TONE, status=None)
        await asyncio.sleep(5.0)
        await peer.say("input.speech.started")
        await asyncio.sleep(1.0)
        await peer.say("reply.done", reply_id="r1", status="interrupted")
        await peer.goodbye()

    silent = {mode: len(hold(lambda: Held(mode, script)).speaker.heard()) for mode in ("flush", "wait")}  # noqa: B023
    assert silent["wait"] - silent["flush"] == RATE


def test_the_mode_is_told_where_it_is_not_the_usual_one() -> None:
    assert hold(lambda: Held("duck"), seconds=1.0).told("barge_in") == [{"t": 0.0, "mode": "duck"}]
    assert hold(lambda: Held("flush"), seconds=1.0).told("barge_in") == []


def test_it_can_be_changed_while_the_call_runs() -> None:
    async def tell(held: Held) -> None:
        await asyncio.sleep(1.0)
        number = await perform(held.engine, {"do": "barge_in", "mode": "duck"})
        assert held.events[number or 0]["type"] == "barge_in"
        await asyncio.sleep(3.0)
        await perform(held.engine, {"do": "barge_in", "mode": "flush"})

    held = hold(lambda: Held("flush"), tell)
    assert [told["mode"] for told in held.told("barge_in")] == ["duck", "flush"]
    assert held.engine.conversation.barge_in == "flush"
    quieter, back = held.told("duck")
    assert quieter["t"] < 4.0
    assert (back["t"], back["gain"]) == (4.0, 1.0)


def test_what_there_is_not_changes_nothing() -> None:
    async def tell(held: Held) -> None:
        with pytest.raises(InvalidConfiguration, match="no way to give way"):
            await perform(held.engine, {"do": "barge_in", "mode": "whistle"})

    assert hold(lambda: Held("wait"), tell, 1.0).engine.conversation.barge_in == "wait"


def echo(seconds: float) -> tuple[bytes, bytes]:
    """A voice that goes on for so long, and the microphone that hears it, 50 ms later and 20 dB below."""
    clips = [load_wav(path).samples for path in sorted(CLIPS.glob("*.wav"))]
    voice = np.concatenate([np.concatenate([clip, np.zeros(RATE // 2, np.float32)]) for clip in clips])
    voice = np.tile(voice, int(seconds * RATE // len(voice)) + 1)[: round(seconds * RATE)]
    late = np.zeros(round((BUFFER + 0.05) * RATE), np.float32)
    return to_pcm(voice), to_pcm(np.concatenate([late, 0.1 * voice]))


def test_a_microphone_that_hears_the_agent_makes_it_quiet_for_a_while_only() -> None:
    voice, returned = echo(60.0)

    async def script(peer: Peer) -> None:
        await peer.ready()
        await asyncio.sleep(BEGINS)
        await peer.reply("r1", "Hum.", voice)
        await peer.goodbye()

    held = hold(lambda: Held(script=script, said=returned), seconds=66.0)
    ducks = held.told("duck")
    assert [told["gain"] for told in ducks] == [GAIN, 1.0] * TRIES
    quiet = sum(back["t"] - begun["t"] for begun, back in zip(ducks[::2], ducks[1::2], strict=True))
    assert quiet <= TRIES * WINDOW
    assert [told["text"] for told in held.told("log")] == [RESTS]


def test_the_ear_costs_nothing_while_the_agent_is_silent() -> None:
    class Counting(InPlaceProcessor):
        work = 0

        async def run(self, work: Any, *, cost: float, background: bool = False) -> Any:
            self.work += 1
            return await super().run(work, cost=cost, background=background)

    async def silent(peer: Peer) -> None:
        await peer.ready()
        await peer.goodbye()

    processor = Counting()
    hold(lambda: Held(script=silent, processor=processor))
    assert processor.work == 1  # its model is loaded before the agent speaks
    processor = Counting()
    hold(lambda: Held("flush", processor=processor))
    assert processor.work == 0


def test_a_thread_of_its_own_hears_as_well() -> None:
    """Live, where the ear does not work on the loop."""

    async def main() -> Held:
        held = Held()
        held.engine = Engine(
            held.service.address(),
            {},
            connect=connector(held.service.app),
            microphone=Spoken(to_pcm(CARDS), "caller", before=0.5),
            speaker=held.speaker,
            publish=held.events.append,
            barge_in="duck",
        )
        running = asyncio.create_task(held.engine.run())
        async with asyncio.timeout(30):
            while not held.told("duck"):
                await held.engine.changed()
        await held.engine.end()
        await running
        return held

    held = asyncio.run(main())
    assert held.told("duck")[0]["gain"] == GAIN
