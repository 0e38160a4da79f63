"""Section 12: tools that the client runs."""

from __future__ import annotations

import asyncio

from rule import INSIDE, RAW, SCRIPTED, rule
from theater import Script

import voicenb as vn
from voicenb.emulator.brain import Call, Say

LOOK = {"type": "function", "name": "look", "description": "Look. Use when asked.", "parameters": {}}
OWN = "voicenb does not send it"

for name, tool, param in (
    ("nested", {"type": "function", "function": {"name": "look"}}, "tools[0].function"),
    ("without type", {"name": "look"}, "tools[0].type"),
    ("of another type", {"type": "mcp", "name": "look"}, "tools[0].type"),
    ("without name", {"type": "function"}, "tools[0].name"),
    ("parameters a list", {**LOOK, "parameters": []}, "tools[0].parameters"),
    ("properties a list", {**LOOK, "parameters": {"properties": []}}, "tools[0].parameters.properties"),
    ("another execution_mode", {**LOOK, "execution_mode": "later"}, "tools[0].execution_mode"),
    ("timeout_seconds 0", {**LOOK, "timeout_seconds": 0}, "tools[0].timeout_seconds"),
    ("timeout_seconds 301", {**LOOK, "timeout_seconds": 301}, "tools[0].timeout_seconds"),
    (
        "long response_instructions",
        {**LOOK, "response_instructions": {"success": "x" * 501}},
        "tools[0].response_instructions.success",
    ),
    ("a reserved name", {"type": "function", "name": "aai_pre_connect_context"}, "tools[0].name"),
):

    @rule(f"12.1 refused: {name}", "A tool that cannot be is invalid_value, with its param; 1008.", alone=OWN)
    async def _(world, tool=tool, param=param):
        async with world.open() as it:
            await it.start_refused({"tools": [tool]}, "invalid_value", param)


@rule("12.1 refused: two of a name", "Names are unique.")
async def _(world):
    async with world.open() as it:
        await it.start_refused({"tools": [LOOK, LOOK]}, "invalid_value")


for name, tool in (
    ("parameters {}", LOOK),
    ("no description, no parameters", {"type": "function", "name": "look"}),
    ("parameters without type", {**LOOK, "parameters": {"properties": {"day": {"type": "string"}}}}),
    ("timeout_seconds 1", {**LOOK, "timeout_seconds": 1}),
    ("timeout_seconds 300", {**LOOK, "timeout_seconds": 300}),
    ("hold", {**LOOK, "execution_mode": "hold"}),
    ("response_instructions", {**LOOK, "response_instructions": {"success": "x" * 500, "error": "Sorry."}}),
    (
        "hints",
        {
            **LOOK,
            "parameters": {
                "type": "object",
                "properties": {
                    "day": {"type": "string", "enum": ["Friday"], "examples": ["Friday"]},
                    "mail": {"type": "string", "format": "email", "pattern": ".+@.+"},
                },
                "additionalProperties": False,
            },
        },
    ),
):

    @rule(f"12.1 taken: {name}", "What a tool may be.")
    async def _(world, tool=tool):
        async with world.open() as it:
            (told,) = (await it.start(mute=True, tools=[tool]))["config"]["tools"]
            assert told["name"] == "look"


@rule(
    "12.1 response_instructions",
    "They go to the model with the result.",
    stage=lambda: {"brain": Script([Call("look", {})], [Say("Three.")])},
    emulator=SCRIPTED,
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, tools=[{**LOOK, "response_instructions": {"success": "Be glad."}}])
        await it.send("reply.create")
        call = await it.until("tool.call")
        await it.send("tool.result", call_id=call["call_id"], result="3")
        await it.until("transcript.agent", text="Three.")
    assert world.brain.asked[1].history[-1].text == "3\nBe glad."


def with_day(**day):
    """A tool that takes a day."""
    return {**LOOK, "parameters": {"type": "object", "properties": {"day": day}, "required": ["day"]}}


def refusing(*arguments):
    """A brain whose call is refused, and that then says so."""
    return {
        "brain": Script(*([Call("look", each)] for each in arguments), [Say("Which day?")], [Say("Sorry.")])
    }


for name, tool, arguments in (
    ("enum", with_day(type="string", enum=["Friday"]), {"day": "Monday"}),
    ("pattern", with_day(type="string", pattern="F.*"), {"day": "Monday"}),
    ("pattern, the whole text", with_day(type="string", pattern="Fri"), {"day": "Friday"}),
    ("format", with_day(type="string", format="email"), {"day": "Friday"}),
    ("type", with_day(type="integer"), {"day": "Friday"}),
    ("missing", with_day(type="string"), {}),
    ("an empty text", with_day(type="string"), {"day": ""}),
):

    @rule(
        f"12.4 arguments: {name}",
        "What does not have its shape is refused before the tool runs, and the agent asks again.",
        stage=lambda arguments=arguments: refusing(arguments),
        emulator=SCRIPTED,
    )
    async def _(world, tool=tool):
        async with world.open() as it:
            await it.start(mute=True, tools=[tool])
            await it.send("reply.create")
            await it.until("transcript.agent", text="Which day?")
            assert "tool.call" not in it.kinds
            assert "session.error" not in it.kinds
        assert world.brain.asked[1].history[-1].is_error is True


for name, tool, arguments in (
    ("as asked", with_day(type="string", enum=["Friday"], pattern="F.*"), {"day": "Friday"}),
    ("no schema", LOOK, {"day": "Friday", "n": 4}),
    ("digits with spaces", with_day(type="string", pattern=r"[\d ]+"), {"day": "1 2 3"}),
):

    @rule(
        f"12.4 arguments: {name}, run",
        "What has its shape reaches the tool as it is.",
        stage=lambda arguments=arguments: refusing(arguments),
        emulator=SCRIPTED,
    )
    async def _(world, tool=tool, arguments=arguments):
        async with world.open() as it:
            await it.start(mute=True, tools=[tool])
            await it.send("reply.create")
            assert (await it.until("tool.call"))["arguments"] == arguments


def late():
    """A brain that calls a tool, is told that it timed out, and has more to say."""
    return {"brain": Script([Call("look", {})], [Say("It did not answer.")], [Say("Too much.")])}


@rule(
    "12.6 timeout",
    "timeout_seconds counts from tool.call; then the agent goes on, with no error event.",
    stage=late,
    emulator=SCRIPTED,
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, tools=[{**LOOK, "timeout_seconds": 3}])
        await it.send("reply.create")
        await it.until("tool.call")
        called = asyncio.get_running_loop().time()
        await it.until("transcript.agent", text="It did not answer.")
        assert 2.9 <= asyncio.get_running_loop().time() - called <= 5
        assert "session.error" not in it.kinds
    assert world.brain.asked[1].history[-1].is_error is True


for name, wait, times in (("late", 6, 1), ("twice", 0, 2)):

    @rule(
        f"12.6 result: {name}",
        "A late or duplicate result is ignored.",
        stage=late,
        emulator=SCRIPTED,
        alone=RAW,
    )
    async def _(world, wait=wait, times=times):
        async with world.open() as it:
            await it.start(mute=True, tools=[{**LOOK, "timeout_seconds": 3}])
            await it.send("reply.create")
            call = await it.until("tool.call")
            await asyncio.sleep(wait)
            for _ in range(times):
                await it.send("tool.result", call_id=call["call_id"], result="3")
            await it.until("transcript.agent", text="It did not answer.")
            await asyncio.sleep(5)
            assert "session.error" not in it.kinds
            assert len(it.of("transcript.agent")) == 1


answering = rule(
    "12.6 the client's answers",
    "A client answers every call of its tools in time, with is_error where the tool fails.",
    stage=lambda: {"brain": Script([Call("good", {}), Call("bad", {}), Call("slow", {})], [Say("Done.")])},
    emulator=SCRIPTED,
    alone=RAW,
)


@answering.client
async def _(world):
    agent = vn.Agent(name="Contract", system_prompt="You are a clerk.")

    @agent.tool
    def good() -> list[str]:
        """Look. Use when asked."""
        return ["19:00"]

    @agent.tool
    def bad() -> str:
        """Look. Use when asked."""
        raise ValueError("day: no such day")

    @agent.tool(timeout_seconds=2)
    async def slow() -> str:
        """Look. Use when asked."""
        await asyncio.sleep(100)
        return ""

    await world.held(agent, until="Done.")
    results = {line.name: line for line in world.brain.asked[1].history if line.role == "tool"}
    assert (results["good"].text, results["good"].is_error) == ('["19:00"]', False)
    assert "day: no such day" in results["bad"].text
    assert results["bad"].is_error
    assert results["slow"].is_error


@rule(
    "12.7 tools by phase", "tools and system_prompt may change in one update, while talking.", emulator=INSIDE
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, system_prompt="One.", tools=[LOOK])
        new = {"system_prompt": "Two.", "tools": [{**LOOK, "name": "book"}]}
        await it.send("session.update", session=new)
        await it.send("reply.create")
        await it.until("reply.done")
    (moment,) = world.brain.asked
    assert (moment.system_prompt, [tool["name"] for tool in moment.tools]) == ("Two.", ["book"])


@rule(
    "12 parallel calls",
    "Several calls in one turn each have a call_id of their own, and are answered together.",
    stage=lambda: {"brain": Script([Call("look", {"n": 1}), Call("look", {"n": 1})], [Say("Both.")])},
    emulator=SCRIPTED,
)
async def _(world):
    async with world.open() as it:
        await it.start(mute=True, tools=[LOOK])
        await it.send("reply.create")
        one, two = await it.until("tool.call"), await it.until("tool.call")
        assert one["call_id"] != two["call_id"]
        for call in (one, two):
            await it.send("tool.result", call_id=call["call_id"], result="1")
        await it.until("transcript.agent", text="Both.")
        await asyncio.sleep(3)
        assert len(it.of("transcript.agent")) == 1
