import dataclasses
import datetime
import decimal
import enum
import json
import pathlib
import uuid

import numpy as np
import pytest

from voicenb.errors import InvalidConfiguration, ToolError
from voicenb.tools import HttpTool, ResponseInstructions, Tool, result_text
from voicenb.tools.http import KEPT
from voicenb.tools.wire import from_wire


def test_a_tool_comes_back_as_it_went():
    tool = Tool(
        name="find",
        description="Find it.",
        parameters={"type": "object", "properties": {}},
        timeout_seconds=30,
        execution_mode="hold",
        response_instructions=ResponseInstructions(success="Be brief."),
    )
    assert from_wire(tool.to_wire()) == tool
    assert from_wire(tool.to_resource()) == tool


def test_the_echo_s_nulls_are_defaults():
    echo = {
        "type": "function",
        "name": "find",
        "description": None,
        "parameters": None,
        "timeout_seconds": 120,
        "execution_mode": "interactive",
        "http": None,
        "response_instructions": None,
        "deployment_id": None,
    }
    assert from_wire(echo) == Tool(name="find")


def test_what_a_stored_tool_has_besides_stays_with_it(contract):
    digits = [{"parameter_name": "card", "min_digits": 16, "max_digits": 16, "prompt": "The card."}]
    wire = {"id": "tool_1", "name": "pay", "dtmf_collected_arguments": digits, "image_tag": None}
    tool = from_wire(wire)
    assert tool.to_resource()["dtmf_collected_arguments"] == digits
    assert not {"id", "image_tag"} & tool.to_resource().keys()
    assert "dtmf_collected_arguments" not in tool.to_wire()
    contract("StoredTool").validate(tool.to_resource())


def test_a_tool_of_the_service_s_own_is_attached_by_its_name_alone():
    tool = from_wire({"name": "aai_credit_card_luhn_check", "description": None, "parameters": None})
    assert tool.to_resource() == {"name": "aai_credit_card_luhn_check"}


def test_http_tools_come_back_with_the_names_of_their_secrets():
    for method in ({"http_method": "GET"}, {"method": "GET"}):
        wire = {"name": "book", "http": {"url": "https://x.y", "headers": {"Authorization": "***"}, **method}}
        tool = from_wire(wire)
        assert tool == HttpTool(name="book", url="https://x.y", method="GET", headers={"Authorization": KEPT})
        assert tool.kept_headers == ("Authorization",)
        assert tool.to_resource()["http"]["headers"] == {"Authorization": "***"}


def test_headers_go_back_in_the_form_in_which_they_came(contract):
    listed = [{"name": "A", "last_set_at": "now"}, {"name": "B", "last_set_at": "now"}]
    tool = from_wire({"name": "book", "http": {"url": "https://x.y", "headers": listed}})
    assert tool.headers == {"A": KEPT, "B": KEPT}
    assert tool.to_resource()["http"]["headers"] == [{"name": "A"}, {"name": "B"}]
    changed = dataclasses.replace(tool, headers={"A": KEPT, "B": "new", "C": "more"})
    assert changed.kept_headers == ("A",)
    resource = changed.to_resource()
    assert resource["http"]["headers"] == [
        {"name": "A"},
        {"name": "B", "value": "new"},
        {"name": "C", "value": "more"},
    ]
    contract("StoredTool").validate(resource)
    less = dataclasses.replace(tool, headers={"B": KEPT}).to_resource()
    assert less["http"]["headers"] == [{"name": "B"}, {"name": "A", "remove": True}]
    contract("StoredTool").validate(less)


@pytest.mark.parametrize("headers", [None, {}, [], "X", [{"value": "x"}, 7], {"X": None, 5: "x"}])
def test_headers_that_say_little(headers):
    tool = from_wire({"name": "book", "http": {"url": "https://x.y", "headers": headers}})
    assert tool.headers == ({"X": KEPT} if isinstance(headers, dict) and headers else {})


STRANGE = {
    "name": "book",
    "timeout_seconds": 900,
    "execution_mode": "later",
    "response_instructions": {"success": "x" * 600},
    "http": {"url": "http://192.168.0.1/book", "http_method": "BREW"},
}


def test_what_a_service_stores_is_read_as_it_is_told():
    tool = from_wire(STRANGE, known=False)
    assert tool.to_resource() == {**STRANGE, "description": "", "parameters": {}}


@pytest.mark.parametrize("key", ["timeout_seconds", "execution_mode", "response_instructions", "http"])
def test_what_a_person_writes_is_looked_over(key):
    with pytest.raises(InvalidConfiguration):
        from_wire({"name": "book", key: STRANGE[key]})


class Seating(enum.Enum):
    INSIDE = "inside"


@dataclasses.dataclass
class Table:
    seats: int
    seating: Seating = Seating.INSIDE


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Booked.", '"Booked."'),
        (["19:00"], '["19:00"]'),
        (None, "null"),
        ({"price": 4.5, "currency": "€"}, '{"price": 4.5, "currency": "€"}'),
        (Table(4), '{"seats": 4, "seating": "inside"}'),
        ([datetime.date(2026, 9, 1), datetime.time(20, 30)], '["2026-09-01", "20:30:00"]'),
        pytest.param({"b", "a"}, '["a", "b"]', id="set"),
        (np.float32(0.5), "0.5"),
        (np.arange(3), "[0, 1, 2]"),
        ((1, True), "[1, true]"),
        ([decimal.Decimal("12.50"), decimal.Decimal("3.00")], "[12.5, 3]"),
        (pathlib.PurePosixPath("a/b"), '"a/b"'),
        (uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
    ],
    ids=str,
)
def test_results_are_json_serialised_once(value, text):
    assert result_text(value) == text
    json.loads(text)


@pytest.mark.parametrize(
    "value", [object(), float("nan"), {1, "a"}, {(1, 2): 3}], ids=["object", "nan", "set", "tuple key"]
)
def test_results_that_are_no_json(value):
    with pytest.raises(ToolError, match="cannot be written as JSON"):
        result_text(value)


def test_a_circle_is_no_json():
    circle = []
    circle.append(circle)
    with pytest.raises(ToolError, match="Circular"):
        result_text(circle)


def test_half_a_character_does_not_keep_a_result_from_being_sent():
    assert result_text({"file": "caf\udce9", "tea": "thé"}) == '{"file": "caf?", "tea": "thé"}'
