"""Schemas, and answers that fit them or not."""

import datetime
import sys
from dataclasses import dataclass, field
from typing import Literal, TypedDict

import jsonschema
import msgspec
import pytest

from voicenb.errors import InvalidConfiguration, MissingExtra
from voicenb.extraction.wanted import Unfit, wanted


@dataclass
class Guest:
    name: str


@dataclass
class Booking:
    """A booking."""

    day: Literal["Friday", "Saturday"]
    people: int
    at: datetime.time | None = None
    guests: list[Guest] = field(default_factory=list)


class Typed(TypedDict):
    people: int


class Struct(msgspec.Struct):
    people: int


class Tree(msgspec.Struct):
    left: "Tree | None" = None


SCHEMA = {
    "title": "Booking",
    "type": "object",
    "properties": {
        "people": {"type": "integer", "minimum": 1},
        "email": {"type": "string", "format": "email"},
    },
    "required": ["people"],
}


@pytest.mark.parametrize("kind", [Booking, Typed, Struct, Tree, SCHEMA])
def test_the_schema_of_an_object_stands_at_the_root(kind):
    form = wanted(kind)
    assert form.schema["type"] == "object"
    assert "$ref" not in form.schema
    jsonschema.Draft202012Validator.check_schema(form.schema)
    assert form.name == getattr(kind, "__name__", "Booking")


def test_the_schema_is_complete():
    schema = wanted(Booking).schema
    assert list(schema["$defs"]) == ["Guest"]
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate({"day": "Friday", "people": 4, "guests": [{"name": "Ada"}]})
    assert not validator.is_valid({"day": "Friday", "people": 4, "guests": [{}]})
    tree = jsonschema.Draft202012Validator(wanted(Tree).schema)
    assert not tree.is_valid({"left": {"left": 5}})


def test_an_answer_that_fits():
    got = wanted(Booking).fit({"day": "Friday", "people": 4, "at": "19:30:00", "guests": [{"name": "Ada"}]})
    assert got == Booking("Friday", 4, datetime.time(19, 30), [Guest("Ada")])
    assert wanted(Typed).fit({"people": 4}) == {"people": 4}
    assert wanted(Struct).fit({"people": 4}) == Struct(4)
    assert wanted(SCHEMA).fit({"people": 4}) == {"people": 4}


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        (Booking, {"day": "Monday", "people": 4}, r"Invalid enum value 'Monday' - at `\$\.day`"),
        (Booking, {"day": "Friday", "people": "4"}, r"Expected `int`, got `str` - at `\$\.people`"),
        (Booking, {"people": 4}, "missing required field `day`"),
        (Typed, {}, "missing required field `people`"),
        (SCHEMA, {}, r"\$: 'people' is a required property"),
        (SCHEMA, {"people": 0}, r"\$\.people: 0 is less than the minimum of 1"),
    ],
)
def test_an_answer_that_does_not_says_why(kind, value, why):
    with pytest.raises(Unfit, match=why):
        wanted(kind).fit(value)


def test_all_faults_are_told_of_at_once():
    schema = {"properties": {name: {"type": "integer"} for name in "abcdefghijkl"}}
    with pytest.raises(Unfit) as caught:
        wanted(schema).fit(dict.fromkeys("abcdefghijkl", "x"))
    assert str(caught.value).count("is not of type") == 8


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (int, "int is no object"),
        (list[Booking], "no object with fields"),
        (dict, "no object with fields"),
        (object, "cannot be asked for"),
        ("Booking", "cannot be asked for"),
        (None, "cannot be asked for|no object"),
        ({"type": "array"}, "describes 'array', no object"),
        ({"type": "objekt"}, "describes 'objekt'"),
        ({"properties": 5}, r"the schema is none: .* at \$\.properties"),
    ],
    ids=range(9),
)
def test_what_is_no_schema_of_an_object(kind, why):
    with pytest.raises(InvalidConfiguration, match=why) as caught:
        wanted(kind)
    assert caught.value.facts["param"] == "schema"


def test_a_schema_that_refers_to_what_is_not_in_it_is_not_fetched():
    form = wanted({"properties": {"a": {"$ref": "http://127.0.0.1:9/schema.json"}}})
    with pytest.raises(InvalidConfiguration, match="refers to what is not in it"):
        form.fit({"a": 1})


def test_without_jsonschema_types_still_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    assert wanted(Typed).fit({"people": 4}) == {"people": 4}
    with pytest.raises(MissingExtra, match=r'voicenb\[extract\]"'):
        wanted(SCHEMA)


def test_names_that_every_endpoint_takes():
    assert wanted({"title": "Tisch für 4!"}).name == "Tisch_f_r_4_"
    assert wanted({}).name == "answer"
    assert len(wanted({"title": "x" * 100}).name) == 64
