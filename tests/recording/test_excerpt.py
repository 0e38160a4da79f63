"""A part of a call: a recording by itself."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import voicenb as vn
from voicenb.recording.excerpt import Excerpt

sys.path.insert(0, str(Path(__file__).parents[1]))
from analysis.known_call import KnownCall, speech

RATE = 24_000
PLACES = {"number", "start", "end", "decided", "pauses", "tools", "waits"}
FOLLOWING = {"candidate_cut"}
"""Is told by what comes behind the answer, which may be cut off."""


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    """A greeting, a plain turn, a turn with a tool, one that interrupts, and one at the end."""
    known = KnownCall(tmp_path_factory.mktemp("calls") / "lido", 60.0, {"min_silence": 700})
    known.reply("hello", "Good evening.", speech("cards-002.wav"), began=0.2, received=0.3, heard=0.5)
    over = known.says(4.0, speech("austen-0880.wav"))
    known.turn("i1", "One.", told=4.3, decided=over + 0.8, transcribed=over + 0.9)
    known.reply(
        "r1", "First.", speech("cards-005.wav"), began=over + 1, received=over + 1.1, heard=over + 1.2
    )
    over = known.says(18.0, speech("austen-0930.wav"))
    known.turn("i2", "Two.", told=18.3, decided=over + 0.75, transcribed=over + 0.76)
    calls = (("c1", over + 1.0, over + 1.6),)
    known.put(over + 0.9, "in", "reply.started", reply_id="r2")
    for call_id, came, sent in calls:
        known.put(came, "in", "tool.call", call_id=call_id, name="look_up", arguments={}, timeout_seconds=120)
        known.put(sent, "out", "tool.result", call_id=call_id, result="ok")
    known.put(over + 1.7, "in", "reply.done", reply_id="r2", status="completed")
    times = {"began": over + 2.0, "received": over + 2.1, "heard": over + 2.2, "cut": over + 4.0}
    known.reply("r3", "Second, and long.", speech("austen-0870.wav"), **times)
    onset = over + 3.2
    over = known.says(onset, speech("cards-005.wav"))
    known.turn("i3", "Three.", told=onset + 0.6, decided=over + 0.7, transcribed=over + 0.7)
    known.reply(
        "r4", "Third.", speech("cards-004.wav"), began=over + 1, received=over + 1.1, heard=over + 1.2
    )
    known.put(30.0, "local", "frames", late=2, lost=1)
    known.put(45.0, "local", "frames", late=7, lost=1)
    known.noise(30.0)
    return known.build()


def figures(turn: Any) -> dict[str, Any]:
    return {n: v for n, v in dataclasses.asdict(turn).items() if n not in PLACES | FOLLOWING}


def same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """To two steps of the boundaries, which are found anew; what rests on none is the same."""
    for name, value in expected.items():
        if isinstance(value, float):
            assert found[name] == pytest.approx(value, abs=0.021), name
        else:
            assert found[name] == value, name


@pytest.mark.parametrize(("begin", "end"), [(0.0, 60.0), (3.0, 50.0), (3.37, 17.2), (16.9, 45.123)])
def test_turns_that_lie_wholly_in_it_have_the_figures_of_the_whole(
    call: vn.Recording, begin: float, end: float
) -> None:
    whole, part = vn.turns(call), vn.turns(call[begin:end])
    ends = {turn.reply_id: turn.end for turn in whole.agent}
    inside = [
        turn
        for turn in whole
        if (turn.start or 0.0) >= begin
        and max(turn.end or 0.0, *(ends.get(each) or 0.0 for each in (*turn.replies, ""))) + 0.5 <= end
    ]
    assert len(inside) >= 2
    by_words = {(turn.role, turn.text): turn for turn in part}
    for turn in inside:
        found = by_words[turn.role, turn.text]
        if turn.kind != "greeting" and turn.unanswered is not None:
            same(figures(found), figures(turn))
        assert found.start == pytest.approx(turn.start - begin, abs=0.021)
        assert found.end == pytest.approx(turn.end - begin, abs=0.021)


def test_its_clock_begins_where_it_does(call: vn.Recording) -> None:
    part = call[3.0:20.5]
    assert isinstance(part, vn.Recording)
    assert part.duration == pytest.approx(17.5)
    whole, both = call.stereo(), part.stereo()
    assert len(both) == round(17.5 * RATE)
    np.testing.assert_array_equal(both, whole[3 * RATE : round(20.5 * RATE)])
    times = part.events.t
    assert times.min() >= 0
    assert times.max() <= 17.5
    assert (np.diff(times) >= 0).all()
    assert part.events.numbers.tolist() == list(range(len(part.events)))
    assert part.session["excerpt"] == {"call": "lido", "begin": 3.0, "end": 20.5}
    assert part.ended is not None
    assert part.ended["reason"] == "cut"
    assert part.name == "lido 0:03 to 0:20.5"
    assert part.agent_name == "Known"
    assert len(part.caller) == round(17.5 * RATE)
    assert 0 < len(part.agent) < len(call.agent)


def test_a_reply_that_began_before_is_there_from_where_it_is_heard(call: vn.Recording) -> None:
    first = vn.turns(call)[2]
    assert first.reply_id == "r1"
    assert first.start is not None
    begin = first.start + 0.5
    part = call[begin : begin + 5.0]
    assert [line.text for line in part.transcript] == ["First."]
    np.testing.assert_array_equal(
        part.heard()[: 2 * RATE], call.heard()[round(begin * RATE) : round(begin * RATE) + 2 * RATE]
    )
    (turn,) = vn.turns(part)
    assert turn.start == pytest.approx(0.0, abs=0.3)
    before = call[begin - 5.0 : begin]
    assert [line.text for line in before.transcript if line.role == "agent"] == ["First."]


def test_of_a_call_that_was_made_before_no_result_is_told(call: vn.Recording) -> None:
    made = call.tool_calls[0].at
    part = call[made + 0.3 : made + 10.0]
    assert part.tool_calls == []
    assert "tool.result" not in {event["type"] for event in part.events}
    assert call[made - 0.1 : made + 0.3].tool_calls[0].result is None


def test_settings_of_before_are_in_force(call: vn.Recording) -> None:
    part = call[17.0:30.0]
    turn = vn.turns(part).caller[0]
    assert turn.ended_by == "min_silence"
    assert [tool.round_trip for tool in turn.tools] == pytest.approx([0.6])
    assert turn.turn_detection == {"min_silence": 700}
    assert part.conversation.session_id == "s"


def test_frames_that_were_late_are_counted_from_its_beginning(call: vn.Recording) -> None:
    counts = [event["msg"] for event in call[31:50].events.select("frames")]
    assert counts == [{"late": 5, "lost": 0}]


def test_a_turn_with_its_answer(call: vn.Recording) -> None:
    rows = vn.turns(call)
    turn, answer = rows[1], rows[2]
    part = call.turn(2)
    assert part.begin == pytest.approx(turn.start - 0.5)
    assert part.end == pytest.approx(call.conversation.replies["r1"].heard_until + 0.5, abs=0.001)
    assert [line.text for line in part.transcript] == ["One.", "First."]
    same(figures(vn.turns(part).caller[0]), figures(turn))
    again = call[turn]
    assert (again.begin, again.end) == (part.begin, part.end)
    alone = call[answer]
    assert (alone.begin, alone.end) == pytest.approx((answer.start - 0.5, answer.end + 0.5))
    with pytest.raises(vn.InvalidConfiguration, match=r"no turn 99. It has 1 to 7: see vn\.turns"):
        call.turn(99)
    with pytest.raises(vn.InvalidConfiguration, match="nothing tells when it was"):
        call[dataclasses.replace(turn, start=None, end=None, decided=None)]


def test_everything_takes_it(call: vn.Recording, tmp_path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    part = call[3:45]
    assert len(vn.turns(part).caller) == 3
    assert vn.report(part).connected == pytest.approx(42.0)
    vn.plot.timeline(part)
    vn.plot.latency(part)
    vn.export(part, tmp_path / "part.vtt")
    assert "First." in (tmp_path / "part.vtt").read_text()
    assert part.export_wav(tmp_path / "part.wav").stat().st_size > 40 * RATE * 4
    assert "0:03.0 to 0:45.0 of the call" in part._repr_html_()
    assert "answered in 1.2 s (median of 2" in part._repr_html_()
    assert repr(part).startswith("<Part of a call: Known · ")


def test_saved_it_is_a_call_of_its_own(call: vn.Recording, tmp_path: Path) -> None:
    part = call[3:45]
    saved = part.save(tmp_path / "part")
    assert vn.load(tmp_path / "part").finished  # and nothing is missing
    assert not isinstance(saved, Excerpt)
    np.testing.assert_array_equal(saved.stereo(), part.stereo())
    assert list(saved.events) == list(part.events)
    assert [figures(turn) for turn in vn.turns(saved)] == [figures(turn) for turn in vn.turns(part)]
    assert json.loads((tmp_path / "part" / "session.json").read_text())["excerpt"]["begin"] == 3.0
    compressed = part.save(tmp_path / "flac", flac=True)
    np.testing.assert_array_equal(compressed.caller, part.caller)
    with pytest.raises(vn.RecordingError, match="already"):
        part.save(tmp_path / "part")
    part.save(tmp_path / "part", overwrite=True)


def test_a_part_of_a_part(call: vn.Recording) -> None:
    part = call[3:45][14:30]
    assert part.session["excerpt"] == {"call": "lido", "begin": 17.0, "end": 33.0}
    np.testing.assert_array_equal(part.stereo(), call.stereo()[17 * RATE : 33 * RATE])
    assert [turn.text for turn in vn.turns(part).caller] == [
        turn.text for turn in vn.turns(call[17:33]).caller
    ]


def test_a_part_of_a_call_that_a_crash_tore_off(call: vn.Recording, tmp_path: Path) -> None:
    torn = call.save(tmp_path / "torn").folder
    session = json.loads((torn / "session.json").read_text())
    (torn / "session.json").write_text(json.dumps(session | {"ended": None}))
    part = vn.Recording(torn)[3:20]
    assert part.finished
    assert vn.turns(part).caller[0].text == "One."


def test_notes_of_it_are_the_call_s(call: vn.Recording, tmp_path: Path) -> None:
    whole = call.save(tmp_path / "noted")
    whole.note("of the whole")
    whole.note("here", at=10.0)
    whole.note("elsewhere", at=50.0)
    whole.tags.add("billing")
    part = whole[3:20]
    assert [(note.text, note.at) for note in part.notes] == [("of the whole", None), ("here", 7.0)]
    part.note("there", at=2.5)
    part.tags.add("cut off")
    assert [note.at for note in whole.notes] == [None, 5.5, 10.0, 50.0]
    assert whole.tags == {"billing", "cut off"}
    (there,) = (note for note in part.notes if note.text == "there")
    part.remove_note(there)
    assert len(whole.notes) == 3
    saved = part.save(tmp_path / "part")
    assert [(note.text, note.at) for note in saved.notes] == [("of the whole", None), ("here", 7.0)]


def test_a_turn_that_interrupted_has_its_yield_figures(call: vn.Recording) -> None:
    turn = next(each for each in vn.turns(call).caller if each.text == "Three.")
    part = call[turn]
    (found,) = [each for each in vn.turns(part).caller if each.text == "Three."]
    assert turn.yield_latency is not None
    same(figures(found), figures(turn))
    assert vn.turns(part)[0].false_interruption is False
    (whole,), (here,) = vn.stops(call), vn.stops(part)
    names = ("reaction", "flush", "yield_latency", "likeness", "lost", "false")
    same({name: getattr(here, name) for name in names}, {name: getattr(whole, name) for name in names})


def test_a_part_that_begins_in_a_pause_of_the_agent_s(tmp_path: Path) -> None:
    """It had been heard before: the caller's onset is over it, though it is quiet just then."""
    known = KnownCall(tmp_path / "call", 30.0)
    voice = speech("austen-0880.wav")
    sound = np.concatenate([voice, np.zeros(RATE, np.float32), voice])
    again = 1.0 + len(voice) / RATE + 1.0
    onset = again - 0.3
    times = {"began": 0.8, "received": 0.9, "heard": 1.0, "cut": again + 0.5}
    known.reply("r1", "A long answer.", sound, **times)
    until = known.says(onset, speech("cards-003.wav"))
    known.turn("one", "Wait.", told=again + 0.4, decided=until + 0.7, transcribed=until + 0.7)
    call = known.build()
    (turn,) = vn.turns(call).caller
    assert turn.reaction == pytest.approx(0.7, abs=0.05)
    part = call[turn]
    (found,) = vn.turns(part).caller
    assert found.reaction == pytest.approx(turn.reaction, abs=0.021)
    (whole,), (here,) = vn.stops(call), vn.stops(part)
    assert here.reaction == pytest.approx(whole.reaction, abs=0.021)
    assert whole.reaction == pytest.approx(turn.reaction, abs=0.021)


@pytest.mark.parametrize(
    "begin", [0.2, 0.6, 1.0], ids=["before the decision", "behind it", "behind the words"]
)
def test_a_turn_that_was_spoken_before_is_not_in_it(tmp_path: Path, begin: float) -> None:
    known = KnownCall(tmp_path / "call", 20.0)
    over = known.says(1.0, speech("cards-001.wav"))
    known.turn("one", "I would like to bring my car.", told=1.2, decided=over + 0.5, transcribed=over + 0.9)
    sound = speech("cards-002.wav")
    known.reply("r1", "When?", sound, began=over + 0.95, received=over + 1.0, heard=over + 1.1)
    again = over + 4.0
    until = known.says(again, speech("cards-003.wav"))
    known.turn("two", "On Monday.", told=again + 0.2, decided=until + 0.7, transcribed=until + 0.8)
    part = known.build()[over + begin : 20.0]
    (turn,) = vn.turns(part).caller
    assert turn.text == "On Monday."
    assert turn.start == pytest.approx(4.0 - begin, abs=0.05)
    assert vn.report(part).to_dict()["turns"]["caller"] == 1
    assert [turn.text for turn in vn.turns(part).agent] == ["When?"]
    if begin > 0.5:
        assert [line.text for line in part.transcript if line.role == "user"] == ["On Monday."]
    assert len(vn.turns(part.save(tmp_path / "saved")).caller) == 1


def test_a_turn_s_part_has_its_decision_and_its_words(tmp_path: Path) -> None:
    known = KnownCall(tmp_path / "call", 30.0, {"min_silence": 1200})
    over = known.says(4.0, speech("cards-003.wav"))
    known.turn("one", "Nobody answers.", told=4.3, decided=over + 1.2, transcribed=over + 2.6)
    call = known.build()
    (turn,) = vn.turns(call).caller
    part = call[turn]
    assert part.end == pytest.approx(over + 2.6 + 0.5, abs=0.021)
    (found,) = vn.turns(part).caller
    assert found.text == "Nobody answers."
    names = ("end_of_turn_delay", "transcription_delay", "ended_by", "configured_silence")
    same({name: getattr(found, name) for name in names}, {name: getattr(turn, name) for name in names})


def test_why_the_agent_spoke_is_as_the_whole_call_tells(call: vn.Recording, tmp_path: Path) -> None:
    whole = {turn.reply_id: turn.kind for turn in vn.turns(call).agent}
    assert set(whole.values()) == {"greeting", "turn", "tool"}
    for begin in (6.0, 17.0, 24.0):
        part = call[begin:60.0]
        saved = part.save(tmp_path / f"from-{begin:.0f}")
        for each in (part, saved, part[1.0 : part.duration]):
            found = {turn.reply_id: turn.kind for turn in vn.turns(each).agent}
            assert found
            assert found == {reply: whole[reply] for reply in found}


def test_a_part_before_the_first_of_the_agent_was_heard_has_none_of_it(call: vn.Recording) -> None:
    part = call[0.0:0.4]  # its sound has come, and is heard from 0.5 s on
    assert part.tells_hearing
    assert vn.turns(part).heard == ()


def test_what_became_of_a_turn_is_not_known_where_the_caller_may_be_going_on(tmp_path: Path) -> None:
    known = KnownCall(tmp_path / "call", 30.0, {"min_silence": 700})
    over = known.says(4.0, speech("cards-003.wav"))
    known.turn("one", "A table", told=4.3, decided=over + 0.7, transcribed=over + 0.8)
    again = over + 0.9
    until = known.says(again, speech("cards-001.wav"))
    known.turn("two", "for four.", told=again + 0.2, decided=until + 0.7, transcribed=until + 0.8)
    call = known.build()
    turn = vn.turns(call).caller[0]
    assert (turn.ended_by, turn.false_cutoffs) == ("resumed", 1)
    (part,) = vn.turns(call[0.0 : again + 0.4]).caller
    assert (part.ended_by, part.false_cutoffs, part.unanswered, part.gap) == ("unknown", None, None, None)
    (quiet,) = vn.turns(call[0.0 : again - 0.05]).caller
    assert (quiet.ended_by, quiet.end_of_turn_delay) == ("min_silence", pytest.approx(0.7, abs=0.05))


def test_a_sound_before_a_turn_does_not_tear_it_off(tmp_path: Path) -> None:
    known = KnownCall(tmp_path / "call", 20.0, {"min_silence": 700})
    known.says(1.0, speech("cards-001.wav"))  # the service took no words from it
    over = known.says(6.0, speech("cards-003.wav"))
    known.turn("one", "A table.", told=6.2, decided=over + 0.7, transcribed=over + 0.8)
    sound = speech("cards-002.wav")
    known.reply("r1", "Yes.", sound, began=over + 0.85, received=over + 0.9, heard=over + 1.0)
    part = known.build()[0.5:18.0]
    (turn,) = vn.turns(part).caller
    assert len(vn.turns(part).other) == 1
    assert (turn.ended_by, turn.false_cutoffs, turn.unanswered) == ("min_silence", 0, False)


def test_a_turn_that_is_told_in_a_part_is_in_it_though_its_sound_was_not_captured(tmp_path: Path) -> None:
    known = KnownCall(tmp_path / "call", 20.0)
    known.turn("one", "Nobody's microphone.", told=5.0, decided=6.0, transcribed=6.1)
    part = known.build()[3.0:18.0]
    (turn,) = vn.turns(part).caller
    assert (turn.text, turn.start) == ("Nobody's microphone.", None)


def test_before_anything_was_heard_a_part_knows_that_hearing_is_noted(tmp_path: Path) -> None:
    known = KnownCall(tmp_path / "call", 10.0)
    sound = speech("cards-002.wav")
    known.reply("r1", "Good day.", sound, began=0.1, received=0.2, heard=2.0)
    part = known.build()[0.0:1.5]
    (turn,) = vn.turns(part).agent
    assert (turn.start, turn.silent) == (None, False)
    assert vn.turns(part).heard == ()
