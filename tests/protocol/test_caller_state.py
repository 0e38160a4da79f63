"""What the caller's turn is, message by message."""

import pytest

from voicenb.protocol.caller_state import STATES, TELLING, CallerState, asks, reads_digits

AGENT, RESULT, PARTIAL, USER = TELLING


def states(*messages):
    follower = CallerState()
    return [follower.take(*kind, {"text": text}) for kind, text in messages]


def test_an_answer_is_awaited_until_it_is_final():
    assert states((AGENT, "Hello."), (AGENT, "When?"), (PARTIAL, "At"), (USER, ""), (USER, "At ten.")) == [
        "other",
        "question",
        "question",
        "question",
        "other",
    ]


def test_behind_a_result_it_is_of_the_tool_unless_the_agent_asks():
    assert states((AGENT, "When?"), (RESULT, ""), (AGENT, "It is booked.")) == ["question", "tool", "tool"]
    assert states((RESULT, ""), (AGENT, "At ten?"), (USER, "Yes.")) == ["tool", "question", "other"]


def test_digits_go_before_all_else_for_as_long_as_they_are_read_out():
    assert states(
        (AGENT, "Your number?"), (PARTIAL, "It is 4"), (PARTIAL, "It is 4 1"), (PARTIAL, "It is 4 1, and")
    ) == ["question", "question", "digits", "question"]
    assert states((PARTIAL, "four one"), (USER, "Four one five."), (PARTIAL, "Yes")) == [
        "digits",
        "other",
        "other",
    ]


def test_a_question_that_was_cut_off_awaits_nothing():
    follower = CallerState()
    assert follower.take("in", "transcript.agent", {"text": "When?", "interrupted": True}) == "other"


def test_what_tells_nothing_changes_nothing():
    follower = CallerState()
    follower.take(*AGENT, {"text": "When?"})
    for direction, kind in (("in", "reply.done"), ("out", "transcript.agent"), ("local", "heard")):
        assert follower.take(direction, kind, {"text": "No."}) == "question"
    assert follower.now == "question"
    assert set(STATES) == {"question", "tool", "digits", "other"}


def test_the_other_name_of_the_words():
    follower = CallerState()
    assert follower.take(*PARTIAL, {"delta": "four one five"}) == "digits"


@pytest.mark.parametrize("text", ["When?", 'He asked: "When?"', "(When?)  ", "When?\u201d"])
def test_questions(text):
    assert asks(text)


@pytest.mark.parametrize("text", ["When? At ten.", "Yes.", "", "?!"])
def test_no_questions(text):
    assert not asks(text)


@pytest.mark.parametrize(
    "text", ["four one", "It is 4 1", "4155", "415-555", "oh seven", "double four five,"]
)
def test_digits(text):
    assert reads_digits(text)


@pytest.mark.parametrize("text", ["", "two", "A table for two", "at 10", "four one please", "one of these"])
def test_no_digits(text):
    assert not reads_digits(text)
