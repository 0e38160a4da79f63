"""Calls of tools, and what comes back."""

from __future__ import annotations

import asyncio

import pytest
from guide_rows import row
from theater import Ears, Script, Stage, clip

from voicenb.emulator import answering
from voicenb.emulator.brain import Call, Moment, Say
from voicenb.emulator.brains.completion import SPOKEN, request
from voicenb.emulator.brains.openai import UNREACHABLE, OpenAIBrain
from voicenb.emulator.configuration import from_agent
from voicenb.emulator.http_tools import Outcome
from voicenb.emulator.profiles import PROFILES

HTTP = {"url": "https://example.org/look"}
TURNS = {"min_silence": 800, "max_silence": 2000}


def held(theater, talk):
    """A conversation whose first reply calls the tool; ``talk`` is given the client and the call."""

    async def play(client, session):
        await client.start(mute=True, **session)
        await client.send("reply.create")
        await talk(client, await client.until("tool.call"))
        await asyncio.sleep(2)

    return lambda **session: theater.run(lambda client: play(client, session))


def said(client):
    return [line["text"] for line in client.of("transcript.agent")]


@row("when a result may come")
@pytest.mark.parametrize("wait", [0.0, 1.0, 100.0])
def test_when_a_result_comes(profile, stage, calling, look, wait):
    theater = stage(profile=profile, brain=calling("Three."))

    async def talk(client, call):
        await asyncio.sleep(wait)
        await client.send("tool.result", call_id=call["call_id"], result="3")

    client = held(theater, talk)(tools=[look])
    assert said(client) == ["Three."]
    assert "session.error" not in client.kinds


@row("a late, second or unknown result")
def test_results_that_nobody_waits_for(profile, stage, calling, look):
    theater = stage(profile=profile, brain=calling("It took too long."))

    async def talk(client, call):
        await asyncio.sleep(3)
        for call_id in (call["call_id"], call["call_id"], "call_nobody"):
            await client.send("tool.result", call_id=call_id, result="late")

    client = held(theater, talk)(tools=[{**look, "timeout_seconds": 2}])
    assert said(client) == ["It took too long."]
    assert "session.error" not in client.kinds
    (record,) = theater.session.timeline[0].tool_calls
    assert (record.timed_out, record.is_error) == (True, True)


@row("several calls in one turn")
def test_two_calls(profile, stage, look, rest):
    theater = stage(profile=profile, brain=Script([Call("look", {}), Call("look", {})], [Say("Both.")]))

    async def talk(client, first):
        second = await client.until("tool.call")
        await client.send("tool.result", call_id=first["call_id"], result="1")
        await asyncio.sleep(2)
        assert said(client) == []
        await client.send("tool.result", call_id=second["call_id"], result="2")

    assert said(held(theater, talk)(tools=[look])) == ["Both."]
    from voicenb.emulator.history_timeline import turns

    calls = turns(theater.session.timeline, 0.0)[0]["tool_calls"]
    assert [call["parallel_call_id"] for call in calls] == [None, None]


@row("what is said before a result")
@pytest.mark.parametrize("words", ["", "One moment."])
def test_words_before_a_result(profile, stage, calling, look, words):
    theater = stage(profile=profile, brain=calling("Three.", before=[Say(words)] if words else []))

    async def talk(client, call):
        await client.until("reply.done")
        await client.send("tool.result", call_id=call["call_id"], result="3")

    heard = [words] if words and profile == "contract" else []
    assert said(held(theater, talk)(tools=[look])) == [*heard, "Three."]


@row("what is said before a result")
def test_words_that_sound_when_the_call_comes(profile, stage, look):
    brain = Script([Say("One moment, please."), 2.0, Call("look", {}), Say("Any time now.")], [Say("Three.")])
    theater = stage(profile=profile, brain=brain)

    async def talk(client, call):
        await client.until("reply.done")
        await client.send("tool.result", call_id=call["call_id"], result="3")

    assert said(held(theater, talk)(tools=[look])) == ["One moment, please. Any time now.", "Three."]


@row("`reply.done` before a result")
@pytest.mark.parametrize("words", ["", "One moment."])
def test_when_the_reply_that_calls_is_done(profile, stage, calling, look, words):
    theater = stage(profile=profile, brain=calling("Three.", before=[Say(words)] if words else []))

    async def talk(client, call):
        await client.until("reply.done")

    client = held(theater, talk)(tools=[look])
    spoken = len(client.sound(client.of("reply.started")[0]["reply_id"])) / 48_000
    heard = client.at("reply.audio") + spoken if spoken else client.at("tool.call")
    assert bool(spoken) == (bool(words) and profile == "contract")
    assert client.at("reply.done") == pytest.approx(heard, abs=0.05)


@row("id of the reply to a result")
def test_ids_of_replies(profile, stage, calling, look):
    theater = stage(profile=profile, brain=calling("Three."))

    async def talk(client, call):
        await client.send("tool.result", call_id=call["call_id"], result="3")

    client = held(theater, talk)(tools=[look])
    assert all(started["reply_id"].startswith("resp_") for started in client.of("reply.started"))


class Called:
    """Stands in for the network."""

    local = False

    def __init__(self):
        self.urls = []

    def call(self, http, arguments, timeout):
        self.urls.append(http["url"])
        return Outcome("3")


def over_http(profile, look, *, stored):
    """A tool with an address, called; what its client was told."""
    theater = Stage(profile=profile, brain=Script([Call("look", {})], [Say("Three.")]))
    theater.emulator.resources.http_tools = network = Called()
    agent = {"name": "Lido", "system_prompt": "Short.", "voice": {"voice_id": "alba"}}
    tool = {**look, "http": HTTP}
    kept = theater.emulator.resources.agents

    async def talk(client):
        session = {"agent_id": kept.create({**agent, "tools": [tool]})["id"]} if stored else {"tools": [tool]}
        await client.start(mute=True, **session)
        await client.send("reply.create")
        await client.until("transcript.agent", text="Three.")

    client = theater.run(talk)
    assert network.urls == [HTTP["url"]]
    return client


@row("`tool.call` of an HTTP tool")
def test_calls_that_the_service_makes(profile, look):
    client = over_http(profile, look, stored=True)
    assert ("tool.call" in client.kinds) == (profile == "live")


@row("who an HTTP tool is called by")
def test_who_calls(profile, stage, endpoint):
    tools = stage(profile=profile, local_tools=True).emulator.resources.http_tools
    tools.call({"url": f"{endpoint.url}/look"}, {}, 5.0)
    assert endpoint.asked[0]["headers"]["User-Agent"] == "voicenb-emulator"


@row("`http` in an inline tool")
def test_addresses_of_inline_tools(profile, look):
    client = over_http(profile, look, stored=False)
    assert ("tool.call" in client.kinds) == (profile == "live")


@row("speech in a hold")
def test_speech_in_a_hold(profile, stage, calling, look):
    theater = stage(profile=profile, brain=calling("Three."), recognizer=Ears("Go forward ten meters."))

    async def talk(client):
        await client.start(tools=[{**look, "execution_mode": "hold"}], input={"turn_detection": TURNS})
        await client.send("reply.create")
        call = await client.until("tool.call")
        client.play(clip("go-forward"))
        await client.played()
        await asyncio.sleep(3)
        assert "input.speech.started" not in client.kinds
        await client.send("tool.result", call_id=call["call_id"], result="3")
        await client.until("transcript.user")
        await client.until("reply.done")
        await asyncio.sleep(3)

    client = theater.run(talk)
    assert said(client) == ["Three."]
    assert client.kinds.index("transcript.user") < client.kinds.index("transcript.agent")


@row("`reply.create` in a hold")
def test_a_reply_that_is_asked_for_in_a_hold(profile, stage, look):
    brain = Script([Call("look", {})], [Say("Still looking.")], [Say("Three.")])
    theater = stage(profile=profile, brain=brain)

    async def talk(client, call):
        await client.send("reply.create", instructions="Say that you look.")
        await client.until("transcript.agent", text="Still looking.")
        await client.until("reply.done")
        await client.send("tool.result", call_id=call["call_id"], result="3")
        await client.until("transcript.agent", text="Three.")

    held(theater, talk)(tools=[{**look, "execution_mode": "hold"}])
    asked = [(moment.trigger, moment.instructions) for moment in brain.asked[1:]]
    assert asked == [("reply_create", "Say that you look."), ("tool_result", None)]


@row("checks of `parameters`")
@pytest.mark.parametrize(
    ("parameters", "fine"),
    [([], False), ({"properties": []}, False), ({}, True), ({"type": "nonsense", "required": 5}, True)],
    ids=["a list", "properties a list", "empty", "nonsense"],
)
def test_schemas(profile, stage, look, parameters, fine):
    async def talk(client):
        await client.send("session.update", session={"tools": [{**look, "parameters": parameters}]})
        await client.until("session.ready" if fine else "session.error")

    stage(profile=profile).run(talk)


@row("arguments that break the schema")
def test_arguments(profile, stage, look):
    wrong = [[Call("look", arguments)] for arguments in ({"n": "many"}, {"n": 3}, {"n": ""})]
    brain = Script(*wrong, [Say("How many?")])
    theater = stage(profile=profile, brain=brain)
    number = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n", "m"]}

    async def talk(client):
        await client.start(mute=True, tools=[{**look, "parameters": number}])
        await client.send("reply.create")
        await client.until("transcript.agent", text="How many?")

    client = theater.run(talk)
    assert "tool.call" not in client.kinds
    told = [moment.history[-1].text for moment in brain.asked[1:]]
    assert ["call it again" in text for text in told] == [False, False, True]


def stored(call, agent, headers):
    tool = {"name": "look", "http": {**HTTP, "headers": headers}}
    answer = call("POST", "/v1/agents", {**agent, "tools": [tool]})
    assert answer.status_code == 201
    return answer.json()


@row("headers read back")
def test_headers_read_back(profile, call, agent):
    as_map = stored(call, agent, {"X-Key": "canary"})["tools"][0]["http"]["headers"]
    as_list = stored(call, agent, [{"name": "X-Key", "value": "canary"}])["tools"][0]["http"]["headers"]
    assert [entry["name"] for entry in as_list] == ["X-Key"]
    assert set(as_list[0]) == {"name", "last_set_at"}
    if profile == "contract":
        assert as_map == {"X-Key": "***"}
    else:
        assert [set(entry) for entry in as_map] == [{"name", "last_set_at"}]


@row('`"***"` written back')
def test_the_mask_written_back(profile, call, agent):
    agent_id = stored(call, agent, {"X-Key": "canary"})["id"]
    again = {"tools": [{"name": "look", "http": {**HTTP, "headers": {"X-Key": "***"}}}]}
    assert call("PUT", f"/v1/agents/{agent_id}", again).status_code == 200
    kept = call.emulator.resources.agents.get(agent_id)["tools"][0]["http"]["headers"]["values"]
    assert kept["X-Key"]["value"] == "canary"


@row("tools that take keys, in a session")
def test_tools_that_take_keys(profile, first_error, look):
    dialled = {"dtmf_collected_arguments": [{"parameter_name": "pin", "sensitive": True}]}
    error, closed = first_error(tools=[{**look, **dialled}])
    assert (error["code"], closed) == ("invalid_value", 1008)


@row("what an own language model reads")
def test_what_a_model_reads(profile):
    del profile  # brains know of none
    moment = Moment(trigger="user_speech", history=(), system_prompt="Be brief.", tools=(), instructions=None)
    (prompt,) = request("small", moment)["messages"]
    assert prompt == {"role": "system", "content": f"Be brief.\n\n{SPOKEN}"}
    assert SPOKEN.count(".") == 3


@row("an own language model that fails")
def test_an_own_model_that_is_not_there(profile):
    agent = {"id": "agent_1", "llm": [{"base_url": "http://127.0.0.1:1/v1", "model": "none"}]}
    brain = answering._own_brain(from_agent(agent, PROFILES[profile]), local=True)
    assert isinstance(brain, OpenAIBrain)

    async def answer():
        moment = Moment(trigger="user_speech", history=(), system_prompt="", tools=(), instructions=None)
        return [part async for part in brain.answer(moment)]

    assert asyncio.run(answer()) == [Say(UNREACHABLE)]
