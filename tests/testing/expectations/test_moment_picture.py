"""The picture of a turn."""

import base64

import pytest

import voicenb as vn
from voicenb.analysis.turn import Turn
from voicenb.testing.expectations.moment_picture import LONGEST, picture, stretch
from voicenb.testing.expectations.verdict import Concern


def concern(start, end, **figures):
    return Concern(1, "call", "", Turn(1, "user", "plain", start, end, "Words.", **figures))


@pytest.mark.parametrize(
    ("about", "shown"),
    [
        (concern(10.0, 12.0, response_latency=3.0), (8.5, 17.5)),
        (concern(1.0, 2.0), (0.0, 4.5)),
        (concern(10.0, 12.0, unanswered=True), (8.5, 24.5)),
        (concern(10.0, 40.0), (8.5, 8.5 + LONGEST)),
        (concern(55.0, 58.0, response_latency=9.0), (53.5, 60.0)),
        (concern(None, None), None),
        (Concern(1, "call"), None),
    ],
)
def test_a_turn_is_shown_with_its_answer(about, shown):
    assert stretch(about, 60.0) == shown


def test_it_is_a_png_with_words_for_those_who_do_not_see(slow):
    (verdict,) = vn.expect(slow).answers_within(2.0).verdicts
    told = picture(slow, verdict.turns[0])
    source = told.partition("base64,")[2].partition('"')[0]
    assert base64.b64decode(source).startswith(b"\x89PNG")
    assert "Timeline of turn 3, caller at 0:14.0, &quot;Words.&quot;" in told
    assert picture(slow, Concern(1, "call")) == ""
