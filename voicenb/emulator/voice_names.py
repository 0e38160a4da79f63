"""The voice names of the API, by era. Which of our voices speaks for a name is the mouth's business."""

from __future__ import annotations

CURRENT = (
    "alba", "eve", "george", "jane", "jean", "mary", "michael", "anna", "charles", "paul", "vera",
    "lola", "giovanni", "juergen", "rafael", "estelle", "iris", "reid",
)  # fmt: skip
"""September 2026, as accepted live."""

JUNE = (
    "ivy", "james", "tyler", "winter", "bella", "david", "kyle", "helen", "martha", "river", "emma",
    "victor", "eleanor", "arjun", "dmitri", "pierre", "giulia", "luca", "lucia", "mateo", "diego",
    "sam", "mia", "jack", "sophie", "oliver", "ethan", "lukas", "lena", "mina", "ren", "mei", "joon", "hana",
)  # fmt: skip
"""June 2026, the quickstart's era."""

APRIL = ("claire", "dawn", "josh", "grace", "pete", "autumn")
"""April 2026."""

ALL = CURRENT + JUNE + APRIL
