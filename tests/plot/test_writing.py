"""Labels along a line of time."""

from __future__ import annotations

from itertools import pairwise

import matplotlib.pyplot as plt
from hypothesis import given, settings
from hypothesis import strategies as st

from voicenb.plot.writing import Label, Writing, grouped


def writing(until: float = 10.0) -> Writing:
    _, ax = plt.subplots(figsize=(8.0, 2.0))
    return Writing(ax, 0.0, until)


def test_each_label_has_room_up_to_the_next() -> None:
    on = writing()
    whole = "a long text that has no room"
    on.row(0.0, [Label(1.0, (whole, "short"), "k"), Label(2.0, ("next",), "k"), Label(11.0, ("out",), "k")])
    texts = {text.get_text(): text.get_position() for text in on._ax.texts}
    assert texts == {"short": (1.0, 0.0), "next": (2.0, 0.0)}
    plt.close("all")


def test_the_name_of_a_mark_stands_behind_it_or_before_it_or_with_the_next() -> None:
    on = writing()
    near = [Label(5.0, ("cut off",), "k"), Label(5.1, ("cut off?",), "k"), Label(5.2, ("interruption",), "k")]
    on.beside(0.0, [Label(1.0, ("alone",), "k"), *near, Label(9.9, ("at the end",), "k")])
    written = [(text.get_text().strip(), text.get_position()[0], text.get_ha()) for text in on._ax.texts]
    assert written == [
        ("alone", 1.0, "left"),
        ("cut off", 5.0, "right"),
        ("cut off?, interruption", 5.2, "left"),
        ("at the end", 9.9, "right"),
    ]
    plt.close("all")


def test_words_are_apart_where_there_is_room_and_together_where_there_is_none() -> None:
    words = [("one", 0.0), ("two", 0.1), ("three", 5.0)]
    assert [(label.at, label.texts) for label in grouped(words, writing(), "k")] == [
        (0.0, ("one two",)),
        (5.0, ("three",)),
    ]
    assert len(grouped(words, writing(0.5), "k")) == 3
    assert grouped([], writing(), "k") == []
    plt.close("all")


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.text("abc", min_size=1, max_size=9), st.floats(0, 10)), max_size=12))
def test_no_word_is_lost_and_none_is_written_over(words: list[tuple[str, float]]) -> None:
    words.sort(key=lambda word: word[1])
    on = writing()
    labels = grouped(words, on, "k")
    plt.close("all")
    assert " ".join(label.texts[0] for label in labels) == " ".join(word for word, _ in words)
    for one, other in pairwise(labels):
        assert one.at + on.seconds(one.texts[0]) <= other.at
