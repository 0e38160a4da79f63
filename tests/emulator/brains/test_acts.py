"""What a caller does with a few words."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains.acts import acts_of


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("yes", {"yes"}),
        ("yeah sure", {"yes"}),
        ("oh yes do it", {"yes"}),
        ("thanks yes", {"yes"}),
        ("k", {"yes"}),
        ("actually yes", {"yes"}),
        ("please", {"yes"}),
        ("i think so", {"yes"}),
        ("go for it", {"yes"}),
        ("sounds good to me", {"yes"}),
        ("that works", {"yes"}),
        ("book it", {"yes"}),
        ("right", {"yes"}),
        ("no problem", {"yes"}),
        ("no", {"no"}),
        ("nope", {"no"}),
        ("no thanks", {"no"}),
        ("that's wrong", {"no"}),
        ("not yet", {"no"}),
        ("i don't think so", {"no"}),
        ("no wait", {"no", "wait"}),
        ("that is quite correct", {"yes"}),
        ("ja", {"yes"}),
        ("never mind", {"stop"}),
        ("start over", {"restart"}),
        ("let's start again please", {"restart"}),
        ("from the beginning", {"restart"}),
        ("let me ask my wife", {"wait"}),
        ("could you read it back", {"summary"}),
        ("what time was that again", {"summary"}),
        ("what did you book", {"summary"}),
        ("what model are you", {"who"}),
        ("no never mind", {"no", "stop"}),
        ("forget it", {"stop"}),
        ("don't book it", {"no", "stop"}),
        ("i changed my mind", {"stop"}),
        ("sorry", {"repeat"}),
        ("what was that", {"repeat"}),
        ("could you repeat that please", {"repeat"}),
        ("help", {"help"}),
        ("what can you do", {"help"}),
        ("i don't know", {"help"}),
        ("no idea", {"help"}),
        ("bye", {"bye"}),
        ("okay bye bye", {"bye"}),
        ("i have to go", {"bye"}),
        ("i'll call back later", {"bye"}),
        ("that's all thanks", {"finished"}),
        ("nothing else", {"finished"}),
        ("nothing further thank you", {"finished"}),
        ("i'm good thank you", {"finished"}),
        ("thank you very much", {"thanks"}),
        ("cheers", {"thanks", "bye"}),
        ("hello", {"hello"}),
        ("hi lido", {"hello"}),
        ("good evening", {"hello"}),
        ("can you hear me", {"present"}),
        ("how are you today", {"how"}),
        ("one moment", {"wait"}),
        ("let me think", {"wait"}),
        ("hang on a second", {"wait"}),
        ("what have you got so far", {"summary"}),
        ("how many people did you write down", {"summary"}),
        ("i don't mind", {"any"}),
        ("you choose", {"any"}),
        ("either is fine", {"any"}),
        ("neither", {"none"}),
        ("none of those", {"none"}),
        ("are you a robot", {"who"}),
        ("can i talk to a human", {"who"}),
        ("is this a machine", {"who"}),
        ("who am i speaking to", {"who"}),
        ("you are useless", {"rude"}),
        ("go to hell", {"rude"}),
    ],
)
def test_acts(text: str, names: set[str]) -> None:
    assert set(acts_of(text).names) == names


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a table for four on friday",
        "half past eight",
        "anna",
        "anna berger",
        "you know",
        "k e v i n",
        "nobody",
        "what time",
        "bananas",
        "is this seat free",
    ],
)
def test_no_act(text: str) -> None:
    assert acts_of(text).names == frozenset()


def test_yes_and_no_may_have_more_words_behind_them_and_the_others_may_not() -> None:
    assert "yes" in acts_of("yes but make it saturday")
    assert "no" in acts_of("no on saturday")
    assert acts_of("never mind the gap").names == frozenset()
    assert acts_of("hello i would like a table").names == frozenset()


def test_a_goodbye_at_the_end_counts_unless_much_was_said_before() -> None:
    assert "bye" in acts_of("that was all i wanted to know goodbye")
    assert "bye" not in acts_of(" ".join(["word"] * 12) + " goodbye")


def test_what_ends_or_delays_is_no_agreement() -> None:
    for text in ("okay bye", "great that's all", "yes hold on", "okay never mind"):
        assert "yes" not in acts_of(text)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("yes but not now", True),
        ("yes no", True),
        ("okay actually can i ask something", True),
        ("yes actually", False),
        ("actually yes", False),
        ("fine no wait", True),
        ("yes no problem", False),
        ("yes thanks", False),
        ("but", False),
    ],
)
def test_a_yes_that_is_taken_back_is_doubtful(text: str, doubt: bool) -> None:
    assert ("doubt" in acts_of(text)) is doubt


def test_acts_are_asked_by_name() -> None:
    assert "yes" in acts_of("yes")
    assert "no" not in acts_of("yes")
