import pytest

from voicenb.errors import InvalidConfiguration
from voicenb.turn_taking.completeness import (
    Completeness,
    Utterance,
    Words,
    hears,
    judge_of,
    known_after,
    looks_complete,
)


@pytest.mark.parametrize(
    "text",
    [
        "A table for four on Friday.",
        "Ten of clubs",
        "yes",
        "Mm-hm.",
        "I want that",
        "What is it for?",
        "Who are you with?",
        "I have been there before.",
        "I think so.",
        "At seven thirty",
        "Table for two",
        "In room 305",
        "five five",
        "My number is 555-0123.",
        "It's five five five, oh one two three",
        "Call me at 555 0123 456",
        "Turn it off",
        "He said “no.”",
    ],
)
def test_what_could_be_all(text: str) -> None:
    assert looks_complete(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " . ",
        "I would like the",
        "I would like the.",
        "a table for",
        "with John and",
        "because",
        "I need um",
        "Er...",
        "Well,",
        "And then -",
        "My",
        "five five five",
        "My number is five five five oh one",
        "My number is 555 01",
        "Is it the?",
    ],
)
def test_what_must_go_on(text: str) -> None:
    assert not looks_complete(text)


def test_the_default_fills_the_protocol() -> None:
    judge: Completeness = Words()
    assert judge.looks_complete(Utterance("Fine."))
    assert not judge.looks_complete(Utterance("Fine, and"))
    assert not hears(judge)
    assert isinstance(judge_of(None), Words)


def test_a_plain_function_of_the_words_is_a_judge() -> None:
    judge = judge_of(lambda text: text.endswith("."))
    assert judge.looks_complete(Utterance("A table."))
    assert not judge.looks_complete(Utterance("A table"))
    assert not judge_of(lambda text: True).looks_complete(Utterance(" "))


class Listener:
    def __init__(self, cost: object = 0.05) -> None:
        self.cost = cost

    def looks_complete(self, utterance: Utterance) -> bool:
        return bool(utterance.sound().any())


@pytest.mark.parametrize(
    ("cost", "after"), [(0, 0.224), (0.03, 0.256), (0.05, 0.288), (0.064, 0.288), (1, 1.248)]
)
def test_the_answer_of_a_judge_of_the_sound_is_known_at_a_frames_end(cost: float, after: float) -> None:
    judge = judge_of(Listener(cost))
    assert hears(judge)
    assert known_after(judge) == pytest.approx(after)


def test_a_judge_without_a_cost_that_asks_for_the_sound_is_told_why_it_gets_none() -> None:
    with pytest.raises(InvalidConfiguration, match="Give it a cost"):
        Listener().looks_complete(Utterance("Fine."))


@pytest.mark.parametrize("given", ["words", 1, Words, object()])
def test_what_judges_nothing_is_refused(given: object) -> None:
    with pytest.raises(InvalidConfiguration, match="a function of the words so far"):
        judge_of(given)  # type: ignore[arg-type]


@pytest.mark.parametrize("cost", [-0.1, float("nan"), "soon", True])
def test_a_cost_that_is_no_length_of_time_is_refused(cost: object) -> None:
    with pytest.raises(InvalidConfiguration, match="no length of time"):
        judge_of(Listener(cost))  # type: ignore[arg-type]
