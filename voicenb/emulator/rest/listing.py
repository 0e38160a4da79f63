"""Lists in pages: what a request asks for, and the envelope that a page comes in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request

from voicenb.emulator.errors import Refusal

PAGE = 50
LONGEST_PAGE = 200
"""Entries of a page: when nothing is said, and at most."""


def limit(request: Request) -> int | Refusal:
    """The ``limit`` of a request."""
    number = whole(request.query_params.get("limit", str(PAGE)))
    if number is None or not 1 <= number <= LONGEST_PAGE:
        return Refusal("validation_error", f"'limit' must be between 1 and {LONGEST_PAGE}", "limit")
    return number


def page(key: str, entries: Sequence[Any], cursor: str) -> dict[str, Any]:
    """A page as it is sent.

    Args:
        key: what its entries are called.
        entries: of this page.
        cursor: of the next one; empty where there is none.
    """
    return {key: list(entries), "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def whole(text: str) -> int | None:
    """A whole number as it is written, or None."""
    try:
        return int(text)
    except ValueError:
        return None
