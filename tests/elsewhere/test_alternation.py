"""Whose turn it was, from who spoke when."""

from __future__ import annotations

from voicenb.elsewhere.alternation import Said, turns_of
from voicenb.elsewhere.words import Words
from voicenb.turn_taking.segmenter import Stretch


def told(caller: list[tuple[float, float]], agent: list[tuple[float, float]], *words: Words) -> list[Said]:
    return turns_of([Stretch(*each) for each in caller], [Stretch(*each) for each in agent], words)


def test_one_after_the_other() -> None:
    assert told([(1, 2), (5, 6)], [(3, 4)]) == [Said("user", 1, 2), Said("agent", 3, 4), Said("user", 5, 6)]


def test_pauses_part_no_turn_and_long_silences_do() -> None:
    assert told([(1, 2), (2.4, 3), (6, 7), (12.5, 13)], []) == [Said("user", 1, 7), Said("user", 12.5, 13)]


def test_who_speaks_over_the_other_takes_the_turn() -> None:
    assert told([(1, 2), (4, 6)], [(3, 4.8), (7, 8)]) == [
        Said("user", 1, 2),
        Said("agent", 3, 4.8),
        Said("user", 4, 6),
        Said("agent", 7, 8),
    ]


def test_but_for_a_word_during_which_the_other_goes_on() -> None:
    assert told([(1, 2), (4, 4.6)], [(3, 8)]) == [Said("user", 1, 2), Said("agent", 3, 8)]
    assert told([(1, 6)], [(3, 3.5), (7, 8)]) == [Said("user", 1, 6), Said("agent", 7, 8)]
    # It fell silent for it.
    assert len(told([(1, 2), (4, 4.6)], [(3, 4.9)])) == 3
    # That was no word.
    assert len(told([(1, 2), (4, 5.5)], [(3, 8)])) == 3


def test_words_go_to_the_turn_that_they_overlap_or_that_is_near() -> None:
    turns = told(
        [(1, 2), (8, 9)],
        [(3, 6)],
        Words("user", "One,", 1.0, 1.4),
        Words("user", "two.", 1.5, 2.6),
        Words("agent", "Three.", 6.5, 7.0),
        Words(None, "Four.", 8.2, 8.8),
    )
    assert [turn.text for turn in turns] == ["One, two.", "Three.", "Four."]


def test_words_without_any_sound_near_are_a_turn_of_their_own() -> None:
    turns = told([(1, 2)], [], Words("agent", "Hello.", 5.0), Words("user", "Far.", 9.0, 10.0))
    assert turns == [Said("user", 1, 2), Said("agent", 5, 5, "Hello."), Said("user", 9, 10, "Far.")]
    assert told([(1, 2)], [], Words(None, "Who?", 50.0)) == [Said("user", 1, 2)]


def test_nobody() -> None:
    assert told([], []) == []
