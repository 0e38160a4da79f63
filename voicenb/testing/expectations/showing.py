"""Showing an expectation in a notebook: what it says, and the sound of what went wrong."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from voicenb.testing.expectations.expectation_html import first_concern

if TYPE_CHECKING:
    from voicenb.testing.expectations.expectation import Expectation


def in_notebook() -> bool:
    """Whether a kernel runs this code, so that what is displayed is seen."""
    if "IPython" not in sys.modules:
        return False
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return shell is not None and getattr(shell, "kernel", None) is not None


def show(expectation: Expectation) -> None:
    """Display it; where something failed or is inconclusive, a Player stands below, at the turn concerned.

    Without a page, as under nbmake, and in a saved notebook, the Player is its picture and transcript.

    Args:
        expectation: of some calls.
    """
    from IPython.display import display as untyped

    display: Any = untyped
    display({"text/plain": repr(expectation), "text/html": expectation._repr_html_()}, raw=True)
    player = player_of(expectation) if in_notebook() else None
    if player is not None:
        display(player)


def player_of(expectation: Expectation) -> Any:
    """A Player of the first turn that went wrong, or is not known; None where there is none, or no widgets.

    Args:
        expectation: of some calls.
    """
    for verdict in (*expectation.failed, *expectation.inconclusive):
        concern = first_concern(verdict)
        recording = None if concern is None else expectation.sample.calls[concern.call - 1].recording
        if concern is None or recording is None:
            continue
        try:
            from voicenb.widgets.player import Player
        except ImportError:
            return None
        assert concern.turn is not None
        return Player(recording, start=concern.turn)
    return None
