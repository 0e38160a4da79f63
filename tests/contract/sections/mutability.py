"""Section 9: what may change when."""

from __future__ import annotations

from rule import RAW, rule

PCMU = {"encoding": "audio/pcmu"}

for name, session, param in (
    ("greeting", {"greeting": "New."}, "greeting"),
    ("output.voice", {"output": {"voice": "anna"}}, "output.voice"),
    ("output.voice, an unknown one", {"output": {"voice": "nobody"}}, "output.voice"),
    ("output.format", {"output": {"format": PCMU}}, "output.format"),
    ("output.type", {"output": {"type": "text"}}, "output.type"),
    ("input.type", {"input": {"type": "text"}}, "input.type"),
):

    @rule(
        f"9 immutable: {name}",
        "After ready it is immutable_field, with the dotted path, whatever the value; the session survives.",
    )
    async def _(world, session=session, param=param):
        async with world.open() as it:
            await it.start(mute=True)
            await it.refused("session.update", "immutable_field", param, session=session)


@rule("9 immutable: the words", "'output.voice' cannot be changed after the first session.update.", alone=RAW)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        await it.send("session.update", session={"output": {"voice": "anna"}})
        error = await it.error("immutable_field", "output.voice")
        assert error["message"] == "'output.voice' cannot be changed after the first session.update"


for name, session, param in (
    ("system_prompt", {"system_prompt": "New."}, ("system_prompt",)),
    ("tools", {"tools": [{"type": "function", "name": "look"}]}, None),
    ("turn_detection", {"input": {"turn_detection": {"min_silence": 900, "max_silence": 2000}}}, None),
    ("keyterms", {"input": {"keyterms": ["Lido"]}}, ("input", "keyterms")),
    ("transcription_mode", {"input": {"transcription_mode": "min_latency"}}, ("input", "transcription_mode")),
    (
        "transcription_prompt",
        {"input": {"transcription_prompt": "A bar."}},
        ("input", "transcription_prompt"),
    ),
    ("language_codes", {"input": {"language_codes": ["de"]}}, ("input", "language_codes")),
    ("voice_focus", {"input": {"voice_focus": "far-field"}}, ("input", "voice_focus")),
    ("voice_focus_threshold", {"input": {"voice_focus_threshold": 0.5}}, ("input", "voice_focus_threshold")),
    ("volume", {"output": {"volume": 30}}, ("output", "volume")),
    ("input.format", {"input": {"format": {"encoding": "audio/pcmu"}}}, None),
):

    @rule(
        f"9 mutable: {name}",
        "After ready it may change, and is acknowledged with what is in force.",
        differs="C21",
    )
    async def _(world, session=session, param=param):
        async with world.open() as it:
            await it.start(mute=True)
            await it.send("session.update", session=session)
            if world.way == "socket":
                await it.until("session.updated")
            told, wanted = it.of("session.updated")[-1]["config"], session
            for key in param or ():
                told, wanted = told[key], wanted[key]
            assert param is None or told == wanted


@rule(
    "9 agent_id: mixed",
    "C7: agent_id with other keys in the first update is agent_id_not_first, and 1008.",
    differs="C7",
)
async def _(world):
    async with world.agent() as stored, world.open() as it:
        mixed = {"agent_id": stored["id"], "system_prompt": "x"}
        if world.way == "socket":
            await it.start_refused(mixed, "agent_id_not_first", "agent_id")
        else:  # it goes in two messages
            await it.begin(mixed)
            await it.until("session.ready")
            assert (await it.until("session.updated"))["config"]["system_prompt"] == "x"


@rule(
    "9 agent_id: mixed, live",
    "C7: live it is invalid_value with the words mutually exclusive, and 1008.",
    stage=lambda: {"profile": "live"},
    emulator="the live profile of ours",
    alone=RAW,
)
async def _(world):
    async with world.open() as it:
        await it.send("session.update", session={"agent_id": "x", "system_prompt": "x"})
        assert "mutually exclusive" in (await it.error("invalid_value", "agent_id"))["message"]
        assert (await it.until_closed())[0] == 1008


@rule("9 agent_id: later", "agent_id in a later update is agent_id_not_first; the session survives.")
async def _(world):
    async with world.open() as it:
        await it.start(mute=True)
        await it.refused("session.update", "agent_id_not_first", "agent_id", session={"agent_id": "x"})


@rule("9 agent_id: unknown", "An unknown agent_id in the first update is agent_not_found, and 1008.")
async def _(world):
    async with world.open() as it:
        await it.start_refused({"agent_id": "agent_unknown"}, "agent_not_found", "agent_id")


for name, session, param in (
    ("volume", {"output": {"volume": 101}}, "output.volume"),
    ("min_silence", {"input": {"turn_detection": {"min_silence": 20}}}, "input.turn_detection.min_silence"),
    ("keyterms", {"input": {"keyterms": ["a"] * 101}}, "input.keyterms"),
    ("transcription_mode", {"input": {"transcription_mode": "fast"}}, "input.transcription_mode"),
):

    @rule(
        f"9 bad value later: {name}", "A bad value in a later update is an error only; the session survives."
    )
    async def _(world, session=session, param=param):
        async with world.open() as it:
            await it.start(mute=True)
            await it.refused("session.update", "invalid_value", param, session=session)


for name, session in (
    ("a bad value", {"system_prompt": "New.", "output": {"volume": 101}}),
    ("an immutable field", {"system_prompt": "New.", "greeting": "New."}),
    ("a malformed one", {"system_prompt": "New.", "input": {"keyterms": "a"}}),
    ("an unknown key", {"system_prompt": "New.", "mood": "good"}),
):

    @rule(f"9 atomic: {name}", "Nothing of an update is applied of which something is refused.", alone=RAW)
    async def _(world, session=session):
        async with world.open() as it:
            await it.start(mute=True, system_prompt="Old.")
            await it.send("session.update", session=session)
            await it.until("session.error")
            assert (await it.alive())["config"]["system_prompt"] == "Old."


@rule("9 after binding", "After binding a stored agent, updates of mutable fields work.")
async def _(world):
    async with world.agent(greeting="Good day.") as stored, world.open() as it:
        await it.start(mute=True, agent_id=stored["id"])
        await it.send("session.update", session={"system_prompt": "New.", "tools": []})
        if world.way == "socket":
            await it.until("session.updated")
        assert it.of("session.updated")[-1]["config"]["system_prompt"] == "New."
