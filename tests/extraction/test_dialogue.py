"""What was said, as text for a model."""

import pytest

from voicenb.errors import InvalidConfiguration
from voicenb.extraction.dialogue import dialogue
from voicenb.protocol.lines import Line


def user(text):
    return Line("u", "user", text, 0.0, heard=text)


def agent(heard, unheard=""):
    return Line("a", "agent", f"{heard} {unheard}".strip(), 0.0, heard=heard, unheard=unheard)


def test_lines_with_who_said_them():
    lines = [agent("Good evening."), user("A table\nfor four."), user(""), agent("At seven?")]
    assert dialogue(lines) == "Agent: Good evening.\nCaller: A table for four.\nAgent: At seven?"


def test_of_the_agent_s_words_those_that_were_heard():
    assert dialogue([agent("We have seven", "or half past eight."), user("Seven.")]) == (
        "Agent: We have seven\nCaller: Seven."
    )
    assert dialogue([agent("", "Nobody heard this."), user("Hello?")]) == "Caller: Hello?"


def test_whatever_has_a_transcript():
    class Call:
        transcript = (user("Hello?"),)

    assert dialogue(Call()) == "Caller: Hello?"


def test_pairs():
    pairs = [("agent", "Hello."), ["User", "Hi."], ("caller", "Yes."), ("assistant", "Fine.")]
    assert dialogue(pairs) == "Agent: Hello.\nCaller: Hi.\nCaller: Yes.\nAgent: Fine."


def test_half_a_character_is_a_question_mark():
    assert dialogue([("user", "a\ud83d")]) == "Caller: a?"


@pytest.mark.parametrize(
    "call", ["Hello?", {"user": "x"}, 5, None, ["Hello?"], [("waiter", "x")], [("user", 5)]]
)
def test_what_is_no_call(call):
    with pytest.raises(InvalidConfiguration, match="takes a recording or lines"):
        dialogue(call)


@pytest.mark.parametrize("call", [[], [user("")], [("user", "  ")]])
def test_nothing_was_said(call):
    with pytest.raises(InvalidConfiguration, match="Nothing was said"):
        dialogue(call)
