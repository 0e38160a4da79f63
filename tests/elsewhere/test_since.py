"""Since when."""

import datetime

import pytest

from voicenb.elsewhere.since import moment, written
from voicenb.errors import InvalidConfiguration

NOW = datetime.datetime(2026, 9, 8, 12, 0, tzinfo=datetime.UTC)
EAST = datetime.timezone(datetime.timedelta(hours=2))


@pytest.mark.parametrize(
    ("since", "hours"),
    [("90m", 1.5), ("12h", 12), ("7d", 168), (" 2 w ", 336), (datetime.timedelta(hours=3), 3)],
)
def test_spans_count_from_now(since, hours):
    assert moment(since, NOW) == NOW - datetime.timedelta(hours=hours)


def test_moments():
    assert moment(None, NOW) is None
    assert moment("2026-09-01", NOW) == datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC)
    assert moment("2026-09-01T10:00:00+02:00", NOW).hour == 8
    assert moment(datetime.datetime(2026, 9, 1, 10, tzinfo=EAST), NOW).hour == 8
    local = datetime.datetime(2026, 9, 1, 10)  # what somebody types is their own time
    assert moment(local, NOW) == local.astimezone(datetime.UTC)


@pytest.mark.parametrize("since", ["", "soon", "7", "d", "-7d", "7 years", 7, [], "9999999d"])
def test_what_is_neither(since):
    with pytest.raises(InvalidConfiguration, match="no span and no moment") as caught:
        moment(since, NOW)
    assert caught.value.facts["param"] == "since"


def test_as_the_service_writes_it():
    assert written("2026-09-01T10:00:00.5") == datetime.datetime(
        2026, 9, 1, 10, 0, 0, 500_000, tzinfo=datetime.UTC
    )
    assert written("2026-09-01T10:00:00Z").hour == 10
    for text in (None, "", "yesterday"):
        assert written(text) is None
