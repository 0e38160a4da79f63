"""What the service is told about a tool of either sort, and what it would refuse."""

import pytest

from voicenb.errors import InvalidConfiguration
from voicenb.tools import HttpTool, ResponseInstructions, Tool

SORTS = [Tool, lambda **fields: HttpTool(url="https://example.com", **fields)]


def test_what_is_not_set_is_not_said():
    assert Tool(name="look").to_wire() == {
        "type": "function",
        "name": "look",
        "description": "",
        "parameters": {},
    }


def test_everything_that_can_be_said(contract):
    tool = Tool(
        name="look",
        description="Look it up.",
        parameters={"type": "object", "properties": {}},
        timeout_seconds=30,
        execution_mode="hold",
        response_instructions=ResponseInstructions(error="Say sorry."),
    )
    wire = tool.to_wire()
    contract("FunctionTool").validate(wire)
    assert wire == {
        "type": "function",
        "name": "look",
        "description": "Look it up.",
        "parameters": {"type": "object", "properties": {}},
        "timeout_seconds": 30,
        "execution_mode": "hold",
        "response_instructions": {"error": "Say sorry."},
    }
    contract("StoredTool").validate(tool.to_resource())
    assert tool.to_resource() == {key: value for key, value in wire.items() if key != "type"}


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "needs a name"),
        ({"name": None}, "needs a name"),
        ({"name": 3}, "needs a name"),
        ({"name": "bad name!"}, r"'bad name!' is no name of a tool\. Letters, digits"),
        ({"name": "<lambda>"}, "is no name of a tool"),
        ({"parameters": {"type": "array"}}, "look: parameters must describe an object, not 'array'"),
        ({"parameters": ["day"]}, "look: parameters must be a JSON Schema, not list"),
        (
            {"parameters": {"properties": ["day"]}},
            "look: parameters must have an object with a schema by name",
        ),
        ({"timeout": 3}, r"tool has no timeout\. Did you mean 'timeout_seconds'"),
        ({"name": "aai_pre_connect_context"}, "the service's own"),
        ({"timeout_seconds": 0}, "timeout_seconds 0 is not within 1 to 300"),
        ({"timeout_seconds": 0.999}, "timeout_seconds 0.999 is not within 1 to 300"),
        ({"timeout_seconds": 300.5}, "timeout_seconds 300.5 is not within 1 to 300"),
        ({"timeout_seconds": float("nan")}, "timeout_seconds nan is not within 1 to 300"),
        ({"timeout_seconds": "30"}, "timeout_seconds must be a number, not '30'"),
        ({"timeout_seconds": None}, "timeout_seconds must be a number, not None"),
        ({"timeout_seconds": True}, "timeout_seconds must be a number, not True"),
        ({"execution_mode": "later"}, "execution_mode is 'interactive' or 'hold', not 'later'"),
        ({"execution_mode": None}, "execution_mode is 'interactive' or 'hold', not None"),
        ({"response_instructions": {"error": "x"}}, "must be ResponseInstructions, not {'error': 'x'}"),
    ],
)
def test_settings_that_cannot_work(sort, changes, words):
    with pytest.raises(InvalidConfiguration, match=words) as caught:
        sort(**{"name": "look", **changes})
    assert caught.value.facts["param"] == ("timeout" if "timeout" in changes else "tools")


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("name", ["find_tables", "find-tables", "größe", "server/find.tables:v2"])
def test_names_that_may_be(sort, name):
    assert sort(name=name).to_resource()["name"] == name


@pytest.mark.parametrize("seconds", [1, 1.0, 300])
def test_timeouts_at_the_edge(seconds):
    assert Tool(name="look", timeout_seconds=seconds).to_wire()["timeout_seconds"] == seconds


@pytest.mark.parametrize(
    ("instructions", "wire"),
    [
        (ResponseInstructions(), {}),
        (ResponseInstructions("Good."), {"success": "Good."}),
        (ResponseInstructions(error=""), {"error": ""}),
        (ResponseInstructions("x" * 500, "y" * 500), {"success": "x" * 500, "error": "y" * 500}),
    ],
    ids=["none", "success", "error", "longest"],
)
def test_how_to_word_the_answer(contract, instructions, wire):
    assert instructions.to_wire() == wire
    contract("ResponseInstructions").validate(wire)


@pytest.mark.parametrize("field", ["success", "error"])
@pytest.mark.parametrize(
    ("text", "words"), [("x" * 501, "501 characters; at most 500"), (3, "are text, not 3")]
)
def test_wordings_that_cannot_be(field, text, words):
    with pytest.raises(InvalidConfiguration, match=words):
        ResponseInstructions(**{field: text})
