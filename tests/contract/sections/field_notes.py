"""The field notes: what other people's clients send, and what the service was seen to do."""

from __future__ import annotations

import asyncio
import base64
import json

from rule import INSIDE, RAW, REST, rule
from world import AGENT

PCM16_16K = base64.b64encode(bytes(640)).decode()


@rule("FN1 Content-Type on GET", "A GET may have a Content-Type.", alone=REST)
async def _(world):
    answer = await world.rest("GET", "/v1/agents", headers={"Content-Type": "application/json"})
    assert answer.status_code == 200


@rule("FN2 /v1/realtime", "Older programs use /v1/realtime for the same thing.")
async def _(world):
    async with world.open("/v1/realtime") as it:
        await it.start(mute=True)
        await it.alive()


for name, session in (
    ("no output", {"system_prompt": "x", "input": {"keyterms": ["a"]}}),
    ("types set to audio", {"input": {"type": "audio"}, "output": {"type": "audio", "voice": "alba"}}),
    ("a format without sample_rate", {"input": {"format": {"encoding": "audio/pcm"}}}),
    ("an empty greeting", {"greeting": ""}),
    ("turn_detection.type", {"input": {"turn_detection": {"type": "server_vad"}}}),
    ("null for optional input fields", {"input": {"keyterms": None, "turn_detection": None, "format": None}}),
    ("tools with parameters {}", {"tools": [{"type": "function", "name": "look", "parameters": {}}]}),
    ("turn_detection with one field", {"input": {"turn_detection": {"vad_threshold": 0.6}}}),
):

    @rule(f"FN3 first update: {name}", "What first updates look like in the field.")
    async def _(world, session=session):
        async with world.open() as it:
            await it.start(mute=True, **session)
            await it.alive()


@rule("FN3 an empty greeting: silence", "An empty greeting is none.")
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting="")
        await asyncio.sleep(2)
        assert it.kinds == ["session.ready"]


@rule("FN4 audio: 16 kHz in a 24 kHz session", "Samples at another rate bring no error.", alone=RAW)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        for _ in range(50):
            await it.send("input.audio", audio=PCM16_16K)
            await asyncio.sleep(0.02)
        await it.alive()
        assert "session.error" not in it.kinds


@rule("FN4 audio: before the first update", "It is ignored or held; the socket stays open.", alone=RAW)
async def _(world):
    async with world.open() as it:
        for _ in range(20):
            await it.send("input.audio", audio=PCM16_16K)
        await it.start(mute=True)


@rule("FN7 close without session.end", "A plain close is no fault of anybody's.", emulator=INSIDE, alone=RAW)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting="Good day.")
        await it.drop()
    await asyncio.sleep(31)
    assert world.session.ended_by == "close"


@rule(
    "FN7 close right after session.end",
    "Who does not wait for the answer has ended the session all the same.",
    emulator=INSIDE,
    alone=RAW,
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        await it.send("session.end")
        await it.drop()
    assert world.session.ended_by == "session.end"


@rule("FN8 token query: any order", "Parameters in any order, some unknown.", alone=REST)
async def _(world):
    await world.token(product="voice_agent", max_session_duration_seconds=600)
    path = "/v1/token?product=x&max_session_duration_seconds=600&expires_in_seconds=30"
    assert (await world.ok("GET", path))["expires_in_seconds"] == 30


@rule("FN8 delete right after the end", "A session may be deleted right after its end.", alone=REST)
async def _(world):
    async with world.bare() as it:
        session_id = (await it.start(mute=True))["session_id"]
        await it.send("session.end")
        await it.until("session.ended")
        assert (await world.rest("DELETE", f"/v1/sessions/{session_id}")).status_code == 204


@rule("FN8 lists", "Lists are read as {agents: [...], has_more, response_metadata}.", alone=REST)
async def _(world):
    async with world.agent(**AGENT):
        assert set(await world.ok("GET", "/v1/agents")) == {"agents", "has_more", "response_metadata"}


@rule("FN9 JSON in binary frames", "One relay sends its JSON in binary frames.", emulator=INSIDE, alone=RAW)
async def _(world):
    async with world.open() as it:
        for message in ({"type": "session.update", "session": {}}, {"type": "session.end"}):
            frame = {"type": "websocket.receive", "bytes": json.dumps(message).encode()}
            await it.transport._to_app.put(frame)
        await it.until("session.ended")


@rule(
    "FN10 greeting not at once",
    "The first reply.audio comes about 200 ms after ready, for pages that break otherwise.",
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting="Good day.")
        await it.until("reply.audio")
        assert it.at("reply.audio") - it.at("session.ready") >= 0.1
