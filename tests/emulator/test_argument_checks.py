"""What the service refuses before a tool runs."""

from __future__ import annotations

import pytest

from voicenb.emulator.argument_checks import unfit

DAY = {"type": "string", "enum": ["Friday", "Saturday"]}
BOOKING = {
    "type": "object",
    "properties": {
        "day": DAY,
        "people": {"type": "integer"},
        "phone": {"type": "string", "pattern": r"[0-9 ]{3,}"},
        "guest": {
            "type": "object",
            "properties": {"email": {"type": "string", "format": "email"}},
            "required": ["email"],
        },
        "days": {"type": "array", "items": DAY},
        "note": {"type": ["string", "null"]},
        "when": {"type": "string", "format": "date-time"},
        "date": {"type": "string", "format": "date"},
        "page": {"type": "string", "format": "uri"},
    },
    "required": ["day"],
}


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"people": 4},
        {"people": 4.0},
        {"phone": "555 01 00"},
        {"guest": {"email": "anna@example.org"}},
        {"days": []},
        {"days": ["Saturday", "Friday"]},
        {"note": None},
        {"when": "2026-06-15T15:00:00Z"},
        {"when": "2026-06-15T15:00:00+02:00"},
        {"date": "2026-12-31"},
        {"page": "https://example.org/"},
        {"phone": "1" * 1000},
        {"other": ""},
    ],
)
def test_arguments_that_fit(arguments):
    assert unfit(BOOKING, {"day": "Friday", **arguments}) == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"day": "Sunday"}, "'day' must be one of Friday, Saturday, not 'Sunday'."),
        ({"day": ""}, "'day' must be one of"),
        ({"people": "four"}, "'people' must be of type integer, not 'four'."),
        ({"people": 4.5}, "'people' must be of type integer"),
        ({"people": True}, "'people' must be of type integer"),
        ({"phone": "none"}, "'phone' must match [0-9 ]{3,}, not 'none'."),
        ({"phone": "555 0100 x"}, "'phone' must match"),
        ({"guest": {}}, "'guest.email' is missing."),
        ({"guest": {"email": "anna"}}, "'guest.email' must have the form email"),
        ({"days": ["Friday", "never"]}, "'days[1]' must be one of"),
        ({"days": "Friday"}, "'days' must be of type array"),
        ({"note": " "}, "'note' is empty."),
        ({"when": "Friday"}, "'when' must have the form date-time"),
        ({"when": "2026-06-15"}, "'when' must have the form date-time"),
        ({"date": "15.6.2026"}, "'date' must have the form date,"),
        ({"page": "example"}, "'page' must have the form uri"),
    ],
)
def test_arguments_that_do_not(arguments, told):
    assert unfit(BOOKING, {"day": "Friday", **arguments}).startswith(told)


def test_what_is_required_is_there():
    assert unfit(BOOKING, {"people": 4}) == "'day' is missing."


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"required": 5, "properties": {"day": 5}},
        {"required": [5], "properties": {"day": {"type": 5, "enum": 5, "pattern": 5, "format": 5}}},
        {"properties": {"day": {"type": ["odd", 5], "pattern": "(", "format": "odd", "items": 5}}},
        {"properties": {"day": {"type": "odd"}}},
    ],
)
def test_what_is_no_schema_is_passed_over(parameters):
    assert unfit(parameters, {"day": "Friday"}) == ""


def test_true_is_not_one():
    assert unfit({"properties": {"n": {"enum": [1]}}}, {"n": True})
    assert not unfit({"properties": {"n": {"enum": [1]}}}, {"n": 1.0})


@pytest.mark.parametrize(
    ("card", "fits"), [("1" * 24, True), ("4111 1111 1111 1111", True), ("1" * 24 + " to", False)]
)
def test_a_pattern_that_lets_digits_have_spaces_is_held_against_every_text(card, fits):
    told = unfit({"properties": {"card": {"pattern": r"(\d+\s?)+"}}}, {"card": card})
    assert bool(told) != fits


@pytest.mark.parametrize("pattern", [r"(\d)\1", "(a?){400}a{400}"], ids=["looks back", "takes too long"])
def test_a_pattern_that_nobody_can_answer_holds_nothing_up(pattern):
    assert unfit({"properties": {"code": {"pattern": pattern}}}, {"code": "a" * 400}) == ""
