"""A temporary token: text that is not shown, so that no notebook keeps it."""

from __future__ import annotations


class Token(str):
    """Text like any other, but for its repr: as the last line of a cell it would be saved with the notebook.

    ``str(token)``, ``f"{token}"`` and ``print(token)`` give the token itself.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<token of {len(self)} characters; str(token) is the token itself>"
