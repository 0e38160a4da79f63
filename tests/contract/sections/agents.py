"""Section 15: stored agents over REST."""

from __future__ import annotations

import pytest
from rule import INSIDE, RAW, REST, rule
from world import AGENT

import voicenb as vn

PATH = "/v1/agents"


def lido(**more):
    """An agent of voicenb's."""
    return vn.Agent(name="Contract", system_prompt="You are a clerk.", voice="alba", **more)


create = rule("15.1 create", "POST is answered 201, with the full agent.", alone=REST)


@create
async def _(world):
    answer = await world.rest("POST", PATH, AGENT)
    agent = answer.json()
    assert answer.status_code == 201
    assert AGENT.items() <= agent.items()
    assert (await world.rest("DELETE", f"{PATH}/{agent['id']}")).status_code == 204


@create.client
def _(hosted):
    agent = hosted.create(lido(greeting="Good day.", keyterms=["Lido"]))
    try:
        read = hosted.get(agent.id)
        assert (read.name, read.system_prompt, read.greeting) == ("Contract", "You are a clerk.", "Good day.")
        assert list(read.keyterms) == ["Lido"]
    finally:
        hosted.delete(agent)


@rule("15.1 get", "GET of one is answered 200, with the full agent.", alone=REST)
async def _(world):
    async with world.agent() as agent:
        assert await world.ok("GET", f"{PATH}/{agent['id']}") == agent


delete = rule("15.1 delete", "DELETE is answered 204, empty; later reads are 404.", alone=REST)


@delete
async def _(world):
    async with world.agent() as agent:
        gone = await world.rest("DELETE", f"{PATH}/{agent['id']}")
        assert (gone.status_code, gone.content) == (204, b"")
        for method, body in (("GET", None), ("PUT", {"name": "x"}), ("DELETE", None)):
            answer = await world.rest(method, f"{PATH}/{agent['id']}", body)
            assert (answer.status_code, answer.json()["code"]) == (404, "agent_not_found")


@delete.client
def _(hosted):
    agent = hosted.create(lido())
    hosted.delete(agent)
    with pytest.raises(vn.ServiceError) as gone:
        hosted.get(agent.id)
    assert gone.value.code == "agent_not_found"


for key in ("name", "system_prompt", "voice"):

    @rule(f"15.2 required: {key}", "name, system_prompt and voice are required.", alone=REST)
    async def _(world, key=key):
        await world.invalid("POST", PATH, {name: value for name, value in AGENT.items() if name != key}, key)


for name, change, param in (
    ("a name that is empty", {"name": ""}, "name"),
    ("a prompt that is a number", {"system_prompt": 3}, "system_prompt"),
    ("an unknown voice", {"voice": {"voice_id": "nobody"}}, "voice.voice_id"),
    ("a greeting that is a number", {"greeting": 3}, "greeting"),
    ("an unknown key", {"mood": "good"}, "mood"),
    (
        "a threshold of 2",
        {"input": {"turn_detection": {"vad_threshold": 2}}},
        "input.turn_detection.vad_threshold",
    ),
    ("two language models", {"llm": [{"base_url": "https://a.example", "model": "m"}] * 2}, "llm"),
    ("a model without address", {"llm": [{"model": "m"}]}, "llm[0].base_url"),
    ("a model over http", {"llm": [{"base_url": "http://a.example", "model": "m"}]}, "llm[0].base_url"),
    (
        "a model of this machine",
        {"llm": [{"base_url": "https://127.0.0.1", "model": "m"}]},
        "llm[0].base_url",
    ),
    (
        "three pre-connect requests",
        {"pre_connect_requests": [{"http": {"url": "https://a.example"}}] * 3},
        "pre_connect_requests",
    ),
    (
        "min above max",
        {"input": {"turn_detection": {"min_silence": 4000}}},
        "input.turn_detection.min_silence",
    ),
):

    @rule(
        f"15.2 refused: {name}",
        "C17: a body that cannot be is 422 validation_error, with its param.",
        differs="C17",
        alone=REST,
    )
    async def _(world, change=change, param=param):
        await world.invalid("POST", PATH, {**AGENT, **change}, param)
        async with world.agent() as agent:
            await world.invalid("PUT", f"{PATH}/{agent['id']}", change, param)


for name, change in (
    ("voice as a text", {"voice": "alba"}),
    (
        "two pre-connect requests",
        {"pre_connect_requests": [{"http": {"url": "https://a.example"}, "timeout_ms": 800}] * 2},
    ),
    (
        "transfer targets",
        {"transfer_targets": [{"name": "Desk", "kind": "human", "phone_number": "+15550100"}]},
    ),
    ("a language model", {"llm": [{"base_url": "https://a.example/v1", "model": "m", "api_key": "k"}]}),
    ("null where it is optional", {"greeting": None, "input": None, "output": None}),
):

    @rule(f"15.2 taken: {name}", "What an agent may be.", alone=REST)
    async def _(world, change=change):
        async with world.agent(**change) as agent:
            assert agent["voice"] == {"voice_id": "alba"}


@rule("15.3 defaults", "The answer has every field, filled in.", alone=REST)
async def _(world):
    async with world.agent() as agent:
        pcm = {"encoding": "audio/pcm", "sample_rate": 24_000}
        assert agent["greeting"] is None
        for key in ("tools", "pre_connect_requests", "transfer_targets", "llm"):
            assert agent[key] == []
        assert (agent["outbound_trunk_id"], agent["caller_id"]) == (None, None)
        assert (
            agent["input"].items()
            >= {"type": "audio", "format": pcm, "turn_detection": None, "keyterms": None}.items()
        )
        assert (
            agent["output"].items()
            >= {"type": "audio", "voice": "ivy", "format": pcm, "volume": None}.items()
        )


@rule("15.3 times", "created_at and updated_at are ISO times without a zone.", alone=REST)
async def _(world):
    import datetime

    async with world.agent() as agent:
        for key in ("created_at", "updated_at"):
            assert datetime.datetime.fromisoformat(agent[key]).tzinfo is None


@rule("15.3 voice of a session", "A session's voice is voice.voice_id, whatever output.voice says.")
async def _(world):
    async with world.agent(voice={"voice_id": "anna"}) as agent, world.open() as it:
        ready = await it.start(mute=True, agent_id=agent["id"])
        assert ready["config"]["output"]["voice"] == "anna"


put = rule("15.4 put: what is left out stays", "C3: omitted keys keep their value.", differs="C3", alone=REST)


@put
async def _(world):
    async with world.agent(greeting="Good day.", input={"keyterms": ["Lido"]}) as agent:
        changed = await world.ok(
            "PUT", f"{PATH}/{agent['id']}", {"system_prompt": "New.", "tools": [{"name": "look"}]}
        )
        assert changed["system_prompt"] == "New."
        for key in ("name", "greeting", "voice", "input"):
            assert changed[key] == agent[key]


@put.client
def _(hosted):
    agent = hosted.create(lido(greeting="Good day."))
    try:
        hosted.update(agent.replace(system_prompt="New."))
        read = hosted.get(agent.id)
        assert (read.system_prompt, read.greeting) == ("New.", "Good day.")
    finally:
        hosted.delete(agent)


@rule("15.4 put: lists replace", "Lists replace whole.", alone=REST)
async def _(world):
    async with world.agent(tools=[{"name": "one"}, {"name": "two"}]) as agent:
        changed = await world.ok("PUT", f"{PATH}/{agent['id']}", {"tools": [{"name": "three"}]})
        assert [tool["name"] for tool in changed["tools"]] == ["three"]


@rule("15.4 put: whole", "A whole agent is taken as well, but for what the service writes.", alone=REST)
async def _(world):
    async with world.agent(greeting="Good day.") as agent:
        written = {
            key: value for key, value in agent.items() if key not in ("id", "created_at", "updated_at")
        }
        assert (await world.ok("PUT", f"{PATH}/{agent['id']}", written))["greeting"] == "Good day."


listed = rule(
    "15.5 list", "C16: newest first, in an envelope with has_more and next_cursor.", differs="C16", alone=REST
)


@listed
async def _(world):
    async with world.agent(name="one") as one, world.agent(name="two") as two:
        page = await world.ok("GET", PATH, params={"limit": 1})
        assert [entry["id"] for entry in page["agents"]] == [two["id"]]
        assert set(page["agents"][0]) == {"id", "name", "created_at", "updated_at"}
        assert page["has_more"] is True
        cursor = page["response_metadata"]["next_cursor"]
        page = await world.ok("GET", PATH, params={"limit": 1, "cursor": cursor})
        assert [entry["id"] for entry in page["agents"]] == [one["id"]]


@listed.client
def _(hosted):
    agents = [hosted.create(lido()) for _ in range(2)]
    try:
        ids = [entry.id for entry in hosted.list()]
        assert ids.index(agents[1].id) < ids.index(agents[0].id)
    finally:
        for agent in agents:
            hosted.delete(agent)


@rule("15.5 list: empty", "next_cursor is empty where there is no more.", emulator=INSIDE, alone=REST)
async def _(world):
    page = await world.ok("GET", PATH)
    assert page == {"agents": [], "has_more": False, "response_metadata": {"next_cursor": ""}}


@rule(
    "15.6 envelope", "An error has code, message, param, request_id, and the id in X-Request-Id.", alone=REST
)
async def _(world):
    answer = await world.rest("POST", PATH, {**AGENT, "name": ""})
    told = answer.json()
    assert {"code", "message", "param", "request_id", "errors", "detail"} <= set(told)
    assert answer.headers["X-Request-Id"] == told["request_id"]
    assert told["errors"] == [{"message": told["message"], "param": "name"}]


for name, method, path, status, code in (
    ("not_found", "GET", "/v1/nothing", 404, "not_found"),
    ("method_not_allowed", "PATCH", PATH, 405, "method_not_allowed"),
    ("agent_not_found", "GET", f"{PATH}/agent_unknown", 404, "agent_not_found"),
    ("session_not_found", "GET", "/v1/sessions/sess_unknown", 404, "session_not_found"),
    (
        "webhook_subscription_not_found",
        "GET",
        "/v1/webhook-subscriptions/x",
        404,
        "webhook_subscription_not_found",
    ),
):

    @rule(f"15.6 code: {name}", "Known REST codes.", alone=REST)
    async def _(world, method=method, path=path, status=status, code=code):
        answer = await world.rest(method, path)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


for name, content in (
    ("no JSON", b"nonsense"),
    ("a list", b"[]"),
    ("nothing", b""),
    ("NaN", b'{"name": NaN}'),
):

    @rule(f"15.6 body: {name}", "A body that is no JSON object is refused.", alone=REST)
    async def _(world, content=content):
        answer = await world.rest("POST", PATH, content=content, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (422, "validation_error")


@rule("15.6 both forms", "Clients parse the envelope and {detail: ...}.", alone=RAW, emulator=INSIDE)
async def _(world):
    import httpx

    from voicenb.service.replies import error_of

    for body in (
        {"code": "agent_not_found", "message": "x"},
        {"detail": "x"},
        {"detail": [{"loc": ["a"], "msg": "x"}]},
    ):
        request = httpx.Request("GET", "https://agents.example/v1/agents")
        assert "x" in str(error_of(httpx.Response(404, json=body, request=request)))
