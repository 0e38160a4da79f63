"""Agents saved to files and loaded again; files in other shapes are in test_agent_file.py."""

import json
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

import voicenb as vn
from voicenb.agent_file import read_agent
from voicenb.tools import HttpTool, ResponseInstructions, Tool


def free_tables(day: str) -> list[str]:
    """Get the free times on a day.

    Args:
        day: weekday, e.g. "Friday".
    """
    return [day]


@pytest.fixture
def lido():
    return vn.Agent(
        name="Lido",
        system_prompt="You take bookings.\nShort and warm: küss die Hand.",
        greeting="Good evening.",
        voice="ivy",
        volume=80,
        keyterms=["Lido", "gnocchi"],
        turn_detection=vn.TurnDetection.recommended(),
        tools=[
            Tool.of(free_tables, timeout_seconds=30, response_instructions=ResponseInstructions("Be glad.")),
            HttpTool(name="book", url="https://example.com/book", headers={"X-Api-Key": "canary"}),
        ],
        language_codes=["en"],
    )


def test_there_and_back(lido, tmp_path):
    path = lido.save(tmp_path / "agents" / "lido.json")
    loaded = vn.Agent.load(path)
    assert not lido.replace(tools=lido.tools[:1]).diff(loaded.replace(tools=loaded.tools[:1]))
    assert loaded.replace(tools=lido.tools) == lido
    assert loaded.tools[1].headers == {"X-Api-Key": "***"}
    again = tmp_path / "again.json"
    loaded.save(again)
    assert again.read_bytes() == path.read_bytes()


def test_the_file_is_for_people_and_repositories(lido, tmp_path, contract):
    text = lido.save(tmp_path / "lido.json").read_text("utf-8")
    wire = json.loads(text)
    assert list(wire) == ["name", "system_prompt", "greeting", "voice", "input", "output", "tools"]
    assert list(wire["input"]) == ["turn_detection", "keyterms", "language_codes"]
    assert "küss die Hand" in text
    assert text.endswith("}\n")
    assert "canary" not in text
    assert len(text.splitlines()) > 30
    contract("AgentCreate").validate(wire)
    assert read_agent(tmp_path / "lido.json")[0].greeting == "Good evening."  # the shell reads it too


def test_a_small_agent_is_a_small_file(tmp_path):
    path = vn.Agent(name="Lido", greeting="Hello.").save(tmp_path / "lido.json")
    assert json.loads(path.read_text("utf-8")) == {
        "name": "Lido",
        "system_prompt": "",
        "greeting": "Hello.",
        "tools": [],
    }


def test_an_agent_that_is_stored_keeps_its_id(lido, tmp_path):
    path = lido.replace(id="agent_1").save(tmp_path / "lido.json")
    assert vn.Agent.load(path).id == "agent_1"


# Functions.


def test_functions_are_put_back_by_their_names(lido, tmp_path):
    path = lido.save(tmp_path / "lido.json")
    without = vn.Agent.load(path)
    with pytest.raises(vn.ToolError, match="free_tables has no function here"):
        without.tools[0].call({"day": "Friday"})
    agent = vn.Agent.load(path, functions=[free_tables])
    assert agent.tools[0].call({"day": "Friday"}) == ["Friday"]
    assert agent.tools[0].timeout_seconds == 30  # as the file says
    with pytest.raises(vn.InvalidConfiguration, match="'print' is not there"):
        vn.Agent.load(path, functions=[Tool(name="print", function=print)])


def test_the_decorator_puts_them_back_without_a_warning(lido, tmp_path):
    agent = vn.Agent.load(lido.save(tmp_path / "lido.json"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        agent.tool(free_tables)
    assert agent.tools[0].call({"day": "Friday"}) == ["Friday"]
    assert [tool.name for tool in agent.tools] == ["free_tables", "book"]


# What is not in it, and what cannot be.


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("https://me:canary@example.com/book", "a login"),
        ("https://example.com/book?Token=canary", "the parameter 'Token'"),
    ],
)
def test_a_url_that_opens_something_is_not_written(lido, tmp_path, url, what):
    agent = lido.replace(tools=[HttpTool(name="book", url=url)])
    with pytest.raises(vn.InvalidConfiguration, match=f"book has {what}.*headers=") as caught:
        agent.save(tmp_path / "lido.json")
    assert "canary" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_headers_that_a_service_lists_stay_a_list(lido, tmp_path):
    tool = HttpTool(
        name="book", url="https://example.com", headers={"A": "canary", "B": "***"}, listed_headers=("B", "C")
    )
    path = lido.replace(tools=[tool]).save(tmp_path / "lido.json")
    assert "canary" not in path.read_text("utf-8")
    (loaded,) = vn.Agent.load(path).tools
    assert loaded.headers == {"A": "***", "B": "***"}
    assert loaded.listed_headers == ("A", "B")


def test_what_only_a_stored_agent_has_is_told_of(tmp_path):
    path = tmp_path / "lido.json"
    path.write_text('{"name": "Lido", "llm": [{"model": "m"}]}', "utf-8")
    with pytest.warns(UserWarning, match="also has llm, which an Agent has no place for"):
        assert vn.Agent.load(path).name == "Lido"


def test_a_session_object_is_called_like_its_file(tmp_path):
    path = tmp_path / "lido.json"
    path.write_text('{"greeting": "Hello."}', "utf-8")
    assert vn.Agent.load(str(path)) == vn.Agent(name="lido", greeting="Hello.")


def test_an_agent_gives_way_and_nothing_else_does(lido, tmp_path):
    path = lido.save(tmp_path / "lido.json")
    lido.replace(greeting="Hello.").save(path)
    assert vn.Agent.load(path).greeting == "Hello."
    for content in (b'{"cells": []}', b"words", b"\xff", b""):
        path.write_bytes(content)
        with pytest.raises(vn.InvalidConfiguration, match=r"holds no agent.*nothing was saved"):
            lido.save(path)
        assert path.read_bytes() == content


def test_where_nothing_can_be_written(lido, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(vn.InvalidConfiguration, match="cannot be written"):
        lido.save(tmp_path / "file" / "lido.json")
    with pytest.raises(vn.InvalidConfiguration, match="cannot be read: No such file"):
        vn.Agent.load(tmp_path / "none.json")


TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


@given(
    name=TEXT,
    system_prompt=TEXT,
    greeting=st.none() | TEXT,
    keyterms=st.lists(TEXT, max_size=3),
    volume=st.none() | st.floats(0, 100),
    languages=st.none() | st.lists(st.sampled_from(["en", "de", "it"]), max_size=2),
    turns=st.none() | st.just(vn.TurnDetection()) | st.just(vn.TurnDetection(vad_threshold=0.25)),
    telephone=st.none() | st.sampled_from(["audio/pcmu", "audio/pcma"]),
)
def test_any_agent_comes_back_as_it_was(
    tmp_path_factory, name, system_prompt, greeting, keyterms, volume, languages, turns, telephone
):
    agent = vn.Agent(
        name=name,
        system_prompt=system_prompt,
        greeting=greeting,
        keyterms=keyterms,
        volume=volume,
        language_codes=languages,
        turn_detection=turns,
        input_format=telephone,
        output_format=telephone,
    )
    path = tmp_path_factory.mktemp("agent") / "agent.json"
    assert vn.Agent.load(agent.save(path)) == agent


def test_half_a_character_is_kept(tmp_path):
    agent = vn.Agent(name="Lido", system_prompt="\ud83d")
    assert vn.Agent.load(agent.save(tmp_path / "lido.json")) == agent
