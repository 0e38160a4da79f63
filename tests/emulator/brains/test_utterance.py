"""One turn of the caller's, without hesitations and courtesies."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains.utterance import Utterance


@pytest.mark.parametrize(
    ("heard", "text", "acts"),
    [
        ("Friday.", "Friday.", set()),
        ("Um, Friday.", "Friday.", set()),
        ("On, um, Friday, uh, please.", "On,  Friday,  please.", set()),
        ("Thanks. Seven.", "Seven.", set()),
        ("Great, thanks. Seven.", "Great, thanks. Seven.", {"yes"}),  # it may be an answer
        ("Hello. Good evening! A table, please.", "A table, please.", set()),
        ("Thanks. Yes.", "Yes.", {"yes"}),
        ("How are you today? I'd like a table.", "I'd like a table.", set()),
        ("Anna, thank you.", "Anna, thank you.", set()),
        ("Uh-huh.", "yes.", {"yes"}),
        ("Mm-hmm", "yes", {"yes"}),
        ("Mhm.", "yes.", {"yes"}),
        ("Uh-uh.", "no.", {"no"}),
        ("Nuh uh", "no", {"no"}),
        ("Hmm, neither really.", "neither really.", {"none"}),
        ("Yes. Never mind.", "Yes. Never mind.", {"yes"}),
    ],
)
def test_what_is_left(heard: str, text: str, acts: set[str]) -> None:
    said = Utterance.of(heard)
    assert said.text == text
    assert set(said.acts.names) == acts


@pytest.mark.parametrize("heard", ["Um.", "Hmm...", "uh, um, er", "Ugh!", "Ah."])
def test_hesitation_alone_is_a_plea_for_time(heard: str) -> None:
    said = Utterance.of(heard)
    assert set(said.acts.names) == {"wait"}
    assert said.plain


@pytest.mark.parametrize("heard", ["", "...", " ", "?!", "\U0001f600"])
def test_silence_is_silence(heard: str) -> None:
    said = Utterance.of(heard)
    assert (said.plain, set(said.acts.names)) == ("", set())


def test_nothing_but_courtesies_is_all_of_them() -> None:
    said = Utterance.of("Oh hello there, good evening! How are you today?")
    assert set(said.acts.names) == {"hello", "how"}
    assert said.plain == "oh hello there good evening how are you today"


@pytest.mark.parametrize(
    ("heard", "thanked"),
    [
        ("Thanks. Bye.", True),
        ("No, that's all, thank you.", True),
        ("Cheers, bye!", True),
        ("Bye.", False),
        ("Thanksgiving dinner", False),
    ],
)
def test_whether_somebody_was_thanked(heard: str, thanked: bool) -> None:
    assert Utterance.of(heard).thanked is thanked


@pytest.mark.parametrize("heard", ["Hannah", "Uma", "Ernest", "a hum", "the umbrella"])
def test_words_that_only_begin_like_a_hesitation_stay(heard: str) -> None:
    assert Utterance.of(heard).text == heard
