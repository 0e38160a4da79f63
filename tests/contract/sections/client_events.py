"""Section 6: what a client may send, and what comes of it."""

from __future__ import annotations

import asyncio

from rule import INSIDE, RAW, SCRIPTED, rule
from theater import Script

from voicenb.emulator.brain import Call, Say

LOOK = {"type": "function", "name": "look", "description": "Look. Use when asked.", "parameters": {}}
LONG = "I could tell you all there is about the tables, one after the other, for a long while."
ORDER = "voicenb does not send it at that time"


def looking(*answers):
    """A brain that calls a tool, and then says something."""
    return lambda: {"brain": Script([Call("look", {"day": "Friday"})], *([Say(text)] for text in answers))}


for kind, fields in (
    ("session.end", {}),
    ("tool.result", {"call_id": "c", "result": "1"}),
    ("reply.create", {}),
    ("conversation.message", {"role": "user", "content": "x"}),
):

    @rule(
        f"6.1 first message: not {kind}",
        "Nothing but session.update or session.resume may come first.",
        alone=ORDER,
    )
    async def _(world, kind=kind, fields=fields):
        async with world.open() as it:
            await it.send(kind, **fields)
            assert (await it.error("invalid_format"))["session_id"] is None
            await it.start(mute=True)


for name, frame, param in (
    ("session.update without session", '{"type": "session.update"}', None),
    ("session.update with a list", '{"type": "session.update", "session": []}', "session"),
    ("session.resume without an id", '{"type": "session.resume"}', None),
    ("input.audio without audio", '{"type": "input.audio"}', None),
    ("input.audio with a number", '{"type": "input.audio", "audio": 3}', "audio"),
    ("tool.result without a result", '{"type": "tool.result", "call_id": "c"}', None),
    ("tool.result without a call_id", '{"type": "tool.result", "result": "1"}', None),
    ("tool.result with an object", '{"type": "tool.result", "call_id": "c", "result": {}}', "result"),
    (
        "tool.result, is_error a text",
        '{"type":"tool.result","call_id":"c","result":"","is_error":"no"}',
        "is_error",
    ),
    ("reply.create, instructions a number", '{"type": "reply.create", "instructions": 3}', "instructions"),
    (
        "conversation.message of the agent",
        '{"type":"conversation.message","role":"agent","content":"x"}',
        "role",
    ),
    ("conversation.message without words", '{"type": "conversation.message", "role": "user"}', None),
):

    @rule(
        f"6.1 shape: {name}",
        "A missing or wrongly typed field is invalid_format; the session goes on.",
        alone=RAW,
    )
    async def _(world, frame=frame, param=param):
        async with world.open() as it:
            await it.start(mute=True)
            await it.raw(frame)
            kind = frame.partition('"type"')[2].split('"')[1]
            error = await it.error("invalid_format", param)
            assert error["message"] == f"Invalid message format for type '{kind}'"
            await it.alive()


@rule(
    "6.2 tool.result: at once",
    "A result is accepted from the moment of the tool.call, without waiting for reply.done.",
    stage=looking("Three."),
    emulator=SCRIPTED,
    differs="C1",
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, tools=[LOOK])
        await it.send("reply.create")
        call = await it.until("tool.call")
        await it.send("tool.result", call_id=call["call_id"], result="3")
        await it.until("transcript.agent", text="Three.")
        assert "session.error" not in it.kinds


@rule(
    "6.2 tool.result: after reply.done",
    "A result is accepted as well when reply.done has come, as older pages told clients to send it.",
    stage=looking("Three."),
    emulator=SCRIPTED,
    differs="C1",
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, tools=[LOOK])
        await it.send("reply.create")
        call = await it.until("tool.call")
        await it.until("reply.done")
        await asyncio.sleep(1)
        await it.send("tool.result", call_id=call["call_id"], result="3")
        await it.until("transcript.agent", text="Three.")


@rule(
    "6.2 tool.result: is_error",
    "is_error tells the model that the tool failed, and the model reads the text.",
    stage=looking("I am sorry."),
    emulator=SCRIPTED,
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, tools=[LOOK])
        await it.send("reply.create")
        call = await it.until("tool.call")
        await it.send("tool.result", call_id=call["call_id"], result="day: no such day", is_error=True)
        await it.until("transcript.agent", text="I am sorry.")
    line = world.brain.asked[1].history[-1]
    assert (line.role, line.text, line.is_error) == ("tool", "day: no such day", True)


@rule(
    "6.2 tool.result: plain text",
    "A result that is no JSON is taken as the text that it is.",
    stage=looking("Three."),
    emulator=SCRIPTED,
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, tools=[LOOK])
        await it.send("reply.create")
        call = await it.until("tool.call")
        await it.send("tool.result", call_id=call["call_id"], result="three of them, {more")
        await it.until("transcript.agent", text="Three.")
    assert world.brain.asked[1].history[-1].text == "three of them, {more"


@rule("6.2 tool.result: unknown call", "A result for a call that there is not is ignored.", alone=RAW)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        await it.send("tool.result", call_id="call_unknown", result="1")
        await it.alive()
        assert "session.error" not in it.kinds


@rule("6.3 reply.create", "It makes the agent speak: an ordinary series from reply.started to reply.done.")
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        await it.send("reply.create", instructions="Say good day.")
        started = await it.until("reply.started")
        await it.until("reply.audio")
        done = await it.until("reply.done")
        assert done["reply_id"] == started["reply_id"]


@rule("6.3 reply.create: no instructions", "instructions may be left out.")
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        await it.send("reply.create")
        await it.until("reply.done")


@rule("6.3 reply.create: one reply only", "Its instructions are for that reply only.", emulator=INSIDE)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        await it.send("reply.create", instructions="Be glad.")
        await it.until("reply.done")
        await it.send("reply.create")
        await it.until("reply.done")
    assert [moment.instructions for moment in world.brain.asked] == ["Be glad.", None]


@rule("6.3 reply.create: over the greeting", "Sent while the greeting is speaking it replaces the greeting.")
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting=LONG)
        greeting = (await it.until("reply.audio"))["reply_id"]
        await it.send("reply.create", instructions="Say good day.")
        assert (await it.until("reply.done", reply_id=greeting))["status"] == "interrupted"
        other = await it.until("reply.started")
        assert other["reply_id"] != greeting
        assert (await it.until("reply.done"))["status"] == "completed"


@rule(
    "6.3 reply.create: over a reply",
    "In the middle of another reply it ends that reply.",
    stage=lambda: {"brain": Script([Say(LONG)], [Say("As you wish.")])},
    emulator=SCRIPTED,
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        await it.send("reply.create", instructions="Talk.")
        first = (await it.until("reply.audio"))["reply_id"]
        await asyncio.sleep(1)
        await it.send("reply.create", instructions="Stop.")
        assert (await it.until("reply.done", reply_id=first))["status"] == "interrupted"
        await it.until("transcript.agent", text="As you wish.")


@rule(
    "6.3 reply.create: at the end of a turn",
    "Within a moment of an end of turn it merges with the automatic reply.",
    stage=lambda: {"brain": Script([0.5, Say("One.")], [Say("Merged.")], [Say("Too many.")])},
    emulator=SCRIPTED,
)
async def _(world):
    async with world.open() as it:
        await it.start()
        it.play(world.words())
        await it.until("transcript.user")
        await it.send("reply.create", instructions="Be brief.")
        await it.until("transcript.agent")
        await asyncio.sleep(5)
        assert len(it.of("reply.done")) == 1


@rule(
    "6.4 conversation.message: no reply",
    "It adds to the history, triggers no reply and is answered by no event.",
    alone="voicenb asks for the reply to what is typed",
    differs="C20",
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        for role in ("user", "system"):
            await it.send("conversation.message", role=role, content="There are four of us.")
        await asyncio.sleep(3)
        assert it.kinds == ["session.ready"]
        await it.alive()


for profile, roles in (("contract", ["user"]), ("live", [])):

    @rule(
        f"6.4 conversation.message: {profile}",
        "C20: documented, it reaches the model; live, it does not.",
        stage=lambda profile=profile: {"profile": profile},
        emulator=INSIDE,
        alone="voicenb asks for the reply to what is typed",
    )
    async def _(world, roles=roles):
        async with world.open() as it:
            await it.start(mute=True)
            await it.send("conversation.message", role="user", content="There are four of us.")
            await it.send("reply.create", instructions="Answer.")
            await it.until("reply.done")
        assert [line.role for line in world.brain.asked[0].history] == roles


@rule("6.5 session.end", "It is answered by session.ended, and the socket closes with 1000.")
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        await it.send("session.end")
        ended = await it.until("session.ended")
        assert ended["session_duration_seconds"] >= 0
        assert (await it.until_closed())[0] == 1000
        assert it.kinds[-1] == "session.ended"


@rule("6.5 session.end: at once", "It is taken right behind the first update.", alone=ORDER)
async def _(world):
    async with world.open() as it:
        await it.send("session.update", session={"greeting": LONG})
        await it.send("session.end")
        await it.until("session.ended")
        assert (await it.until_closed())[0] == 1000


@rule("6.5 session.end: in a reply", "It ends the session in the middle of a reply.")
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting=LONG)
        await it.until("reply.audio")
        await it.send("session.end")
        await it.until("session.ended")
        assert (await it.until_closed())[0] == 1000
