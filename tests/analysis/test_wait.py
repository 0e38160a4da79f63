"""What a turn was waited for: each moment counts once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import voicenb as vn
from voicenb.analysis.measure import Measure
from voicenb.analysis.overlap import overlap
from voicenb.analysis.voiced import Voiced
from voicenb.analysis.wait import lasting, waits
from voicenb.plot.stages import Stage, stages
from voicenb.protocol.calls import ToolCallState

from .known_call import RATE, KnownCall, speech


def called(at: float, result_at: float | None) -> ToolCallState:
    return ToolCallState(
        call_id=f"c{at}", name="look_up", arguments={}, at=at, timeout=9.0, result_at=result_at
    )


def said(start: float, end: float) -> Voiced:
    return Voiced("r", start, end, 0)


def told(*args: object, **kwargs: object) -> list[tuple[str, float, float]]:
    return [(wait.kind, wait.start, wait.end) for wait in waits(*args, **kwargs)]


def test_tools_that_overlap_are_one_wait() -> None:
    calls = [called(2.0, 4.0), called(2.1, 3.0), called(5.0, 6.0), called(7.0, None)]
    assert told(calls, [], since=1.0, until=9.0) == [("tool", 2.0, 4.0), ("tool", 5.0, 6.0)]


def test_an_announcement_counts_outside_of_the_tools() -> None:
    found = told([called(2.0, 3.0), called(4.0, 5.0)], [said(1.5, 6.0)], since=1.0, until=5.5)
    assert found == [
        ("announcement", 1.5, 2.0),
        ("tool", 2.0, 3.0),
        ("announcement", 3.0, 4.0),
        ("tool", 4.0, 5.0),
        ("announcement", 5.0, 5.5),
    ]


def test_what_lies_before_the_decision_and_behind_the_answer_is_no_part_of_it() -> None:
    assert told([called(0.5, 1.5)], [said(3.0, 4.0)], since=1.0, until=2.0) == [("tool", 1.0, 1.5)]
    assert told([called(0.5, 1.5)], [], since=1.0, until=None) == [("tool", 1.0, 1.5)]


def test_a_result_that_came_too_late_for_the_answer_was_not_waited_for() -> None:
    calls = [called(2.0, 3.0), called(2.1, 8.0), called(2.2, 3.5)]
    assert told(calls, [], since=1.0, begun=3.5, until=4.0) == [("tool", 2.0, 3.5)]
    assert told(calls, [], since=1.0, begun=None, until=None) == [("tool", 2.0, 8.0)]


def test_a_tool_that_ended_before_makes_no_announcement_longer() -> None:
    found = told([called(2.0, 3.0)], [said(4.0, 5.0)], since=1.0, until=6.0)
    assert found == [("tool", 2.0, 3.0), ("announcement", 4.0, 5.0)]
    within = told([called(2.0, 3.0), called(4.5, 4.6)], [said(4.0, 5.0)], since=1.0, until=6.0)
    assert [wait for wait in within if wait[0] == "announcement"] == [
        ("announcement", 4.0, 4.5),
        ("announcement", 4.6, 5.0),
    ]


TIMES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5)


@given(TIMES, TIMES, st.integers(0, 40), st.integers(0, 40))
def test_each_moment_counts_once(
    trips: list[tuple[int, int]], heard: list[tuple[int, int]], since: int, until: int
) -> None:
    calls = [called(min(each), max(each)) for each in trips]
    runs = [said(min(each), max(each)) for each in heard]
    found = waits(calls, runs, since=since, until=until)
    counted = dict.fromkeys(("tool", "announcement"), 0)
    for moment in range(since, until):  # from one whole second to the next
        here = [wait.kind for wait in found if wait.start <= moment < wait.end]
        in_tool = any(call.at <= moment < call.result_at for call in calls)
        in_speech = any(run.start <= moment < run.end for run in runs)
        assert here == (["tool"] if in_tool else ["announcement"] if in_speech else [])
        for kind in here:
            counted[kind] += 1
    assert {kind: lasting(found, kind) for kind in counted} == counted


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    """Two tools at once, and an announcement that is heard meanwhile and longer."""
    made = KnownCall(tmp_path_factory.mktemp("wait") / "call", 20.0, {"min_silence": 600})
    over = made.says(2.0, speech("cards-002.wav"))
    made.turn("one", "Two things, please.", told=2.1, decided=over + 0.7, transcribed=over + 0.7)
    announcement = speech("cards-001.wav")
    heard = over + 2.0
    calls = (("c1", over + 0.9, over + 2.4), ("c2", over + 0.95, over + 2.3))
    came = {"began": over + 0.75, "received": over + 0.8}
    made.reply("r1", "One moment.", announcement, heard=heard, calls=calls, **came)
    answer = heard + len(announcement) / RATE + 0.4
    sound = speech("austen-0880.wav")
    made.reply("r2", "Here.", sound, began=over + 2.5, received=over + 2.6, heard=answer)
    return made.build()


def test_table_live_panel_and_pictures_tell_the_same(call: vn.Recording) -> None:
    (turn,) = vn.turns(call).caller
    measure = Measure(call)
    measure.refresh()
    answer = measure.answer("r2")
    assert answer is not None
    assert turn.tool_time == pytest.approx(1.5, abs=0.001), "two at once, and not 2.85"
    assert answer.tools == pytest.approx(turn.tool_time, abs=1e-5)
    assert answer.announcement == pytest.approx(lasting(turn.waits, "announcement"), abs=1e-5)
    assert 0 < answer.announcement < turn.announcement, "the rest of it was heard while the tools ran"
    lengths: dict[str, float] = {}
    for stage in stages(turn):
        lengths[stage.kind] = lengths.get(stage.kind, 0.0) + stage.length
    assert lengths["tool"] == pytest.approx(answer.tools, abs=0.001)
    assert lengths["announcement"] == pytest.approx(answer.announcement, abs=0.001)
    assert lengths["reply"] == pytest.approx(answer.rest, abs=0.001)
    assert lengths["silence"] + lengths["service"] == pytest.approx(answer.end_of_turn_delay, abs=0.09)


def test_a_tool_that_the_answer_did_not_use_is_no_part_of_its_wait(tmp_path: Path) -> None:
    made = KnownCall(tmp_path / "call", 16.0, {"min_silence": 600})
    over = made.says(2.0, speech("cards-002.wav"))
    made.turn("one", "Two things, please.", told=2.1, decided=over + 0.7, transcribed=over + 0.7)
    calls = (("c1", over + 0.9, over + 2.0), ("c2", over + 0.95, over + 6.0))
    one, other = speech("cards-001.wav"), speech("austen-0880.wav")
    made.reply("r1", "", one[:0], began=over + 0.75, received=over + 0.8, heard=over + 0.9, calls=calls)
    made.reply("r2", "Here.", one, began=over + 2.1, received=over + 2.2, heard=over + 2.6)
    made.reply("r3", "There.", other, began=over + 6.1, received=over + 6.2, heard=over + 6.3)
    call = made.build()
    (turn,) = vn.turns(call).caller
    assert turn.tool_time == pytest.approx(1.1, abs=0.001), "and not up to the answer"
    measure = Measure(call)
    measure.refresh()
    answer, later = measure.answer("r2"), measure.answer("r3")
    assert answer is not None
    assert answer.tools == pytest.approx(1.1, abs=0.001)
    assert later is not None
    assert later.tools == pytest.approx(5.1, abs=0.001)


def test_stages_stand_where_they_were(call: vn.Recording) -> None:
    found = vn.turns(call)
    (turn,) = found.caller
    (tool,) = [stage for stage in stages(turn) if stage.kind == "tool"]
    assert turn.end is not None
    assert turn.end + tool.start == pytest.approx(call.tool_calls[0].at, abs=0.001)
    (said_then,) = [stage for stage in stages(turn) if stage.kind == "announcement"]
    (run,) = [run for run in found.heard if run.reply_id == "r1"]
    assert turn.end + said_then.start + said_then.length == pytest.approx(run.end, abs=0.001)
    assert overlap([span(tool)], [span(said_then)]) == 0


def span(stage: Stage) -> Voiced:
    return said(stage.start, stage.start + stage.length)
