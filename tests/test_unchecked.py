"""What is taken as it is told."""

import pytest

import voicenb as vn
from voicenb.tools import HttpTool
from voicenb.unchecked import unchecked


def test_nothing_is_refused_and_what_is_left_out_has_its_default():
    turns = unchecked(vn.TurnDetection, min_silence=99_999)
    assert (turns.min_silence, turns.max_silence) == (99_999, None)
    tool = unchecked(HttpTool, name="b o o k", url="http://192.168.0.1", method="BREW")
    assert (tool.url, tool.method, tool.parameters, tool.timeout_seconds) == (
        "http://192.168.0.1",
        "BREW",
        {},
        120.0,
    )
    other = unchecked(HttpTool, name="x", url="y")
    assert other.parameters is not tool.parameters


def test_it_equals_one_that_was_checked():
    assert unchecked(vn.TurnDetection, min_silence=900) == vn.TurnDetection(min_silence=900)
    with pytest.raises(vn.InvalidConfiguration):
        unchecked(vn.TurnDetection, min_silence=99_999).replace(max_silence=3000)
