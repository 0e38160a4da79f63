"""What a page may be asked for, and its envelope."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from voicenb.emulator.errors import Refusal
from voicenb.emulator.rest import listing


def asked(query):
    return Request({"type": "http", "query_string": query.encode(), "headers": []})


@pytest.mark.parametrize(("query", "limit"), [("", 50), ("limit=1", 1), ("limit=200", 200)])
def test_as_many_as_are_asked_for(query, limit):
    assert listing.limit(asked(query)) == limit


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many", "", "1.5"])
def test_a_limit_that_is_none(limit):
    refusal = listing.limit(asked(f"limit={limit}"))
    assert isinstance(refusal, Refusal)
    assert refusal.param == "limit"


@pytest.mark.parametrize(("cursor", "more"), [("", False), ("7", True)])
def test_there_is_more_where_there_is_a_cursor(cursor, more):
    assert listing.page("agents", [{"id": "a"}], cursor) == {
        "agents": [{"id": "a"}],
        "has_more": more,
        "response_metadata": {"next_cursor": cursor},
    }
