"""A stored agent on the wire; what is sent and refused is in test_hosted.py."""

import dataclasses

import pytest

from voicenb.agent import Agent
from voicenb.errors import InvalidConfiguration, ServiceError
from voicenb.protocol.settings import at_path
from voicenb.service.stored_agent import body_of, changed, changes_of, named, new, secrets_of
from voicenb.tools import HttpTool, Tool
from voicenb.tools.http import KEPT
from voicenb.turn_detection import TurnDetection


def test_each_field_of_an_agent_has_its_place(contract):
    """A new field that nobody thought of here would stay as it is stored."""
    agent = Agent(
        name="Lido",
        system_prompt="You book.",
        greeting="Hello.",
        voice="ivy",
        keyterms=["Lido"],
        turn_detection=TurnDetection.recommended(),
        tools=[Tool(name="find")],
        transcription_mode="balanced",
        transcription_prompt="Bookings.",
        language_codes=["en"],
        voice_focus="far-field",
        voice_focus_threshold=0.5,
        volume=50,
        input_format="audio/pcmu",
        output_format="audio/pcma",
    )
    assert all(getattr(agent, field.name) for field in dataclasses.fields(agent) if field.name != "id")
    body = body_of(agent)
    contract("AgentUpdate").validate(body)
    assert Agent.from_resource(body) == agent


@pytest.mark.parametrize(
    ("changes", "path", "value"),
    [
        ({"voice": "alba"}, "voice.voice_id", "alba"),
        ({"keyterms": ()}, "input.keyterms", []),
        ({"language_codes": ()}, "input.language_codes", None),
        ({"turn_detection": None}, "input.turn_detection", None),
        ({"output_format": "pcmu"}, "output.format.encoding", "audio/pcmu"),
        ({"greeting": ""}, "greeting", None),
        ({"caller_id": None}, "caller_id", None),
    ],
)
def test_one_change_is_all_that_is_sent(changes, path, value, contract):
    body = changes_of(changes)
    contract("AgentUpdate").validate(body)
    assert at_path(body, path) == value
    while isinstance(body, dict) and "." in path:
        assert list(body) == [path.partition(".")[0]]
        body, path = body[path.partition(".")[0]], path.partition(".")[2]


def test_secrets_are_keys_and_values_of_headers():
    tools = [
        HttpTool(name="a", url="https://x.y", headers={"A": "one", "B": KEPT}),
        HttpTool(name="b", url="https://x.y", headers={"A": "two", "B": KEPT}, listed_headers=("A", "B")),
        Tool(name="c"),
    ]
    body = {"tools": [tool.to_resource() for tool in tools], "llm": [{"api_key": "three"}, {"model": "m"}]}
    assert sorted(secrets_of(body)) == ["one", "three", "two"]
    assert secrets_of({}) == []


def test_a_second_one_takes_no_headers_away():
    tool = HttpTool(name="a", url="https://x.y", headers={"A": "one"}, listed_headers=("A", "B"))
    (copy,) = new(Agent(tools=[tool])).tools
    assert copy.to_resource()["http"]["headers"] == [{"name": "A", "value": "one"}]
    plain = Agent(tools=[Tool(name="find")])
    assert new(plain) is plain
    with pytest.raises(InvalidConfiguration, match=r"of the headers A only"):
        new(Agent(tools=[dataclasses.replace(tool, headers={"A": KEPT})]))


@pytest.mark.parametrize(
    ("param", "words"),
    [
        ("tools[1].http.url", "The agent 'Lido', its tool 'book': no."),
        ("tools.0.name", "The agent 'Lido', its tool 'find': no."),
        ("tools[7]", "The agent 'Lido': no."),
        ("voice", "The agent 'Lido': no."),
        (None, "no."),
    ],
)
def test_a_refusal_names_agent_and_tool(param, words):
    body = {"tools": [{"name": "find"}, {"name": "book"}]}
    error = named(ServiceError("no.", code="x", param=param, status=422, request_id="r"), "Lido", body)
    assert error.message == words
    assert (error.code, error.param, error.status, error.facts["request_id"]) == ("x", param, 422, "r")


def test_an_agent_with_its_changes_keeps_what_it_was_told():
    read = Agent.from_resource({"name": "Lido", "output": {"volume": 300}}, known=False)
    after = changed(read, {"keyterms": ["Lido"], "llm": []})
    assert (after.volume, after.keyterms, after.name) == (300, ("Lido",), "Lido")
    assert changed(read, {"llm": []}) is read
