"""Expectations as HTML."""

import re

import voicenb as vn
from tests.testing.expectations.conftest import plain
from voicenb.testing.expectations.expectation_html import first_concern, html


def test_all_of_the_text_is_in_it_and_the_picture_of_what_failed(slow):
    told = html(vn.expect(slow).answers_within(2.0).duration(at_most=60))
    assert told.count("<img") == 1
    assert "data:image/png;base64," in told
    assert 'alt="Timeline of turn 3, caller at 0:14.0' in told
    words = re.sub(r"<[^>]+>", " ", told)
    for part in ("failed", "passed", "answers within 2 s", "largest 3.00 s", "turn 5, caller", "unanswered"):
        assert part in words


def test_what_passed_has_no_picture(prompt):
    assert "<img" not in html(vn.expect(prompt).answers_within(2.1))


def test_not_more_than_two_pictures(slow):
    expected = vn.expect(slow).answers_within(2.0).answers_within(1.0).unanswered(at_most=0)
    assert html(expected).count("<img") == 2  # turns 3 and 1
    again = vn.expect(slow).answers_within(2.0).answers_within(2.1).answers_within(2.2)
    assert html(again).count("<img") == 1  # the same turn need not be seen again


def test_what_was_said_is_escaped(tmp_path):
    call = plain(tmp_path / "call", [3.0], words="<script>alert(1)</script>")
    told = html(vn.expect(call).answers_within(2.0).says("<b>x"))
    assert "<script>" not in told
    assert "&lt;script&gt;" in told
    assert "<b>x" not in told


def test_the_first_turn_with_a_sound(slow, prompt):
    (verdict,) = vn.expect(slow).answers_within(2.0).verdicts
    assert first_concern(verdict).turn.number == 3
    (whole,) = vn.expect(prompt).duration(at_most=1).verdicts
    assert first_concern(whole) is None
