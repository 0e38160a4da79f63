"""Section 14: the end of a session, and its resumption."""

from __future__ import annotations

import asyncio

from rule import CLOCK, INSIDE, RAW, SCRIPTED, rule
from theater import Script

from voicenb.emulator.brain import Say
from voicenb.session.limits import Limits

GREETING = "Good day to you, and to all the others."


async def begun(it, **session):
    """A session that has greeted; its id."""
    ready = await it.start(mute=True, greeting=GREETING, **session)
    await it.until("reply.done")
    return ready["session_id"]


def resumed(name, says, **more):
    """A row of resuming, by hand."""
    return rule(f"14 resume: {name}", says, differs="C24", **{"alone": "voicenb resumes by itself", **more})


works = resumed(
    "inside 30 s",
    "A new socket, a fresh login, session.resume with the old id: session.ready with the same id.",
    emulator=CLOCK,
)


@works
async def _(world):
    async with world.open() as it:
        session_id = await begun(it)
        await it.drop()
    await asyncio.sleep(28)
    async with world.open() as it:
        await it.send("session.resume", session_id=session_id)
        assert (await it.until("session.ready"))["session_id"] == session_id
        await it.alive()


@works.client
async def _(world):
    async with world.open() as it:
        session_id = await begun(it)
        await it.drop()
        assert (await it.until("session.ready"))["session_id"] == session_id
        await it.alive()
        assert it.sent("session.resume") == [{"type": "session.resume", "session_id": session_id}]


@resumed("nothing is said again", "Neither the greeting nor what was missed is sent again (assumed).")
async def _(world):
    async with world.open() as it:
        session_id = await begun(it)
        await it.drop()
    async with world.open() as it:
        await it.send("session.resume", session_id=session_id)
        await it.until("session.ready")
        await asyncio.sleep(3)
        assert it.kinds == ["session.ready"]


@resumed("the configuration stays", "What was in force is in force.")
async def _(world):
    async with world.open() as it:
        session_id = await begun(it, input={"keyterms": ["Lido"]})
        await it.drop()
    async with world.open() as it:
        await it.send("session.resume", session_id=session_id)
        config = (await it.until("session.ready"))["config"]
        assert config["input"]["keyterms"] == ["Lido"]


@resumed(
    "the conversation goes on",
    "The history is kept.",
    stage=lambda: {"brain": Script([Say("One.")], [Say("Two.")])},
    emulator=SCRIPTED,
)
async def _(world):
    async with world.open() as it:
        session_id = await begun(it)
        await it.send("reply.create")
        await it.until("transcript.agent")
        await it.until("reply.done")
        await it.drop()
    async with world.open() as it:
        await it.send("session.resume", session_id=session_id)
        await it.until("session.ready")
        await it.send("reply.create")
        await it.until("transcript.agent", text="Two.")
    assert [line.text for line in world.brain.asked[1].history] == [GREETING, "One."]


async def refusal(world, session_id, code="session_not_found", **login):
    """It cannot be resumed."""
    async with world.open(**login) as it:
        await it.send("session.resume", session_id=session_id)
        await it.error(code)
        assert (await it.until_closed())[0] == 1008


@resumed("after 30 s", "Beyond the window it is session_not_found, and 1008.", emulator=CLOCK)
async def _(world):
    async with world.open() as it:
        session_id = await begun(it)
        await it.drop()
    await asyncio.sleep(31)
    await refusal(world, session_id)


@resumed("unknown", "An id that nobody has is session_not_found, and 1008.")
async def _(world):
    await refusal(world, "sess_unknown")


@resumed("after session.end", "After session.end it is refused.")
async def _(world):
    async with world.open() as it:
        session_id = await begun(it)
        await it.send("session.end")
        await it.until("session.ended")
    await refusal(world, session_id)


@resumed(
    "another's",
    "Another key's session is session_forbidden, and 1008.",
    stage=lambda: {"key": None},
    emulator=INSIDE,
)
async def _(world):
    async with world.open(key="one") as it:
        session_id = await begun(it)
        await it.drop()
    await refusal(world, session_id, "session_forbidden", key="two")


@resumed("only as a first message", "Later on session.resume is an error, and the session survives.")
async def _(world):
    async with world.open() as it:
        session_id = await begun(it)
        await it.send("session.resume", session_id=session_id)
        await it.error("invalid_format")
        await it.alive()


@resumed("unknown keys beside it", "Unknown keys, a resume_token say, are ignored.")
async def _(world):
    async with world.open() as it:
        session_id = await begun(it)
        await it.drop()
    async with world.open() as it:
        await it.send("session.resume", session_id=session_id, resume_token="x")
        await it.until("session.ready")


@resumed("by a fresh token", "A fresh token of the same key resumes as the key does.")
async def _(world):
    async with world.open() as it:
        session_id = await begun(it)
        await it.drop()
    async with world.open(f"?token={await world.token()}", key="") as it:
        await it.send("session.resume", session_id=session_id)
        await it.until("session.ready")


refused_live = resumed(
    "live",
    "Live, every known try was refused; a client takes that for an ordinary ending, or begins anew.",
    stage=lambda: {"profile": "live"},
    emulator=INSIDE,
)


@refused_live
async def _(world):
    async with world.open() as it:
        session_id = await begun(it)
        await it.drop()
    await refusal(world, session_id)


@refused_live.client
async def _(world):
    async with world.open() as it:
        await it.begin({"greeting": GREETING}, on_lost="restart", limits=Limits())
        await it.until("session.ready")
        await it.until("reply.done")
        await it.drop()
        await it.until("session.error")
        await it.until("session.ready")
        await it.alive()
    async with world.open() as it:
        await it.begin({"greeting": GREETING}, on_lost="end")
        await it.until("session.ready")
        await it.drop()
        await it.until_closed(within=60)
        assert it.of("session.error")[-1]["code"] == "session_not_found"
        assert it.engine.state == "lost"


@rule(
    "14 bare close",
    "A socket that closes without session.end leaves the session open for 30 s.",
    emulator=CLOCK,
    alone=RAW,
)
async def _(world):
    async with world.open() as it:
        session_id = (await it.start(mute=True))["session_id"]
        await it.drop()
    path = f"/v1/sessions/{session_id}"
    await asyncio.sleep(29)
    assert (await world.ok("GET", path))["status"] == "created"
    await asyncio.sleep(2)
    record = await world.ok("GET", path)
    assert record["status"] == "completed"
    assert record["duration_seconds"] >= 30


@rule(
    "14 longest session",
    "A session lasts three hours at most, and ends with session.ended.",
    emulator=CLOCK,
    alone=RAW,
)
async def _(world):
    async with world.open() as it:
        ready = await it.start(mute=True)
        assert abs(ready["expires_at"] - ready["timestamp"] - 10_800) <= 1
        ended = await it.until("session.ended", within=11_000)
        assert abs(ended["session_duration_seconds"] - 10_800) <= 1


closing = rule(
    "14 close of the client", "close() sends session.end, waits for session.ended, then closes.", alone=RAW
)


@closing.client
async def _(world):
    async with world.open() as it:
        await it.start()
        await it.engine.end()
        assert it.kinds[-1] == "session.ended"
        assert it.sent("session.end") == [{"type": "session.end"}]
