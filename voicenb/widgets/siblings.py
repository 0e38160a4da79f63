"""Siblings: the Talks of one kernel, of which a person looks at the latest."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from voicenb.errors import SessionNotOpen
from voicenb.widgets.shown import error_shown
from voicenb.widgets.succession import Succession

if TYPE_CHECKING:
    from voicenb.widgets.talk import Talk

_all: weakref.WeakSet[Talk] = weakref.WeakSet()
"""Those of this kernel; a cell that runs again makes a new one, and the old one loses its panel."""


class Siblings:
    """Where a Talk stands among them.

    Args:
        talk: the one.
        kind: its class.
    """

    def __init__(self, talk: Talk, kind: type[Talk]) -> None:
        self._talk = talk
        self._succession = Succession(talk, kind)

    def outdo(self) -> bool:
        """Be the latest; returns whether a call was ended for that."""
        others = list(_all)
        ended = [other._siblings._give_way() for other in others]
        for other in others:
            other._siblings._succession.note()
            other._successors += 1
        return any(ended)

    def join(self) -> None:
        """Be one of them, from now on."""
        _all.add(self._talk)

    def replaced(self) -> SessionNotOpen | None:
        """Why the Talk is no longer what a person would start; None where it is."""
        heir = self._succession.heir()
        if heir is None:
            return None
        name, later = heir
        remedy = "Run this cell again."
        if later._runs:  # which this cell would end
            limit = f", within {later._patience:g} s" if later._with_page else ""
            remedy = f"Its call is running: write {name} into an empty cell and run it{limit}."
        message = f"Another Talk was made after this panel; the variable {name} is that one now."
        return SessionNotOpen(message, remedy=remedy)

    def _give_way(self) -> bool:
        """End a call with a page, for another panel was made: nobody could see it and press Stop any more.

        Returns:
            Whether there was one.
        """
        talk = self._talk
        if (talk._runs and not talk._with_page) or not (talk._runs or talk._page.shown.is_set()):
            return False
        session = talk._session
        # One that is over but for its last files is ended by nobody.
        runs = session is not None and talk._runs and session.state != "ended"
        if runs:
            message = "Another panel was made in this notebook, so this call was ended."
            remedy = "Its recording is in vn.recordings()."
            talk._feed.fact(error={"message": message, "remedy": remedy, "calm": True})
        talk._page.stop()  # also where it has not begun yet
        return runs


def look_around() -> None:
    """Let the panels of all Talks say whether theirs was replaced."""
    for each in list(_all):
        if error := each._siblings.replaced():
            each._feed.fact(error={**error_shown(error), "calm": True}, replaced=True)
