from __future__ import annotations

import pytest

from voicenb.session.transport import SILENT, told_closed


@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [
        (SILENT, "7.125", (1006, "no sign of life for 7 s", 7.125)),
        (SILENT, "enough", (SILENT, "enough", 0.0)),
        (1008, "7.125", (1008, "7.125", 0.0)),
    ],
)
def test_who_holds_a_connection_tells_how_long_its_other_side_was_silent(
    code: int, reason: str, told: tuple[int, str, float]
) -> None:
    closed = told_closed(code, reason)
    assert (closed.code, closed.reason, closed.silent) == told
