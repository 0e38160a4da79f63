"""Text cut to what can be listened to."""

from __future__ import annotations

import pytest

from voicenb.emulator.brains.brief import LONGEST, LONGEST_ITEM, brief, brief_item


def test_what_is_short_stays_as_it_is() -> None:
    assert brief(" One. Two. Three. ") == "One. Two. Three."
    assert brief("One. Two. Three. Four.", None) == "One. Two. Three. Four."
    assert brief("") == ""
    assert brief_item("a table") == "a table"


def test_of_many_sentences_the_first_are_said_and_that_there_is_more() -> None:
    assert brief("One. Two! Three? Four.") == "One. Two! Three? There is more."


@pytest.mark.parametrize("text", ["word " * 200, "x" * 5000, "One, two; " * 100])
def test_a_long_one_ends_with_a_word(text: str) -> None:
    said = brief(text)
    assert said.endswith(". There is more.")
    assert LONGEST / 2 < len(said) < LONGEST + 20
    assert text.startswith(said.removesuffix(". There is more."))
    assert said.removesuffix(". There is more.")[-1].isalpha()


def test_the_end_of_a_sentence_is_better_than_that_of_a_word() -> None:
    first = "word " * 40 + "end."
    assert brief(first + " More and more." * 20, None) == f"{first} {'More and more. ' * 6}There is more."


def test_an_item_among_others() -> None:
    said = brief_item("word " * 100)
    assert said.endswith("word and so on")
    assert len(said) <= LONGEST_ITEM + len(" and so on")
