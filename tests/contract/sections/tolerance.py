"""What a client must take ("clients are liberal"), and what clients meet in the field (FNC)."""

from __future__ import annotations

import asyncio
import base64
import json
from contextlib import asynccontextmanager

from rule import rule
from scripted_service import ScriptedService
from talkers import Voicenb

import voicenb as vn
from voicenb.session.asgi import connector
from voicenb.session.host import Plan
from voicenb.session.opening import tools_of
from voicenb.session.speakers import Captured, Muted
from voicenb.testing.call import Call
from voicenb.testing.elsewhere import AtOnce

NOW = 1_790_000_000.0
READY = {"type": "session.ready", "session_id": "sess_1", "timestamp": NOW}
SOUND = base64.b64encode(b"\x10\x27" * 2400).decode()
MEETS = "what a client meets"


def event(kind, **fields):
    """An event of the service."""
    return {"type": kind, "timestamp": NOW, **fields}


def reply(reply_id="resp_1", text="Good day.", status="completed"):
    """A whole reply."""
    own = {"reply_id": reply_id, "item_id": f"msg_{reply_id}"}
    return (
        event("reply.started", **own),
        event("reply.audio", reply_id=reply_id, data=SOUND),
        event("transcript.agent", **own, text=text, interrupted=status == "interrupted"),
        event("reply.done", reply_id=reply_id, status=status),
    )


@asynccontextmanager
async def told(*frames, ready=READY, speaker=None):
    """voicenb, that has been told all this by a service, and goes on."""

    async def script(peer):
        await peer.expect("session.update")
        for frame in (ready, *frames):
            await peer._send(frame if isinstance(frame, str) else json.dumps(frame))
        while (await peer.get())["type"] != "session.end":
            pass
        await peer.say("session.ended", session_duration_seconds=1.0, audio_duration_seconds=None)
        await peer.close(1000, "")

    service = ScriptedService(script)
    it = Voicenb(service.address(), connector(service.app))
    it.service = service
    try:
        await it.begin({}, speaker=speaker)
        await it.until("session.ready")
        await asyncio.sleep(1)
        yield it
        assert it.error_that_ended is None
        assert it.engine.state not in ("lost", "ended")
    finally:
        await it.end()


def client(row_id, says):
    """A row of the client's alone."""
    return rule(row_id, says, emulator=MEETS, alone=MEETS).client


def lines(it):
    """What was said, as the client has it."""
    return [(line.role, line.text) for line in it.engine.conversation.lines]


@client("7 client: ready with an id only", "A client relies on nothing but session_id in session.ready.")
async def _(world):
    async with told(*reply()) as it:
        assert lines(it) == [("agent", "Good day.")]


@client("7 client: no status", "reply.done without status counts as completed.")
async def _(world):
    *others, done = reply()
    del done["status"]
    async with told(*others, done) as it:
        (line,) = it.engine.conversation.lines
        assert not line.interrupted
        assert it.engine.state == "listening"


@client(
    "7 client: user deltas replace",
    "transcript.user.delta is the whole utterance so far: replaced, not appended.",
)
async def _(world):
    deltas = [
        event("transcript.user.delta", item_id="msg_1", text=text) for text in ("do you", "do you have")
    ]
    async with told(event("input.speech.started"), *deltas) as it:
        assert lines(it) == [("user", "do you have")]


@client(
    "7 client: agent deltas append",
    "transcript.agent.delta is a word or so: appended, with or without a space.",
)
async def _(world):
    started = event("reply.started", reply_id="resp_1", item_id="msg_1")
    own = {"reply_id": "resp_1", "item_id": "msg_1", "start_ms": None, "end_ms": None}
    words = [event("transcript.agent.delta", **own, delta=delta) for delta in ("Good ", "day,", "Lido.")]
    async with told(started, *words) as it:
        assert [(role, text.split()) for role, text in lines(it)] == [("agent", ["Good", "day,", "Lido."])]


@client(
    "7 client: the sequence page's names",
    "delta for text in transcript.user.delta, error_code for code: both are taken.",
)
async def _(world):
    async with told(
        event("transcript.user.delta", item_id="msg_1", delta="do you"),
        event("session.error", error_code="audio_rate_violation", message="x"),
    ) as it:
        assert lines(it) == [("user", "do you")]
        (error,) = it.told("error")
        assert error["code"] == "audio_rate_violation"


for name, frame in (
    ("error", event("error", code="audio_rate_violation", message="Slower.")),
    ("an untyped object with code", {"code": "audio_rate_violation", "message": "Slower."}),
):

    @client(f"7 client: {name}", "It is taken as session.error.")
    async def _(world, frame=frame):
        async with told(frame) as it:
            (error,) = it.told("error")
            assert error["code"] == "audio_rate_violation"


@client("7 client: reply.error", "reply.error, which no page documents, is tolerated.")
async def _(world):
    frame = event("reply.error", reply_id="resp_1", code="x", message="x", retryable=True)
    async with told(*reply(), frame, *reply("resp_2", "Well.")) as it:
        assert lines(it) == [("agent", "Good day."), ("agent", "Well.")]


@client(
    "0 client: unknown events and fields", "Unknown types and fields pass through and stay in the recording."
)
async def _(world):
    extra = event("session.metrics", latency_ms=412)
    *others, done = reply()
    async with told(extra, *others, {**done, "cost": 0.1}) as it:
        assert {key: it.of("session.metrics")[0][key] for key in extra} == extra
        assert it.of("reply.done")[0]["cost"] == 0.1


for name, stamp in (("a text", "2026-09-21T10:00:00Z"), ("0", 0), ("missing", None)):

    @client(f"4 client: timestamp {name}", "timestamp is a float, an ISO text, 0 or missing: all are taken.")
    async def _(world, stamp=stamp):
        frames = [{**frame, "timestamp": stamp} for frame in reply()]
        if stamp is None:
            for frame in frames:
                del frame["timestamp"]
        async with told(*frames) as it:
            assert lines(it) == [("agent", "Good day.")]


@client("11.2 client: in any order", "The end of the user's speech and the reply's first events may swap.")
async def _(world):
    started, audio, said, done = reply()
    user = event("transcript.user", item_id="msg_1", text="Hello.")
    async with told(
        event("input.speech.started"), started, audio, user, event("input.speech.stopped"), said, done
    ) as it:
        assert sorted(lines(it)) == [("agent", "Good day."), ("user", "Hello.")]
        assert it.engine.state == "listening"


for name, order in (("speech first", (1, 0, 2)), ("done first", (2, 0, 1)), ("transcript first", (0, 2, 1))):

    @client(
        f"FNC2 barge-in: {name}", "Its three events come in any order; the speaker is stopped by the first."
    )
    async def _(world, order=order):
        started, _, said, done = reply(status="interrupted")
        long = base64.b64encode(b"\x10\x27" * 240_000).decode()
        three = (said, event("input.speech.started"), done)
        speaker = Captured()
        frames = (started, event("reply.audio", reply_id="resp_1", data=long), *(three[n] for n in order))
        async with told(*frames, speaker=speaker) as it:
            assert not speaker.audible
            (line,) = it.engine.conversation.lines
            assert line.interrupted


@client("26.2 client: late audio", "Audio of a reply that was flushed, which comes late, is not played.")
async def _(world):
    speaker = Captured()
    late = event("reply.audio", reply_id="resp_1", data=base64.b64encode(b"\x10\x27" * 240_000).decode())
    async with told(*reply(status="interrupted"), event("input.speech.started"), late, speaker=speaker):
        assert not speaker.audible


for name, frames in (
    ("no audio", (reply()[0], *reply()[2:])),
    ("no transcript", (*reply()[:2], reply()[3])),
    ("never finished", reply()[:2]),
    ("nothing at all", (reply()[0], reply()[3])),
):

    @client(
        f"FNC3 reply: {name}",
        "Replies without audio or transcript, or that never end: the next one is taken.",
    )
    async def _(world, frames=frames):
        async with told(*frames, *reply("resp_2", "Well.")) as it:
            assert lines(it)[-1] == ("agent", "Well.")
            assert it.engine.state == "listening"


@client("FNC1 a lone input.speech.stopped", "It may come alone.")
async def _(world):
    async with told(event("input.speech.started"), event("input.speech.stopped")) as it:
        assert it.engine.state == "listening"


@client(
    "FNC7 session.updated at any time", "It may come before ready, or between a tool.call and its reply.done."
)
async def _(world):
    async with told(event("session.updated", config={}), *reply()) as it:
        assert lines(it) == [("agent", "Good day.")]


async def called(*calls):
    """What voicenb, with one tool, answers to these calls; how often the tool ran."""
    agent, ran = vn.Agent(name="Contract", system_prompt="You are a clerk."), []

    @agent.tool
    def look() -> str:
        """Look. Use when asked."""
        ran.append(1)
        return "three"

    async def script(peer):
        await peer.ready()
        for call_id, name in calls:
            await peer.say("tool.call", call_id=call_id, name=name, arguments={})
        while (await peer.get())["type"] != "session.end":
            pass
        await peer.say("session.ended", session_duration_seconds=1.0, audio_duration_seconds=None)
        await peer.close(1000, "")

    service = ScriptedService(script)
    plan = Plan(
        service.address(),
        agent.to_session(),
        speaker=Muted(),
        connect=connector(service.app),
        microphone=Brief(),
    )
    await Call(plan, tools_of(agent), AtOnce()).run()
    return [message for message in service.received if message["type"] == "tool.result"], len(ran)


class Brief:
    """A microphone that hangs up after two seconds."""

    label = "brief"

    async def frames(self, room):
        for _ in range(100):
            await asyncio.sleep(0.02)
            yield bytes(960)


@client("12.2 client: a tool of nobody's", "C12: a tool.call whose name is not registered is not answered.")
async def _(world):
    results, ran = await called(("call_1", "book"), ("call_2", "look"))
    assert [result["call_id"] for result in results] == ["call_2"]
    assert ran == 1


@client("FNC7 a call_id once more", "A tool.call that repeats an earlier call_id runs nothing again.")
async def _(world):
    results, ran = await called(("call_1", "look"), ("call_1", "look"))
    assert (len(results), ran) == (1, 1)


@client("6.2 client: result", "result is a string, serialised once; the call_id is echoed.")
async def _(world):
    ((result,), _) = await called(("call_1", "look"))
    assert (result["call_id"], json.loads(result["result"])) == ("call_1", "three")


for name, last, code in (
    ("session.ended", event("session.ended", session_duration_seconds=60.0, audio_duration_seconds=None), ""),
    ("session_expired", event("session.error", code="session_expired", message="x"), "session_expired"),
):

    @client(
        f"3 client: cap by {name}",
        "C9: the cap comes as session.ended or session_expired.",
    )
    async def _(world, last=last, code=code):
        error = await ended_by(last, 1000 if not code else 1008)
        assert getattr(error, "code", "") == code


for case in ("at_capacity", "AT_CAPACITY"):

    @client(f"13 client: {case}", "Codes are compared without regard to case.")
    async def _(world, case=case):
        error = await ended_by(event("session.error", code=case, message="x"), 1008)
        assert error.code == "at_capacity"


@client("13.3 client: 1011 without a word", "A close with 1011 may come with no payload before it.")
async def _(world):
    error = await ended_by(None, 1011)
    assert isinstance(error, vn.ServiceError)


async def ended_by(last, code):
    """What voicenb says when a session is ended like that."""

    async def script(peer):
        await peer.ready()
        if last is not None:
            await peer._send(json.dumps(last))
        await peer.close(code, "")

    service = ScriptedService(script)
    it = Voicenb(service.address(), connector(service.app))
    try:
        await it.begin({})
        await it.until("session.ready")
        await it.until_closed(within=100)
    finally:
        await it.end()
    return it.error_that_ended
