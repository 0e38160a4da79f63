"""T4 to T7, T16, T19."""

from __future__ import annotations

import pytest

from voicenb.lint import examine


def test_a_parameter_without_description(of_parameter):
    (found,) = of_parameter("T4", {"type": "string"})
    assert (found.severity, found.place) == ("warn", "tools[0].parameters.x")
    assert not of_parameter("T4", {"type": "string", "description": "weekday"})


def test_parameters_in_parameters(of_parameter):
    inner = {"type": "object", "properties": {"day": {"type": "string"}}}
    nested = {
        "type": "object",
        "description": "a stay",
        "properties": {"stay": inner | {"description": "it"}},
    }
    assert [f.place for f in of_parameter("T4", nested)] == ["tools[0].parameters.x.stay.day"]
    listed = {"type": "array", "description": "stays", "items": inner}
    assert [f.place for f in of_parameter("T4", listed)] == ["tools[0].parameters.x[].day"]


@pytest.mark.parametrize("schema", [{"type": "string", "description": "weekday"}, {"type": "integer"}])
def test_a_parameter_without_example(of_parameter, schema):
    assert [f.severity for f in of_parameter("T5", schema)] == ["info"]


@pytest.mark.parametrize(
    "schema",
    [
        {"description": "weekday, e.g. Friday"},
        {"description": "weekday, for example Friday"},
        {"description": "city only, like 'London'"},
        {"description": "weekday", "examples": ["Friday"]},
        {"description": "weekday", "enum": ["Friday"]},
        {"type": "boolean"},
        {"type": "object"},
    ],
)
def test_examples_in_many_forms(of_parameter, schema):
    assert not of_parameter("T5", {"type": "string"} | schema)


@pytest.mark.parametrize(
    "text",
    [
        "size: small, medium or large",
        "one of small, medium, large",
        "One of: 'red', 'white'",
        "either indoor or outdoor",
        "must be low, medium, or high.",
        "kind of table (indoor/outdoor/bar)",
        "small|medium|large",
        "whether it is for children, yes or no",
        'status, "open" or "closed"',
    ],
)
def test_choices_in_the_text_only_are_found(of_parameter, text):
    assert [f.severity for f in of_parameter("T6", {"type": "string", "description": text})] == ["info"]


@pytest.mark.parametrize(
    "text",
    [
        'one of the free times, e.g. "20:30"',
        "weekday, e.g. Friday or Saturday",
        "name of the city, state and country",
        "either a name or the number of the booking",
        "first and/or last name",
        "date in the form day/month",
        "phone number, with or without spaces",
        "must be a city, not a country",
        "name or number, whatever the caller gives",
    ],
)
def test_open_sets_are_not(of_parameter, text):
    assert not of_parameter("T6", {"type": "string", "description": text})


def test_choices_in_the_schema_are_well(of_parameter):
    text = "size: small, medium or large"
    assert not of_parameter(
        "T6", {"type": "string", "description": text, "enum": ["small", "medium", "large"]}
    )
    assert not of_parameter("T6", {"type": "integer", "description": "one of 1, 2, 3"})


@pytest.mark.parametrize(
    ("parameters", "place"),
    [
        ({"type": "object", "properties": {"day": {}}, "required": ["date"]}, "required"),
        ({"properties": {"day": {}}, "required": "day"}, "required"),
        ({"required": [7]}, "required"),
        ({"type": "array"}, "type"),
        ({"type": "object", "properties": []}, "properties"),
        ({"type": "object", "properties": None}, "properties"),
        ({"properties": {"day": "string"}}, "day"),
        ({"properties": {"stay": {"properties": {}, "required": ["day"]}}}, "stay.required"),
    ],
)
def test_schemas_that_cannot_work_are_found(of_tool, parameters, place):
    (found,) = of_tool("T7", parameters=parameters)
    assert (found.severity, found.place) == ("error", f"tools[0].parameters.{place}")


def test_parameters_that_are_no_object(of_tool):
    assert [f.place for f in of_tool("T7", parameters=["day"])] == ["tools[0].parameters"]


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        None,
        {"type": "object"},
        {"properties": {}, "required": []},
        {"properties": {"required": {}}, "required": ["required"]},
    ],
)
def test_schemas_that_the_service_takes(of_tool, parameters):
    assert not of_tool("T7", parameters=parameters)


@pytest.mark.parametrize(
    "pattern", [r"^\d{5}$", r"[0-9]+", r"\d\d\d", r"AB\d{4}", r"\d{3}-\d{4}", r"[0-9]{3,}"]
)
def test_patterns_that_leave_no_room_for_spaces(of_parameter, pattern):
    assert [f.severity for f in of_parameter("T16", {"pattern": pattern})] == ["info"]


@pytest.mark.parametrize(
    "pattern",
    [
        r"[\d ]+",
        r"(\d\s?){5}",
        r"\d{4}-\d{2}-\d{2}",
        r"\d{1,2}:\d{2}",
        r"[A-Z]{2}",
        r"\d",
        r".*\d+.*",
        r"[^x]\d+",
    ],
)
def test_patterns_that_do(of_parameter, pattern):
    assert not of_parameter("T16", {"pattern": pattern})


def test_a_pattern_that_is_none(of_parameter):
    assert [f.severity for f in of_parameter("T16", {"pattern": "(\\d+"})] == ["warn"]
    assert not of_parameter("T16", {"pattern": 7})


@pytest.mark.parametrize("key", ["$ref", "anyOf", "oneOf", "allOf"])
def test_combined_schemas(of_parameter, key):
    (found,) = of_parameter("T19", {"description": "x", key: []})
    assert (found.severity, found.place) == ("warn", f"tools[0].parameters.x.{key}")


def test_a_parameter_may_be_called_so(of_tool):
    assert not of_tool("T19", parameters={"properties": {"anyOf": {"type": "string"}}})


def test_a_schema_that_holds_itself_comes_to_an_end():
    schema = {"type": "object", "description": "x", "properties": {}}
    schema["properties"]["again"] = schema
    assert examine({"name": "Lido", "tools": [{"name": "loop", "parameters": schema}]}) is not None
