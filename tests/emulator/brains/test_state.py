"""What the rules remember of a conversation."""

from __future__ import annotations

from voicenb.emulator.brains.context import Found
from voicenb.emulator.brains.slots import Slot
from voicenb.emulator.brains.state import Goal, State, key_of


def test_a_call_s_key_does_not_depend_on_the_order_of_its_arguments() -> None:
    assert key_of("look", {"a": 1, "b": 2}) == key_of("look", {"b": 2, "a": 1})
    assert key_of("look", {"a": 1}) != key_of("look", {"a": "1"})
    assert key_of("look", {}) != key_of("book", {})
    assert "Größe" in key_of("look", {"a": "Größe"})
    assert key_of("look", {"a": {1, 2}}), "whatever a value is, it has a key"


def test_what_was_filled_last_is_last() -> None:
    goal = Goal("book")
    for name in ("day", "people", "day"):
        goal.put(name, name)
    assert goal.recent == ["people", "day"]


def test_a_value_put_by_the_caller_is_no_option_any_more_and_was_not_asked_for_in_vain() -> None:
    goal = Goal("book", asked={"time": 2}, taken={"time": "look()"})
    goal.put("time", "19:00")
    assert (goal.asked, goal.taken) == ({}, {})


def test_dropping() -> None:
    goal = Goal("book", {"day": "Friday"}, taken={"day": "look()"})
    goal.drop("day")
    goal.drop("never there")
    assert (goal.values, goal.taken) == ({}, {})


def test_news_are_values_that_are_not_known_yet() -> None:
    goal = Goal("book", {"day": "Friday", "note": None})
    found = {name: Found(value) for name, value in {"day": "Friday", "people": 4, "note": None}.items()}
    assert goal.news(found) == {"people": 4}
    assert goal.news({"day": Found("Saturday")}) == {"day": "Saturday"}


def test_arguments_are_the_tool_s_own_values_only() -> None:
    goal = Goal("book", {"day": "Friday", "people": 4})
    assert goal.arguments([Slot("people", "number"), Slot("time", "time")]) == {"people": 4}


def test_states_share_nothing() -> None:
    one, other = State(), State()
    one.about["name"] = "Anna"
    one.ask("slot", "day")
    assert (other.about, other.asking, other.slot) == ({}, "nothing", None)
    one.ask("confirm")
    assert (one.asking, one.slot) == ("confirm", None)
