"""How what a client sends differs from what is on a tape."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.testing.tape_difference import LONGEST, differences, told


@pytest.mark.parametrize(
    ("expected", "received", "found"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [("a", 1, 2)]),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3, 4]}}, [("a.b[1]", 2, 3), ("a.b[2]", ..., 4)]),
        ({"a": 1}, {"b": 1}, [("a", 1, ...), ("b", ..., 1)]),
        ({"a": {}}, {"a": []}, [("a", {}, [])]),
    ],
)
def test_each_by_its_place(expected: Any, received: Any, found: list[Any]) -> None:
    assert list(differences(expected, received)) == found


def test_the_first_ones_are_told_in_words() -> None:
    expected = {"a": 1, "b": "x" * 500, "c": None, "d": 4, "e": 5}
    words = told(expected, {"b": "y", "c": True})
    assert words.startswith("a: expected 1, received nothing; ")
    assert f'{"x" * (LONGEST - 1)}…, received "y"' in words
    assert words.endswith("c: expected null, received true; and 2 more")
