"""The booking of notebook 01, in many people's words: what they say, what is called, what is asked."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest


def booked(day: str, people: int, time: str, name: str) -> tuple[str, dict[str, Any]]:
    return ("book_table", {"day": day, "people": people, "time": time, "name": name})


def looked(day: str, people: int) -> tuple[str, dict[str, Any]]:
    return ("free_tables", {"day": day, "people": people})


@pytest.fixture(autouse=True)
def _no_reply_is_silly(lido: Any) -> Any:
    yield
    for reply in lido.replies:
        assert reply[0].isupper(), reply
        assert reply[-1] in ".!?", reply
        assert not re.search(r"[_{}\[\]<>#%@^~]|  |\.\.|None|null|\d:\d", reply), reply
        assert len(reply.split()) < 60, reply


def test_notebook_01(lido: Any) -> None:
    reply = lido.say("Hi, I would like a table for four on Friday.")
    assert "On Friday for four people there is seven or half past eight in the evening." in reply
    assert reply.endswith("Which would you like?")
    assert lido.calls == [looked("Friday", 4)]
    assert "What name" in lido.say("Half past eight, please.")
    reply = lido.say("Anna.")
    question = "Shall I book a table on Friday for four people at half past eight in the evening"
    assert reply.endswith(f"{question}, in the name of Anna?")
    assert len(lido.calls) == 1, "nothing is booked before the caller agrees"
    reply = lido.say("Yes, please.")
    assert lido.calls[1:] == [booked("Friday", 4, "20:30", "Anna")]
    assert "at half past eight in the evening for Anna is booked" in reply
    assert lido.say("No, that's all, thank you. Goodbye.") == "You're welcome. Goodbye, and see you soon!"


def test_everything_in_one_sentence(lido: Any) -> None:
    reply = lido.say("A table for four on Friday at half past eight, name's Anna.")
    assert lido.calls == [looked("Friday", 4)]
    assert "Half past eight in the evening is free." in reply
    lido.say("That's right.")
    assert lido.calls[-1] == booked("Friday", 4, "20:30", "Anna")


def test_one_value_at_a_time_in_single_words(lido: Any) -> None:
    assert "How can I help?" in lido.say("Hi.")
    assert "What day would you like?" in lido.say("table")
    assert "How many people?" in lido.say("friday")
    lido.say("4")
    lido.say("8.30")
    lido.say("anna")
    lido.say("yes")
    assert lido.calls == [looked("Friday", 4), booked("Friday", 4, "20:30", "Anna")]


def test_introduces_himself_first_and_is_not_asked_for_the_name(lido: Any) -> None:
    assert lido.say("Hello, this is Tom.") == "Hello Tom. How can I help?"
    lido.say("Could I reserve a table?")
    lido.say("Tomorrow evening.")
    assert lido.say("There'll be five of us.").endswith("Which would you like?")
    assert "in the name of Tom?" in lido.say("Um, seven I think.")
    lido.say("Yep.")
    assert lido.calls[-1] == booked("tomorrow", 5, "19:00", "Tom")


def test_changes_the_party_when_asked_to_confirm(lido: Any) -> None:
    lido.say("Do you have anything free this weekend?")
    assert lido.replies[-1].endswith("Saturday or Sunday?")
    lido.say("Saturday.")
    lido.say("Two.")
    lido.say("The later one.")
    lido.say("My name is Peter Miller.")
    reply = lido.say("No, make that five people.")
    assert reply.startswith("Five people, then.")
    assert "is free" in reply, "the time was looked up again for five"
    lido.say("Sure.")
    assert lido.calls == [
        looked("Saturday", 2),
        looked("Saturday", 5),
        booked("Saturday", 5, "20:30", "Peter Miller"),
    ]


def test_comes_with_friends_and_changes_the_day_in_one_breath(lido: Any) -> None:
    lido.say("We'd like to come for dinner with three friends.")
    lido.say("Friday, no, Saturday.")
    assert lido.calls == [looked("Saturday", 4)]
    told = lido.replies[-1].removeprefix("Fine. Just a second. ")
    assert lido.say("Sorry?") == told, "says the last thing again"
    lido.say("Seven.")
    lido.say("It's under Berger.")
    assert "So far I have: on Saturday, for four people" in lido.say("What have you got so far?")
    lido.say("Actually six people.")
    lido.say("Yes.")
    assert lido.calls[-1] == booked("Saturday", 6, "19:00", "Berger")


def test_nothing_free_on_monday(lido: Any) -> None:
    lido.say("I want to book a table.")
    lido.say("Monday.")
    assert "nothing free on Monday for two people" in lido.say("For two.")
    lido.say("Tuesday then.")
    assert lido.calls == [looked("Monday", 2), looked("Tuesday", 2)]
    assert "seven or half past eight" in lido.say("What times do you have?")
    assert lido.say("Anything later?").startswith("That is all I have")
    assert "What name" in lido.say("The second one.")
    assert "not a person" in lido.say("Who are you?")
    lido.say("Maria")
    lido.say("Yes please.")
    assert lido.calls[-1] == booked("Tuesday", 2, "20:30", "Maria")


def test_wants_a_time_that_is_not_free(lido: Any) -> None:
    lido.say("We need a table for Saturday night, six people.")
    assert "Half past seven in the evening is not free" in lido.say("Seven thirty.")
    lido.say("Okay, seven then.")
    lido.say("The name is O'Brien.")
    assert "for six people" in lido.say("Wait, how many people did you write down?")
    lido.say("Yes, that's correct.")
    assert lido.calls == [looked("Saturday", 6), booked("Saturday", 6, "19:00", "O'Brien")]


def test_neither_time_suits(lido: Any) -> None:
    lido.say("A table for for on Friday please.")
    assert lido.calls == [looked("Friday", 4)], "the second 'for' was a four"
    lido.say("Nine o'clock.")
    assert "another day" in lido.say("Neither.")
    assert "only seven in the evening. Shall I take that?" in lido.say("Sunday.")
    lido.say("Yes.")
    lido.say("This is Anna.")
    assert lido.say("Yes but make it Saturday.").startswith("Saturday, then.")
    assert lido.say("Wait a moment.") == "Of course, take your time."
    lido.say("Okay, yes.")
    assert lido.calls[-1] == booked("Saturday", 4, "19:00", "Anna")


def test_misheard_numbers(lido: Any) -> None:
    lido.say("A table for free people on Friday.")
    lido.say("Ate thirty.")
    lido.say("Jo")
    lido.say("Yes.")
    assert lido.calls == [looked("Friday", 3), booked("Friday", 3, "20:30", "Jo")]


def test_as_the_recogniser_wrote_it(lido: Any) -> None:
    lido.say("We'd like to come for dinner on Saturday.")
    lido.say("There five of us.")
    lido.say("A thirty.")
    lido.say("Names Tom.")
    lido.say("Yes, please.")
    assert lido.calls == [looked("Saturday", 5), booked("Saturday", 5, "20:30", "Tom")]
    assert lido.say("Bye-bye.").startswith("Goodbye")


def test_rambling(lido: Any) -> None:
    lido.say(
        "Um, so, I was wondering whether you might have a table for, uh, let's say four people, "
        "no wait, five people, on, um, Friday?"
    )
    lido.say("Either.")
    lido.say("Under Van der Berg.")
    lido.say("Sounds good.")
    assert lido.say("That will be all.").startswith("Goodbye")
    assert lido.calls == [looked("Friday", 5), booked("Friday", 5, "19:00", "Van der Berg")]


def test_corrects_the_name(lido: Any) -> None:
    lido.say("Have you got anything on Sunday for me and my wife?")
    lido.say("Yes.")
    lido.say("It's Smith.")
    assert lido.say("No, Smythe.").startswith("Smythe, then.")
    lido.say("Right.")
    assert lido.calls == [looked("Sunday", 2), booked("Sunday", 2, "19:00", "Smythe")]


def test_says_no_and_then_what_is_wrong(lido: Any) -> None:
    lido.say("Can you book me a table for tonight at seven? Just me.")
    lido.say("Peter.")
    assert lido.say("No.") == "All right. What should I change?"
    lido.say("The name. It's Petra.")
    lido.say("Yes.")
    assert lido.calls == [looked("today", 1), booked("today", 1, "19:00", "Petra")]


def test_corrects_before_the_question_is_answered(lido: Any) -> None:
    lido.say("I want to book for Friday.")
    assert lido.say("Not Friday, Saturday.") == "Saturday, then. How many people?"
    lido.say("Two adults and two kids.")
    lido.say("The earlier one.")
    lido.say("Call me Ishmael.")
    lido.say("Okay, go ahead.")
    assert lido.calls == [looked("Saturday", 4), booked("Saturday", 4, "19:00", "Ishmael")]


def test_two_things_at_once_late_in_the_call(lido: Any) -> None:
    lido.say("Book a table.")
    lido.say("What do you mean?")
    lido.say("Friday.")
    lido.say("Four.")
    lido.say("Is there anything at nine?")
    lido.say("Okay, half past eight.")
    lido.say("My name is Anna and I'd like to change it to five people.")
    lido.say("Correct.")
    assert lido.calls == [looked("Friday", 4), looked("Friday", 5), booked("Friday", 5, "20:30", "Anna")]


def test_refuses_and_leaves(lido: Any) -> None:
    lido.say("A table for two on Friday.")
    lido.say("The first one.")
    lido.say("Kim.")
    assert (
        lido.say("No, never mind.")
        == "All right, I leave it. I have not booked anything. Is there anything else?"
    )
    assert lido.say("Thanks anyway. Bye.") == "You're welcome. Goodbye!"
    assert lido.calls == [looked("Friday", 2)]


def test_hangs_up_in_the_middle(lido: Any) -> None:
    lido.say("I'd like a table.")
    assert lido.say("Oh, goodbye.") == "All right. I have not booked anything. Goodbye!"


def test_books_twice(lido: Any) -> None:
    for line in ("A table for two on Friday.", "Seven.", "Anna.", "Yes."):
        lido.say(line)
    reply = lido.say("Actually, make it Saturday.")
    assert "What I booked before stays as it is" in reply
    lido.say("Yes.")
    assert lido.calls[-2:] == [looked("Saturday", 2), booked("Saturday", 2, "19:00", "Anna")]


def test_asks_for_what_there_is_no_tool_for(lido: Any) -> None:
    reply = lido.say("I'd like to cancel my booking.")
    assert (
        reply
        == "I have no tool to cancel anything, I'm afraid. I can get the free times on a day or book a table."
    )
    lido.say("Okay, then book one for Friday, three people.")
    assert lido.calls == [looked("Friday", 3)]


def test_talks_nonsense_and_hears_it_said_in_other_words_each_time(lido: Any) -> None:
    replies = [lido.say("What's the meaning of life?") for _ in range(3)]
    assert len(set(replies)) == 3
    assert "rule-based stand-in, without a language model" in replies[0]
    assert all("What's the meaning of life" in reply for reply in replies)
    assert all("book a table" in reply for reply in replies)
    assert lido.say("Yes.").endswith("What day would you like?")


def test_never_asks_the_same_question_more_than_twice_without_help(lido: Any) -> None:
    lido.say("I'd like a table.")
    replies = [lido.say("Bananas.") for _ in range(4)]
    assert replies[0] == "Sorry, I need a day, Friday for instance. What day would you like?"
    assert all("never mind" in reply for reply in replies[1:])
    assert len(set(replies[1:3])) == 2


def test_says_no_to_a_question_twice(lido: Any) -> None:
    lido.say("I'd like a table.")
    lido.say("No.")
    assert lido.say("No!").startswith("All right, I leave it.")


def test_the_whole_story_is_the_same_every_time(lido: Any) -> None:
    lines = ["A table for two.", "What?", "Friday or Saturday", "Whatever", "Bananas", "Anna", "Yes", "Bye"]
    other = copy.deepcopy(lido)
    assert [lido.say(line) for line in lines] == [other.say(line) for line in lines]


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("A table for four on Friday.", 4),
        ("Friday, for 4 people, please.", 4),
        ("We are six on Friday, a table please.", 6),
        ("Table for two, Friday.", 2),
        ("A party of twelve on Friday.", 12),
        ("A table on Friday for me and my husband.", 2),
        ("Just me on Friday, a table please.", 1),
        ("A table for the three of us on Friday.", 3),
        ("A table for twenty five people on Friday.", 25),
        ("Friday, a table to people.", 2),
    ],
)
def test_ways_to_say_how_many(lido: Any, line: str, people: int) -> None:
    lido.say(line)
    assert lido.calls == [looked("Friday", people)]


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("Half past eight.", "20:30"),
        ("Half eight, please.", "20:30"),
        ("8:30.", "20:30"),
        ("Eight thirty.", "20:30"),
        ("At eight thirty p.m.", "20:30"),
        ("20:30.", "20:30"),
        ("Twenty thirty.", "20:30"),
        ("Seven.", "19:00"),
        ("Seven o'clock would be great.", "19:00"),
        ("19:00 please", "19:00"),
        ("At 7 pm.", "19:00"),
        ("7 in the evening.", "19:00"),
        ("The first.", "19:00"),
        ("The second one, please.", "20:30"),
        ("The later one.", "20:30"),
        ("The late one.", "20:30"),
        ("The latter.", "20:30"),
        ("I'd rather take the earlier one.", "19:00"),
        ("Let's take the last one.", "20:30"),
        ("I don't mind.", "19:00"),
    ],
)
def test_ways_to_choose_a_time(lido: Any, line: str, time: str) -> None:
    lido.say("A table for two on Friday.")
    assert "What name" in lido.say(line)
    lido.say("Anna.")
    lido.say("Yes.")
    assert lido.calls[-1] == booked("Friday", 2, time, "Anna")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Anna.", "Anna"),
        ("It's Anna.", "Anna"),
        ("My name is Anna Berger.", "Anna Berger"),
        ("Anna Berger, please.", "Anna Berger"),
        ("Um, put it under Berger.", "Berger"),
        ("anna", "Anna"),
        ("Anna. A-N-N-A.", "Anna"),
        ("J O N A S", "Jonas"),
        ("For Anna.", "Anna"),
        ("I'm Anna.", "Anna"),
        ("Anna, thanks.", "Anna"),
        ("Müller", "Müller"),
        ("Jean-Luc", "Jean Luc"),
    ],
)
def test_ways_to_say_a_name(lido: Any, line: str, name: str) -> None:
    lido.say("A table for two on Friday at seven.")
    lido.say(line)
    lido.say("Yes.")
    assert lido.calls[-1] == booked("Friday", 2, "19:00", name)


@pytest.mark.parametrize(
    "line",
    [
        "Yes.",
        "Yes please.",
        "Yeah, sure.",
        "That's right.",
        "Go ahead.",
        "Perfect.",
        "OK.",
        "Book it.",
        "Oh yes, do it.",
    ],
)
def test_ways_to_say_yes(lido: Any, line: str) -> None:
    lido.say("A table for two on Friday at seven for Anna.")
    lido.say(line)
    assert lido.calls[-1] == booked("Friday", 2, "19:00", "Anna")


@pytest.mark.parametrize(
    "line",
    [
        "No.",
        "No, thanks.",
        "Nope.",
        "That's wrong.",
        "Not yet.",
        "No, don't book it.",
        "Hmm.",
        "What?",
        "Who are you?",
    ],
)
def test_what_is_no_yes_books_nothing(lido: Any, line: str) -> None:
    lido.say("A table for two on Friday at seven for Anna.")
    lido.say(line)
    assert lido.calls == [looked("Friday", 2)]


def test_one_more_of_the_same_is_not_a_table_for_one(lido):
    lido.say("A table for four people on Friday at eight thirty for Anna.")
    lido.say("Yes please.")
    lido.say("Actually, can I also have one on Saturday?")
    assert all(arguments["people"] == 4 for _, arguments in lido.calls), lido.calls


def test_an_hour_of_a_clock_of_twenty_four(lido):
    lido.say("Book me in for Saturday, party of six, nineteen hundred, my name is Carla.")
    lido.say("Yes.")
    assert lido.calls[-1] == (
        "book_table",
        {"day": "Saturday", "people": 6, "time": "19:00", "name": "Carla"},
    )
