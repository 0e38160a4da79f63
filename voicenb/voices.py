"""The voice names of the service, by era."""

from __future__ import annotations

from collections.abc import Mapping

_SEPTEMBER = {
    **dict.fromkeys(("alba", "eve", "george", "jane", "jean", "mary", "michael"), "English, US"),
    **dict.fromkeys(("anna", "charles", "paul", "vera"), "English, UK"),
    "lola": "Spanish",
    "giovanni": "Italian",
    "juergen": "German",
    "rafael": "Portuguese",
    "estelle": "French",
    "iris": "accepted, not in the documentation",
    "reid": "accepted, not in the documentation",
}
JUNE = (
    "ivy", "james", "tyler", "winter", "bella", "david", "kyle", "helen", "martha", "river", "emma",
    "victor", "eleanor", "arjun", "dmitri", "pierre", "giulia", "luca", "lucia", "mateo", "diego",
    "sam", "mia", "jack", "sophie", "oliver", "ethan", "lukas", "lena", "mina", "ren", "mei", "joon", "hana",
)  # fmt: skip
"""June 2026, the quickstart's era."""
APRIL = ("claire", "dawn", "josh", "grace", "pete", "autumn")
"""April 2026."""

CURRENT = tuple(_SEPTEMBER)
"""September 2026, as accepted live."""

VOICES: Mapping[str, str] = {
    **_SEPTEMBER,
    **dict.fromkeys(JUNE, "of June 2026"),
    **dict.fromkeys(APRIL, "of April 2026"),
}
"""Every voice name that the service is known to have had, with its language or its era, newest first.

The hosted service takes those of today, and `ivy`; it may know others by the time that you read this, and its
answer to a name that it does not know lists its own. The emulator takes all of them, on its profile "live"
those of today and of June 2026, and in an agent that is stored there those of today.
"""
