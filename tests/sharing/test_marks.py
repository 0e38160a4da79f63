"""What happened between the two sides, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.analysis.boundaries import Speech
from voicenb.analysis.turns import Turns
from voicenb.analysis.voiced import Voiced
from voicenb.sharing.marks import marks, overlaps, tools


def test_an_interruption_is_marked_where_the_agent_fell_silent(call: vn.Recording) -> None:
    (agent,) = [turn for turn in vn.turns(call).agent if turn.interrupted]
    assert marks(vn.turns(call)) == [
        {"kind": "interruption", "at": round(agent.end, 3), "text": "interruption", "sure": True}
    ]


def test_all_overlaps_are_found() -> None:
    said = [Speech(0.0, 2.0), Speech(3.0, 10.0), Speech(12.0, 13.0)]
    heard = [Voiced("a", 1.5, 4.0, 0), Voiced("a", 5.0, 6.0, 0), Voiced("b", 9.5, 12.5, 0)]
    found = overlaps(Turns([], said, heard))
    assert found == [(1.5, 2.0), (3.0, 4.0), (5.0, 6.0), (9.5, 10.0), (12.0, 12.5)]


def test_a_tool_lasts_from_its_call_to_its_result(call: vn.Recording) -> None:
    (tool,) = tools(call)
    assert tool["name"] == "look_up"
    assert tool["end"] - tool["at"] == pytest.approx(2.48, abs=0.001)
    assert (tool["row"], tool["rows"], tool["named"]) == (0, 1, True)


def test_tools_that_run_at_once_have_rows(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 12.0)
    over = made.says(1.0, speech("cards-001.wav"))
    made.turn("one", "Three things.", told=1.1, decided=over + 0.7, transcribed=over + 0.7)
    calls = (("a", over + 1.0, over + 5.0), ("b", over + 1.1, over + 2.0), ("c", over + 5.5, over + 6.0))
    sound = speech("cards-002.wav")
    made.reply("r1", "So.", sound, began=over + 0.8, received=over + 6.2, heard=over + 6.3, calls=calls)
    found = [(tool["row"], tool["rows"], tool["named"]) for tool in tools(made.build())]
    assert found == [(0, 2, True), (1, 2, False), (0, 1, True)]
