"""A session's tools: complete, told of without their secrets, and none that need a telephone."""

from __future__ import annotations

import pytest

from voicenb.emulator import configuration, session_tools
from voicenb.emulator.brain import Call, Say
from voicenb.emulator.profiles import CONTRACT

SECRET = "hunter2-hunter2"
MAP = {"Authorization": SECRET}
LIST = [{"name": "Authorization", "value": SECRET}]
DIALLED = {"name": "pay", "dtmf_collected_arguments": [{"parameter_name": "card", "sensitive": True}]}


def test_a_complete_tool_has_every_field_and_its_nulls_are_not_set():
    tool = session_tools.complete({"name": "look", "timeout_seconds": None, "execution_mode": "hold"})
    assert (tool["type"], tool["timeout_seconds"], tool["execution_mode"]) == ("function", 120, "hold")
    assert tool["http"] is tool["response_instructions"] is None


@pytest.mark.parametrize("headers", [MAP, LIST, None])
def test_an_http_tool_is_told_of_without_its_headers(headers):
    http = {"url": "https://api.example.com", "headers": headers}
    (tool,) = session_tools.written([{"name": "look", "http": http}], ())
    told = session_tools.echoed(tool)
    assert SECRET not in str(told)
    assert (told["http"]["url"], told["http"]["method"]) == ("https://api.example.com", "POST")


@pytest.mark.parametrize("headers", [{"Authorization": "***"}, [{"name": "Authorization"}]])
def test_a_header_that_is_not_written_anew_keeps_its_value(headers):
    def look(headers):
        return [{"name": "look", "http": {"url": "https://api.example.com", "headers": headers}}]

    before = session_tools.written(look(MAP), ())
    (tool,) = session_tools.written(look(headers), before)
    assert tool["http"]["headers"]["values"]["Authorization"]["value"] == SECRET


@pytest.mark.parametrize("headers", [MAP, LIST])
def test_an_inline_http_tool_is_called_with_its_headers_and_nobody_is_told_them(
    stage, say, script, endpoint, headers
):
    brain = script([Call("look", {"day": "Friday"})], [Say("At seven.")])
    theater = stage(brain=brain, local_tools=True)
    tool = {"type": "function", "name": "look", "http": {"url": f"{endpoint.url}/look", "headers": headers}}

    async def talk(client):
        await client.start(tools=[tool])
        client.play(say("go-forward"))
        await client.until("transcript.agent", text="At seven.")

    client = theater.run(talk)
    (asked,) = endpoint.asked
    assert asked["headers"]["Authorization"] == SECRET
    told = (client.events, brain.asked, theater.session.config)
    assert all(SECRET not in repr(each) for each in told)


def test_an_agent_whose_tools_need_a_telephone_has_no_session(stage):
    theater = stage()

    async def talk(client):
        agent = {"name": "a", "system_prompt": "b", "voice": {"voice_id": "ivy"}, "tools": [DIALLED]}
        stored = theater.emulator.resources.agents.create(agent)
        await client.send("session.update", session={"agent_id": stored["id"]})
        error = await client.until("session.error")
        assert (error["code"], error["param"]) == ("invalid_value", "tools[0].dtmf_collected_arguments")
        assert (await client.until_closed())[0] == 1008

    theater.run(talk)


def test_nor_has_an_inline_one_and_a_later_update_with_one_changes_nothing():
    dialled = {"type": "function", **DIALLED}
    refused = configuration.first_inline({"tools": [dialled]}, "sess_1", CONTRACT)
    assert (refused.code, refused.close) == ("invalid_value", 1008)
    config = configuration.first_inline({}, "sess_1", CONTRACT)
    later = configuration.later(config, {"tools": [dialled]}, CONTRACT)
    assert (later.code, later.close) == ("invalid_value", None)


def test_the_key_of_an_agents_own_model_is_in_no_repr():
    llm = [{"base_url": "https://llm.example.com/v1", "model": "small", "api_key": SECRET}]
    config = configuration.from_agent({"id": "agent_1", "llm": llm}, CONTRACT)
    assert config.llm[0]["api_key"] == SECRET
    assert SECRET not in repr(config)
