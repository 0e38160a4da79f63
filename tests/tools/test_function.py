import asyncio
import functools
import warnings
from dataclasses import dataclass
from typing import Annotated, Literal

import pytest

import voicenb as vn
from voicenb.errors import InvalidConfiguration, ToolError
from voicenb.tools import Tool, tool


def free_tables(day: str, people: int, seating: Literal["inside", "terrace"] = "inside") -> list[str]:
    """Get the free times on a day. Use when the caller wants to book.

    Args:
        day: weekday, e.g. "Friday".
        people: size of the party, e.g. 4.
        seating: where.
    """
    return [day, str(people), seating]


def _yields():
    """Get the times. Use when asked."""
    yield 1


async def _yields_later():
    """Get the times. Use when asked."""
    yield 1


class _Yields:
    """Get the times. Use when asked."""

    __name__ = "times"

    def __call__(self):
        yield 1


@pytest.mark.parametrize("function", [_yields, _yields_later, functools.partial(_yields), _Yields()])
def test_a_generator_is_refused_when_the_tool_is_made(function):
    with pytest.raises(ToolError, match="yields, and a tool returns its result once") as refused:
        tool(function)
    assert "list" in refused.value.remedy


@pytest.mark.parametrize("what", [5, "text", None, [print]])
def test_what_is_no_function_is_no_tool(what):
    with pytest.raises(ToolError, match="A tool is made of a function, not"):
        Tool.of(what)
    if what is not None:
        with pytest.raises(ToolError, match="A tool is made of a function, not"):
            vn.Agent().tool(what)


def test_a_function_becomes_what_the_service_is_told(contract):
    wire = Tool.of(free_tables).to_wire()
    assert wire == {
        "type": "function",
        "name": "free_tables",
        "description": "Get the free times on a day. Use when the caller wants to book.",
        "parameters": {
            "type": "object",
            "properties": {
                "day": {"type": "string", "description": 'weekday, e.g. "Friday".', "examples": ["Friday"]},
                "people": {"type": "integer", "description": "size of the party, e.g. 4.", "examples": [4]},
                "seating": {
                    "type": "string",
                    "enum": ["inside", "terrace"],
                    "description": "where.",
                    "default": "inside",
                },
            },
            "required": ["day", "people"],
        },
    }
    contract("FunctionTool").validate(wire)


def test_a_call_brings_the_arguments_to_their_types():
    assert Tool.of(free_tables).call({"people": "4", "day": "Friday"}) == ["Friday", "4", "inside"]
    assert Tool.of(free_tables).call({"people": 4, "day": "Friday", "seating": None}) == [
        "Friday",
        "4",
        "inside",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"day": "Friday"}, "The argument people is missing"),
        ({"day": "Friday", "people": "many"}, "people must be an integer, not 'many'"),
        (
            {"day": "Friday", "people": 4, "hat": 1},
            "Unknown argument hat; the parameters are: day, people, seating",
        ),
    ],
)
def test_arguments_that_do_not_fit(arguments, words):
    with pytest.raises(ToolError, match=words):
        Tool.of(free_tables).call(arguments)


def test_an_async_function_gives_an_awaitable():
    async def look_up(name: str) -> str:
        """Look somebody up."""
        return name.upper()

    made = Tool.of(look_up)
    assert made.is_async
    assert not Tool.of(free_tables).is_async
    assert asyncio.run(made.call({"name": "anna"})) == "ANNA"


def test_other_callables():
    class Counter:
        """Count things."""

        def __init__(self) -> None:
            self.count = 0

        def add(self, number: int) -> int:
            """Add a number."""
            self.count += number
            return self.count

        async def __call__(self, number: int) -> int:
            return self.add(number)

    counter = Counter()
    assert Tool.of(counter.add).call({"number": 2}) == 2
    called = Tool.of(counter, name="count")
    assert called.is_async
    assert asyncio.run(called.call({"number": 1})) == 3
    partial = Tool.of(functools.partial(free_tables, people=2), name="two", description="For two.")
    assert partial.call({"day": "Monday"}) == ["Monday", "2", "inside"]
    assert partial.parameters["required"] == ["day"]


def test_the_decorator_with_and_without_arguments():
    @tool
    def plain(x: int) -> int:
        """Do it."""
        return x

    @tool(name="other", timeout_seconds=30, execution_mode="hold")
    def given_more(x: int) -> int:
        """Do it."""
        return x

    assert plain.to_wire()["name"] == "plain"
    wire = given_more.to_wire()
    assert (wire["name"], wire["timeout_seconds"], wire["execution_mode"]) == ("other", 30, "hold")
    assert given_more.to_resource() == {key: value for key, value in wire.items() if key != "type"}


def test_a_schema_of_one_s_own():
    schema = {"type": "object", "properties": {"day": {"type": "string", "pattern": "[A-Z].*"}}}
    assert Tool.of(free_tables, parameters=schema).to_wire()["parameters"] == schema


def untyped(day):
    """Do something."""


def unnamed(*days: str):
    """Do something."""


def unresolved(day: "Nowhere"):  # noqa: F821
    """Do something."""


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (untyped, r"untyped: the parameter 'day' has no type. Write it as `day: str`"),
        (unnamed, r"unnamed: the parameter \*days: str has no name on the wire"),
        (unresolved, "unresolved: a type hint cannot be resolved: name 'Nowhere'"),
    ],
)
def test_functions_that_cannot_be_told(function, words):
    with pytest.raises(ToolError, match=words):
        Tool.of(function)


def silent(day: str):
    return day


def forgetful(day: str, people: int):
    """Do something.

    Args:
        day: weekday.
    """


def bare(day: str, people: int):
    """Do something."""


def underlined(day: str, people: int):
    """Do something.

    Parameters
    ----------
    day : str
    people : int
        Size of the party.
    """


def slip(people: int):
    """Do something.

    Args:
        peple: size of the party.
    """


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (silent, "The tool silent has no docstring: the agent knows neither what it does"),
        (forgetful, r"The docstring of the tool forgetful does not describe people\."),
        (bare, r"The docstring of the tool bare does not describe day, people\. Write it under Args:"),
        (underlined, r"The docstring of the tool underlined does not describe day\."),
        (slip, r"describes 'peple', no parameter of it\. Did you mean 'people'\?"),
    ],
)
def test_what_the_agent_is_not_told_is_warned_of(function, words):
    with pytest.warns(UserWarning, match=words) as caught:
        Tool.of(function)
    assert [warning.filename for warning in caught] == [__file__]


@dataclass(frozen=True)
class Field:
    """As libraries for data have it."""

    description: str


@dataclass
class Guest:
    name: Annotated[str, "Of the guest."]


def test_a_parameter_is_described_beside_its_type_as_well():
    def book(
        day: Annotated[str, 'Weekday, e.g. "Friday".'],
        people: Annotated[int | None, "Size of the party."] = None,
        *,
        table: Annotated[int, object(), Field("Its number.")] | None = None,
        name: Annotated[str, "not this"] = "",
        guest: Annotated[Guest | None, "Who comes."] = None,
    ):
        """Book a table.

        Args:
            name: of the guest.
        """

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        properties = Tool.of(book).parameters["properties"]
    assert properties["day"] == {
        "type": "string",
        "description": 'Weekday, e.g. "Friday".',
        "examples": ["Friday"],
    }
    described = {name: schema["description"] for name, schema in properties.items()}
    assert described["people"] == "Size of the party."
    assert described["table"] == "Its number."
    assert described["name"] == "of the guest."
    assert described["guest"] == "Who comes."
    assert properties["guest"]["properties"]["name"]["description"] == "Of the guest."


def test_what_is_told_otherwise_is_told():
    assert Tool.of(silent, description="Do something.").description == "Do something."
    schema = {"type": "object", "properties": {"when": {"type": "string"}}}
    assert Tool.of(forgetful, parameters=schema).parameters == schema


def test_the_arguments_of_a_constructor_are_not_the_tool_s():
    class Tables:
        """Get the free times.

        Args:
            path: where they stand.
        """

        def __init__(self, path: str) -> None:
            self.path = path

        def __call__(self, day: str) -> str:
            return day

    assert Tool.of(Tables("tables.csv"), name="tables").call({"day": "Friday"}) == "Friday"


def test_a_tool_without_a_function_cannot_be_called_here():
    with pytest.raises(ToolError, match="has no function here"):
        Tool(name="theirs").call({})


def test_reprs_are_short():
    assert repr(Tool.of(free_tables)) == "Tool(free_tables(day, people, seating))"


def test_a_lambda_is_no_tool():
    with pytest.raises(ToolError, match=r"A lambda cannot be a tool.*def find_tables"):
        Tool.of(lambda: "19:00")
    assert Tool.of(lambda: "19:00", name="find_time", description="Find the time.").call({}) == "19:00"


def test_a_field_that_no_tool_has():
    def find(day: str) -> str:
        """Find it.

        Args:
            day: weekday.
        """
        return day

    with pytest.raises(InvalidConfiguration, match=r"A tool has no timeout\. Did you mean 'timeout_seconds'"):
        Tool.of(find, timeout=3)
    with pytest.raises(InvalidConfiguration, match=r"Did you mean 'timeout_seconds'"):
        vn.Agent().tool(timeout=3)(find)
