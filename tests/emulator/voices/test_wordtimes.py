# ruff: noqa: RUF001 (phonetic letters are meant)

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voicenb.emulator.mouth import Word
from voicenb.emulator.voices.wordtimes import Phone, without_pauses, word_times

SAYS = {"for": "fɔɹ", "the": "ðə", "four": "fɔɹ", "of": "ʌv", "19": "naɪntin", "7 pm": "sɛvənpiɛm"}


def phones(text, each=0.1):
    return [Phone(symbol, n * each, (n + 1) * each) for n, symbol in enumerate(text)]


def places(words):
    return [(word.text, round(word.start, 3), round(word.end, 3)) for word in words]


def test_words_get_their_phonemes():
    words = word_times(["for", "four"], ["for", "four"], phones("^fɔɹ fɔɹ.$"), SAYS.__getitem__)
    assert places(words) == [("for", 0.1, 0.4), ("four", 0.5, 0.8)]


def test_words_that_run_together_are_told_apart():
    words = word_times(["of", "the", "four"], ["of", "the", "four"], phones("ʌvðə fɔɹ"), SAYS.__getitem__)
    assert places(words) == [("of", 0.0, 0.2), ("the", 0.2, 0.4), ("four", 0.5, 0.8)]


def test_a_word_of_which_several_are_said_is_one():
    words = word_times(["19:00", "for"], ["7 pm", "for"], phones("sɛvən piɛm fɔɹ"), SAYS.__getitem__)
    assert places(words) == [("19:00", 0.0, 1.0), ("for", 1.1, 1.4)]


def test_a_word_that_is_not_said_takes_no_time():
    words = word_times(["for", "😀", "four"], ["for", "", "four"], phones("fɔɹ fɔɹ"), SAYS.__getitem__)
    assert places(words) == [("for", 0.0, 0.3), ("😀", 0.3, 0.3), ("four", 0.4, 0.7)]


@given(st.lists(st.sampled_from(["", *SAYS]), min_size=1, max_size=6), st.text("fɔɹʌvðəx .,", max_size=20))
def test_whatever_was_said_words_follow_each_other(said, sounds):
    words = word_times(said, said, phones(sounds), lambda text: SAYS[text])
    times = [time for word in words for time in (word.start, word.end)]
    assert len(words) == len(said)
    assert times == sorted(times)


def test_a_word_ends_where_it_has_died_away():
    samples = np.zeros(2000, np.float32)
    samples[100:400] = 0.5
    samples[1000:1500] = 0.5
    words = (Word("one", 0.0, 1.0), Word("two", 1.0, 2.0), Word("none", 1.6, 1.9))
    trimmed = without_pauses(words, samples, 1000, 0.1)
    assert places(trimmed) == [("one", 0.0, 0.4), ("two", 1.0, 1.5), ("none", 1.6, 1.9)]
