"""Sections 12.2 and 12.3: stored tools, and what the service calls by itself."""

from __future__ import annotations

import json

from rule import INSIDE, REST, SCRIPTED, rule
from theater import Script

import voicenb as vn
from voicenb.emulator.brain import Call, Say
from voicenb.tools import HttpTool

URL = "https://example.com/look"
AGENTS = "/v1/agents"


def stored(**http):
    """A stored tool."""
    return {"name": "look", "description": "Look.", "http": {"url": URL, **http}}


@rule(
    "12.2 stored: without http",
    "A stored tool without http is a client tool; it needs no type.",
    stage=lambda: _calling(),
    emulator=SCRIPTED,
)
async def _(world):
    async with world.agent(tools=[{"name": "look"}]) as agent, world.open() as it:
        await it.start(mute=True, agent_id=agent["id"])
        await it.send("reply.create")
        call = await it.until("tool.call")
        await it.send("tool.result", call_id=call["call_id"], result="3")
        await it.until("transcript.agent", text="Three.")


def _calling(arguments=None, **options):
    arguments = {"day": "Friday", "people": 4, "note": None} if arguments is None else arguments
    return {"brain": Script([Call("look", arguments)], [Say("Three.")]), "local_tools": True, **options}


for name, tool, param in (
    ("url over http", stored(url="http://example.com/x"), "tools[0].http.url"),
    ("url missing", {"name": "look", "http": {}}, "tools[0].http.url"),
    ("url of 2049 characters", stored(url="https://example.com/" + "x" * 2029), "tools[0].http.url"),
    ("loopback", stored(url="https://127.0.0.1/x"), "tools[0].http.url"),
    ("loopback by name", stored(url="https://localhost/x"), "tools[0].http.url"),
    ("private", stored(url="https://10.1.2.3/x"), "tools[0].http.url"),
    ("private, 192.168", stored(url="https://192.168.0.1/x"), "tools[0].http.url"),
    ("link-local", stored(url="https://169.254.169.254/x"), "tools[0].http.url"),
    ("carrier-grade NAT", stored(url="https://100.64.0.1/x"), "tools[0].http.url"),
    ("loopback, IPv6", stored(url="https://[::1]/x"), "tools[0].http.url"),
    ("method HEAD", stored(http_method="HEAD"), "tools[0].http.http_method"),
    (
        "value and remove",
        stored(headers=[{"name": "A", "value": "1", "remove": True}]),
        "tools[0].http.headers[0]",
    ),
    ("header without name", stored(headers=[{"value": "1"}]), "tools[0].http.headers[0]"),
    ("header value a number", stored(headers={"A": 1}), "tools[0].http.headers"),
    ("no name", {"description": "Look."}, "tools[0].name"),
    ("a reserved name", {"name": "aai_pre_connect_context"}, "tools[0].name"),
    ("timeout_seconds 0.5", {"name": "look", "timeout_seconds": 0.5}, "tools[0].timeout_seconds"),
):

    @rule(f"12.2 refused: {name}", "A stored tool that cannot be is a 422 with its param.", alone=REST)
    async def _(world, tool=tool, param=param):
        body = {"name": "Contract", "system_prompt": "x", "voice": {"voice_id": "alba"}, "tools": [tool]}
        await world.invalid("POST", AGENTS, body, param)


for method in ("GET", "POST", "PUT", "PATCH", "DELETE", None):

    @rule(f"12.2 http_method: {method or 'left out'}", "Five methods; POST by default.", alone=REST)
    async def _(world, method=method):
        tool = stored(**({"http_method": method} if method else {}))
        async with world.agent(tools=[tool]) as agent:
            assert agent["tools"][0]["http"]["http_method"] == (method or "POST")


for method in ("GET", "DELETE"):

    @rule(
        f"12.2 {method}: arguments in the query",
        "Arguments become query parameters, as text, without nulls, behind those that the URL has.",
        stage=_calling,
        emulator=SCRIPTED,
    )
    async def _(world, method=method):
        asked = await called(world, f"{world.endpoint.url}/look?key=1", http_method=method)
        assert (asked["method"], asked["body"]) == (method, b"")
        assert asked["query"] == {"key": ["1"], "day": ["Friday"], "people": ["4"]}


for method in ("POST", "PUT", "PATCH"):

    @rule(
        f"12.2 {method}: arguments in the body",
        "Arguments become the JSON body, with their types.",
        stage=_calling,
        emulator=SCRIPTED,
    )
    async def _(world, method=method):
        asked = await called(world, f"{world.endpoint.url}/look", http_method=method)
        assert (asked["method"], asked["query"]) == (method, {})
        assert json.loads(asked["body"]) == {"day": "Friday", "people": 4, "note": None}


@rule("12.2 no arguments", "Without arguments the body is {}.", stage=lambda: _calling({}), emulator=SCRIPTED)
async def _(world):
    assert (await called(world, f"{world.endpoint.url}/look"))["body"] == b"{}"


@rule("12.2 headers", "Its headers go with the call.", stage=_calling, emulator=SCRIPTED)
async def _(world):
    asked = await called(world, f"{world.endpoint.url}/look", headers={"X-Key": "canary"})
    assert asked["headers"]["X-Key"] == "canary"


async def called(world, url, **http):
    """Have the tool called by the service; what it was asked."""
    await conversation(world, url, **http)
    (asked,) = world.endpoint.asked
    return asked


async def conversation(world, url, **http):
    """A turn with an HTTP tool; what came."""
    async with world.agent(tools=[stored(url=url, **http)]) as agent, world.open() as it:
        await it.start(mute=True, agent_id=agent["id"])
        await it.send("reply.create")
        await it.until("transcript.agent", text="Three.")
        await it.until("reply.done")
        return it.events


@rule("12.2 redirects", "Redirects are not followed.", stage=_calling, emulator=SCRIPTED)
async def _(world):
    world.endpoint.status, world.endpoint.headers = 302, {"Location": f"{world.endpoint.url}/other"}
    await called(world, f"{world.endpoint.url}/look")
    assert world.brain.asked[1].history[-1].is_error


@rule("12.2 long answers", "The response body is cut at 8 KiB.", stage=_calling, emulator=SCRIPTED)
async def _(world):
    world.endpoint.body = b"x" * 10_000
    await called(world, f"{world.endpoint.url}/look")
    assert len(world.brain.asked[1].history[-1].text) == 8192


@rule(
    "12.2 failure",
    "Of a failure the model gets a short text, and the client sees no error.",
    stage=_calling,
    emulator=SCRIPTED,
)
async def _(world):
    world.endpoint.status, world.endpoint.body = 500, b"broken"
    events = await conversation(world, f"{world.endpoint.url}/look")
    assert not [event for event in events if event["type"] == "session.error"]
    line = world.brain.asked[1].history[-1]
    assert (line.is_error, len(line.text) < 200) == (True, True)


for profile, told in (("contract", 0), ("live", 1)):

    @rule(
        f"12.2 informational tool.call: {profile}",
        "C12: documented, the client sees no tool.call; live, it is told of one, and answers none.",
        stage=lambda profile=profile: _calling(profile=profile),
        emulator=SCRIPTED,
    )
    async def _(world, told=told):
        events = await conversation(world, f"{world.endpoint.url}/look")
        assert len([event for event in events if event["type"] == "tool.call"]) == told


@rule(
    "12.2 dtmf tools",
    "A WebSocket session with a tool that collects digits is refused: invalid_value, 1008.",
)
async def _(world):
    digits = {
        "parameter_name": "card",
        "min_digits": 1,
        "max_digits": 4,
        "sensitive": False,
        "prompt": "Card?",
    }
    tool = {"name": "pay", "dtmf_collected_arguments": [digits]}
    async with world.agent(tools=[tool]) as agent, world.open() as it:
        await it.start_refused({"agent_id": agent["id"]}, "invalid_value")


@rule(
    "12.2 platform tools",
    "A platform tool is attached by its name alone; its description reads back as null.",
    alone=REST,
)
async def _(world):
    async with world.agent(tools=[{"name": "aai_credit_card_luhn_check"}]) as agent:
        (tool,) = agent["tools"]
        assert (tool["name"], tool["description"]) == ("aai_credit_card_luhn_check", None)


def keys(agent):
    """The headers of its one tool."""
    return agent["tools"][0]["http"]["headers"]


@rule(
    "12.3 headers: a map",
    "C2: headers written as a map read back as a map, each value ***.",
    differs="C2",
    alone=REST,
)
async def _(world):
    async with world.agent(tools=[stored(headers={"A": "canary", "B": "2"})]) as agent:
        assert keys(agent) == {"A": "***", "B": "***"}
        assert "canary" not in str(await world.ok("GET", f"{AGENTS}/{agent['id']}"))


@rule(
    "12.3 headers: a list",
    "C2: headers written as a list read back as names with last_set_at.",
    differs="C2",
    alone=REST,
)
async def _(world):
    async with world.agent(tools=[stored(headers=[{"name": "A", "value": "canary"}])]) as agent:
        (entry,) = keys(agent)
        assert set(entry) == {"name", "last_set_at"}
        assert "canary" not in str(agent)


@rule(
    "12.3 headers: live",
    "C2: seen live, headers read back as a list, whatever they were written as.",
    stage=lambda: {"profile": "live"},
    emulator=INSIDE,
    alone=REST,
)
async def _(world):
    async with world.agent(tools=[stored(headers={"A": "canary"})]) as agent:
        assert [entry["name"] for entry in keys(agent)] == ["A"]


for name, change, left in (
    ("name alone keeps", [{"name": "A"}, {"name": "B"}], {"A": "1", "B": "2"}),
    ("value sets", [{"name": "A", "value": "3"}], {"A": "3", "B": "2"}),
    ("remove deletes", [{"name": "A", "remove": True}, {"name": "B"}], {"B": "2"}),
):

    @rule(
        f"12.3 headers: {name}",
        "In a list value sets, name alone keeps, remove deletes.",
        emulator=INSIDE,
        alone=REST,
    )
    async def _(world, change=change, left=left):
        first = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
        async with world.agent(tools=[stored(headers=first)]) as agent:
            await world.ok("PUT", f"{AGENTS}/{agent['id']}", {"tools": [stored(headers=change)]})
            assert kept(world, agent["id"]) == left


def kept(world, agent_id):
    """The headers as they are stored."""
    (tool,) = world.emulator.resources.agents.get(agent_id)["tools"]
    return {name: entry["value"] for name, entry in tool["http"]["headers"]["values"].items()}


mask = rule(
    "12.3 headers: the mask comes back",
    "*** sent back in a PUT keeps the stored secret.",
    emulator=INSIDE,
    alone=REST,
)


@mask
async def _(world):
    async with world.agent(tools=[stored(headers={"A": "canary"})]) as agent:
        await world.ok("PUT", f"{AGENTS}/{agent['id']}", {"tools": [stored(headers={"A": "***", "B": "2"})]})
        assert kept(world, agent["id"]) == {"A": "canary", "B": "2"}


@mask.client
def _(hosted):
    tool = HttpTool(name="look", description="Look. Use when asked.", url=URL, headers={"A": "canary"})
    agent = hosted.create(vn.Agent(name="Contract", system_prompt="x", voice="alba", tools=[tool]))
    try:
        read = hosted.get(agent.id)
        assert "canary" not in repr(read)
        assert set(hosted.update(read.replace(system_prompt="y")).tools[0].headers) == {"A"}
        assert set(hosted.get(agent.id).tools[0].headers) == {"A"}
    finally:
        hosted.delete(agent)
