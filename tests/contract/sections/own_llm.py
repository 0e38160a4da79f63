"""Section 20: an agent's own language model."""

from __future__ import annotations

import json

from rule import REST, SCRIPTED, rule

LOOK = {
    "name": "look",
    "description": "Look. Use when asked.",
    "parameters": {"type": "object", "properties": {}},
}
AGENTS = "/v1/agents"


def local():
    """An emulator that may call this machine."""
    return {"local_tools": True}


def stream(*deltas):
    """What a model answers, piece by piece."""
    pieces = [json.dumps({"choices": [{"index": 0, "delta": delta}]}) for delta in deltas]
    return "".join(f"data: {piece}\n\n" for piece in (*pieces, "[DONE]")).encode()


def says(text):
    """It says that."""
    return stream({"role": "assistant", "content": text})


def calls(name):
    """It calls that tool."""
    call = {
        "index": 0,
        "id": "call_1",
        "type": "function",
        "function": {"name": name, "arguments": '{"n": 1}'},
    }
    return stream({"tool_calls": [call]})


@rule(
    "20 request",
    "POST {base_url}/chat/completions, Bearer api_key, streamed, with usage.",
    stage=local,
    emulator=SCRIPTED,
)
async def _(world):
    llm = world.model.llm(says("I am your own model."))
    told = {"system_prompt": "Be short.", "greeting": "Good day.", "tools": [LOOK], "llm": llm}
    async with world.agent(**told) as agent, world.open() as it:
        await it.start(agent_id=agent["id"])
        await it.until("reply.done")
        it.play(world.words())
        await it.until("transcript.agent", text="I am your own model.")
        assert "canary" not in str(it.events)
    (asked,) = world.model.asked
    assert (asked.method, asked.url.path) == ("POST", "/v1/chat/completions")
    assert asked.headers["Authorization"] == "Bearer canary"
    body = world.model.body()
    assert (body["model"], body["stream"], body["stream_options"]) == ("small", True, {"include_usage": True})
    first, greeting, last = body["messages"]
    assert first["role"] == "system"
    assert first["content"].startswith("Be short.")
    assert (greeting["role"], greeting["content"].strip()) == ("assistant", "Good day.")
    assert last["role"] == "user"
    assert last["content"].startswith("A table for four on Friday")
    (tool,) = body["tools"]
    assert (tool["type"], tool["function"]["name"]) == ("function", "look"), "in the nested form"


@rule(
    "20 instructions",
    "reply.create's instructions are the last system message, byte for byte.",
    stage=local,
    emulator=SCRIPTED,
)
async def _(world):
    words = "Say „good day“, and  no more. "
    async with world.agent(llm=world.model.llm(says("Good day."))) as agent, world.open() as it:
        await it.start(mute=True, agent_id=agent["id"])
        await it.send("reply.create", instructions=words)
        await it.until("transcript.agent", text="Good day.")
    last = world.model.body()["messages"][-1]
    assert last == {"role": "system", "content": words}


@rule("20 tools", "It calls tools, and reads their results as tool messages.", stage=local, emulator=SCRIPTED)
async def _(world):
    llm = world.model.llm(calls("look"), says("Three."))
    async with world.agent(tools=[LOOK], llm=llm) as agent, world.open() as it:
        await it.start(mute=True, agent_id=agent["id"])
        await it.send("reply.create")
        call = await it.until("tool.call")
        assert (call["name"], call["arguments"]) == ("look", {"n": 1})
        await it.send("tool.result", call_id=call["call_id"], result="3")
        await it.until("transcript.agent", text="Three.")
    messages = world.model.body(1)["messages"]
    assert [message["content"] for message in messages if message["role"] == "tool"] == ["3"]


@rule(
    "20 failure",
    "A failure of the model is no error event, and the session goes on.",
    stage=local,
    emulator=SCRIPTED,
)
async def _(world):
    llm = world.model.llm()
    world.model.status = 500
    async with world.agent(llm=llm) as agent, world.open() as it:
        await it.start(mute=True, agent_id=agent["id"])
        await it.send("reply.create")
        await it.until("reply.done", within=60)
        assert "session.error" not in it.kinds
        await it.alive()


@rule(
    "20 an empty answer",
    "An empty completion is no error event; the reply is completed.",
    stage=local,
    emulator=SCRIPTED,
)
async def _(world):
    async with world.agent(llm=world.model.llm(says(""))) as agent, world.open() as it:
        await it.start(mute=True, agent_id=agent["id"])
        await it.send("reply.create")
        assert (await it.until("reply.done", within=60))["status"] == "completed"
        assert "session.error" not in it.kinds


@rule("20 api_key", "It is write-only: reads give base_url and model.", alone=REST)
async def _(world):
    llm = [{"base_url": "https://llm.example.com/v1", "model": "m", "api_key": "canary"}]
    async with world.agent(llm=llm) as agent:
        assert agent["llm"] == [{"base_url": "https://llm.example.com/v1", "model": "m"}]
        assert "canary" not in str(await world.ok("GET", f"{AGENTS}/{agent['id']}"))


@rule("20 back to the managed model", "llm: [] returns to it.", alone=REST)
async def _(world):
    llm = [{"base_url": "https://llm.example.com/v1", "model": "m", "api_key": "canary"}]
    async with world.agent(llm=llm) as agent:
        assert (await world.ok("PUT", f"{AGENTS}/{agent['id']}", {"llm": []}))["llm"] == []
