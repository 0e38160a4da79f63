from __future__ import annotations

from typing import Any

import pytest

from voicenb.errors import SessionNotOpen
from voicenb.widgets import page_restart
from voicenb.widgets.page_restart import PageRestart


def asked(*answers: bool) -> tuple[PageRestart, list[Any]]:
    """A restart whose pages answer at once, and what happened."""
    happened: list[Any] = []

    def send(message: dict[str, Any]) -> None:
        happened.append(message["type"])
        for able in answers:
            restart.answered(able)

    restart = PageRestart(send, lambda: happened.append("begins"))
    return restart, happened


def test_the_settings_are_changed_before_the_page_asks_for_the_next_call() -> None:
    restart, happened = asked(True)
    restart.ask()
    assert happened == ["restart", "begins"]


def test_of_several_pages_one_that_can_is_enough() -> None:
    restart, happened = asked(False, True)
    restart.ask()
    assert happened == ["restart", "begins"]


@pytest.mark.parametrize(("answers", "words"), [((), "No page has"), ((False,), "is connecting to it again")])
def test_where_none_can_nothing_is_changed(
    monkeypatch: pytest.MonkeyPatch, answers: tuple[bool, ...], words: str
) -> None:
    monkeypatch.setattr(page_restart, "PATIENCE", 0.05)
    restart, happened = asked(*answers)
    with pytest.raises(SessionNotOpen, match=words):
        restart.ask()
    restart.answered(True)  # a page that comes too late
    assert happened == ["restart"]
