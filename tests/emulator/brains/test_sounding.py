"""Times that were heard badly, over the agent's voice for instance."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.emulator.brains.slots import Slot
from voicenb.emulator.brains.sounding import sounding_like

TIME = Slot("time", "time", example="19:30")
OFFERED = ["19:00", "20:30"]


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("have a past day", "20:30"),
        ("have a past day please", "20:30"),
        ("half pass day", "20:30"),
        ("has passed eight", "20:30"),
        ("half a state", "20:30"),
        ("eight dirty please", "20:30"),
        ("sven o'clock", "19:00"),
        ("heaven o'clock", "19:00"),
    ],
)
def test_what_sounds_like_a_time_on_offer_is_it(heard: str, meant: str) -> None:
    assert sounding_like(heard, OFFERED, TIME) == meant


@pytest.mark.parametrize(
    "heard",
    [
        "", "we have a past in this", "have you got a day past that", "have a nice day", "i am late",
        "that's too late", "it's a party", "a birthday party", "my name is anna", "stephen", "kevin", "never",
        "kate", "hate it", "eight of us", "seven people", "how far is it", "what about saturday", "wait",
    ],
)  # fmt: skip
def test_what_does_not_is_none(heard: str) -> None:
    assert sounding_like(heard, OFFERED, TIME) is None


def test_two_that_sound_alike_are_none() -> None:
    assert sounding_like("half past", ["19:30", "20:30"], TIME) is None


@pytest.mark.parametrize(
    "heard",
    ["Past eight.", "Past eight, please.", "At past eight, please.", "Eight.", "Eight thirty, please.",
     "A thirty, please.", "The later one.", "Have a past day."],
)  # fmt: skip
def test_half_past_eight_is_taken_however_it_was_heard(lido: Any, heard: str) -> None:
    lido.say("A table for four on Friday.")
    assert "What name" in lido.say(heard)
    assert "half past eight in the evening" in lido.say("Anna.")


@pytest.mark.parametrize("heard", ["We have a past in this.", "That is a nice day.", "It was a party."])
def test_no_time_is_taken_that_was_not_said(lido: Any, heard: str) -> None:
    lido.say("A table for four on Friday.")
    assert "Which would you like?" in lido.say(heard)


@pytest.mark.parametrize("heard", ["Eight o'clock.", "Eight in the evening.", "Half past nine."])
def test_a_time_that_is_not_on_offer_is_not_free(lido: Any, heard: str) -> None:
    lido.say("A table for four on Friday.")
    assert "is not free" in lido.say(heard)


@pytest.mark.parametrize(
    ("heard", "people"),
    [
        ("Aid.", "eight"), ("Party of aid.", "eight"), ("Just aid, please.", "eight"),
        ("Ate people.", "eight"), ("For.", "four"), ("For people, please.", "four"),
        ("To.", "two"), ("Too, thanks.", "two"),
        ("Tree.", "three"), ("Sex.", "six"), ("Sicks of us.", "six"), ("Won.", "one"),
        ("We are aid.", "eight"),
    ],
)  # fmt: skip
def test_a_number_that_was_asked_for_is_taken_however_it_was_heard(
    lido: Any, heard: str, people: str
) -> None:
    assert lido.say("A table on Friday.").endswith("How many people?")
    assert f"for {people} p" in lido.say(heard)


def test_a_party_is_counted_where_its_number_was_heard_badly(lido: Any) -> None:
    said = lido.say("I was wondering whether you could squeeze in a party of aid on Saturday night.")
    assert "On Saturday for eight people there is seven" in said


@pytest.mark.parametrize(
    "heard", ["First aid.", "I need to see.", "A party of aid workers.", "It is for my wife's hearing aid."]
)
def test_a_word_that_is_no_number_is_none(lido: Any, heard: str) -> None:
    lido.say("A table on Friday.")
    lido.say(heard)
    assert lido.calls == []


def booked(lido: Any) -> None:
    for line in ("A table for four on Friday.", "Half past eight.", "Under Anna.", "Yes."):
        lido.say(line)
    assert [name for name, _ in lido.calls] == ["free_tables", "book_table"]


@pytest.mark.parametrize("heard", ["Great to you then.", "Okay, to you then.", "Perfect, sea you later."])
def test_a_goodbye_that_was_heard_badly_is_one_when_all_is_done(lido: Any, heard: str) -> None:
    booked(lido)
    assert lido.say(heard) == "Goodbye, and see you soon!"


def test_before_all_is_done_it_is_none(lido: Any) -> None:
    lido.say("A table for four on Friday.")
    assert "Which would you like?" in lido.say("Great to you then.")
