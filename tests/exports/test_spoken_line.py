"""Lines as they were heard."""

from __future__ import annotations

from voicenb.analysis.turn import Turn
from voicenb.exports.spoken_line import SpokenLine, spoken_lines


def test_what_was_not_heard_is_left_out() -> None:
    turns = [
        Turn(1, "agent", "greeting", 0.5, 1.5, "Hello\n there."),
        Turn(2, "user", "plain", None, None, "Typed."),
        Turn(3, "user", "plain", 2.0, 2.0, "Nothing."),
        Turn(4, "user", "plain", 3.0, 4.0, "Hi."),
    ]
    assert spoken_lines(turns) == [
        SpokenLine("agent", 0.5, 1.5, "Hello there."),
        SpokenLine("caller", 3.0, 4.0, "Hi."),
    ]
