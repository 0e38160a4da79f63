"""Agents over REST."""

from __future__ import annotations

import json

import pytest

LIDO = {
    "name": "Lido",
    "system_prompt": "You take bookings for Lido.",
    "greeting": "Lido, good evening.",
    "voice": {"voice_id": "ivy"},
}
HTTP_TOOL = {
    "name": "create_booking",
    "description": "Book a meeting.",
    "parameters": {"type": "object", "properties": {}},
    "execution_mode": "interactive",
    "timeout_seconds": 30,
    "http": {
        "url": "https://api.example.com/bookings",
        "http_method": "POST",
        "headers": {"Authorization": "Bearer secret", "version": "2"},
    },
}


def test_an_agent_lives(call, valid):
    call = call()
    created = call("POST", "/v1/agents", LIDO)
    assert created.status_code == 201
    agent = valid("Agent", created.json())
    assert agent["id"].startswith("agent_")
    assert agent["input"]["format"] == {"encoding": "audio/pcm", "sample_rate": 24000}
    assert (agent["tools"], agent["llm"], agent["outbound_trunk_id"]) == ([], [], None)
    assert agent["created_at"] == agent["updated_at"]

    assert call("GET", f"/v1/agents/{agent['id']}").json() == agent

    changed = call("PUT", f"/v1/agents/{agent['id']}", {"system_prompt": "New.", "tools": [HTTP_TOOL]})
    assert changed.status_code == 200
    body = valid("Agent", changed.json())
    assert (body["name"], body["greeting"], body["system_prompt"]) == ("Lido", "Lido, good evening.", "New.")
    assert body["voice"] == {"voice_id": "ivy"}
    assert body["tools"][0]["http"]["headers"] == {"Authorization": "***", "version": "***"}
    assert "secret" not in changed.text

    listed = valid("AgentList", call("GET", "/v1/agents").json())
    assert [entry["id"] for entry in listed["agents"]] == [agent["id"]]
    assert listed["has_more"] is False

    assert call("DELETE", f"/v1/agents/{agent['id']}").status_code == 204
    gone = call("GET", f"/v1/agents/{agent['id']}")
    assert gone.status_code == 404
    assert valid("RestError", gone.json())["code"] == "agent_not_found"
    assert gone.headers["X-Request-Id"] == gone.json()["request_id"]


def test_agents_are_listed_newest_first_and_in_pages(call):
    call = call()
    ids = [call("POST", "/v1/agents", {**LIDO, "name": f"Lido {n}"}).json()["id"] for n in range(5)]
    seen, cursor = [], ""
    for _ in range(3):
        page = call("GET", "/v1/agents", params={"limit": 2, "cursor": cursor}).json()
        seen += [agent["id"] for agent in page["agents"]]
        cursor = page["response_metadata"]["next_cursor"]
    assert seen == ids[::-1]
    assert cursor == ""
    assert call("GET", "/v1/agents", params={"limit": 0}).status_code == 422


@pytest.mark.parametrize("cursor", ["agent_unknown", "0", "-1", "1e3", "9" * 5000, "²"])
def test_a_cursor_that_nobody_gave_is_refused(call, valid, cursor):
    call = call()
    call("POST", "/v1/agents", LIDO)
    answer = call("GET", "/v1/agents", params={"cursor": cursor})
    body = valid("RestError", answer.json())
    assert (answer.status_code, body["code"], body["param"]) == (422, "validation_error", "cursor")


def test_agents_may_be_deleted_while_they_are_listed(call):
    call = call()
    ids = [call("POST", "/v1/agents", {**LIDO, "name": f"Lido {n}"}).json()["id"] for n in range(5)]
    seen, cursor = [], ""
    for _ in range(3):
        page = call("GET", "/v1/agents", params={"limit": 2, "cursor": cursor}).json()
        for agent in page["agents"]:
            seen.append(agent["id"])
            assert call("DELETE", f"/v1/agents/{agent['id']}").status_code == 204
        cursor = page["response_metadata"]["next_cursor"]
    assert (seen, cursor) == (ids[::-1], "")


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"name": ""}, "name"),
        ({"voice": {"voice_id": "nobody"}}, "voice.voice_id"),
        ({"voice": None}, "voice"),
        ({"mood": "good"}, "mood"),
        ({"greeting": 5}, "greeting"),
        ({"tools": [{"description": "no name"}]}, "tools[0].name"),
        ({"tools": [{"name": "a"}, {"name": "a"}]}, "tools[1].name"),
        ({"tools": [{**HTTP_TOOL, "http": {"url": "http://example.com"}}]}, "tools[0].http.url"),
        ({"tools": [{**HTTP_TOOL, "http": {"url": "https://127.1/x"}}]}, "tools[0].http.url"),
        ({"tools": [{"name": "a", "timeout_seconds": 301}]}, "tools[0].timeout_seconds"),
        ({"input": {"turn_detection": {"vad_threshold": 2}}}, "input.turn_detection.vad_threshold"),
        ({"llm": [{"model": "x"}]}, "llm[0].base_url"),
    ],
)
def test_what_an_agent_may_not_be(call, valid, change, param):
    answer = call()("POST", "/v1/agents", {**LIDO, **change})
    assert answer.status_code == 422
    body = valid("RestError", answer.json())
    assert (body["code"], body["param"]) == ("validation_error", param)


def test_a_change_of_one_setting_leaves_the_others(call):
    call = call()
    law = {"encoding": "audio/pcmu", "sample_rate": 8000}
    agent = call(
        "POST",
        "/v1/agents",
        {
            **LIDO,
            "input": {"format": law, "turn_detection": {"min_silence": 1400, "max_silence": 4000}},
            "output": {"format": law, "volume": 40},
        },
    ).json()
    path = f"/v1/agents/{agent['id']}"
    changed = call("PUT", path, {"input": {"keyterms": ["Lido"]}, "output": {"volume": 50}}).json()
    assert changed["input"] == {**agent["input"], "keyterms": ["Lido"]}
    assert changed["output"] == {**agent["output"], "volume": 50}
    assert call("PUT", path, changed | {"id": "x"}).status_code == 422
    changed = call("PUT", path, {"input": {"turn_detection": {"min_silence": 3500}}}).json()
    assert changed["input"]["turn_detection"] == {"min_silence": 3500, "max_silence": 4000}
    refused = call("PUT", path, {"input": {"turn_detection": {"max_silence": 3000}}})
    assert (refused.status_code, refused.json()["param"]) == (422, "input.turn_detection.min_silence")
    assert call("GET", path).json()["input"]["turn_detection"]["max_silence"] == 4000


@pytest.mark.parametrize("body", [{"input": None, "output": None}, {"input": {}, "output": {}}])
def test_null_is_not_set(call, body):
    call = call()
    plain = call("POST", "/v1/agents", {**LIDO, **body}).json()
    assert (
        plain["input"]["format"]
        == plain["output"]["format"]
        == {
            "encoding": "audio/pcm",
            "sample_rate": 24000,
        }
    )
    settings = {
        "format": {"encoding": "audio/pcma"},
        "turn_detection": {"min_silence": 700, "vad_threshold": None},
        "keyterms": ["Lido"],
    }
    path = f"/v1/agents/{plain['id']}"
    changed = call("PUT", path, {"input": settings, "output": {"volume": 3}}).json()
    assert changed["input"]["turn_detection"] == {"min_silence": 700}
    changed = call("PUT", path, {"input": {"turn_detection": None, "format": None}}).json()
    assert changed["input"] == {**plain["input"], "keyterms": ["Lido"]}
    assert call("PUT", path, {"input": None, "output": None}).json()["input"] == plain["input"]
    assert call("PUT", path, {"input": {"keyterms": ["again"]}}).json()["input"]["keyterms"] == ["again"]


def test_a_body_that_is_no_json_object(call):
    call = call()
    assert call("POST", "/v1/agents", [1]).status_code == 422
    assert call("POST", "/v1/agents", params={}).status_code == 422


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_no_json_is_none(call, number):
    body = f'{{"name": "a", "tools": [{{"name": "b", "parameters": {{"c": {number}}}}}]}}'
    assert call()("POST", "/v1/agents", content=body).status_code == 422


@pytest.mark.parametrize("depth", [200, 5000])
def test_a_body_that_nests_too_deep_is_none(call, depth):
    body = '{"name":' * depth + "1" + "}" * depth
    answer = call()("POST", "/v1/agents", content=body)
    assert answer.status_code == 422


def test_secrets_are_kept_when_the_mask_comes_back(call):
    call = call()
    agent = call("POST", "/v1/agents", {**LIDO, "tools": [HTTP_TOOL]}).json()
    again = call("PUT", f"/v1/agents/{agent['id']}", {"tools": agent["tools"]})
    assert again.status_code == 200
    stored = call.emulator.resources.agents.get(agent["id"])
    assert stored["tools"][0]["http"]["headers"]["values"]["Authorization"]["value"] == "Bearer secret"


def test_headers_written_as_a_list_read_back_as_one(call, valid):
    call = call()
    tool = {
        **HTTP_TOOL,
        "http": {**HTTP_TOOL["http"], "headers": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]},
    }
    agent = valid("Agent", call("POST", "/v1/agents", {**LIDO, "tools": [tool]}).json())
    assert [entry["name"] for entry in agent["tools"][0]["http"]["headers"]] == ["A", "B"]
    change = {**tool, "http": {**tool["http"], "headers": [{"name": "A"}, {"name": "B", "remove": True}]}}
    call("PUT", f"/v1/agents/{agent['id']}", {"tools": [change]})
    kept = call.emulator.resources.agents.get(agent["id"])["tools"][0]["http"]["headers"]["values"]
    assert {name: entry["value"] for name, entry in kept.items()} == {"A": "1"}


def test_a_platform_tool_goes_by_its_name_alone(call, valid):
    agent = call()("POST", "/v1/agents", {**LIDO, "tools": [{"name": "aai_credit_card_luhn_check"}]}).json()
    (tool,) = valid("Agent", agent)["tools"]
    assert tool["description"] is None


def test_model_keys_do_not_read_back(call):
    llm = [{"base_url": "https://llm.example.com/v1", "model": "m", "api_key": "secret"}]
    answer = call()("POST", "/v1/agents", {**LIDO, "llm": llm})
    assert answer.json()["llm"] == [{"base_url": "https://llm.example.com/v1", "model": "m"}]


def test_a_stored_agent_speaks(stage):
    theater = stage()

    async def talk(client):
        stored = theater.emulator.resources.agents.create(
            {**LIDO, "tools": [{"name": "look"}, HTTP_TOOL], "input": {"keyterms": ["Lido"]}}
        )
        await client.send("session.update", session={"agent_id": stored["id"]})
        config = (await client.until("session.ready"))["config"]
        assert config["id"] == stored["id"]
        assert config["output"]["voice"] == "ivy"
        assert config["input"]["keyterms"] == ["Lido"]
        assert config["tools"][0]["http"] is None
        assert config["tools"][1]["http"]["method"] == "POST"
        assert "secret" not in json.dumps(config)
        await client.until("transcript.agent", text="Lido, good evening.")
        await client.send("session.update", session={"system_prompt": "Other."})
        await client.until("session.updated")

    theater.run(talk)


def test_where_there_is_no_room_nothing_is_half_done(call, valid):
    call = call(quiet=True)
    agent = call("POST", "/v1/agents", LIDO).json()
    database = call.emulator.resources.database
    ((pages,),) = database.read("PRAGMA page_count")
    database.read(f"PRAGMA max_page_count = {pages}")
    long = {"system_prompt": "x" * 100_000}
    for answer in (call("POST", "/v1/agents", LIDO | long), call("PUT", f"/v1/agents/{agent['id']}", long)):
        assert (answer.status_code, valid("RestError", answer.json())["code"]) == (500, "internal_error")
    database.read("PRAGMA max_page_count = 1000000")
    assert [entry["id"] for entry in call("GET", "/v1/agents").json()["agents"]] == [agent["id"]]
    assert call("GET", f"/v1/agents/{agent['id']}").json() == agent
    assert call("POST", "/v1/agents", LIDO | long).status_code == 201


def test_the_headers_of_a_pre_connect_request_are_kept_and_not_read_back(call, valid):
    call = call()
    http = {"url": "https://api.example.com/who", "headers": {"Authorization": "Bearer secret"}}
    request = {"http": http, "timeout_ms": 500}
    created = call("POST", "/v1/agents", {**LIDO, "pre_connect_requests": [request]})
    agent = valid("Agent", created.json())
    assert agent["pre_connect_requests"][0]["http"]["headers"] == {"Authorization": "***"}
    path = f"/v1/agents/{agent['id']}"
    again = call("PUT", path, {"pre_connect_requests": [*agent["pre_connect_requests"], request]})
    assert "secret" not in created.text + again.text + call("GET", path).text
    kept = call.emulator.resources.agents.get(agent["id"])["pre_connect_requests"]
    assert [entry["http"]["headers"]["values"]["Authorization"]["value"] for entry in kept] == [
        "Bearer secret"
    ] * 2
    assert call("PUT", path, {"pre_connect_requests": []}).json()["pre_connect_requests"] == []


def test_a_models_key_that_is_left_out_is_kept_at_its_address_only(call):
    call = call()
    model = {"base_url": "https://llm.example.com/v1", "model": "small", "api_key": "sk-secret"}
    agent = call("POST", "/v1/agents", {**LIDO, "llm": [model]}).json()
    assert agent["llm"] == [{"base_url": model["base_url"], "model": "small"}]

    def kept(**change):
        call("PUT", f"/v1/agents/{agent['id']}", {"llm": [{**agent["llm"][0], **change}]})
        return call.emulator.resources.agents.get(agent["id"])["llm"][0].get("api_key")

    assert kept() == kept(model="large") == "sk-secret"
    assert kept(base_url="https://other.example.com/v1") is None
