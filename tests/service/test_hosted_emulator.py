"""The client of the hosted service's REST calls against the emulator: nothing but the host changes."""

import dataclasses

import pytest

import voicenb as vn
from voicenb.tools import HttpTool


@pytest.fixture(scope="module")
def emulator():
    with vn.Emulator(brain="rules", key="right") as running:
        yield running


@pytest.fixture
def hosted(emulator):
    return vn.Hosted(key="right", host=emulator.url)


@pytest.fixture
def agent():
    agent = vn.Agent(name="Lido", system_prompt="You take bookings.", greeting="Good evening.", voice="ivy")

    @agent.tool
    def free_tables(day: str) -> list[str]:
        """Get the free times on a day.

        Args:
            day: weekday, e.g. "Friday".
        """
        return ["19:00"]

    return agent


def test_an_agent_is_stored_read_changed_listed_and_deleted(hosted, agent):
    stored = hosted.create(agent)
    assert stored.id

    read = hosted.get(stored.id)
    assert (read.name, read.system_prompt, read.greeting, read.voice) == (
        agent.name,
        agent.system_prompt,
        agent.greeting,
        agent.voice,
    )
    assert [tool.name for tool in read.tools] == ["free_tables"]

    hosted.update(stored.replace(system_prompt="You take orders."))
    assert hosted.get(stored.id).system_prompt == "You take orders."
    assert stored.id in [entry.id for entry in hosted.list()]

    hosted.delete(stored)
    with pytest.raises(vn.ServiceError) as gone:
        hosted.get(stored.id)
    assert gone.value.code == "agent_not_found"


def test_what_an_agent_does_not_set_any_more_is_gone_from_the_stored_one(hosted, agent):
    td = vn.TurnDetection(min_silence=900, vad_threshold=0.7)
    stored = hosted.create(
        agent.replace(keyterms=["Lido"], turn_detection=td, input_format="pcmu", volume=50)
    )
    assert hosted.get(stored.id).input_format == "audio/pcmu"
    less = vn.TurnDetection(min_silence=800)
    for now in (less, None):
        bare = stored.replace(greeting=None, keyterms=(), turn_detection=now, input_format=None, volume=None)
        hosted.update(bare)
        read = hosted.get(stored.id)
        assert (read.greeting, read.keyterms, read.turn_detection is None) == (None, (), now is None)
        assert not read.diff(bare)
        assert (read.input_format, read.volume, read.voice) == (None, None, "ivy")
    changed = hosted.update(stored.id, greeting="Hello.")
    assert (changed.greeting, changed.system_prompt) == ("Hello.", agent.system_prompt)


def test_a_stored_agent_answers_by_its_id(hosted, agent, tmp_path):
    stored = hosted.create(agent)
    with vn.Session(stored.id, service=hosted, recording=tmp_path / "call") as session:
        greeting = session.wait_for("transcript.agent", timeout=20)
    assert greeting.text == "Good evening."


@pytest.mark.parametrize("scheme", ["", "Bearer"])
def test_either_form_of_the_key_opens_everything(emulator, agent, scheme):
    hosted = vn.Hosted("right", host=emulator.url, scheme=scheme)
    assert hosted.token()
    with vn.Session(agent, service=hosted, recording=False) as session:
        assert session.session_id


def test_a_token_opens_a_session(hosted, emulator, tmp_path):
    address = vn.Address(f"{emulator.address().url}?token={hosted.token(expires_in_seconds=30)}")
    agent = vn.Agent(name="Lido", system_prompt="You are Lido.")
    with vn.Session(agent, service=address, recording=tmp_path / "call") as session:
        assert session.state == "listening"


def test_a_wrong_key_is_refused_with_a_remedy(hosted, emulator):
    wrong = vn.Hosted(key="wrong", host=f"http://{hosted.host}")
    with pytest.raises(vn.Unauthorized) as refused:
        wrong.list()
    assert refused.value.status == 401
    assert "wrong" not in str(refused.value)


def secrets_of(emulator, agent_id):
    (tool,) = emulator.resources.agents.get(agent_id)["tools"]
    return {name: kept["value"] for name, kept in tool["http"]["headers"]["values"].items()}


@pytest.mark.parametrize("profile", ["contract", "live"])
def test_what_is_read_and_stored_again_keeps_the_secrets_of_its_tools(profile):
    # The emulator keeps what a tool would send; its store is the only witness of that.
    tool = HttpTool(name="book", url="https://example.com/book", headers={"X-Api-Key": "canary", "Y": "old"})
    agent = vn.Agent(name="Lido", system_prompt="p", voice="alba", tools=[tool])
    with vn.Emulator(brain="rules", key="right", profile=profile) as emulator:
        hosted = vn.Hosted(key="right", host=emulator.url)
        stored = hosted.create(agent)
        read = hosted.get(stored.id)
        assert "canary" not in repr(read.tools[0].headers)
        hosted.update(read.replace(system_prompt="q"))
        again = hosted.get(stored.id)
        assert again.system_prompt == "q"
        assert set(again.tools[0].headers) == {"X-Api-Key", "Y"}
        assert secrets_of(emulator, stored.id) == {"X-Api-Key": "canary", "Y": "old"}

        (tool,) = again.tools
        for headers, then in (
            ({"X-Api-Key": "***", "Y": "new"}, {"X-Api-Key": "canary", "Y": "new"}),
            ({"X-Api-Key": "***"}, {"X-Api-Key": "canary"}),
        ):
            hosted.update(again.replace(tools=[dataclasses.replace(tool, headers=headers)]))
            assert secrets_of(emulator, stored.id) == then

        with pytest.raises(
            vn.InvalidConfiguration, match="of the headers X-Api-Key, Y only the agent"
        ) as told:
            hosted.create(again)
        assert told.value.facts["param"] == "tools"


def test_a_tool_on_this_machine_is_stored_where_it_may_be(agent):
    """What the emulator takes with local_tools, an agent can have, and what it stores is read."""
    tool = HttpTool(name="book", description="Book it.", url="http://127.0.0.1:9/book")
    with vn.Emulator(brain="rules", local_tools=True) as running:
        hosted = vn.Hosted(key="any", host=running.url)
        stored = hosted.create(agent.replace(tools=[tool]))
        assert hosted.get(stored.id).tools == (tool,)
        assert hosted.update(stored.id, system_prompt="New.").tools == (tool,)


def test_a_tool_that_the_service_refuses_is_named_with_its_agent(hosted, agent):
    tool = HttpTool(name="book", url="http://127.0.0.1:9/book")
    words = r"The agent 'Lido', its tool 'book': POST .*must begin with https"
    with pytest.raises(vn.ServiceError, match=words) as no:
        hosted.create(agent.replace(tools=[*agent.tools, tool]))
    assert no.value.param == "tools[1].http.url"
    stored = hosted.create(agent)
    with pytest.raises(vn.ServiceError, match="its tool 'book'"):
        hosted.update(stored.id, tools=[tool])
    with pytest.raises(vn.ServiceError, match="The agent 'Lido', its tool 'book'"):
        hosted.update(stored, tools=[tool])
