"""The client of the hosted service's REST calls against the emulator: nothing but the host changes."""

import pytest

import voicenb as vn


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


def test_a_stored_agent_answers_by_its_id(hosted, agent, tmp_path):
    stored = hosted.create(agent)
    with vn.Session(stored.id, service=hosted, recording=tmp_path / "call") as session:
        greeting = session.wait_for("transcript.agent", timeout=20)
    assert greeting.text == "Good evening."


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
