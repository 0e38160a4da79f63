"""Section 26: the order of validation, and what the quickstart page demands."""

from __future__ import annotations

import asyncio
import base64
import json

from rule import INSIDE, RAW, rule

ORDER = (
    ("invalid JSON, whatever is in it", "{", "invalid_format"),
    ("type before the rest", '{"type": "nothing", "audio": 3}', "invalid_format"),
    ("shape before values", '{"type": "session.update", "session": 3}', "invalid_format"),
    ("base64 before pace", '{"type": "input.audio", "audio": "?"}', "invalid_audio"),
)
for name, frame, code in ORDER:

    @rule(f"26.1 order: {name}", "Frames are checked in the order of section 26.1.", alone=RAW)
    async def _(world, frame=frame, code=code):
        async with world.open() as it:
            await it.start(mute=True)
            await it.raw(frame)
            await it.error(code)
            await it.alive()


for name, session, code in (
    ("agent_id before immutable", {"agent_id": "x", "greeting": "x"}, "agent_id_not_first"),
    ("immutable before values", {"greeting": "x", "output": {"volume": 101}}, "immutable_field"),
    (
        "values before what fits together",
        {"input": {"turn_detection": {"min_silence": 900, "max_silence": 900}}, "output": {"volume": 101}},
        "invalid_value",
    ),
):

    @rule(f"26.1 order: {name}", "An update is checked in the order of section 26.1.", alone=RAW)
    async def _(world, session=session, code=code):
        async with world.open() as it:
            await it.start(mute=True)
            await it.send("session.update", session=session)
            error = await it.error(code)
            if code == "invalid_value":
                assert error["param"] == "output.volume"
            await it.alive()


for name, frame in (
    ("audio of any kind", '{"type": "input.audio", "audio": "?"}'),
    ("audio without audio", '{"type": "input.audio"}'),
):

    @rule(f"26.1 before the first message: {name}", "input.audio is discarded without a word.", alone=RAW)
    async def _(world, frame=frame):
        async with world.open() as it:
            await it.raw(frame)
            await it.start(mute=True)
            assert it.kinds == ["session.ready"]


QUICKSTART = {
    "name": "Support agent",
    "system_prompt": "You help.",
    "greeting": "Hi there.",
    "voice": {"voice_id": "ivy"},
}


@rule(
    "26.3 quickstart: its two calls",
    "POST with the raw key; PUT with system_prompt and a tool keeps the rest and masks headers.",
    differs="C2",
    alone=RAW,
)
async def _(world):
    agent = await world.ok("POST", "/v1/agents", QUICKSTART)
    path = f"/v1/agents/{agent['id']}"
    tool = {
        "name": "book",
        "description": "Book. Use when asked.",
        "parameters": {"type": "object", "properties": {}},
        "http": {"url": "https://example.com/book", "headers": {"Authorization": "canary"}},
    }
    changed = await world.ok("PUT", path, {"system_prompt": "You book.", "tools": [tool]})
    assert {**QUICKSTART, "system_prompt": "You book."}.items() <= changed.items()
    assert changed["tools"][0]["http"]["headers"] == {"Authorization": "***"}
    await world.ok("DELETE", path)


@rule(
    "26.3 quickstart: its page",
    "API key in ?token=; agent_id alone; 256-byte chunks; a close without session.end.",
    alone=RAW,
)
async def _(world):
    async with world.agent(**QUICKSTART) as agent, world.open(f"?token={world.key}", key="") as it:
        await it.send("session.update", session={"agent_id": agent["id"]})
        await it.until("session.ready")
        chunk = base64.b64encode(bytes(256)).decode()
        for _ in range(187):
            await it.send("input.audio", audio=chunk)
        said = await it.until("transcript.agent")
        assert said["text"] == "Hi there."
        assert it.of("reply.audio")
        await it.until("reply.done")
        await it.raw(json.dumps({"type": "nothing"}))
        assert (await it.until("session.error"))["message"]
        await it.drop()


LIVE = {"stage": lambda: {"profile": "live"}, "emulator": INSIDE}


@rule("25 live: update to ready", "400 to 500 ms.", **LIVE)
async def _(world):
    async with world.open() as it:
        began = asyncio.get_running_loop().time()
        await it.start(mute=True)
        assert 0.4 <= it.at("session.ready") - began <= 0.5


@rule(
    "25 live: ready to greeting", "The first audio of the greeting comes after 175 ms at the median.", **LIVE
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting="Good day.")
        await it.until("reply.audio")
        assert 0.1 <= it.at("reply.audio") - it.at("session.ready") <= 0.3


@rule(
    "26 live: chunks",
    "10 ms of sound in each, at real time.",
    alone="the client keeps the sound elsewhere",
    **LIVE,
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting="Good day.")
        await it.until("reply.done")
        sizes = {len(base64.b64decode(event["data"])) for event in it.of("reply.audio")}
        assert sizes == {480}
