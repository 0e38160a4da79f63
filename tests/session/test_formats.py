from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import numpy as np
import pytest
from counting import Counting, steps
from scripted_service import Peer, ScriptedService

from voicenb.audio.g711 import decode_alaw, decode_ulaw, encode_alaw, encode_ulaw
from voicenb.audio.pcm import to_float, to_pcm
from voicenb.recording.recording import Recording
from voicenb.session.asgi import connector
from voicenb.session.engine import Engine
from voicenb.session.formats import decoder, encoder
from voicenb.session.holding import hold
from voicenb.session.host import Plan
from voicenb.session.speakers import Muted
from voicenb.testing.virtual_clock import run_virtually

TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(24_000) / 24_000)
SLOW = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)


def config(side: str, name: str) -> dict[str, object]:
    return {side: {"format": {"encoding": name}}}


def test_pcm_is_left_as_it_is() -> None:
    assert encoder("audio/pcm") is None
    for given in ({}, config("output", "audio/pcm"), {"output": {"format": None}}):
        assert decoder(given) is None


@pytest.mark.parametrize(("name", "decode"), [("audio/pcmu", decode_ulaw), ("audio/pcma", decode_alaw)])
def test_a_telephone_takes_a_third_of_the_samples(name: str, decode: object) -> None:
    encode = encoder(name)
    assert encode is not None
    pcm = to_pcm(TONE)
    sent = b"".join(encode(pcm[start : start + 960]) for start in range(0, len(pcm), 960))
    assert 7000 < len(sent) <= 8000
    heard = decode(sent)  # type: ignore[operator]
    assert np.abs(heard[200:6000] - SLOW[200:6000]).max() < 0.05


@pytest.mark.parametrize("chunk", [480, 960, 241])
def test_of_each_frame_a_telephone_gets_its_third_at_once(chunk: int) -> None:
    encode = encoder("audio/pcmu")
    assert encode is not None
    pcm = to_pcm(TONE)
    sizes = [len(encode(pcm[start : start + 2 * chunk])) for start in range(0, len(pcm), 2 * chunk)]
    assert min(sizes[1:-1]) >= chunk // 3
    assert sum(sizes) > 8000 - 20


def test_what_a_telephone_cannot_carry_is_not_heard_as_something_else() -> None:
    encode = encoder("audio/pcmu")
    assert encode is not None
    shrill = 0.5 * np.sin(2 * np.pi * 6000 * np.arange(24_000) / 24_000)
    assert np.abs(decode_ulaw(encode(to_pcm(shrill)))[200:]).max() < 0.01


def test_the_recording_of_a_call_by_telephone_has_all_that_was_said(tmp_path: Path) -> None:
    async def script(peer: Peer) -> None:
        await peer.ready()
        for _ in range(50):
            await peer.expect("input.audio")
        await peer.say("session.ended", session_duration_seconds=1.0)
        await peer.close(1000, "")

    service = ScriptedService(script)

    async def main() -> None:
        settings = {"input": {"format": {"encoding": "audio/pcma"}}}
        plan = Plan(
            service.address(),
            settings,
            folder=tmp_path / "call",
            microphone=Counting(),
            speaker=Muted(),
            connect=connector(service.app),
        )
        await hold(plan, lambda event: None, lambda engine: None)

    run_virtually(main, limit=60)
    sent = b"".join(base64.b64decode(m["audio"]) for m in service.received if m["type"] == "input.audio")
    track = Recording(tmp_path / "call").caller.astype("<i2").tobytes()
    assert steps(track) == [1]
    assert len(track) / 2 / 3 == pytest.approx(len(sent), abs=200)


async def size(peer: Peer) -> int:
    return len(base64.b64decode((await peer.expect("input.audio"))["audio"]))


def test_a_format_that_changes_holds_for_what_is_said_behind_the_change(tmp_path: Path) -> None:
    sizes: list[int] = []

    async def script(peer: Peer) -> None:
        await peer.ready()
        sizes.extend([await size(peer) for _ in range(3)])
        await peer.expect("session.update")
        sizes.extend([await size(peer) for _ in range(3)])  # before it is confirmed
        await peer.say("session.updated")
        await peer.goodbye()

    service = ScriptedService(script)

    async def change(engine: Engine) -> None:
        await asyncio.sleep(0.05)
        await engine.desk.update({"input": {"format": {"encoding": "audio/pcmu"}}})
        await engine.end()

    async def main() -> None:
        tasks: list[asyncio.Task[None]] = []
        plan = Plan(
            service.address(),
            {},
            folder=tmp_path / "call",
            microphone=Counting(),
            speaker=Muted(),
            connect=connector(service.app),
        )
        await hold(plan, lambda event: None, lambda engine: tasks.append(asyncio.create_task(change(engine))))
        await tasks[0]

    run_virtually(main, limit=60)
    assert sizes == [960, 960, 960, 148, 160, 160]


@pytest.mark.parametrize(("name", "encode"), [("audio/pcmu", encode_ulaw), ("audio/pcma", encode_alaw)])
@pytest.mark.parametrize("chunk", [1, 300, 8000])
def test_a_telephones_voice_has_three_samples_for_each_one(name: str, encode: object, chunk: int) -> None:
    decode = decoder(config("output", name))
    assert decode is not None
    data = encode(SLOW)  # type: ignore[operator]
    pcm = b"".join(decode(data[start : start + chunk]) for start in range(0, len(data), chunk))
    assert len(pcm) == 2 * 3 * len(data)
    assert decode(b"") == b""
    # Lines in between lag by one sample of the telephone's.
    assert np.abs(to_float(pcm)[10:] - TONE[8 : 8 + 23_990]).max() < 0.08
