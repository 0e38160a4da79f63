"""What a look-up brought: nothing, a choice to make, or one that is already made."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.emulator.brain import Say
from voicenb.emulator.brains.intent import Toolbox
from voicenb.emulator.brains.offers import Offers
from voicenb.emulator.brains.results import Result
from voicenb.emulator.brains.scene import Scene
from voicenb.emulator.brains.state import Goal, State, key_of

ASKED = {"day": "Friday", "people": 2}
KEY = key_of("free_tables", ASKED)


@pytest.fixture
def offers(lido: Any) -> Any:
    """Offers with an answered look-up, and a way to tell it."""

    def make(answer: Any, **values: Any) -> Any:
        goal = Goal("book_table", {**ASKED, **values})
        goal.results[KEY] = answer if isinstance(answer, Result) else Result(answer)
        box = Toolbox(lido.tools)
        found = Offers(Scene(box, State(goal=goal)))

        def tell(news: str = "") -> tuple[str, str]:
            reply, rest = found.tell(box["free_tables"], box["book_table"], goal, news)
            return " ".join(part.text for part in reply if isinstance(part, Say)), rest

        found.said, found.goal = tell, goal  # type: ignore[attr-defined]
        return found

    return make


def test_a_choice_is_offered_with_what_it_is_for_and_then_without(offers: Any) -> None:
    found = offers(["19:00", "20:30"])
    said, rest = found.said("Good.")
    assert said.startswith("Good. On Friday for two people there is seven or half past eight in the evening.")
    assert said.endswith("Which would you like?")
    assert rest == ""
    assert (found.state.asking, found.state.slot) == ("slot", "time")
    assert found.said()[0] == "There is seven or half past eight in the evening. Which would you like?"
    assert found.said()[0].endswith(
        "Say seven in the evening, for instance, or the first one, or never mind."
    )


def test_who_says_twice_what_is_not_among_them_means_it(offers: Any) -> None:
    found = offers(["19:00", "20:30"], time="20:15")
    said, _ = found.said("Fine.")
    assert said.startswith("Quarter past eight in the evening is not free on Friday for two people")
    assert "There is seven or half past eight in the evening. Which would you like?" in said
    assert "time" not in found.goal.values
    found.goal.put("time", "20:15")
    said, rest = found.said("Fine.")
    assert (said, rest) == ("", "Quarter past eight in the evening was not among them, but I note it.")
    assert found.goal.values["time"] == "20:15"
    assert found.said()[0] == "", "it is settled"


def test_another_wish_that_is_not_among_them_is_a_first_one(offers: Any) -> None:
    found = offers(["19:00", "20:30"], time="20:15")
    found.said()
    found.goal.put("time", "21:45")
    assert "is not free" in found.said()[0]


def test_one_option_is_a_question_of_its_own(offers: Any) -> None:
    assert offers(["19:00"]).said()[0].endswith("there is only seven in the evening. Shall I take that?")


@pytest.mark.parametrize("answer", [[], {"times": []}])
def test_nothing_is_told_and_the_day_forgotten(offers: Any, answer: Any) -> None:
    found = offers(answer)
    assert (
        found.said()[0] == "I'm afraid there is nothing free on Friday for two people. Would another day do?"
    )
    assert found.goal.values == {"people": 2}
    assert found.state.slot == "day"


def test_what_the_caller_wanted_is_there(offers: Any) -> None:
    found = offers(["19:00", "20:30"], time="19:00")
    assert found.said("Fine.") == ("", "Fine. Seven in the evening is free.")
    assert found.goal.taken == {"time": KEY}
    assert found.said("Fine.") == ("", "Fine."), "it is told once"


def test_what_the_caller_wanted_is_not_there(offers: Any) -> None:
    found = offers(["19:00", "20:30"], time="18:00")
    said, _ = found.said("Fine.")
    assert said.startswith(
        "Six in the evening is not free on Friday for two people, I'm afraid. There is seven"
    )
    assert "time" not in found.goal.values


def test_a_correction_stays_in_front_of_bad_news(offers: Any) -> None:
    assert (
        offers(["19:00"], time="18:00")
        .said("Friday, then.")[0]
        .startswith("Friday, then. Six in the evening")
    )


def test_a_failed_look_up_can_be_tried_again(offers: Any) -> None:
    found = offers(Result("no", is_error=True))
    assert found.said("Well.")[0] == "Well. Shall I try again?"
    assert found.state.asking == "retry"


def test_an_answer_without_options_is_told_once_and_learnt_from(offers: Any) -> None:
    found = offers({"message": "There is room all evening.", "time": "19:00"})
    assert found.said("Good.") == ("", "Good. There is room all evening.")
    assert found.goal.values["time"] == "19:00"
    assert found.said("Good.") == ("", "Good.")


def test_what_is_open_to_choose(offers: Any) -> None:
    found = offers(["19:00", "20:30"])
    slot, items, key = found.open()
    assert (slot.name, items, key) == ("time", ["19:00", "20:30"], KEY)
    found.take(found.goal, slot, "20:30", key)
    assert found.goal.values["time"] == "20:30"
    for answer in ([], "soon", Result(["19:00"], is_error=True)):
        assert offers(answer).open() is None
    found.goal.drop("day")
    assert found.open() is None


def test_a_record_fills_every_slot_that_has_a_field_and_no_value(offers: Any) -> None:
    record = {"time": "20:30", "people": 9, "name": "Window table"}
    found = offers([record])
    slot, _, key = found.open()
    found.take(found.goal, slot, record, key)
    assert found.goal.values == {**ASKED, "time": "20:30", "name": "Window table"}


def test_another_day(offers: Any) -> None:
    found = offers(["19:00"])
    assert found.put_off(found.goal).name == "day"
    assert found.goal.values == {"people": 2}
