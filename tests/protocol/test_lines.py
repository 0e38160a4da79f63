import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.protocol.lines import Line, interruptions, join, split, spoken_text
from voicenb.protocol.replies import RATE, Reply, Word


def test_an_interruption_is_a_line_of_the_agent_that_is_marked_so():
    lines = [
        Line("1", "agent", "Good evening.", 0.0, heard="Good evening."),
        Line("2", "agent", "Nothing is", 1.0, heard="Nothing", unheard="is", interrupted=True),
        Line("3", "user", "No.", 2.0, heard="No."),
        Line("4", "agent", "", 3.0, interrupted=True),  # without a word it is shown nowhere
        Line("5", "agent", "A table.", 4.0, heard="A table.", interrupted=True),
        Line("6", "agent", "I see.", 5.0, unheard="I see.", interrupted=True),  # nobody heard it
    ]
    assert interruptions(lines) == 2


def reply(words=(), *, seconds=1.0, heard=0.0, text=None, status="open"):
    return Reply(
        "r",
        0.0,
        words=list(words),
        samples=round(seconds * RATE),
        heard=round(heard * RATE),
        text=text,
        status=status,
    )


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["Good", "evening", "."], "Good evening."),
        (["Yes, ", "three ", "of ", "them."], "Yes, three of them."),
        (["It", "'s", " fine"], "It's fine"),
        (["It", "\u2019s", "(really)", "fine"], "It\u2019s (really) fine"),
        (["", "Hello", ""], "Hello"),
        ([], ""),
    ],
)
def test_words_with_and_without_spaces_become_one_text(words, text):
    assert join([Word(word) for word in words]) == text


def timed(*words, each=250):
    return [Word(word, n * each, (n + 1) * each) for n, word in enumerate(words)]


def test_the_split_goes_by_the_times_of_the_words():
    words = timed("one", "two", "three", "four")
    assert split("one two three four", reply(words, heard=0.5)) == ("one two", "three four")
    assert split("one two three four", reply(words, heard=0.3)) == ("one", "two three four")
    assert split("one two three four", reply(words, heard=0.4)) == ("one two", "three four")


def test_a_word_without_an_end_counts_from_its_beginning():
    words = [Word("one", 0), Word("two", 500)]
    assert split("one two", reply(words, heard=0.49)) == ("one", "two")


def test_without_times_the_split_goes_by_the_share_of_the_sound():
    words = [Word(word) for word in ("one", "two", "three", "four")]
    assert split("one two three four", reply(words, heard=0.5)) == ("one two", "three four")
    assert split("one two three four", reply(heard=0.76)) == ("one two three", "four")


def test_some_times_missing_is_as_good_as_none():
    words = [*timed("one", "two", "three"), Word("four")]
    assert split("one two three four", reply(words, heard=0.25)) == ("one", "two three four")


def test_the_transcript_may_be_worded_otherwise_than_the_deltas():
    words = timed("it's", "seven", "pm", "o'clock")
    assert split("It is 7 pm.", reply(words, heard=0.5)) == ("It is", "7 pm.")


def test_all_that_was_played_was_heard_whatever_the_times():
    words = timed("one", "two", "three", "four", each=240)
    done = reply(words, heard=1.0, status="completed")
    assert split("one two three four", done) == ("one two three four", "")
    late = [Word("one", 0, 400), Word("two", 900, 1300)]
    assert split("one two", reply(late, heard=1.0, status="completed")) == ("one two", "")


def test_which_text_a_reply_has():
    words = timed("one", "two", "three")
    assert spoken_text(reply(words)) == "one two three"
    assert spoken_text(reply(words, text=" One, two, three. ")) == "One, two, three."
    assert spoken_text(reply(words, text="One", status="interrupted")) == "one two three"
    assert spoken_text(reply(text="One", status="interrupted")) == "One"
    assert spoken_text(reply()) == ""


def test_a_transcript_that_the_service_cut_was_heard_as_far_as_it_goes():
    """It is cut to what was heard: it is not cut once more."""
    cut = reply(seconds=4.0, heard=1.0, text="good evening this is", status="interrupted")
    assert split(spoken_text(cut), cut) == ("good evening this is", "")
    early = reply(timed("good"), seconds=4.0, heard=1.0, text="good evening this is", status="interrupted")
    assert split(spoken_text(early), early) == ("good evening this is", "")
    told = reply(timed(*"abcdefgh", each=500), seconds=4.0, heard=1.0, text="a b", status="interrupted")
    assert split(spoken_text(told), told) == ("a b", "c d e f g h")
    unheard = reply(seconds=4.0, text="good", status="interrupted")
    assert split(spoken_text(unheard), unheard) == ("", "good")
    by_client = reply(seconds=4.0, heard=1.0, text="good evening this is", status="completed")
    assert split(spoken_text(by_client), by_client) == ("good", "evening this is")


def test_a_line_prints_as_who_said_what_when():
    assert str(Line("u1", "user", "A table.", 1.25, heard="A table.")) == "  1.25  user   A table."
    cut = Line("a1", "agent", "For how many?", 3.0, heard="For", unheard="how many?", interrupted=True)
    assert str(cut) == "  3.00  agent  For [not heard: how many?]"


@given(
    st.lists(st.text("ab .,", min_size=1, max_size=6), max_size=8),
    st.floats(0, 1),
    st.booleans(),
    st.sampled_from(["open", "completed", "interrupted"]),
)
def test_both_parts_are_the_whole(texts, heard, times, status):
    words = timed(*texts) if times else [Word(text) for text in texts]
    text = join(words)
    first, rest = split(text, reply(words, heard=heard, status=status))
    assert (first + rest).replace(" ", "") == text.replace(" ", "")
    assert f"{first} {rest}".split() == text.split()


@given(st.lists(st.floats(0, 1), min_size=2, max_size=6).map(sorted))
def test_what_was_heard_only_grows(places):
    words = timed("one", "two", "three", "four")
    parts = [split("one two three four", reply(words, heard=place))[0] for place in places]
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(parts))
