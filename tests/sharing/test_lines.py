"""The transcript of a page."""

from __future__ import annotations

from pathlib import Path

import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from tests.sharing.explained_call import HOSTILE
from voicenb.sharing.lines import LONGEST, lines


@pytest.fixture(scope="module")
def told(call: vn.Recording) -> list[dict]:
    return lines(call, vn.turns(call))


def words(line: dict) -> str:
    return " ".join(word for word, *_ in line["words"])


def test_the_lines_stand_in_the_order_in_which_they_began(told: list[dict]) -> None:
    assert [line["by"] for line in told] == ["caller", "agent", "caller", "tool", "agent", "agent", "caller"]
    assert [line["at"] for line in told] == sorted(line["at"] for line in told)
    assert words(told[0]) == HOSTILE


def test_a_line_begins_and_ends_with_its_sound(call: vn.Recording, told: list[dict]) -> None:
    turns = list(vn.turns(call))
    spoken = [line for line in told if line["by"] != "tool"]
    for turn, line in zip(turns, spoken, strict=True):
        assert (line["at"], line["end"]) == (round(turn.start, 3), round(turn.end, 3))


def test_the_words_of_a_caller_lie_in_the_line(told: list[dict]) -> None:
    line = told[0]
    assert line["words"][0][1] == line["at"]
    assert line["words"][-1][2] == line["end"]
    begins = [begin for _, begin, _ in line["words"]]
    assert begins == sorted(begins)


def test_the_words_of_the_agent_stand_where_the_service_put_them(told: list[dict]) -> None:
    (one, two) = told[1]["words"]
    assert one[0] == "An"
    assert two[1] - one[1] == pytest.approx(0.4, abs=0.01)


def test_what_was_not_heard_is_apart(told: list[dict]) -> None:
    line = told[5]
    assert line["unheard"]
    assert f"{words(line)} {line['unheard']}" == "It is there, and there is another one beside it."
    assert line["note"] == "interrupted"
    assert all("unheard" not in other for other in told if other is not line)


def test_a_tool_is_a_line(told: list[dict]) -> None:
    tool = told[3]
    assert tool["code"] == "look_up()"
    assert tool["result"] == "ok"
    assert tool["ms"] == 2480
    assert tool["error"] is False


def test_a_result_that_is_very_long_is_cut(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 4.0)
    made.put(1.0, "in", "tool.call", call_id="c", name="look_up", arguments={"day": "Frei<tag>"})
    made.put(2.0, "out", "tool.result", call_id="c", result="x" * 10_000)
    call = made.build()
    (line,) = lines(call, vn.turns(call))
    assert line["code"] == 'look_up(day="Frei<tag>")'
    assert len(line["result"]) == LONGEST


def test_a_line_that_is_no_turn_is_there_without_times_of_words(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 4.0)
    made.put(1.0, "in", "input.speech.started")
    made.put(1.5, "in", "transcript.user.delta", item_id="i", text="Half a")
    call = made.build()
    (line,) = lines(call, vn.turns(call))
    assert line["by"] == "caller"
    assert line["words"] == [("Half", None, None), ("a", None, None)]


def test_who_spoke_without_a_transcript_has_a_line_without_words(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 6.0)
    made.reply("r1", "", speech("cards-002.wav"), began=0.9, received=1.0, heard=1.1)
    call = made.build()
    (line,) = lines(call, vn.turns(call))
    assert line["by"] == "agent"
    assert line["words"] == []
    assert line["at"] == pytest.approx(1.1, abs=0.03)


def test_notes_stand_where_they_were_made(tmp_path: Path) -> None:
    call = KnownCall(tmp_path / "call", 4.0).build()
    call.note("too fast", at=2.5)
    call.note("from <b>Monday</b>")
    told = [(line["by"], line["at"], line["note"], line["whole"]) for line in lines(call, vn.turns(call))]
    assert told == [("note", 0.0, "from <b>Monday</b>", True), ("note", 2.5, "too fast", False)]
