"""A turn by itself."""

from __future__ import annotations

import inspect
from dataclasses import fields

import pytest

from voicenb.analysis.turn import Pause, Turn


def test_lengths() -> None:
    turn = Turn(1, "user", "plain", 2.0, 5.5, "Hello.", pauses=(Pause(3.0, 3.5),))
    assert turn.length == 3.5
    assert turn.pauses[0].length == 0.5
    assert Turn(1, "agent", "turn", None, None, "").length is None


@pytest.mark.parametrize("name", [field.name for field in fields(Turn)])
def test_every_figure_is_explained(name: str) -> None:
    text = inspect.getdoc(Turn) or ""
    assert f"\n    {name}: " in text
