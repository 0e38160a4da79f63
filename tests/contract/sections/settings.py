"""Section 8: the session object."""

from __future__ import annotations

import asyncio

from rule import INSIDE, RAW, rule

LOCAL = "voicenb knows the keys of a session and sends no other"


@rule("8.1 empty", "The least that is accepted is an empty object.")
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)


@rule("8.1 bind", "agent_id alone binds a stored agent.")
async def _(world):
    async with world.agent(greeting="Good day.") as stored, world.open() as it:
        await it.start(mute=True, agent_id=stored["id"])
        await it.until("transcript.agent", text="Good day.")


for name, session, param in (
    ("model", {"model": "x"}, "model"),
    ("instructions", {"instructions": "x"}, "instructions"),
    ("turn_detection", {"turn_detection": {}}, "turn_detection"),
    ("llm", {"llm": []}, "llm"),
):

    @rule(f"8.1 unknown key: {name}", "An unknown key directly under session is refused, llm among them.")
    async def _(world, session=session, param=param):
        async with world.open() as it:
            await it.start_refused(session, "invalid_value", param)


@rule("8.1 llm: the words", "The refusal of an inline llm says to store it on an agent.", alone=LOCAL)
async def _(world):
    async with world.open() as it:
        await it.send("session.update", session={"llm": []})
        assert "agent" in (await it.error("invalid_value"))["message"]


for name, session in (
    ("input", {"input": {"x": 1}}),
    ("output", {"output": {"x": 1}}),
    ("turn_detection", {"input": {"turn_detection": {"x": 1}}}),
    ("a tool", {"tools": [{"type": "function", "name": "look", "x": 1}]}),
):

    @rule(f"8.1 unknown key deeper: {name}", "C26: unknown keys deeper down are ignored.")
    async def _(world, session=session):
        async with world.open() as it:
            await it.start(mute=True, **session)


@rule("8.1 unknown key beside session", "Unknown keys beside session are ignored.", alone=RAW)
async def _(world):
    async with world.open() as it:
        await it.send("session.update", session={}, resume_token="x")
        await it.until("session.ready")


NULLS = ("format", "turn_detection", "keyterms", "transcription_mode", "language_codes", "voice_focus")


@rule("8.1 null is not set", "null for an optional field of input, output or turn_detection means not set.")
async def _(world):
    turns = {"vad_threshold": None, "min_silence": 700, "max_silence": None, "interrupt_response": None}
    async with world.open() as it:
        await it.start(mute=True, input=dict.fromkeys(NULLS), output={"volume": None})
    async with world.open() as it:
        ready = await it.start(mute=True, input={"turn_detection": turns})
        told = {
            key: value
            for key, value in ready["config"]["input"]["turn_detection"].items()
            if value is not None
        }
        assert told == {"min_silence": 700}


@rule(
    "8.1 null: what was told can be sent back",
    "A config's input and mutable output are taken back as they are.",
    alone=RAW,
)
async def _(world):
    async with world.open() as it:
        config = (await it.start(mute=True))["config"]
        await it.send(
            "session.update",
            session={"input": config["input"], "output": {"volume": config["output"]["volume"]}},
        )
        await it.until("session.updated")


TURNS, HEARD, SPOKEN = "input.turn_detection.", "input.", "output."
RANGES = (
    (TURNS + "vad_threshold", (0, 0.5, 1), (-0.1, 1.1)),
    (TURNS + "min_silence", (50, 2999), (49, 10_001)),
    (TURNS + "max_silence", (1001, 10_000), (49, 10_001)),
    (TURNS + "interruption_delay", (0, 1000), (-1, 1001)),
    (TURNS + "interrupt_response", (True, False), ()),
    (HEARD + "transcription_mode", ("min_latency", "balanced", "max_accuracy"), ("fast",)),
    (HEARD + "transcription_prompt", ("", "x" * 1750), ("x" * 1751,)),
    (HEARD + "language_codes", (["en", "ja"], ["xx"]), ()),
    (HEARD + "voice_focus", ("near-field", "far-field"), ("middle-field",)),
    (HEARD + "voice_focus_threshold", (0, 0.85, 1), (-0.1, 1.1)),
    (HEARD + "keyterms", ([], ["a"] * 100), (["a"] * 101,)),
    (SPOKEN + "volume", (0, 62.5, 100, None), (-1, 100.5)),
    (SPOKEN + "voice", ("alba", "ivy"), ("nobody",)),
)
TYPES = (
    (TURNS + "vad_threshold", "high"),
    (TURNS + "min_silence", "long"),
    (TURNS + "min_silence", 700.5),
    (TURNS + "interrupt_response", "yes"),
    (HEARD + "turn_detection", []),
    (HEARD + "keyterms", "Lido"),
    (HEARD + "keyterms", [1]),
    (SPOKEN + "volume", "loud"),
)


def nested(path, value):
    """``{"input": {"keyterms": value}}``."""
    for key in reversed(path.split(".")):
        value = {key: value}
    return value


for path, good, bad in RANGES:

    @rule(f"8.2 {path}: takes", f"Values of {path} that are taken.")
    async def _(world, path=path, good=good):
        for value in good:
            async with world.open() as it:
                await it.start(mute=True, **nested(path, value))

    for value in bad:

        @rule(
            f"8.2 {path}: refuses {str(value)[:20]}",
            "A value out of range is invalid_value, with its param; 1008.",
        )
        async def _(world, path=path, value=value):
            async with world.open() as it:
                await it.start_refused(nested(path, value), "invalid_value", path)


for path, value in TYPES:

    @rule(
        f"8.2 {path}: no {type(value).__name__} {str(value)[:10]}",
        "A wrong type is invalid_format, with its param; the socket stays open for a good update.",
        alone="voicenb does not send it",
    )
    async def _(world, path=path, value=value):
        async with world.open() as it:
            await it.send("session.update", session=nested(path, value))
            await it.error("invalid_format", path)
            await it.start(mute=True)


for name, session in (
    ("system_prompt a number", {"system_prompt": 3}),
    ("input a list", {"input": []}),
    ("output a text", {"output": "loud"}),
    ("tools an object", {"tools": {}}),
    ("greeting null", {"greeting": None}),
):

    @rule(
        f"8.2 shape: {name}",
        "A malformed first update (C19: greeting null too) is invalid_format; the socket stays open.",
        alone="voicenb does not send it",
    )
    async def _(world, session=session):
        async with world.open() as it:
            await it.send("session.update", session=session)
            await it.error("invalid_format")
            await it.start(mute=True)


@rule("8.2 greeting", "It is spoken word for word.")
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, greeting="Lido, good evening: what can I do?")
        assert (await it.until("transcript.agent"))["text"] == "Lido, good evening: what can I do?"


@rule("8.2 greeting: omitted", "Without one the agent waits for the user.")
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        await asyncio.sleep(3)
        assert it.kinds == ["session.ready"]


@rule(
    "8.2 keyterms: longer ones",
    "Terms of more than 50 characters are ignored without a word.",
    emulator=INSIDE,
)
async def _(world):
    async with world.open() as it:
        await it.start(input={"keyterms": ["Lido", "x" * 51]})
        it.play(world.words())
        await it.until("transcript.user")
        assert "session.error" not in it.kinds
    assert {terms for _, terms in world.stage.ears.heard} == {("Lido",)}


@rule("8.2 keyterms: next utterance", "A change is in force from the next utterance on.", emulator=INSIDE)
async def _(world):
    async with world.open() as it:
        await it.start()
        await it.send("session.update", session={"input": {"keyterms": ["Lido"]}})
        it.play(world.words())
        await it.until("transcript.user")
    assert {terms for _, terms in world.stage.ears.heard} == {("Lido",)}


@rule("8.2 system_prompt: next turn", "A change is in force from the next turn on.", emulator=INSIDE)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, system_prompt="Old.")
        await it.send("reply.create")
        await it.until("reply.done")
        await it.send("session.update", session={"system_prompt": "New."})
        await it.send("reply.create")
        await it.until("reply.done")
    assert [moment.system_prompt for moment in world.brain.asked] == ["Old.", "New."]


@rule("8.2 volume: 0 only mutes", "At volume 0 the agent replies all the same, and is not heard.")
async def muted(world):
    async with world.open() as it:
        await it.start(mute=True, greeting="Good day.", output={"volume": 0})
        reply = await it.until("reply.done")
        assert not any(it.sound(reply["reply_id"]))


@muted.client
async def _(world):
    async with world.open() as it:
        await it.start(greeting="Good day.", output={"volume": 0})
        await it.until("transcript.agent", text="Good day.")
        await it.until("reply.done")


@rule("8.3 merge: what is left out stays", "Send only what changes; keys that are left out keep their value.")
async def _(world):
    async with world.open() as it:
        await it.start(
            mute=True, system_prompt="Old.", input={"keyterms": ["Lido"], "transcription_mode": "balanced"}
        )
        await it.send("session.update", session={"input": {"transcription_mode": "max_accuracy"}})
        if world.way == "socket":
            await it.until("session.updated")
        config = it.of("session.updated")[-1]["config"]
        assert config["system_prompt"] == "Old."
        assert config["input"]["keyterms"] == ["Lido"]
        assert config["input"]["transcription_mode"] == "max_accuracy"


for name, before, after, path in (
    ("keyterms", {"input": {"keyterms": ["a", "b"]}}, {"input": {"keyterms": ["c"]}}, ("input", "keyterms")),
    ("no keyterms", {"input": {"keyterms": ["a", "b"]}}, {"input": {"keyterms": []}}, ("input", "keyterms")),
):

    @rule(f"8.3 merge: {name}", "Lists replace entirely.")
    async def _(world, before=before, after=after, path=path):
        async with world.open() as it:
            await it.start(mute=True, **before)
            await it.send("session.update", session=after)
            if world.way == "socket":
                await it.until("session.updated")
            told, wanted = it.of("session.updated")[-1]["config"], after
            for key in path:
                told, wanted = told[key], wanted[key]
            assert told == wanted


@rule("8.3 merge: tools", "tools replaces the whole list.")
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, tools=[{"type": "function", "name": name} for name in ("one", "two")])
        await it.send("session.update", session={"tools": [{"type": "function", "name": "three"}]})
        if world.way == "socket":
            await it.until("session.updated")
        config = it.of("session.updated")[-1]["config"]
        assert [tool["name"] for tool in config["tools"]] == ["three"]
