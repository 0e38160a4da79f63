"""Section 10: turn detection and interruption."""

from __future__ import annotations

import asyncio

from rule import INSIDE, RAW, rule
from theater import Ears

LONG = " ".join(["I could go on about the tables for a long while."] * 4)
PATH = "input.turn_detection.min_silence"
TIMES = "the times are the server's, whoever asks"


def turns(**fields):
    """A session object's input."""
    return {"turn_detection": fields}


for name, fields in (
    ("equal", {"min_silence": 900, "max_silence": 900}),
    ("greater", {"min_silence": 901, "max_silence": 900}),
    ("against the default of max_silence", {"min_silence": 3000}),
    ("against the default of min_silence", {"max_silence": 1000}),
):

    @rule(
        f"10 min below max: {name}",
        "min_silence is strictly less than max_silence, else invalid_value; 1000 and 3000 by default.",
    )
    async def _(world, fields=fields):
        async with world.open() as it:
            await it.start_refused({"input": turns(**fields)}, "invalid_value", PATH)


@rule("10 min below max: the words", "The message names both fields.", alone=RAW)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        await it.send("session.update", session={"input": turns(min_silence=900, max_silence=900)})
        message = (await it.error("invalid_value", PATH))["message"]
        assert "min_silence" in message
        assert "max_silence" in message


@rule("10 min below max: later", "It holds for what is in force after an update.", alone=RAW)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, input=turns(min_silence=900, max_silence=2000))
        await it.send("session.update", session={"input": turns(min_silence=2000, max_silence=2000)})
        await it.error("invalid_value", PATH)
        turned = (await it.alive())["config"]["input"]["turn_detection"]
        assert turned == {"min_silence": 900, "max_silence": 2000}


for name, fields in (
    ("type", {"type": "server_vad", "min_silence": 700}),
    ("uninterruptible_turns", {"uninterruptible_turns": ["greeting"], "min_silence": 700}),
):

    @rule(f"10 ignored: {name}", "Obsolete and undocumented fields are ignored.")
    async def _(world, fields=fields):
        async with world.open() as it:
            await it.start(mute=True, input=turns(**fields))


async def ended_after(world, it):
    """Seconds from the end of a sentence to the decision that it was one."""
    it.play(world.words())
    await it.played()
    spoken = asyncio.get_running_loop().time()
    await it.until("input.speech.stopped")
    return asyncio.get_running_loop().time() - spoken


@rule(
    "10 min_silence",
    "It is the pause that ends a turn which looks complete.",
    stage=lambda: {"recognizer": Ears("Go forward ten meters.")},
    emulator=INSIDE,
    alone=TIMES,
)
async def _(world):
    took = []
    for shortest in (600, 1600):
        async with world.open() as it:
            await it.start(input=turns(min_silence=shortest, max_silence=6000))
            took.append(await ended_after(world, it))
    assert 0.8 <= took[1] - took[0] <= 1.2


@rule(
    "10 max_silence",
    "It is the pause that ends any turn.",
    stage=lambda: {"recognizer": Ears("I would like a table for the")},
    emulator=INSIDE,
    alone=TIMES,
)
async def _(world):
    async with world.open() as it:
        await it.start(input=turns(min_silence=300, max_silence=2500))
        assert 1.5 <= await ended_after(world, it) <= 3.0


@rule(
    "10 barge-in: sequence",
    "transcript.agent and reply.done say interrupted; the speech is reported, and is a turn.",
)
async def _(world):
    async with world.open() as it:
        await it.start(greeting=LONG)
        reply = (await it.until("reply.audio"))["reply_id"]
        await asyncio.sleep(1)
        it.play(world.words())
        said = await it.until("transcript.agent", reply_id=reply)
        assert said["interrupted"] is True
        await it.until("transcript.user")
        assert len(it.of("input.speech.started")) == 1
        (done,) = [event for event in it.of("reply.done") if event["reply_id"] == reply]
        assert done["status"] == "interrupted"


@rule("10 barge-in: together", "transcript.agent, reply.done and input.speech.started come within moments.")
async def _(world):
    async with world.open() as it:
        await it.start(greeting=LONG)
        await it.until("reply.audio")
        await asyncio.sleep(1)
        it.play(world.words())
        await it.until("transcript.user")
        times = [it.at(kind) for kind in ("transcript.agent", "reply.done", "input.speech.started")]
        assert max(times) - min(times) < 0.1


@rule("10 barge-in: no more audio", "No reply.audio of that reply comes after its reply.done.")
async def _(world):
    async with world.open() as it:
        await it.start(greeting=LONG)
        reply = (await it.until("reply.audio"))["reply_id"]
        await asyncio.sleep(1)
        it.play(world.words())
        await it.until("reply.done", reply_id=reply)
        seen = len(it.events)
        await asyncio.sleep(2)
        assert not [event for event in it.events[seen:] if event.get("reply_id") == reply]


stop = rule(
    "10 barge-in: the client stops playing",
    "On input.speech.started or an interrupted reply.done a client stops and clears its queue.",
    alone=RAW,
)


@stop.client
async def _(world):
    from voicenb.session.speakers import Captured

    speaker = Captured()
    async with world.open() as it:
        await it.begin({"greeting": LONG}, speaker=speaker)
        await it.until("reply.audio")
        await asyncio.sleep(1)
        it.play(world.words())
        await it.until("input.speech.started")
        await asyncio.sleep(0.2)
        assert not speaker.audible


@rule("10 interrupt_response: false", "The agent speaks on while the user speaks.")
async def _(world):
    async with world.open() as it:
        await it.start(
            greeting=LONG[:100], input=turns(interrupt_response=False, min_silence=700, max_silence=2000)
        )
        reply = (await it.until("reply.audio"))["reply_id"]
        await asyncio.sleep(1)
        it.play(world.words())
        done = await it.until("reply.done", reply_id=reply, within=60)
        assert done["status"] == "completed"


@rule(
    "10 interruption_delay",
    "It is an extra wait before a barge-in is accepted.",
    emulator=INSIDE,
    alone=TIMES,
)
async def _(world):
    took = []
    for delay in (0, 1000):
        async with world.open() as it:
            await it.start(
                greeting=LONG,
                input=turns(interruption_delay=delay, min_silence=700, max_silence=2000),
            )
            await it.until("reply.audio")
            await asyncio.sleep(1)
            began = asyncio.get_running_loop().time()
            it.play(world.words())
            await it.until("reply.done")
            took.append(asyncio.get_running_loop().time() - began)
    assert 0.6 <= took[1] - took[0] <= 1.2


@rule(
    "10 barge-in: live, late",
    "Live, a barge-in is decided 1.1 to 2.2 s after the user starts.",
    stage=lambda: {"profile": "live"},
    emulator=INSIDE,
    alone=TIMES,
)
async def _(world):
    async with world.open() as it:
        await it.start(greeting=LONG)
        await it.until("transcript.agent.delta")
        await asyncio.sleep(1)
        began = asyncio.get_running_loop().time()
        it.play(world.words())
        await it.until("reply.done", status="interrupted")
        assert 1.0 <= asyncio.get_running_loop().time() - began <= 4.0


@rule(
    "10 interruption_delay: default",
    "It is 0 with min_latency, and 500 with balanced.",
    emulator=INSIDE,
    alone=TIMES,
)
async def _(world):
    took = []
    for mode in ("min_latency", "balanced"):
        async with world.open() as it:
            await it.start(greeting=LONG, input={"transcription_mode": mode})
            await it.until("reply.audio")
            await asyncio.sleep(1)
            began = asyncio.get_running_loop().time()
            it.play(world.words())
            await it.until("reply.done")
            took.append(asyncio.get_running_loop().time() - began)
    # With none it still waits for a first word, for a while.
    assert 0.1 <= took[1] - took[0] <= 0.7


@rule("10 no listen-only mode", "A system prompt does not keep the agent from replying.")
async def _(world):
    async with world.open() as it:
        await it.start(system_prompt="Only listen. Never reply.")
        it.play(world.words())
        await it.until("transcript.user")
        await it.until("reply.done")
