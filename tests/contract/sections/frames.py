"""Section 4: the frames of the socket."""

from __future__ import annotations

import asyncio
import json
import re

from rule import INSIDE, RAW, rule

from voicenb.emulator.brain import Call, Say


@rule("4 silence first", "The server says nothing until the client's first message.", alone=RAW)
async def _(world):
    async with world.open() as it:
        await asyncio.sleep(2)
        assert it.events == []
        await it.start(mute=True)


@rule("4 timestamps", "Every server event carries a float of epoch seconds.", differs="C18")
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting="Good day.")
        await it.until("reply.done")
        assert all(isinstance(event["timestamp"], float) for event in it.events)
        assert all(event["timestamp"] > 1e9 for event in it.events)


@rule(
    "4 identifiers",
    "Ids have the shapes that were seen: sess_ and 32 hex digits, agent_ and 32, msg_, resp_.",
    alone="opaque to a client",
)
async def _(world):
    async with world.agent() as stored, world.open() as it:
        assert re.fullmatch("agent_[0-9a-f]{32}", stored["id"])
        ready = await it.start(mute=True, greeting="Good day.")
        assert re.fullmatch("sess_[0-9a-f]{32}", ready["session_id"])
        started = await it.until("reply.started")
        assert started["reply_id"].startswith("resp_")
        assert started["item_id"].startswith("msg_")
        await it.until("reply.done")


@rule(
    "4 identifiers: reply around a tool",
    "C22: the reply around a tool call has an ordinary id.",
    stage=lambda: {"brain": _calling()},
    emulator=INSIDE,
)
async def _(world):
    async with world.open() as it:
        await it.start(tools=[{"type": "function", "name": "look"}])
        await it.send("reply.create", instructions="Look.")
        call = await it.until("tool.call")
        await it.send("tool.result", call_id=call["call_id"], result="1")
        await it.until("reply.done")
        await it.until("reply.done")
        assert all(event["reply_id"].startswith("resp_") for event in it.of("reply.started"))


def _calling():
    from theater import Script

    return Script([Call("look", {})], [Say("One.")])


@rule("4 binary frames: taken", "JSON in a binary frame is accepted.", alone=RAW, emulator=INSIDE)
async def _(world):
    async with world.open() as it:
        update = json.dumps({"type": "session.update", "session": {}}).encode()
        await it.transport._to_app.put({"type": "websocket.receive", "bytes": update})
        await it.until("session.ready")


@rule("4 binary frames: none sent", "The server sends text frames only, one object in each.", alone=RAW)
async def _(world):
    async with world.open() as it:
        frames = []
        receive = it.transport.receive

        async def noted():
            frames.append(await receive())
            return frames[-1]

        it.transport.receive = noted
        await it.start(mute=True, greeting="Good day.")
        await it.until("reply.done")
        assert frames
        assert all(isinstance(frame, str) for frame in frames)
        assert all(isinstance(json.loads(frame), dict) for frame in frames)
