"""Section 17: session history over REST."""

from __future__ import annotations

import asyncio
import io

import pytest
from rule import CLOCK, INSIDE, REST, SCRIPTED, rule
from theater import Script

import voicenb as vn
from voicenb.emulator.brain import Call, Say

PATH = "/v1/sessions"
RECORD = {"id", "agent_id", "status", "public_close_reason", "duration_seconds", "created_at", "ended_at"}


async def held(world, **session):
    """A session that was held; its id."""
    async with world.bare() as it:
        session_id = (await it.start(mute=True, **session))["session_id"]
        await asyncio.sleep(1)
        await it.send("session.end")
        await it.until("session.ended")
        await it.until_closed()
    return session_id


one = rule(
    "17 one", "A record, its config and its artifacts; created while open, completed afterwards.", alone=REST
)


@one
async def _(world):
    async with world.bare() as it:
        session_id = (await it.start(mute=True, greeting="Good day."))["session_id"]
        running = await world.ok("GET", f"{PATH}/{session_id}")
        assert (running["status"], running["artifacts"]) == ("created", [])
        await it.until("reply.done")
        await it.send("session.end")
        await it.until("session.ended")
    record = await world.ok("GET", f"{PATH}/{session_id}")
    assert set(record) > RECORD
    assert (record["status"], record["public_close_reason"]) == ("completed", "client_end")
    assert record["config"]["greeting"] == "Good day."
    assert record["duration_seconds"] > 0


@one.client
def _(hosted):
    with vn.Session({"greeting": "Good day."}, service=hosted, recording=False) as session:
        session.wait_for("reply.done", timeout=20)
        session_id = session.session_id
    past = hosted.session(session_id)
    assert past.id == session_id
    hosted.delete_session(session_id)
    with pytest.raises(vn.ServiceError) as gone:
        hosted.session(session_id)
    assert gone.value.code == "session_not_found"


for bound in (False, True):

    @rule(
        f"17 agent_id: {'stored' if bound else 'inline'}", "agent_id is null for inline sessions.", alone=REST
    )
    async def _(world, bound=bound):
        async with world.agent() as agent:
            session = {"agent_id": agent["id"]} if bound else {}
            record = await world.ok("GET", f"{PATH}/{await held(world, **session)}")
            assert record["agent_id"] == (agent["id"] if bound else None)


@rule("17 list", "A page of records, newest first, with has_more and next_cursor.", alone=REST)
async def _(world):
    first, second = await held(world), await held(world)
    page = await world.ok("GET", PATH, params={"limit": 1})
    assert [entry["id"] for entry in page["sessions"]] == [second]
    assert set(page["sessions"][0]) == RECORD
    assert page["has_more"] is True
    page = await world.ok(
        "GET", PATH, params={"limit": 1, "cursor": page["response_metadata"]["next_cursor"]}
    )
    assert [entry["id"] for entry in page["sessions"]] == [first]


@rule("17 list: filters", "status and agent_id narrow it down.", alone=REST)
async def _(world):
    async with world.agent() as agent:
        bound, inline = await held(world, agent_id=agent["id"]), await held(world)
        async with world.bare() as it:
            running = (await it.start(mute=True))["session_id"]

            async def ids(**query):
                return [entry["id"] for entry in (await world.ok("GET", PATH, params=query))["sessions"]]

            assert await ids(agent_id=agent["id"]) == [bound]
            assert running in await ids(status="created")
            assert running not in await ids(status="completed")
            assert inline in await ids(status="completed")


for limit, status in ((1, 200), (200, 200), (0, 422), (201, 422), ("many", 422)):

    @rule(f"17 list: limit {limit}", "limit is from 1 to 200.", alone=REST)
    async def _(world, limit=limit, status=status):
        assert (await world.rest("GET", PATH, params={"limit": limit})).status_code == status


@rule("17 delete", "DELETE is answered 204; the session is gone.", alone=REST)
async def _(world):
    session_id = await held(world)
    assert (await world.rest("DELETE", f"{PATH}/{session_id}")).status_code == 204
    answer = await world.rest("GET", f"{PATH}/{session_id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "session_not_found")
    assert session_id not in str(await world.ok("GET", PATH))


async def artifacts(world, session_id):
    """Its artifacts, by type."""
    record = await world.ok("GET", f"{PATH}/{session_id}")
    return {entry["type"]: entry for entry in record["artifacts"]}


@rule(
    "17 artifacts",
    "audio, timeline and metadata, behind links that take no auth header.",
    emulator=INSIDE,
    alone=REST,
)
async def _(world):
    found = await artifacts(world, await held(world, greeting="Good day."))
    assert set(found) == {"audio", "timeline", "metadata"}
    for entry in found.values():
        answer = await world.rest("GET", entry["url"], key="")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == entry["content_type"]


@rule("17 artifacts: an hour", "Links are good for one hour.", emulator=CLOCK, alone=REST)
async def _(world):
    url = (await artifacts(world, await held(world)))["timeline"]["url"]
    await asyncio.sleep(3500)
    assert (await world.rest("GET", url, key="")).status_code == 200
    await asyncio.sleep(200)
    assert (await world.rest("GET", url, key="")).status_code == 403


@rule(
    "17 artifacts: live",
    "Seen live, there are none right after the call, and all after 5 to 7 s.",
    stage=lambda: {"profile": "live"},
    emulator=INSIDE,
    alone=REST,
)
async def _(world):
    session_id = await held(world)
    assert await artifacts(world, session_id) == {}
    await asyncio.sleep(7)
    assert "timeline" in await artifacts(world, session_id)


@rule("17 audio", "Ogg/Opus, stereo, 24 kHz; the user left, the agent right.", emulator=INSIDE, alone=REST)
async def _(world):
    import soundfile

    entry = (await artifacts(world, await held(world, greeting="Good day.")))["audio"]
    samples, rate = soundfile.read(io.BytesIO((await world.rest("GET", entry["url"], key="")).content))
    assert (rate, samples.shape[1], entry["content_type"]) == (24_000, 2, "audio/ogg")
    assert abs(samples[:, 0]).max() < 0.01 < abs(samples[:, 1]).max()


@rule("17 metadata", "What the metadata says.", emulator=INSIDE, alone=REST)
async def _(world):
    entry = (await artifacts(world, await held(world)))["metadata"]
    assert set((await world.rest("GET", entry["url"], key="")).json()) == {
        *("session_id", "started_at", "ended_at", "format", "channels", "channel_layout", "sample_rate"),
        *("file", "uploaded_chunks", "dropped_chunks"),
    }


@rule(
    "17 timeline",
    "Turns with their trigger, words, times and tool calls; how it ended.",
    stage=lambda: {"brain": Script([Call("look", {"n": 1})], [Say("Three.")], [Say("As you wish.")])},
    emulator=SCRIPTED,
    alone=REST,
)
async def _(world):
    async with world.bare() as it:
        tool = {"type": "function", "name": "look"}
        session_id = (await it.start(greeting="Good day.", tools=[tool]))["session_id"]
        await it.until("reply.done")
        it.play(world.words())
        call = await it.until("tool.call")
        await it.send("tool.result", call_id=call["call_id"], result="3")
        await it.until("transcript.agent", text="Three.")
        await it.until("reply.done")
        await it.send("reply.create", instructions="Say it.")
        await it.until("transcript.agent", text="As you wish.")
        await it.until("reply.done")
        await it.send("session.end")
        await it.until("session.ended")
    entry = (await artifacts(world, session_id))["timeline"]
    told = (await world.rest("GET", entry["url"], key="")).json()
    assert told["session_id"] == session_id
    assert told["ended"]["reason"] == "user_initiated"
    triggers = [turn["trigger"] for turn in told["turns"]]
    assert triggers == ["greeting", "user_speech", "tool_result", "reply_create"]
    greeting, speech, result, created = told["turns"]
    assert "tool_calls" not in greeting, "empty arrays are left out"
    assert speech["user_transcript"]
    assert speech["user_speech_started_at_ms"] < speech["user_speech_ended_at_ms"]
    (made,) = speech["tool_calls"]
    assert (made["name"], made["arguments"], made["result"], made["is_error"]) == (
        "look",
        {"n": 1},
        "3",
        False,
    )
    assert made["dispatched_at_ms"] <= made["result_received_at_ms"]
    assert result["time_to_first_audio_ms"] is None, "null on tool turns"
    assert created["requested_instructions"] == "Say it."
    assert greeting["agent_text"] == "Good day."


changes = rule(
    "17 timeline: config_changes",
    "Changes of the configuration stand in the timeline.",
    emulator=INSIDE,
    alone=REST,
)


@changes
async def _(world):
    async with world.bare() as it:
        session_id = (await it.start(mute=True))["session_id"]
        await it.send("session.update", session={"system_prompt": "New."})
        await it.until("session.updated")
        await it.send("session.end")
        await it.until("session.ended")
    entry = (await artifacts(world, session_id))["timeline"]
    assert len((await world.rest("GET", entry["url"], key="")).json()["config_changes"]) == 1


for name, ends in (("user_initiated", "session.end"), ("participant_disconnected", "close")):

    @rule(f"17 timeline: {name}", "ended.reason says how it ended.", emulator=CLOCK, alone=REST)
    async def _(world, name=name, ends=ends):
        async with world.bare() as it:
            session_id = (await it.start(mute=True))["session_id"]
            if ends == "session.end":
                await it.send("session.end")
                await it.until("session.ended")
        await asyncio.sleep(31)
        entry = (await artifacts(world, session_id))["timeline"]
        assert (await world.rest("GET", entry["url"], key="")).json()["ended"]["reason"] == name


@rule("17 timeline: interrupted_at_ms", "A turn that was interrupted says when.", emulator=INSIDE, alone=REST)
async def _(world):
    long = " ".join(["I could go on about the tables for a long while."] * 4)
    async with world.bare() as it:
        session_id = (await it.start(greeting=long))["session_id"]
        await it.until("reply.audio")
        await asyncio.sleep(1)
        it.play(world.words())
        await it.until("reply.done", status="interrupted")
        await it.send("session.end")
        await it.until("session.ended")
    entry = (await artifacts(world, session_id))["timeline"]
    greeting = (await world.rest("GET", entry["url"], key="")).json()["turns"][0]
    assert greeting["agent_reply_started_at_ms"] < greeting["interrupted_at_ms"]
