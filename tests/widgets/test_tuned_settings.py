from __future__ import annotations

from typing import Any

import pytest

from voicenb.turn_detection import TurnDetection
from voicenb.turn_taking.settings import Settings
from voicenb.widgets.tuned_settings import DELAYS, whole


@pytest.mark.parametrize("mode", [None, *DELAYS])
@pytest.mark.parametrize("given", [{}, {"min_silence": 600}, TurnDetection.recommended().to_wire()])
def test_what_is_left_out_counts_as_in_turn_taking(given: dict[str, Any], mode: str | None) -> None:
    counts = Settings.from_wire(given, mode)
    assert whole(given, mode) == {name: getattr(counts, name) for name in whole(given, mode)}
