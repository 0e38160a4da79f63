"""Two texts word by word."""

from hypothesis import given
from hypothesis import strategies as st

from voicenb.comparison.words import pieces

TEXT = st.lists(st.sampled_from(["a", "b", "c ", "\n", "long word ", " "])).map("".join)


def test_what_is_far_from_a_change_is_left_out():
    left = (
        "one two three four five six seven eight nine ten old eleven twelve thirteen fourteen fifteen sixteen"
    )
    assert pieces(left, left.replace("old", "new thing")) == [
        ("same", "… seven eight nine ten "),
        ("out", "old "),
        ("in", "new thing "),
        ("same", "eleven twelve thirteen fourteen …"),
    ]


def test_two_changes_with_little_between_them():
    assert pieces("a b c d", "x b c y") == [
        ("out", "a "),
        ("in", "x "),
        ("same", "b c "),
        ("out", "d"),
        ("in", "y"),
    ]


@given(TEXT, TEXT)
def test_what_was_taken_out_is_of_the_one_and_what_was_put_in_of_the_other(left, right):
    found = pieces(left, right)
    for kind, text in found:
        if kind != "same":
            assert text in (left if kind == "out" else right)
    assert any(kind != "same" for kind, _ in found) == (left != right)


def test_long_texts_do_not_take_long():
    left = "the cat and the dog " * 5000
    assert pieces(left, left.replace("dog", "mouse", 1))
