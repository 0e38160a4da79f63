"""Section 7: what the server sends."""

from __future__ import annotations

import asyncio

from rule import INSIDE, RAW, SCRIPTED, rule
from theater import Script

from voicenb.emulator.brain import Call, Say

SENTENCE = "Very well, a table for four. I have written it down."
LOOK = {"type": "function", "name": "look", "description": "Look. Use when asked.", "parameters": {}}


def calling():
    """A brain that says something, calls a tool and says something else."""
    return {"brain": Script([Say("One moment."), Call("look", {"day": "Friday", "n": 4})], [Say(SENTENCE)])}


async def whole_call(world, it):
    """A greeting, a turn with a tool, an update, an error, an end."""
    await it.start(greeting="Good day.", tools=[LOOK])
    await it.until("reply.done")
    it.play(world.words())
    call = await it.until("tool.call")
    await it.send("tool.result", call_id=call["call_id"], result="3")
    await it.until("transcript.agent", text=SENTENCE)
    await it.until("reply.done")
    await it.refused("session.update", "immutable_field", session={"greeting": "Other."})
    await it.send("session.end")
    await it.until("session.ended")


@rule(
    "7 all types",
    "There are fourteen types of events, each with the fields of the reference, and no other.",
    stage=calling,
    emulator=SCRIPTED,
    alone="voicenb refuses the update that brings the error",
)
async def _(world):
    async with world.open() as it:
        await whole_call(world, it)
        assert {event["type"] for event in it.events} == {
            *("session.ready", "session.updated", "session.ended", "session.error"),
            *("input.speech.started", "input.speech.stopped", "transcript.user.delta", "transcript.user"),
            *("reply.started", "reply.audio", "transcript.agent.delta", "transcript.agent", "reply.done"),
            "tool.call",
        }


@rule("7 session.ready", "It has session_id, config, expires_at (whole seconds) and resume_token.")
async def _(world):
    async with world.open() as it:
        ready = await it.start(mute=True)
        assert ready["session_id"]
        assert isinstance(ready["config"], dict)
        assert ready["expires_at"] == int(ready["expires_at"])
        assert isinstance(ready["resume_token"], str)


@rule("7 session.updated", "Each accepted update after ready is acknowledged, with the config.")
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        for prompt in ("One.", "Two."):
            await it.send("session.update", session={"system_prompt": prompt})
            if world.way == "socket":
                await it.until("session.updated")
        told = [event["config"]["system_prompt"] for event in it.of("session.updated")]
        assert told[-2:] == ["One.", "Two."]


@rule("7 session.ended", "It says how long the session was; how much audio came, or null.")
async def _(world):
    async with world.open() as it:
        await it.start()
        await asyncio.sleep(2)
        await it.send("session.end")
        ended = await it.until("session.ended")
        assert 1.9 <= ended["session_duration_seconds"] <= 4
        assert ended["audio_duration_seconds"] is None or 1 <= ended["audio_duration_seconds"] <= 4


@rule(
    "7 session.error",
    "It has code, message, param and session_id.",
    alone="voicenb refuses it before it is sent",
)
async def _(world):
    async with world.open() as it:
        ready = await it.start(mute=True)
        await it.send("session.update", session={"output": {"volume": 101}})
        error = await it.error("invalid_value", "output.volume")
        assert "output.volume" in error["message"]
        assert error["session_id"] == ready["session_id"]


@rule("7 no bare error", "An error comes as session.error, never as a bare error.", alone=RAW)
async def _(world):
    async with world.open() as it:
        await it.raw("nonsense")
        await it.until("session.error")
        await it.start(mute=True)
        await it.raw("nonsense")
        await it.until("session.error")
        assert "error" not in it.kinds


@rule(
    "7 transcript.user.delta", "Its text is the whole utterance so far; the final one has the same item_id."
)
async def _(world):
    async with world.open() as it:
        await it.start()
        it.play(world.words("austen-0870"))
        final = await it.until("transcript.user")
        deltas = it.of("transcript.user.delta")
        assert deltas
        assert {delta["item_id"] for delta in deltas} == {final["item_id"]}
        lengths = [len(delta["text"].split()) for delta in deltas]
        assert lengths == sorted(lengths)


@rule(
    "7 transcript.agent.delta",
    "Its words are appended; their times rise, from the start of the reply's audio.",
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting=SENTENCE)
        said = await it.until("transcript.agent")
        deltas = it.of("transcript.agent.delta")
        assert "".join(delta["delta"] for delta in deltas).split() == said["text"].split()
        starts = [delta["start_ms"] for delta in deltas]
        assert starts == sorted(starts)
        assert all(delta["start_ms"] <= delta["end_ms"] for delta in deltas)
        assert {delta["item_id"] for delta in deltas} == {said["item_id"]}


@rule(
    "7 transcript.agent",
    "It comes after all audio of the reply, with interrupted false where nobody interrupted.",
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting=SENTENCE)
        said = await it.until("transcript.agent")
        assert (said["text"], said["interrupted"]) == (SENTENCE, False)
        await asyncio.sleep(1)
        kinds = [event["type"] for event in it.events]
        assert "reply.audio" not in kinds[kinds.index("transcript.agent") :]


@rule(
    "7 transcript.agent: interrupted", "When interrupted, its text is cut to what was heard.", emulator=INSIDE
)
async def _(world):
    long = " ".join(f"word{n}" for n in range(60)) + "."
    async with world.open() as it:
        await it.start(greeting=long)
        await it.until("reply.audio")
        await asyncio.sleep(1)
        it.play(world.words())
        said = await it.until("transcript.agent")
        assert said["interrupted"] is True
        assert long.startswith(said["text"])
        assert 0 < len(said["text"]) < len(long)


@rule("7 reply.done: status", "C14: status is always there: completed or interrupted.")
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting=SENTENCE)
        assert (await it.until("reply.done"))["status"] == "completed"


@rule("7 tool.call: arguments", "arguments is an object, already parsed.", stage=calling, emulator=SCRIPTED)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, tools=[LOOK])
        await it.send("reply.create")
        call = await it.until("tool.call")
        assert call["arguments"] == {"day": "Friday", "n": 4}
        assert call["name"] == "look"


UNSET = (
    *("turn_detection", "keyterms", "transcription_mode", "continuous_partials", "transcription_prompt"),
    *("language_codes", "voice_focus", "voice_focus_threshold"),
)


@rule(
    "7.1 config: unset",
    "What is not set is null, the lists are empty, type is audio, the id is the session's.",
)
async def _(world):
    async with world.open() as it:
        ready = await it.start(mute=True)
        config = ready["config"]
        assert config["id"] == ready["session_id"]
        assert {key: config["input"][key] for key in UNSET} == dict.fromkeys(UNSET)
        assert (config["input"]["type"], config["output"]["type"]) == ("audio", "audio")
        assert config["output"]["volume"] is None
        assert (config["tools"], config["llm"], config["pre_connect_requests"]) == ([], [], [])


@rule("7.1 config: as given", "What is set is told as it was given.")
async def _(world):
    heard = {
        "turn_detection": {"vad_threshold": 0.5, "min_silence": 1400, "max_silence": 4000},
        "keyterms": ["Lido"],
        "transcription_mode": "max_accuracy",
        "transcription_prompt": "A restaurant.",
        "language_codes": ["en"],
        "voice_focus": "far-field",
        "voice_focus_threshold": 0.7,
    }
    async with world.open() as it:
        ready = await it.start(
            mute=True,
            system_prompt="Short.",
            greeting="Hi.",
            input=heard,
            output={"voice": "alba", "volume": 40},
        )
        config = ready["config"]
        assert {key: config["input"][key] for key in heard} == heard
        assert (config["system_prompt"], config["greeting"]) == ("Short.", "Hi.")
        assert (config["output"]["voice"], config["output"]["volume"]) == ("alba", 40)


@rule("7.1 config: tools", "A tool is told with everything that was left out.")
async def _(world):
    async with world.open() as it:
        (tool,) = (await it.start(mute=True, tools=[LOOK]))["config"]["tools"]
        assert {**LOOK, "timeout_seconds": 120, "execution_mode": "interactive"}.items() <= tool.items()
        for name in ("http", "response_instructions", "deployment_id", "session_update", "image_tag"):
            assert tool[name] is None


@rule("7.1 config: a stored agent's id", "The id is the stored agent's where one is bound.")
async def _(world):
    async with world.agent() as stored, world.open() as it:
        assert (await it.start(mute=True, agent_id=stored["id"]))["config"]["id"] == stored["id"]


@rule(
    "7.1 config: a tool that the server runs",
    "Of an HTTP tool config shows url and method, and headers_* that are empty.",
)
async def _(world):
    http = {"url": "https://example.com/x", "http_method": "GET", "headers": {"X-Key": "canary"}}
    async with world.agent(tools=[{"name": "look", "http": http}]) as stored, world.open() as it:
        (tool,) = (await it.start(mute=True, agent_id=stored["id"]))["config"]["tools"]
        hidden = ("headers_ciphertext", "headers_encrypted_data_key", "headers_kms_key_id")
        assert tool["http"] == {"url": http["url"], "method": "GET", **dict.fromkeys(hidden, "")}
        assert "canary" not in str(it.events)
