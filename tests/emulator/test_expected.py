from __future__ import annotations

import pytest

from voicenb.emulator.expected import expected

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
    assert expected("How many people?", [SIZES]) == ()


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
