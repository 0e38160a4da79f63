"""When each word was said."""

from __future__ import annotations

import pytest

from voicenb.analysis.boundaries import Speech
from voicenb.analysis.words import placed, spread
from voicenb.protocol.replies import Word

RATE = 24_000
NOTES = [(0, RATE, 10.0), (RATE, 2 * RATE, 15.0)]
"""The first second of a reply was heard from 10 s on, the next from 15 s on."""


def test_words_lie_at_the_services_times_on_the_clock_of_what_was_heard() -> None:
    words = [Word("Good ", 100, 300), Word("evening.", 1200, 1700)]
    assert placed("Good evening.", words, NOTES) == [("Good", 10.1, 10.3), ("evening.", 15.2, 15.7)]


def test_two_words_that_came_as_one_share_its_time() -> None:
    assert placed("a b", [Word("a b", 0, 400)], NOTES) == [("a", 10.0, 10.2), ("b", 10.2, 10.4)]


def test_what_was_not_heard_has_no_time() -> None:
    placed_words = placed("one two", [Word("one ", 0, 200), Word("two", 4000, 4200)], NOTES)
    assert placed_words is not None
    assert placed_words[1] == ("two", None, None)


@pytest.mark.parametrize(
    "words", [[Word("one")], [Word("one ", 0, 1), Word("two", 2, 3)], []], ids=["no times", "more", "fewer"]
)
def test_words_without_times_or_other_words_are_not_placed(words: list[Word]) -> None:
    assert placed("one", words, NOTES) is None


def test_words_are_spread_over_the_speech_by_their_letters() -> None:
    runs = [Speech(1.0, 2.0), Speech(5.0, 6.0)]
    assert spread("aaa bbb", runs) == [("aaa", 1.0, 2.0), ("bbb", 2.0, 6.0)]
    assert spread("aaa", []) == [("aaa", None, None)]
