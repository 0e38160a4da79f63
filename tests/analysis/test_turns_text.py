"""Turns as a table to read."""

from __future__ import annotations

from voicenb.analysis.boundaries import Speech
from voicenb.analysis.turn import ToolUse, Turn
from voicenb.analysis.turns import Turns
from voicenb.analysis.turns_text import html, text

TOOL = ToolUse("c1", "look_up", 1.0, 0.5, is_error=False)
TURNS = Turns(
    [
        Turn(1, "agent", "greeting", 0.5, 1.5, "Hello <there>."),
        Turn(
            2,
            "user",
            "plain",
            2.0,
            3.0,
            "A table.",
            ended_by="min_silence",
            configured_silence=0.8,
            response_latency=1.25,
        ),
        Turn(3, "user", "tool", 6.0, 7.0, "Look.", tools=(TOOL,), first_sound=1.0, first_answer=3.5),
        Turn(
            4,
            "agent",
            "tool",
            10.5,
            12.0,
            "It is",
            unheard="there.",
            interrupted=True,
            false_interruption=True,
        ),
        Turn(5, "user", "plain", 20.0, 21.0, "Are you there?", unanswered=True),
        Turn(6, "agent", "turn", None, None, "", silent=True),
    ],
    other=[Speech(15.0, 15.3)],
    service="emulator · contract · rules",
)


def test_as_text() -> None:
    title, headings, *rows = text(TURNS).splitlines()
    assert title == (
        "3 of the caller's, 3 of the agent's · seconds · emulator · contract · rules · "
        "1 sound of the caller's that no turn was made of"
    )
    assert headings.split() == ["#", "who", "from", "to", "response", "of", "it", "silence", "ended", "by"]
    assert [row.split() for row in rows[:2]] == [
        ["1", "agent", "0.50", "1.50", "Hello", "<there>."],
        ["2", "caller", "2.00", "3.00", "1.25", "0.80", "min_silence", "A", "table."],
    ]
    assert rows[2].endswith("Look. [look_up]")
    assert " 3.50 " in rows[2], "of a tool turn, the answer that uses the result"
    assert rows[3].endswith("It is [not heard: there.; stopped for no words]")
    assert " unanswered " in rows[4]
    assert rows[5].endswith("[silent]")


def test_a_turn_that_was_not_answered_has_no_response() -> None:
    late = Turn(1, "user", "plain", 1.0, 2.0, "And then", unanswered=True, response_latency=1.4)
    announced = Turn(
        2, "user", "tool", 5.0, 6.0, "Look.", tools=(TOOL,), first_sound=1.0, response_latency=1.0
    )
    _, _, first, second = text(Turns([late, announced])).splitlines()
    assert first.split()[4:] == ["unanswered", "And", "then"]
    assert second.split()[4:6] == ["no", "answer"]
    assert second.endswith("Look. [first sound 1.00 s; look_up]")


def test_as_html_nothing_that_was_said_is_markup() -> None:
    page = html(TURNS)
    assert "Hello &lt;there&gt;." in page
    assert page.count("<tr>") == 1 + len(TURNS)
