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
    # It fell silent for it.
    assert len(told([(1, 2), (4, 4.6)], [(3, 4.9)])) == 3
    # That was no word.
    assert len(told([(1, 2), (4, 5.5)], [(3, 8)])) == 3


def test_an_agent_that_speaks_into_a_silence_parts_the_caller_s_turn_however_short_it_is() -> None:
    parted = [Said("user", 1, 2), Said("agent", 2.7, 3.1), Said("user", 3.4, 6), Said("agent", 7, 8)]
    assert told([(1, 2), (3.4, 6)], [(2.7, 3.1), (7, 8)]) == parted
    # It began when the caller just had: nobody hears so soon, and what it says stands before that.
    late = [Said("user", 1, 2), Said("agent", 3.5, 4.0), Said("user", 3.4, 6), Said("agent", 7, 8)]
    assert told([(1, 2), (3.4, 6)], [(3.5, 4.0), (7, 8)]) == late
    # The caller's pauses behind it part nothing.
    again = told([(1, 2), (3.4, 6), (6.8, 9)], [(3.5, 4.0), (10, 11)])
    assert again == [Said("user", 1, 2), Said("agent", 3.5, 4), Said("user", 3.4, 9), Said("agent", 10, 11)]


def test_an_agent_that_speaks_into_running_speech_is_told_beside_it() -> None:
    beside = Said("agent", 3, 3.5, beside=True)
    assert told([(1, 6)], [(3, 3.5), (7, 8)]) == [Said("user", 1, 6), beside, Said("agent", 7, 8)]
    # However long it is.
    long = Said("agent", 3, 5, beside=True)
    assert told([(1, 6)], [(3, 5), (7, 8)]) == [Said("user", 1, 6), long, Said("agent", 7, 8)]
    # Over the caller's last words it answers.
    assert told([(1, 6)], [(5, 8)]) == [Said("user", 1, 6), Said("agent", 5, 8)]
    assert told([(1, 2), (4, 6)], [(4.2, 8)]) == [Said("user", 1, 6), Said("agent", 4.2, 8)]


def test_behind_the_end_of_the_caller_s_turn_the_agent_s_is_another() -> None:
    turns = told([(1, 2), (3.4, 5)], [(3.5, 4.0), (6, 7), (7.8, 8.5)])
    assert turns[1:] == [Said("agent", 3.5, 4), Said("user", 3.4, 5), Said("agent", 6, 8.5)]


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


def test_a_word_in_between_that_was_written_down_is_told_beside() -> None:
    caller, agent = [(1, 2), (4, 4.6), (10, 11)], [(2.8, 8)]
    for end in (None, 4.3, 4.8):
        beside = Said("user", 4, 4.6, "Mm-hm.", beside=True)
        assert told(caller, agent, Words("user", "Mm-hm.", 4.1, end))[2] == beside
    # It is nearer than the turn before.
    assert told([(1, 2), (3.2, 3.7)], [(2.3, 8)], Words("user", "Yeah.", 2.9))[2].text == "Yeah."
    # What is no mere "mm-hm" wants the floor.
    assert told(caller, agent, Words("user", "No, wait.", 4.1))[2] == Said("user", 4, 4.6, "No, wait.")
    # Whose line it is was not told: the agent speaks there, too.
    assert [turn.text for turn in told(caller, agent, Words(None, "Mm-hm.", 4.1))] == ["", "Mm-hm.", ""]


def test_a_line_without_sound_leaves_the_order_of_the_others() -> None:
    turns = told([(1, 2), (3.4, 6)], [(3.5, 4.0), (7, 8)], Words("user", "Far.", 20.0, 21.0))
    assert [turn.role for turn in turns] == ["user", "agent", "user", "agent", "user"]


def test_nobody() -> None:
    assert told([], []) == []
