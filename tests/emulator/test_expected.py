from __future__ import annotations

import pytest

from voicenb.emulator.expected import MOST, expected

EVENING = ("seven", "seven o'clock", "half past eight", "eight thirty")
PLACES = ("the first one", "the second one", "the earlier one", "the later one")
SIZES = {
    "parameters": {
        "properties": {"size": {"enum": ["small", "medium", "large"]}, "note": {"type": "string"}},
        "required": ["size"],
    }
}


@pytest.mark.parametrize(
    "said",
    [
        "There is 19:00 or 20:30. Which one?",
        "There is seven or half past eight in the evening. Which would you like?",
        "I have 7 PM and 8:30 PM.",
    ],
)
def test_times_are_expected_as_people_say_them(said):
    assert expected(said) == (*EVENING, *PLACES)


def test_one_time_is_no_choice():
    assert expected("There is only 20:30. Shall I take that?") == ("half past eight", "eight thirty")


def test_a_question_for_a_day_expects_every_day_and_an_offer_its_own():
    assert len(expected("For which day?")) == 7
    assert expected("Friday or Saturday, then.") == ("Friday", "Saturday")


def test_the_values_of_an_enum_count_where_they_are_spoken_of():
    assert expected("Small, medium or large?", [SIZES]) == ("small", "medium", "large", *PLACES)
    assert expected("Which size?", [SIZES]) == ("small", "medium", "large", *PLACES)
    assert expected("How many people?", [SIZES]) == ("e.g. small", "e.g. medium", "e.g. large")


@pytest.mark.parametrize("said", ["", "Good evening, Trattoria Lido.", "How many people?"])
def test_mostly_nothing_in_particular_is_expected(said):
    assert expected(said) == ()


@pytest.mark.parametrize("tool", [{}, {"parameters": None}, {"parameters": {"properties": {"a": True}}}])
def test_tools_that_say_nothing(tool):
    assert expected("Which one?", [tool]) == ()


def test_a_whole_timetable_expects_nothing():
    table = ", ".join(f"{hour}:{minute}" for hour in range(8, 20) for minute in (10, 35, 50))
    assert expected(f"There is {table}.") == ()
    assert len(expected("There is 8:10, 9:35 and 10:50.")) > len(PLACES)


@pytest.mark.parametrize("enum", [5, True, "small", {"a": 1}, [None], [["x"]], []])
def test_an_enum_of_another_kind_expects_nothing(enum: object) -> None:
    tools = [{"name": "order", "parameters": {"properties": {"size": {"enum": enum}}}}]
    assert expected("Which size?", tools) == ()


def a_tool(**parameters: object) -> dict[str, object]:
    return {"name": "book", "parameters": {"properties": parameters}}


def test_the_examples_of_parameters_are_examples_of_what_is_said() -> None:
    name = {"type": "string", "examples": ["Anna", "Tom Baker"]}
    sizes = {"type": "array", "items": {"enum": ["small", "large"]}}
    assert expected("Who is calling, please?", [a_tool(name=name, sizes=sizes)]) == (
        "e.g. Anna",
        "e.g. Tom Baker",
        "e.g. small",
        "e.g. large",
    )


def test_a_weekday_stands_for_all_of_them() -> None:
    tools = [a_tool(day={"type": "string", "examples": ["Friday"]})]
    assert len(expected("What can I do for you?", tools)) == 7
    assert expected("Friday or Saturday, then.", tools)[:2] == ("Friday", "Saturday")
    assert len(expected("Friday or Saturday, then.", tools)) == 7


@pytest.mark.parametrize(
    "example", [4, True, None, "AB-1234", "2026-03-14", "19:00", "", "a table for four by the window", "北京"]
)
def test_an_example_that_is_no_short_answer_is_none(example: object) -> None:
    assert expected("Hello.", [a_tool(value={"type": "string", "examples": [example]})]) == ()


def test_examples_leave_room_to_what_was_offered() -> None:
    names = [
        f"{first}{last}"
        for first in ("An", "Be", "Co", "Da", "El")
        for last in ("na", "ra", "la", "ma", "ta")
    ]
    tools = [a_tool(name={"examples": names})]
    found = expected("There is 19:00 or 20:30. Which one?", tools)
    assert found[: len(EVENING) + len(PLACES)] == (*EVENING, *PLACES)
    assert len(found) == MOST


@pytest.mark.parametrize("examples", [5, "Anna", {"a": "b"}, [["Anna"]], None])
def test_examples_of_another_kind(examples: object) -> None:
    assert expected("Hello.", [a_tool(name={"examples": examples}, other={"items": 5})]) == ()
