"""Expectations as text."""

import voicenb as vn
from tests.testing.expectations.conftest import plain
from voicenb.testing.expectations.expectation_text import runs, text, title


def test_a_line_for_each_and_below_it_what_is_wrong(slow):
    told = text(vn.expect(slow).answers_within(2.0).duration(at_most=60).answers_within(2, percentile=50))
    assert told.splitlines() == [
        "failed: 1 failed, 1 inconclusive, 1 passed · 1 call · built",
        "  failed        answers within 2 s: largest 3.00 s, 2 of 3 plain turns later",
        '                  turn 3, caller at 0:14.0, "Words.": after 3.00 s',
        '                  turn 5, caller at 0:26.0, "Words.": unanswered',
        "  passed        duration: at most 60 s: 40.0 s",
        "  inconclusive  answers within 2 s (median): median 2.25 s, 2 of 3 (21% to 94%) plain turns later",
        "                  The interval spans the limit: too few to tell. Take more calls that differ, or "
        "counted=True to take these as they are.",
        '                  turn 3, caller at 0:14.0, "Words.": after 3.00 s',
        '                  turn 5, caller at 0:26.0, "Words.": unanswered',
    ]


def test_several_calls_are_told_one_by_one(prompt, slow):
    expected = vn.expect([prompt, slow]).answers_within(2.1)
    assert title(expected) == "failed: 1 failed · 2 calls · built"
    assert runs(expected)[0] == "call by call, counted: 1 of 2 pass (9% to 91%)"
    assert "call 2, turn 3, caller" in text(expected)
    assert runs(vn.expect(prompt).answers_within(2.1)) == []


def test_not_more_than_five_turns(tmp_path):
    call = plain(tmp_path / "call", [1.5] * 7)
    told = text(vn.expect(call).answers_within(1.0))
    assert "and 2 more" in told
    assert told.count("after 1.5") == 5


def test_nothing_is_told_twice(prompt):
    expected = vn.expect(prompt).says("bananas")
    assert text(expected).count("not said") == 1
