"""What differs between two objects."""

import pytest

from voicenb.comparison.difference import Difference, differences
from voicenb.comparison.hidden import Hidden


def found(left, right):
    return [(one.place, one.left, one.right) for one in differences(left, right)]


@pytest.mark.parametrize("same", [{}, {"a": 1, "b": {"c": [1, {"d": None}]}}, {"a": Hidden("x", "shown")}])
def test_nothing_differs_from_itself(same):
    assert found(same, same) == []


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        ({"a": 1}, {"a": 2}, [("a", 1, 2)]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, [("a.c", 2, 3)]),
        ({"a": 1}, {}, [("a", 1, None)]),
        ({}, {"a": {"b": 1}}, [("a", None, {"b": 1})]),
        ({"b": 1, "a": 1}, {"c": 2, "a": 2}, [("b", 1, None), ("a", 1, 2), ("c", None, 2)]),
        ({"a": None}, {}, []),
        ({"a": [1, 2]}, {"a": [2, 1]}, [("a", [1, 2], [2, 1])]),
        ({"a": 30}, {"a": 30.0}, []),
        ({"a": True}, {"a": 1}, [("a", True, 1)]),
        ({"a": {}}, {}, [("a", {}, None)]),
    ],
)
def test_settings_by_their_places(left, right, told):
    assert found(left, right) == told
    assert found(right, left) == [] or len(found(right, left)) == len(told)


def test_what_is_hidden_is_compared_and_not_shown():
    one, other = Hidden("canary-1", "a value"), Hidden("canary-2", "a value")
    assert found({"a": one}, {"a": other}) == [("a", "a value", "a value, another one")]
    assert found({"a": one}, {"a": Hidden("***", "kept")}) == [("a", "a value", "kept")]
    assert found({}, {"a": {"b": one}}) == [("a", None, {"b": "a value"})]
    assert "canary" not in repr(one) + str(one)


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        (1, 2, "a: 1 → 2"),
        (None, "ivy", "a: not set → 'ivy'"),
        ("x", None, "a: 'x' → not set"),
        (["x", "y"], ["y", "z"], "a: - 'x', + 'z'"),
        (["x", "y"], ["y", "x"], "a: ['x', 'y'] → ['y', 'x']"),
        (
            "You take bookings for Lido, in the evening and at noon, and on Sundays too. Be short and warm.",
            "You take bookings for Lido, in the evening and at noon, and on Sundays too. Be short and dry.",
            "a: … too. Be short and [-warm.-]{+dry.+}",
        ),
        (
            None,
            {"description": "Book a table.", "parameters": {"properties": {"day": {}, "people": {}}}},
            "a: not set → (day, people)  Book a table.",
        ),
        ({"parameters": {}}, None, "a: () → not set"),
        ("x" * 300, None, f"a: '{'x' * 118}… → not set"),
    ],
)
def test_a_difference_in_a_line(left, right, told):
    assert str(Difference("a", left, right)) == told
