"""Logging in, beginning, coming back and ending."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import re
from pathlib import Path

import numpy as np
import pytest
from guide_rows import row
from theater import Stage, clip
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

import voicenb as vn
from voicenb.audio.wav import wav_bytes
from voicenb.emulator import session
from voicenb.emulator.resources import Deaf
from voicenb.testing.virtual_clock import run_virtually

SECOND = base64.b64encode(bytes(48_000)).decode()


def on_stage(play):
    return run_virtually(play, limit=20_000)


@row("code of a refused key")
def test_a_refused_key(profile, first_error):
    error, closed = first_error(key="wrong")
    assert error["code"] == {"contract": "UNAUTHORIZED", "live": "unauthorized"}[profile]
    assert closed == 1008


async def token(theater, rest, **more):
    query = "&".join(f"{name}={value}" for name, value in {"expires_in_seconds": 600, **more}.items())
    answer = await rest(theater.emulator.app, "GET", f"/v1/token?{query}")
    return answer.json()["token"]


@row("a token used twice")
def test_a_token_twice(profile, stage, rest):
    theater = stage(profile=profile, key="any")

    async def play():
        query = f"?token={await token(theater, rest)}"
        async with theater.client(query, key="") as client:
            await client.start()
        async with theater.client(query, key="") as client:
            if profile == "live":
                await client.start()
            else:
                assert (await client.until("session.error"))["code"] == "UNAUTHORIZED"

    on_stage(play)


@row("`max_session_duration_seconds`")
def test_the_cap_of_a_token(profile, stage, rest):
    theater = stage(profile=profile, key="any")

    async def play():
        query = f"?token={await token(theater, rest, max_session_duration_seconds=60)}"
        async with theater.client(query, key="") as client:
            await client.start(mute=True)
            await asyncio.sleep(100)
            assert ("session.ended" in client.kinds) == (profile == "contract")
            assert client.closed == ((1000, "") if profile == "contract" else None)

    on_stage(play)


@row("refusals of `/v1/token`")
def test_refusals_of_the_token_endpoint(profile, call):
    good = "/v1/token?expires_in_seconds=60"
    asked = (("/v1/token", "sesame"), (good, ""), (good, "wrong"))
    statuses = [call("GET", path, key=key).status_code for path, key in asked]
    assert statuses == ([400, 401, 401] if profile == "contract" else [422, 422, 404])


@row("`product` and other parameters there")
def test_other_parameters_of_the_token_endpoint(profile, call):
    answer = call("GET", "/v1/token?product=voice_agent&colour=red&expires_in_seconds=60")
    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "expires_in_seconds"}


@row("`POST /v1/tokens`")
def test_a_path_that_was_named_once(profile, call):
    assert call("POST", "/v1/tokens", {"expires_in_seconds": 60}).status_code == 404


@row("`GET /v1/voices`")
def test_a_list_of_voices(profile, call):
    answer = call("GET", "/v1/voices")
    assert answer.status_code == (404 if profile == "contract" else 426)
    assert answer.headers.get("Upgrade") == (None if profile == "contract" else "websocket")


def begun(profile):
    async def talk(client):
        await client.start(mute=True)
        await client.send("session.end")
        await client.until("session.ended")

    return Stage(profile=profile).run(talk)


@row("`session.updated` before `session.ready`")
def test_the_first_answer(profile):
    assert begun(profile).kinds[0] == ("session.ready" if profile == "contract" else "session.updated")


@row("`expires_at`")
def test_when_a_session_expires(profile):
    (ready,) = begun(profile).of("session.ready")
    assert ready["expires_at"] - ready["timestamp"] == pytest.approx(
        10_800 if profile == "contract" else 3595, abs=1
    )


@row("`resume_token`")
def test_the_resume_token(profile, stage):
    theater = stage(profile=profile, key="sesame")

    async def play():
        async with theater.client(key="sesame") as client:
            ready = await client.start(mute=True)
        if profile == "live":
            assert ready["resume_token"] == ""
            return
        async with theater.client(key=ready["resume_token"]) as client:
            await client.send("session.resume", session_id=ready["session_id"])
            await client.until("session.ready")

    on_stage(play)


@row("`session.resume`")
@pytest.mark.parametrize("after", [29, 31])
def test_coming_back(profile, stage, after):
    theater = stage(profile=profile)

    async def play():
        async with theater.client() as client:
            known = (await client.start(mute=True))["session_id"]
        await asyncio.sleep(after)
        async with theater.client() as client:
            await client.send("session.resume", session_id=known)
            if profile == "contract" and after < 30:
                assert (await client.until("session.ready"))["session_id"] == known
            else:
                assert (await client.until("session.error"))["code"] == "session_not_found"
                assert (await client.until_closed())[0] == 1008

    on_stage(play)


@row("what follows a resume")
def test_what_is_sent_to_who_comes_back(profile, stage):
    theater = stage(profile=profile)

    async def play():
        async with theater.client() as client:
            known = await client.start(mute=True, greeting="One two three four five six seven eight.")
            await client.until("reply.audio")
        async with theater.client() as client:
            await client.send("session.resume", session_id=known["session_id"])
            await asyncio.sleep(5)
            assert client.kinds == (["session.ready"] if profile == "contract" else ["session.error"])

    on_stage(play)


@row("sound before `session.ready`")
def test_sound_that_comes_too_early(profile, stage):
    theater = stage(profile=profile)

    async def talk(client):
        await client.send("input.audio", audio=SECOND)
        await client.send("session.update", session={})
        await client.send("input.audio", audio="no base64 at all")
        await client.until("session.ready")
        await asyncio.sleep(2)

    assert "session.error" not in theater.run(talk).kinds
    assert theater.session.received_audio == 0


@row("JSON in binary frames")
def test_binary_frames(profile, stage):
    async def talk(client):
        await client.transport.send(b'{"type":"session.update","session":{}}')
        await client.until("session.ready")

    stage(profile=profile).run(talk)


@row("16 kHz declared")
def test_a_rate_that_there_is_not(profile, first_error):
    error, closed = first_error(input={"format": {"encoding": "audio/pcm", "sample_rate": 16_000}})
    assert (error["code"], closed) == {"contract": ("invalid_value", 1008), "live": ("internal_error", 1011)}[
        profile
    ]


@row("another rate than declared")
def test_a_rate_that_nobody_declared(profile, stage):
    theater = stage(profile=profile)

    async def talk(client):
        await client.start(mute=True)
        for _ in range(50):  # a second at 16 kHz, as if it were 24
            await client.send("input.audio", audio=base64.b64encode(bytes(640)).decode())
            await asyncio.sleep(0.02)

    assert "session.error" not in theater.run(talk).kinds
    assert theater.session.received_audio == pytest.approx(50 * 320 / 24_000)


@row("a WAV header")
def test_a_wav_file(profile, stage):
    whole = wav_bytes(np.zeros(4800, np.float32), 24_000)
    theater = stage(profile=profile)

    async def talk(client):
        await client.start(mute=True)
        for piece in (whole[:2400], whole[2400:4800]):
            await client.send("input.audio", audio=base64.b64encode(piece).decode())
        await asyncio.sleep(0.5)
        await client.send("session.update", session={})
        await client.until("session.updated")  # it goes on

    errors = theater.run(talk).of("session.error")
    assert [(error["code"], error["message"]) for error in errors] == [
        ("invalid_audio", "Invalid audio data")
    ]
    assert theater.session.received_audio == pytest.approx(2400 / 48_000)


@row("floats")
def test_floats(profile, stage):
    floats = (np.frombuffer(clip("go-forward"), np.int16) / 32_768).astype("<f4").tobytes()
    theater = stage(profile=profile)

    async def talk(client):
        await client.start(mute=True)
        for at in range(0, len(floats), 3840):  # 40 ms, as twice as many samples
            await client.send("input.audio", audio=base64.b64encode(floats[at : at + 3840]).decode())
            await asyncio.sleep(0.08)

    assert "session.error" not in theater.run(talk).kinds
    assert theater.session.received_audio == pytest.approx(len(floats) / 48_000)


@row("sound faster than real time")
def test_sound_that_is_too_fast(profile, stage):
    theater = stage(profile=profile)

    async def talk(client):
        await client.start(mute=True)
        for _ in range(13):
            await client.send("input.audio", audio=SECOND)
        await asyncio.sleep(0.5)

    codes = [error["code"] for error in theater.run(talk).of("session.error")]
    assert codes == (["audio_rate_violation"] if profile == "contract" else [])
    assert theater.session.received_audio == (10 if profile == "contract" else 13)


@row("idle time-out")
def test_who_says_nothing_stays(profile, stage):
    async def talk(client):
        await client.start(mute=True)
        await asyncio.sleep(3000)
        assert client.closed is None

    theater = stage(profile=profile)

    async def play():
        async with theater.client() as client:
            await talk(client)

    on_stage(play)


@row("longest frame")
def test_a_frame_that_is_too_long(profile):
    async def play(url):
        async with connect(f"{url}/v1/ws?token=any".replace("http", "ws"), max_size=None) as socket:
            # Below the limit: refused for what it is, and the socket stays.
            await socket.send("x" * (16 * 2**20 - 1))
            assert json.loads(await asyncio.wait_for(socket.recv(), 20))["code"] == "invalid_format"
            with contextlib.suppress(ConnectionClosed):
                await socket.send("x" * (16 * 2**20 + 1))
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(socket.recv(), 20)
            return socket.close_code

    with vn.Emulator(profile=profile, brain="rules", recognizer=Deaf(), mouth=Stage().mouth) as emulator:
        assert asyncio.run(play(emulator.url)) == 1009


@row("length of prompt, greeting, name")
def test_long_texts(profile, stage, call, agent):
    async def talk(client):
        await client.start(mute=True, system_prompt="x" * 1_000_000)

    stage(profile=profile).run(talk)
    assert (
        call("POST", "/v1/agents", {**agent, "name": "x" * 100_000, "greeting": "x" * 100_000}).status_code
        == 201
    )


@row("sessions at once")
def test_many_sessions(profile, stage):
    theater = stage(profile=profile)

    async def play():
        async with contextlib.AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(theater.client()) for _ in range(60)]
            await asyncio.gather(*(client.start(mute=True) for client in clients))

    on_stage(play)


SILENT = (
    *("at_capacity", "concurrency_exceeded", "server_error", "forbidden", "session_expired"),
    *("invalid_config", "invalid_webhook"),
)
EMULATOR = Path(session.__file__).parent


def said_in_code(words):
    """The modules of the emulator, but those of faults on demand, that have one of the words as a text."""
    wanted = re.compile("[\"'](?:" + "|".join(words) + ")[\"']", re.IGNORECASE)
    return [
        path.name
        for path in EMULATOR.rglob("*.py")
        if not path.name.startswith("faults") and wanted.search(path.read_text("utf-8"))
    ]


@row("codes of capacity, rights, expiry and configuration")
def test_codes_that_never_come_by_themselves(profile):
    assert said_in_code(SILENT) == []
    assert "session.py" in said_in_code(["session_not_found"]), "one that comes is found so"


@row("`error`, `reply.error`")
def test_events_that_are_never_sent(profile):
    assert said_in_code(["reply.error", "session.metrics"]) == []
    emitted = {
        kind
        for path in EMULATOR.rglob("*.py")
        for kind in re.findall(r'(?:emit|say)\(\s*"([^"]+)"', path.read_text("utf-8"))
    }
    assert "session.error" in emitted
    assert "error" not in emitted


@row("`audio_duration_seconds`")
def test_how_much_sound_came(profile):
    (ended,) = begun(profile).of("session.ended")
    assert ended["audio_duration_seconds"] == (0 if profile == "contract" else None)


@row("`timestamp`")
def test_timestamps(profile):
    assert all(isinstance(event["timestamp"], float) for event in begun(profile).events)
