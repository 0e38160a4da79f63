"""What one call, or many, were like."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from terminal import in_a_terminal, told

import voicenb as vn
from voicenb.analysis.report import Report

from .known_call import RATE, KnownCall, speech


def call(folder: Path, waits: list[float], service: str = "built") -> vn.Recording:
    """A call of plain turns, each answered after so many seconds; it ends 12 s behind the last."""
    made = KnownCall(folder, 4.0 + 12.0 * len(waits), {"min_silence": 800, "max_silence": 3000})
    made.service = service
    for number, wait in enumerate(waits):
        over = made.says(2.0 + 12.0 * number, speech("cards-002.wav"))
        made.turn(
            f"i{number}", "Words.", told=2.1 + 12.0 * number, decided=over + 0.85, transcribed=over + 0.9
        )
        heard = over + wait
        made.reply(
            f"r{number}",
            "Yes.",
            speech("cards-003.wav"),
            began=heard - 0.3,
            received=heard - 0.2,
            heard=heard,
        )
    return made.build()


def test_a_call(tmp_path: Path) -> None:
    report = vn.report(call(tmp_path / "a", [1.5, 2.0, 1.3]))
    assert report.latency.n == 3
    assert report.latency.p50 == pytest.approx(1.5, abs=0.04)
    assert report.latency.p90 is None
    assert (report.unanswered, report.false_cutoffs, report.interruptions, report.silent_replies) == (
        0,
        0,
        0,
        0,
    )
    assert report.connected == pytest.approx(40.0, abs=0.1)
    sounding = 3 * (len(speech("cards-002.wav")) + len(speech("cards-003.wav"))) / RATE
    assert report.silence_share == pytest.approx(1 - sounding / 40, abs=0.02)
    assert report.talk_over_share == 0
    told = json.loads(report.to_json())
    assert told == report.to_dict()
    assert told["latency"]["n"] == 3
    assert told["turns"] == {"caller": 3, "plain": 3, "tool": 0, "unknown": 0, "agent": 3}
    assert "response latency, plain turns" in repr(report)
    assert "<table" in report._repr_html_()


def test_a_turn_without_an_answer_stands_beside_the_latencies_and_not_in_them(tmp_path: Path) -> None:
    report = vn.report(call(tmp_path / "a", [1.5, 10.6]))
    assert report.unanswered == 1
    assert report.latency.n == report.reply_latency.n == report.playback_delay.n == 1
    assert report.latency.p50 == pytest.approx(1.5, abs=0.04)
    assert report.end_of_turn_delay.n == 2


def test_delays_of_tool_turns_stand_apart(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 30.0, {"min_silence": 800})
    over = made.says(1.0, speech("cards-002.wav"))
    made.turn("one", "Two cards.", told=1.1, decided=over + 0.8, transcribed=over + 0.9)
    sound = speech("cards-003.wav")
    made.reply("r1", "Yes.", sound, began=over + 1, received=over + 1.1, heard=over + 1.2)
    over = made.says(12.0, speech("cards-004.wav"))
    made.turn("two", "A tool.", told=12.1, decided=over + 1.3, transcribed=over + 1.5)
    calls = (("c1", over + 1.62, over + 2.5),)
    made.reply("r2", "Hm.", sound, began=over + 1.6, received=over + 1.6, heard=over + 1.9, calls=calls)
    made.reply("r3", "So.", sound, began=over + 3, received=over + 3.1, heard=over + 4)
    report = vn.report(made.build())
    for name, plain, tool in (
        ("end_of_turn_delay", 0.8, 1.3),
        ("transcription_delay", 0.9, 1.5),
        ("playback_delay", 0.1, 0.3),
    ):
        assert getattr(report, name).values == pytest.approx((plain,), abs=0.04), name
        assert getattr(report, f"tool_{name}").values == pytest.approx((tool,), abs=0.04), name
        told = report.to_dict()
        assert (told[name]["n"], told[f"tool_{name}"]["n"]) == (1, 1)
    assert "end-of-turn delay, tool turns" in report._repr_html_()


def test_a_voice_that_broke_off(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 20.0)
    made.reply("r0", "Hello.", speech("cards-002.wav"), began=0.4, received=0.5, heard=0.6)
    times = {"began": 5.0, "received": 5.1, "heard": 5.2}
    made.reply("r1", "An answer.", speech("austen-0880.wav"), **times, gap=(1.0, 1.8))
    report = vn.report(made.build())
    (gap,) = report.voice_gaps
    assert gap.length == pytest.approx(1.8, abs=0.001)
    told = report.to_dict()["voice_gaps"]
    assert (told["gaps"], told["replies"], told["of_replies"]) == (1, 1, 2)
    assert told["seconds"] == told["largest"] == pytest.approx(1.8, abs=0.001)
    assert any("1 of 2 replies" in finding for finding in report.findings)


def test_many_calls_are_counted_together(tmp_path: Path) -> None:
    calls = [call(tmp_path / name, [1.3 + n / 10] * 2) for n, name in enumerate("abc")]
    report = vn.report(calls)
    assert len(report.calls) == 3
    assert report.latency.n == 6
    assert report.latency.values == tuple(value for each in calls for value in vn.report(each).latency.values)


def test_what_an_open_session_costs(tmp_path: Path) -> None:
    hosted = call(tmp_path / "a", [1.3], "hosted")
    assert vn.report(hosted).cost == pytest.approx(4.5 * 16 / 3600, rel=0.01)
    assert vn.report(hosted, cost_rate=9.0).cost == pytest.approx(9.0 * 16 / 3600, rel=0.01)
    assert vn.report(call(tmp_path / "b", [1.3], "emulator · contract · rules")).cost == 0


def test_a_decision_inside_a_pause_is_a_false_cutoff(tmp_path: Path) -> None:
    """The caller goes on before anyone speaks: as the same item, or as another one."""
    for name, item in (("same", "one"), ("other", "two")):
        made = KnownCall(tmp_path / name, 20.0, {"min_silence": 600, "max_silence": 3000})
        over = over_first = made.says(1.0, speech("cards-001.wav"))
        made.turn("one", "I would like", told=1.1, decided=over + 0.6, transcribed=over + 0.6)
        again = over + 1.2
        over = made.says(again, speech("cards-002.wav"))
        made.turn(item, "a table.", told=again + 0.1, decided=over + 0.7, transcribed=over + 0.7)
        heard = over + 1.0
        made.reply("r", "Yes.", speech("cards-003.wav"), began=heard - 0.2, received=heard - 0.1, heard=heard)
        report = vn.report(made.build())
        assert report.false_cutoffs == 1, name
        assert report.candidate_cuts == 0
        cut = over_first + 0.6
        told = [(turn.ended_by, turn.taken_back, turn.false_cutoffs) for turn in report.caller_turns]
        last = ("min_silence", (), 0)
        expected = {"same": [("min_silence", (cut,), 1)], "other": [("resumed", (), 1), last]}
        assert [(by, len(back), count) for by, back, count in told] == [
            (by, len(back), count) for by, back, count in expected[name]
        ]
        assert told[0][1] == pytest.approx(expected[name][0][1], abs=1e-5)
        assert "resumed" in repr(report.calls[0].turns) or name == "same"


def test_who_goes_on_over_the_first_second_may_have_been_cut_off(tmp_path: Path) -> None:
    for name, into, candidate in (("early", 0.6, 1), ("late", 1.6, 0)):
        made = KnownCall(tmp_path / name, 20.0)
        over = made.says(1.0, speech("cards-001.wav"))
        made.turn("one", "I would like", told=1.1, decided=over + 0.6, transcribed=over + 0.6)
        heard = over + 1.0
        cut = heard + into + 0.6
        made.reply(
            "r",
            "Yes.",
            speech("austen-0890.wav"),
            began=heard - 0.2,
            received=heard - 0.1,
            heard=heard,
            cut=cut,
        )
        over = made.says(heard + into, speech("cards-002.wav"))
        made.turn("two", "a table.", told=cut - 0.05, decided=over + 0.7, transcribed=over + 0.7)
        report = vn.report(made.build())
        assert (report.false_cutoffs, report.candidate_cuts) == (0, candidate), name
        assert (report.interruptions, report.false_interruptions) == (1, 0)
        (stop,) = report.stops
        assert (stop.by, stop.at) == ("client", pytest.approx(cut, abs=1e-3))
        counts = {"silent": 1, "client": 1, "service": 0, "duck": 0, "only_quieter": 0, "echo": 0}
        assert report.to_dict()["stops"] == {**counts, "words_lost": None}  # nobody told


def test_what_no_call_tells_is_none(tmp_path: Path) -> None:
    """An imported file is as quiet about interruptions as a call without any; it has not said that."""
    own = vn.report(call(tmp_path / "a", [1.5]))
    lacks = frozenset({"interruptions", "decisions", "replies", "tools", "frames"})
    (facts,) = own.calls
    elsewhere = replace(facts, absent=lacks, late=None, lost=None, cost=None)
    report = Report((elsewhere, elsewhere))
    names = ("interruptions", "false_interruptions", "false_cutoffs", "candidate_cuts", "silent_replies")
    names += ("lost_frames", "late_frames", "cost")
    told = report.to_dict()
    assert json.loads(report.to_json()) == told
    for name in names:
        assert getattr(report, name) is None, name
        assert told[name] is None
    assert told["stops"] is told["turns"]["tool"] is told["turns"]["plain"] is None
    assert told["turns"]["unknown"] == told["turns"]["caller"] == 2
    assert set(told["told_by"].values()) == {0}
    assert report.findings == []
    assert report.unanswered == 0, "that is heard"
    mixed = Report((facts, elsewhere))
    assert [getattr(mixed, name) for name in names] == [getattr(own, name) for name in names]
    assert mixed.to_dict()["told_by"]["interruptions"] == 1
    assert mixed.to_dict()["turns"] == {"caller": 2, "plain": 1, "tool": 0, "unknown": 1, "agent": 2}
    assert own.to_dict()["told_by"] == {"cost": 0}, "whose price is not known"
    silent = [row.basis for row in own.compare(mixed).rows if row.name == "silent replies"]
    assert silent == ["0 of 1 and 0 of 1, 1 and 2 calls"]


def test_a_report_is_compared_with_a_report(tmp_path: Path) -> None:
    made = call(tmp_path / "a", [1.5])
    for wrong in (None, made, 3, "calls/lido"):
        with pytest.raises(vn.InvalidConfiguration, match="is compared with another one") as caught:
            vn.report(made).compare(wrong)  # type: ignore[arg-type]
        assert "vn.report(later)" in caught.value.remedy
        with pytest.raises(vn.InvalidConfiguration, match="Stops are compared with others"):
            vn.stops(made).compare(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [[], [None], None, 3])
def test_what_is_no_recording_is_refused(wrong: Any) -> None:
    with pytest.raises(vn.InvalidConfiguration):
        vn.report(wrong)


@pytest.mark.parametrize("wrong", ["calls/lido", ["calls/lido"]])
def test_a_path_where_there_is_none_is_refused_as_load_does(wrong: Any) -> None:
    with pytest.raises(vn.RecordingError, match="There is nothing at"):
        vn.report(wrong)


def test_a_path_is_as_good_as_its_recording(tmp_path: Path) -> None:
    made = call(tmp_path / "a", [1.5])
    for given in (str(made.folder), made.folder, [str(made.folder)]):
        assert vn.report(given).latency == vn.report(made).latency
        assert vn.stops(given).calls == ["a"]
    assert [turn.text for turn in vn.turns(str(made.folder))] == [turn.text for turn in vn.turns(made)]
    with pytest.raises(vn.InvalidConfiguration, match="takes one recording or its path, not a list"):
        vn.turns([made])  # type: ignore[arg-type]


@pytest.mark.parametrize("rate", ["x", -1, float("nan"), True])
def test_a_cost_rate_that_is_none(tmp_path: Path, rate: Any) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="is no rate") as caught:
        vn.report(call(tmp_path / "a", [1.5]), cost_rate=rate)
    assert "4.50" in caught.value.remedy


def test_of_many_calls_it_is_told_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = in_a_terminal(monkeypatch)
    calls = [call(tmp_path / name, [1.0]) for name in "abc"]
    vn.turns(calls[0])
    monkeypatch.setattr("voicenb.analysis.report.LONG", 30.0)
    vn.report(calls)
    said = told(terminal)
    assert (said[0], said[-1]) == ("Calls 0/2", "Calls 2/2"), "one was listened to before"
    vn.report(calls)
    assert told(terminal) == said
