"""The document says what the analysis says, and nothing of the machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.plot.stages import LABELS
from voicenb.sharing.document import document


@pytest.fixture(scope="module")
def told(call: vn.Recording) -> dict:
    return document(call)


def test_it_is_json_as_it_is(told: dict) -> None:
    assert json.loads(json.dumps(told, allow_nan=False)) == json.loads(json.dumps(told))


def test_the_head(call: vn.Recording, told: dict) -> None:
    assert told["title"] == "Known"
    assert told["service"] == "emulator · contract · rules"
    assert told["emulated"] is True
    assert told["finished"] is True
    assert told["turns"] == len(vn.turns(call)) == 6
    assert told["duration"] == pytest.approx(44.0, abs=0.05)
    assert told["date"]
    assert told["stages"] == LABELS


def test_the_findings_are_those_of_the_report(call: vn.Recording, told: dict) -> None:
    assert told["findings"] == vn.report(call).findings


def test_spans_and_overlaps_are_those_of_the_turns(call: vn.Recording, told: dict) -> None:
    found = vn.turns(call)
    assert told["spans"]["caller"] == [(round(s.start, 3), round(s.end, 3)) for s in found.said]
    assert told["spans"]["agent"] == [(round(s.start, 3), round(s.end, 3)) for s in found.heard]
    over = sum(turn.talk_over or 0.0 for turn in found.caller)
    assert over > 0.4
    assert sum(end - start for start, end in told["overlaps"]) == pytest.approx(over, abs=0.01)


def test_no_path_of_the_machine_is_in_it(call: vn.Recording, told: dict) -> None:
    text = json.dumps(told)
    for part in (str(call.folder), str(Path.home()), call.folder.name):
        assert part not in text


def test_what_is_not_captured_is_said(told: dict) -> None:
    assert any("when the caller said each word" in each for each in told["missing"])
    assert any("about one word" in each for each in told["missing"])


def test_a_call_that_is_not_finished_says_so(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 6.0)
    over = made.says(1.0, speech("cards-002.wav"))
    made.turn("one", "Two cards.", told=1.1, decided=over + 0.9, transcribed=over + 0.9)
    made.build()
    session = tmp_path / "call" / "session.json"
    about = json.loads(session.read_text("utf-8"))
    del about["ended"]
    session.write_text(json.dumps(about), "utf-8")
    told = document(vn.load(tmp_path / "call"))
    assert told["finished"] is False
    assert "not finished" in told["missing"][0]


def test_a_part_of_a_call_says_which(call: vn.Recording) -> None:
    told = document(call[10:24.5])
    assert told["part"] == "0:10 to 0:24.5 of the call"
    assert told["duration"] == pytest.approx(14.5, abs=0.05)
    assert told["rows"][0]["text"] == "A tool, please."
    assert document(call)["part"] == ""


def test_tags_are_told(tmp_path: Path) -> None:
    call = KnownCall(tmp_path / "call", 2.0).build()
    call.tags.add("billing")
    assert document(call)["tags"] == ["billing"]


def test_nobody_speaks(tmp_path: Path) -> None:
    told = document(KnownCall(tmp_path / "call", 3.0).build())
    assert told["lines"] == told["rows"] == told["marks"] == told["overlaps"] == []
    assert json.dumps(told, allow_nan=False)


def test_an_hour_has_no_more_columns_than_a_page_can_use() -> None:
    from voicenb.sharing.outline import MOST, step

    assert step(3600.0) == 0.1
    assert 3600.0 / step(3600.0) <= MOST
    assert step(60.0) == 0.02


def test_on_the_virtual_clock_there_is_no_date(tmp_path: Path) -> None:
    call = KnownCall(tmp_path / "call", 4.0).build()
    about = json.loads((call.folder / "session.json").read_text())
    (call.folder / "session.json").write_text(json.dumps({**about, "clock": "virtual"}))
    told = document(vn.load(call.folder))
    assert (told["date"], told["started"]) == ("virtual clock", None)
