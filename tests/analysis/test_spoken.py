"""Which of the caller's sounds belong to which turn."""

from __future__ import annotations

from voicenb.analysis.boundaries import Speech
from voicenb.analysis.exchange import Exchange
from voicenb.analysis.spoken import sort

HUM, FIRST, SECOND, THIRD = Speech(2.0, 2.2), Speech(5.0, 6.0), Speech(6.8, 7.5), Speech(12.0, 13.0)


def turn(told: float | None, decided: float | None) -> Exchange:
    return Exchange(told=told, decided=decided)


def test_a_turn_begins_with_the_utterance_that_was_told() -> None:
    found = sort([HUM, FIRST, SECOND, THIRD], [turn(5.2, 8.2), turn(12.1, 13.8)], [])
    assert found.turns == [[FIRST, SECOND], [THIRD]]
    assert found.other == [HUM]


def test_a_late_word_of_the_beginning_finds_the_words_that_it_is_about() -> None:
    """Over the agent's speech the service tells late; two words half a second apart are one utterance."""
    close = Speech(6.3, 7.5)
    found = sort([FIRST, close], [turn(7.2, 8.2)], [])
    assert found.turns == [[FIRST, close]]


def test_where_no_beginning_was_told_it_reaches_back_over_pauses() -> None:
    found = sort([FIRST, SECOND, THIRD], [turn(None, 8.2), turn(None, 13.8)], [])
    assert found.turns == [[FIRST, SECOND], [THIRD]]
    assert sort([FIRST, THIRD], [turn(None, 13.8)], []).turns == [[THIRD]], "six seconds are no pause"
    over = sort([FIRST, SECOND], [turn(None, 8.2)], [6.5])
    assert over.turns == [[SECOND]], "the agent began to speak in between"
    assert over.other == [FIRST]


def test_where_it_was_found_to_begin_it_begins() -> None:
    found = sort([HUM, FIRST, SECOND, THIRD], [Exchange(begun=5.1, decided=13.2)], [6.5])
    assert (found.turns, found.other) == ([[FIRST, SECOND, THIRD]], [HUM]), "whatever the agent said in it"
    assert sort([HUM], [Exchange(begun=9.0, decided=9.0)], []).turns == [[]], "a line without any sound"


def test_what_comes_behind_the_last_decision_is_no_turn() -> None:
    found = sort([FIRST, THIRD], [turn(5.1, 6.9)], [])
    assert (found.turns, found.other) == ([[FIRST]], [THIRD])


def test_a_turn_without_sound_or_decision_has_none() -> None:
    found = sort([THIRD], [turn(1.0, 2.0), turn(3.0, None), turn(12.1, 13.7)], [])
    assert found.turns == [[], [], [THIRD]]
