"""Values out of what the service wrote."""

import pytest

from voicenb.service import wire as read


@pytest.mark.parametrize("written", [{}, {"x": None}, {"x": []}, {"x": {}}])
def test_what_is_left_out_or_something_else(written):
    assert read.text(written, "x") is None
    assert read.number(written, "x") is None
    assert read.seconds(written, "x") is None
    assert read.entries(written, "x") == []
    assert read.part(written, "x") == {}


def test_what_is_there():
    assert read.text({"x": "a"}, "x") == "a"
    assert read.number({"x": 3}, "x") == 3.0
    assert read.number({"x": True}, "x") is None
    assert read.seconds({"x": 1250}, "x") == 1.25
    assert read.entries({"x": [{"a": 1}, 5, None]}, "x") == [{"a": 1}]
    assert read.part({"x": {"a": 1}}, "x") == {"a": 1}
