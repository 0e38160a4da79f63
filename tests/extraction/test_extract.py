"""From a call to data, with a model at a real socket."""

import json
from dataclasses import dataclass

import pytest
from endpoint import Endpoint as Server

import voicenb as vn
from voicenb.protocol.lines import Line


@dataclass
class Booking:
    day: str
    people: int


LINES = [
    Line(
        "a",
        "agent",
        "Lido, good evening. Never heard.",
        0,
        heard="Lido, good evening.",
        unheard="Never heard.",
    ),
    Line("b", "user", "A table for four on Friday.", 1),
]


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in ("ASSEMBLYAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server():
    with Server() as running:
        yield running


@pytest.fixture
def ask(server):
    """Extracts with a model that gives these answers."""

    def run(*answers, call=LINES, schema=Booking, **how):
        server.answers = [
            (200, json.dumps({"choices": [{"message": {"content": answer}}]}).encode()) for answer in answers
        ]
        return vn.extract(call, schema, model="tiny", base_url=f"{server.url}/v1", **how)

    return run


def messages(server, n=0):
    return json.loads(server.asked[n]["body"])["messages"]


GOOD = '{"day": "Friday", "people": 4}'


def test_a_booking(ask, server):
    assert ask(f"```json\n{GOOD}\n```") == Booking("Friday", 4)
    system, user = messages(server)
    assert (system["role"], user["role"]) == ("system", "user")
    assert "Agent: Lido, good evening.\nCaller: A table for four on Friday." in user["content"]
    assert "Never heard" not in user["content"]
    assert '"people"' in user["content"]


def test_a_schema_as_a_dict(ask):
    schema = {"type": "object", "properties": {"people": {"type": "integer"}}, "required": ["people"]}
    assert ask('{"people": 4}', schema=schema) == {"people": 4}


def test_what_does_not_fit_is_asked_for_once_more(ask, server):
    assert ask('{"day": "Friday", "people": "four"}', GOOD) == Booking("Friday", 4)
    *_, answer, complaint = messages(server, 1)
    assert answer == {"role": "assistant", "content": '{"day": "Friday", "people": "four"}'}
    assert "Expected `int`, got `str` - at `$.people`" in complaint["content"]


def test_what_does_not_fit_twice_is_told_with_the_text(ask, server):
    with pytest.raises(
        vn.ExtractionError, match=r"tiny did not answer.*missing required field `day`"
    ) as caught:
        ask("I cannot.", '{"people": 4}')
    assert caught.value.facts["text"] == '{"people": 4}'
    assert caught.value.facts["model"] == "tiny"
    assert len(server.asked) == 2
    assert isinstance(caught.value, ValueError)


def test_more_can_be_told_to_the_model(ask, server):
    ask(GOOD, instructions="Days in English.", max_tokens=50)
    assert messages(server)[0]["content"].endswith("Days in English.")
    assert json.loads(server.asked[0]["body"])["max_tokens"] == 50


@pytest.mark.parametrize("timeout", [0, -1, True, "5", None])
def test_a_timeout_that_is_none(ask, server, timeout):
    with pytest.raises(vn.InvalidConfiguration, match="timeout"):
        ask(timeout=timeout)
    assert server.asked == []


def test_nothing_is_asked_where_nothing_was_said(ask, server):
    with pytest.raises(vn.InvalidConfiguration, match="Nothing was said"):
        ask(call=[])
    assert server.asked == []


def test_the_environment_names_server_key_and_model(server, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "canary")
    monkeypatch.setenv("OPENAI_MODEL", "large")
    server.body = json.dumps({"choices": [{"message": {"content": GOOD}}]}).encode()
    assert vn.extract(LINES, Booking) == Booking("Friday", 4)
    (asked,) = server.asked
    assert asked["headers"]["Authorization"] == "Bearer canary"
    assert json.loads(asked["body"])["model"] == "large"


def test_a_recording(ask, server, tmp_path):
    agent = vn.Agent(name="Lido", greeting="Good evening.")
    call = vn.run(agent, vn.Caller([vn.Answer(), "A table for four."]), recording=tmp_path / "call")
    assert ask(GOOD, call=call) == Booking("Friday", 4)
    assert "Agent: Good evening." in messages(server)[1]["content"]
