"""Since when: a span like ``"7d"``, or a moment."""

from __future__ import annotations

import datetime
import re

from voicenb.errors import InvalidConfiguration

_SPAN = re.compile(r"\s*(\d{1,6})\s*([mhdw])\s*")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

Since = str | datetime.timedelta | datetime.datetime | None


def moment(since: Since, now: datetime.datetime) -> datetime.datetime | None:
    """The moment that is meant, in UTC; None for all that there is.

    Args:
        since: ``"90m"``, ``"12h"``, ``"7d"``, ``"2w"``, a date as ``"2026-09-01"``, a span, or a moment.
        now: from which spans count.

    Raises:
        InvalidConfiguration: it is none of these.
    """
    match since:
        case None:
            return None
        case datetime.datetime():
            return in_utc(since.astimezone() if since.tzinfo is None else since)
        case datetime.timedelta():
            return now - since
        case str() if span := _SPAN.fullmatch(since):
            return now - datetime.timedelta(**{_UNITS[span[2]]: int(span[1])})
        case str():
            found = written(since)
            if found is not None:
                return found
    raise InvalidConfiguration(
        f"since={since!r} is no span and no moment.",
        remedy='Write "12h", "7d", "2w", "2026-09-01", a datetime, or None for all.',
        param="since",
    )


def written(text: str | None) -> datetime.datetime | None:
    """A moment as the service writes it, in UTC, which one without a zone is in; None where it is none."""
    try:
        return in_utc(datetime.datetime.fromisoformat(text or ""))
    except ValueError:
        return None


def in_utc(when: datetime.datetime) -> datetime.datetime:
    """The same moment in UTC; one without a zone is in it."""
    return when.replace(tzinfo=datetime.UTC) if when.tzinfo is None else when.astimezone(datetime.UTC)
