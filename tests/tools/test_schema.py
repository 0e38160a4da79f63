import datetime
import enum
import json
import typing
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.errors import ToolError
from voicenb.tools.schema import coerce, coerce_all, object_schema, schema_of


class Seating(enum.Enum):
    INSIDE = "inside"
    TERRACE = "terrace"


class Floor(enum.IntEnum):
    GROUND = 0
    FIRST = 1


@dataclass
class Guest:
    """Somebody who comes.

    Args:
        name: as they say it, e.g. "Anna".
        age: in years.
    """

    name: str
    age: int = 18


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (str, {"type": "string"}),
        (int, {"type": "integer"}),
        (float, {"type": "number"}),
        (bool, {"type": "boolean"}),
        (list, {"type": "array"}),
        (list[int], {"type": "array", "items": {"type": "integer"}}),
        (list[list[str]], {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}),
        (dict, {"type": "object"}),
        (dict[str, int], {"type": "object"}),
        (Any, {}),
        (Optional[int], {"type": "integer"}),  # noqa: UP045
        (str | None, {"type": "string"}),
        (Annotated[int, "people"], {"type": "integer"}),
        (Literal["a", "b"], {"type": "string", "enum": ["a", "b"]}),
        (Literal["a", 1], {"enum": ["a", 1]}),
        (Literal[1, 2] | None, {"type": "integer", "enum": [1, 2]}),
        (Seating, {"type": "string", "enum": ["inside", "terrace"]}),
        (Floor, {"type": "integer", "enum": [0, 1]}),
        (datetime.date, {"type": "string", "format": "date"}),
        (datetime.datetime, {"type": "string", "format": "date-time"}),
        (
            Guest,
            {
                "type": "object",
                "properties": {
                    "name": {
                        "type": "string",
                        "description": 'as they say it, e.g. "Anna".',
                        "examples": ["Anna"],
                    },
                    "age": {"type": "integer", "description": "in years.", "default": 18},
                },
                "required": ["name"],
            },
        ),
    ],
    ids=str,
)
def test_types_as_schemas(hint, schema):
    assert schema_of(hint, "f: x") == schema


@pytest.mark.parametrize("hint", [int | str, bytes, object, set[int], tuple[int, int]], ids=str)
def test_types_that_the_service_has_no_word_for(hint):
    with pytest.raises(ToolError, match=r"f: x: the type .* cannot be told to the service"):
        schema_of(hint, "f: x")


@pytest.mark.parametrize(
    ("value", "hint", "expected"),
    [
        ("Friday", str, "Friday"),
        (4, str, "4"),
        (4, int, 4),
        ("4", int, 4),
        (" 4.0 ", int, 4),
        (4.0, int, 4),
        (4, float, 4.0),
        ("4.5", float, 4.5),
        (True, bool, True),
        ("yes", bool, True),
        ("False", bool, False),
        ("friday", Literal["Friday", "Saturday"], "Friday"),
        ("2", Literal[1, 2], 2),
        ("Terrace", Seating, Seating.TERRACE),
        (1, Floor, Floor.FIRST),
        (["1", 2], list[int], [1, 2]),
        ("1", list[int], [1]),
        ([1, "a"], list, [1, "a"]),
        (None, int | None, None),
        ("3", int | None, 3),
        ("2026-09-01", datetime.date, datetime.date(2026, 9, 1)),
        ("20:30", datetime.time, datetime.time(20, 30)),
        ({"name": "Anna", "age": "30"}, Guest, Guest("Anna", 30)),
        ({"name": "Anna"}, Guest, Guest("Anna")),
        ([{"name": "Anna"}], list[Guest], [Guest("Anna")]),
        ({"a": 1}, dict[str, int], {"a": 1}),
        ({"a": 1}, Any, {"a": 1}),
    ],
    ids=str,
)
def test_values_become_what_the_function_wants(value, hint, expected):
    got = coerce(value, hint, "x")
    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize(
    ("value", "hint", "words"),
    [
        ("four", int, "x must be an integer, not 'four'"),
        (4.5, int, "x must be an integer, not 4.5"),
        (True, int, "x must be an integer, not True"),
        ("inf", int, "x must be an integer, not 'inf'"),
        ("a lot", float, "x must be a number"),
        ("perhaps", bool, "x must be a boolean"),
        ([], str, r"x must be a string, not \[\]"),
        (None, str, "x must be a string, not None"),
        ("Sunday", Literal["Friday", "Saturday"], "x must be one of 'Friday', 'Saturday', not 'Sunday'"),
        ("roof", Seating, "x must be one of 'inside', 'terrace', not 'roof'"),
        (["1", "two"], list[int], r"x\[1\] must be an integer, not 'two'"),
        ("soon", datetime.date, "x must be an ISO 8601 date, not 'soon'"),
        ({"age": 3}, Guest, "argument x.name is missing"),
        ({"name": "A", "age": "old"}, Guest, "x.age must be an integer"),
        ({"name": "A", "hat": 1}, Guest, "Unknown argument x.hat; the parameters are: name, age"),
        ("Anna", Guest, "x must be Guest"),
        (["a"], dict, "x must be dict"),
    ],
    ids=str,
)
def test_values_that_do_not_fit_are_refused_in_words_for_the_model(value, hint, words):
    with pytest.raises(ToolError, match=words):
        coerce(value, hint, "x")


@given(st.integers())
def test_whole_numbers_survive_as_text(number):
    assert coerce(str(number), str, "x") == str(number)
    assert coerce(number, int, "x") == number
    assert coerce(str(number), int, "x") == number


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5)
)
def test_whatever_comes_is_taken_or_refused(value):
    for hint in (str, int, float, bool, list[int], Literal["a"], Seating, datetime.date, Guest, int | None):
        try:
            coerce(value, hint, "x")
        except ToolError as error:
            refusal = error.message
        else:
            refusal = "x"
        assert refusal.startswith(("x", "Unknown", "The argument"))


@dataclass
class Wish:
    """What somebody wants.

    Args:
        on: the day.
        note: anything else.
    """

    on: datetime.date
    note: str | None


def book(
    wish: Wish,
    note: Annotated[str | None, "anything else"],
    to: Annotated[str, "where to write", {"format": "email"}] = "",
    day: datetime.date = datetime.date(2026, 9, 1),
    seating: Seating = Seating.TERRACE,
    most: float = float("inf"),
    code: Annotated[str | None, {"pattern": "[0-9 ]+", "examples": ["12 34"]}] = None,
) -> None: ...


def hints_of(function):
    return typing.get_type_hints(function, include_extras=True)


def test_what_may_be_none_may_be_left_out():
    schema = object_schema(book, hints_of(book), {})
    assert schema["required"] == ["wish"]
    assert schema["properties"]["wish"]["required"] == ["on"]
    values = coerce_all(book, hints_of(book), {"wish": {"on": "2026-09-02"}})
    assert values == {"wish": Wish(datetime.date(2026, 9, 2), None), "note": None}
    assert coerce_all(book, hints_of(book), {"wish": {"on": "2026-09-02"}, "note": None})["note"] is None
    with pytest.raises(ToolError, match=r"The argument wish\.on is missing"):
        coerce_all(book, hints_of(book), {"wish": {}})


def test_defaults_are_told_as_the_wire_has_them():
    properties = object_schema(book, hints_of(book), {})["properties"]
    assert (properties["day"]["default"], properties["seating"]["default"]) == ("2026-09-01", "terrace")
    assert "default" not in properties["most"]
    json.dumps(properties, allow_nan=False)


def test_a_dict_beside_the_type_adds_to_the_schema():
    properties = object_schema(book, hints_of(book), {})["properties"]
    assert properties["to"] == {
        "type": "string",
        "description": "where to write",
        "format": "email",
        "default": "",
    }
    assert properties["code"] == {"type": "string", "pattern": "[0-9 ]+", "examples": ["12 34"]}


@dataclass
class Branch:
    """Something with more of itself in it."""

    branches: list["Branch"]


def test_what_has_no_end_is_refused():
    def plant(tree: Branch) -> None: ...

    with pytest.raises(ToolError, match="a Branch inside a Branch has no end"):
        object_schema(plant, {"tree": Branch}, {})


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity"])
def test_what_is_no_number_of_json_is_none(text):
    with pytest.raises(ToolError, match="must be a number"):
        coerce(text, float, "x")
