"""What stays in the notebook is an output of its own, by the mark that the live Player hides it by."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.widgets.player_keepsake import PlayerKeepsake

WIDGET = ({"text/plain": "a Player"}, {"about": "it"})
FULL = {"text/plain": "words", "text/html": "<p>words</p>"}


class Cell:
    """What a cell shows, in order, and what its outputs are changed to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.shown: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.changed: list[tuple[dict[str, str], dict[str, Any]]] = []
        monkeypatch.setattr("IPython.display.display", lambda data, **how: self.shown.append((data, how)))
        monkeypatch.setattr(
            "IPython.display.update_display", lambda data, **how: self.changed.append((data, how))
        )


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> Cell:
    return Cell(monkeypatch)


def test_it_is_empty_below_the_player_until_there_is_something(cell: Cell) -> None:
    keepsake = PlayerKeepsake("mark-1")
    assert keepsake.kept is None
    keepsake.show(WIDGET)
    player, below = cell.shown
    assert player == (WIDGET[0], {"metadata": WIDGET[1], "raw": True})
    empty = {"text/plain": "", "text/html": '<div class="mark-1"></div>'}
    assert below == (empty, {"raw": True, "display_id": "mark-1"})
    assert keepsake.kept is None, "nothing is nothing, shown or not"


def test_what_comes_takes_the_place_of_what_was_there(cell: Cell) -> None:
    keepsake = PlayerKeepsake("mark-1")
    keepsake.show(WIDGET)
    keepsake.keep(FULL)
    later = {**FULL, "text/plain": "more words"}
    keepsake.keep(later)
    how = {"raw": True, "display_id": "mark-1"}
    assert cell.changed == [(FULL, how), (later, how)]
    assert len(cell.shown) == 2
    assert keepsake.kept == later


def test_what_was_there_before_it_was_shown_is_shown_at_once(cell: Cell) -> None:
    keepsake = PlayerKeepsake("mark-1")
    keepsake.keep(FULL)
    assert cell.changed == [], "no output is changed that is not there"
    keepsake.show(WIDGET)
    assert cell.shown[1][0] == FULL
    assert cell.changed == []


def test_without_a_player_only_what_stays_is_shown(cell: Cell) -> None:
    keepsake = PlayerKeepsake("mark-1")
    keepsake.show(None)
    assert [how.get("display_id") for _, how in cell.shown] == ["mark-1"]


def test_two_players_have_an_output_each(cell: Cell) -> None:
    one, other = PlayerKeepsake("mark-1"), PlayerKeepsake("mark-2")
    one.show(WIDGET)
    other.show(WIDGET)
    other.keep(FULL)
    assert [how["display_id"] for _, how in cell.changed] == ["mark-2"]
    assert one.kept is None
