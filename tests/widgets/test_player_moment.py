from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import voicenb as vn
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns
from voicenb.protocol.lines import Line
from voicenb.widgets.player_moment import seconds_of

TURN = Turn(number=3, role="user", kind="plain", start=12.5, end=14.0, text="Yes.")
LINE = Line(id="a", role="agent", text="Good evening.", started=0.75)


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [(0, 0.0), (3.5, 3.5), (np.float32(2.5), 2.5), (np.int64(7), 7.0), (TURN, 12.5), (LINE, 0.75)],
)
def test_seconds_turns_and_lines(moment: Any, seconds: float) -> None:
    assert seconds_of(moment, "to") == seconds


@pytest.mark.parametrize("moment", [-1, float("nan"), float("inf"), True, "1:20", None, [3]])
def test_anything_else_is_refused(moment: Any) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="is no moment of a call") as caught:
        seconds_of(moment, "start")
    assert caught.value.facts["param"] == "start"
    assert "vn.turns(call)" in caught.value.remedy


def test_what_is_long_is_told_by_its_kind() -> None:
    with pytest.raises(vn.InvalidConfiguration, match="start=a Turns is no moment of a call"):
        seconds_of(Turns([TURN] * 9), "start")


def test_a_turn_without_a_sound_is_nowhere() -> None:
    with pytest.raises(vn.InvalidConfiguration, match="Turn 3 has no sound"):
        seconds_of(replace(TURN, start=None), "to")
