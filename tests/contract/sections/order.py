"""Section 11: order and states."""

from __future__ import annotations

import asyncio

from rule import INSIDE, SCRIPTED, rule
from theater import Script

from voicenb.emulator.brain import Call, Say

LOOK = {"type": "function", "name": "look", "description": "Look. Use when asked.", "parameters": {}}
SOUND = ("reply.audio", "transcript.agent.delta")


@rule(
    "11.1 start",
    "C11: the first update is answered by session.ready; the greeting follows within a second.",
    differs="C11",
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting="Good day.")
        await it.until("reply.audio")
        assert it.kinds[:2] == ["session.ready", "reply.started"]
        assert it.at("reply.audio") - it.at("session.ready") <= 1.0


@rule(
    "11.1 start: live",
    "C11: live, session.updated comes before session.ready; a client waits for ready.",
    stage=lambda: {"profile": "live"},
    emulator=INSIDE,
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        assert it.kinds == ["session.updated", "session.ready"]
        await it.alive()


@rule("11.2 turn", "A normal turn comes in the order of the reference.")
async def _(world):
    async with world.open() as it:
        await it.start()
        it.play(world.words("austen-0870"))
        await it.until("reply.done", within=90.0)  # elsewhere the answer may be a long one
        kinds = [kind for kind in it.kinds if kind not in SOUND and not kind.startswith("session.")]
        assert [kind for n, kind in enumerate(kinds) if n == 0 or kinds[n - 1] != kind] == [
            *("input.speech.started", "transcript.user.delta", "input.speech.stopped", "transcript.user"),
            *("reply.started", "transcript.agent", "reply.done"),
        ]


@rule(
    "11.2 guarantees",
    "reply.started first, transcript.agent behind the last audio, reply.done last; final behind deltas.",
)
async def _(world):
    async with world.open() as it:
        await it.start(greeting="Good day to you.")
        await it.until("reply.done")
        it.play(world.words("austen-0870"))
        await it.until("transcript.user")
        await it.until("reply.done")
        for started in it.of("reply.started"):
            own = [event["type"] for event in it.events if event.get("reply_id") == started["reply_id"]]
            assert (own[0], own[-1]) == ("reply.started", "reply.done")
            assert "reply.audio" not in own[own.index("transcript.agent") :]
        (final,) = it.of("transcript.user")
        said = [event["type"] for event in it.events if event.get("item_id") == final["item_id"]]
        assert said[-1] == "transcript.user"


def looking():
    """A brain that calls a tool, and then says something."""
    return {"brain": Script([Call("look", {})], [Say("Three.")])}


@rule(
    "11.3 tool turn",
    "C13: a pre-amble (silent), tool.call, reply.done; after the result another reply.",
    stage=looking,
    emulator=SCRIPTED,
)
async def _(world):
    async with world.open() as it:
        await it.start(tools=[LOOK])
        it.play(world.words())
        call = await it.until("tool.call")
        await it.until("reply.done")
        await it.send("tool.result", call_id=call["call_id"], result="3")
        await it.until("transcript.agent", text="Three.")
        await it.until("reply.done")
        kinds = [kind for kind in it.kinds if kind not in SOUND]
        assert kinds[kinds.index("transcript.user") :] == [
            *("transcript.user", "reply.started", "tool.call", "reply.done"),
            *("reply.started", "transcript.agent", "reply.done"),
        ]


@rule(
    "11.3 tool turn: transition phrase",
    "C13: a phrase before the result is optional.",
    stage=lambda: {"brain": Script([Say("One moment."), Call("look", {})], [Say("Three.")])},
    emulator=SCRIPTED,
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, tools=[LOOK])
        await it.send("reply.create")
        call = await it.until("tool.call")
        await it.until("transcript.agent", text="One moment.")
        await it.until("reply.done")
        await it.send("tool.result", call_id=call["call_id"], result="3")
        await it.until("transcript.agent", text="Three.")


@rule("11.4 interrupted turn", "What interrupts is followed by a normal user turn, and its reply.")
async def _(world):
    async with world.open() as it:
        await it.start(greeting=" ".join(["I could go on for a long while."] * 6))
        first = (await it.until("reply.audio"))["reply_id"]
        await asyncio.sleep(1)
        it.play(world.words("austen-0870"))
        await it.until("reply.done", reply_id=first, status="interrupted")
        await it.until("transcript.user")
        done = await it.until("reply.done")
        assert (done["status"], done["reply_id"] != first) == ("completed", True)


@rule(
    "11.5 premature end",
    "Who goes on right after the turn was ended is heard out: the pieces merge, and one reply comes.",
    stage=lambda: {"brain": Script([1.5, Say("Too soon.")], [Say("At last.")])},
    emulator=SCRIPTED,
)
async def _(world):
    async with world.open() as it:
        await it.start(input={"turn_detection": {"min_silence": 500, "max_silence": 2000}})
        it.play(world.words())
        await it.until("input.speech.stopped")
        it.play(world.words())
        await it.until("transcript.agent", text="At last.")
        await it.until("reply.done")
        assert [event["text"] for event in it.of("transcript.agent")] == ["At last."]
        assert len({event["item_id"] for event in it.of("transcript.user")}) == 1


def holding(*more):
    """A brain that calls a tool in hold mode, and then says something."""
    return lambda: {"brain": Script([Call("look", {})], *([Say(text)] for text in (*more, "Three.")))}


HOLD = {**LOOK, "execution_mode": "hold"}


@rule(
    "11.6 hold: no replies",
    "During a hold the user's speech gets no answer; the result brings the reply.",
    stage=holding(),
    emulator=SCRIPTED,
)
async def _(world):
    async with world.open() as it:
        await it.start(tools=[HOLD])
        it.play(world.words())
        call = await it.until("tool.call")
        await it.until("reply.done")
        it.play(world.words())
        await it.played()
        await asyncio.sleep(2.5)
        assert len(it.of("reply.started")) == 1
        await it.send("tool.result", call_id=call["call_id"], result="3")
        await it.until("transcript.agent", text="Three.")


@rule(
    "11.6 hold: transcripts",
    "Transcripts of a hold are flushed when it ends, before the reply.",
    stage=holding(),
    emulator=SCRIPTED,
)
async def _(world):
    async with world.open() as it:
        await it.start(tools=[HOLD])
        it.play(world.words())
        call = await it.until("tool.call")
        await it.until("reply.done")
        it.play(world.words())
        await it.played()
        await asyncio.sleep(2.5)
        before = len(it.events)
        await it.send("tool.result", call_id=call["call_id"], result="3")
        await it.until("transcript.agent", text="Three.")
        kinds = [event["type"] for event in it.events[before:]]
        assert kinds.index("transcript.user") < kinds.index("reply.started")


@rule(
    "11.6 hold: reply.create",
    "reply.create may be used during a hold for a status line.",
    stage=holding("Still looking."),
    emulator=SCRIPTED,
)
async def _(world):
    async with world.open() as it:
        await it.start(tools=[HOLD])
        it.play(world.words())
        call = await it.until("tool.call")
        await it.until("reply.done")
        await it.send("reply.create", instructions="Say that you are still looking.")
        await it.until("transcript.agent", text="Still looking.")
        await it.until("reply.done")
        await it.send("tool.result", call_id=call["call_id"], result="3")
        await it.until("transcript.agent", text="Three.")
