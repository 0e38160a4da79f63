"""When another attempt is made, and how long it waits."""

import datetime

import pytest

from voicenb.service.rest import REPEATABLE
from voicenb.service.retries import LONGEST, PATIENCE, SHORTEST, Retries, is_worth_it, seconds_of


@pytest.mark.parametrize(
    ("method", "status", "code", "worth"),
    [
        ("GET", 429, "", True),
        ("POST", 429, "", True),
        ("POST", 503, "at_capacity", True),
        ("POST", 403, "concurrency_exceeded", True),
        ("POST", 503, "", False),
        ("PATCH", 500, "internal_error", False),
        ("GET", 500, "internal_error", True),
        ("PUT", 502, "", True),
        ("DELETE", 504, "", True),
        ("GET", 501, "", False),
        ("GET", None, "", True),
        ("POST", None, "", False),
        *(("GET", status, "", False) for status in (400, 401, 403, 404, 409, 422)),
        ("GET", 401, "unauthorized", False),
    ],
)
def test_what_is_worth_another_attempt(method, status, code, worth):
    assert is_worth_it(status, code, again=method in REPEATABLE) == worth


def patient(most=3, draw=1.0):
    slept = []
    return Retries(most, slept.append, lambda: draw), slept


def test_the_waits_grow_and_are_drawn():
    retries, slept = patient(most=8)
    assert all(retries.wait(attempt, 500, "", None, again=True) for attempt in range(8))
    assert slept == [min(LONGEST, SHORTEST * 2**n) for n in range(8)]
    retries, slept = patient(draw=0.25)
    assert retries.wait(1, 500, "", None, again=True)
    assert slept == [SHORTEST / 2]


def test_they_are_bounded():
    retries, slept = patient(most=1)
    assert retries.wait(0, 500, "", None, again=True)
    assert not retries.wait(1, 500, "", None, again=True)
    assert not Retries(0, slept.append).wait(0, 429, "", None, again=True)
    assert len(slept) == 1


def test_who_asks_to_be_left_alone_is():
    retries, slept = patient(draw=0.0)
    assert retries.wait(0, 429, "", "7", again=False)
    assert slept == [7.0]
    assert not retries.wait(0, 429, "", str(PATIENCE + 1), again=True)
    assert slept == [7.0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0.0),
        ("", 0.0),
        ("3", 3.0),
        (" 1.5 ", 1.5),
        ("-3", 0.0),
        ("soon", 0.0),
        ("Wed, 02 Sep 2026 10:00:20 GMT", 20.0),
        ("Wed, 02 Sep 2026 10:00:20 -0000", 20.0),
        ("Wed, 02 Sep 2026 09:00:00 GMT", 0.0),
    ],
)
def test_what_is_asked_for_as_a_number_or_a_date(header, seconds):
    now = datetime.datetime(2026, 9, 2, 10, 0, 0, tzinfo=datetime.UTC)
    assert seconds_of(header, now) == seconds
