"""What a recording shows, told in seconds of the caller's track."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.known_call import KnownCall
from tests.tuning.known import LIMITS
from voicenb.analysis.boundaries import find_speech
from voicenb.tuning.evidence import TrackClock, read
from voicenb.tuning.kept import probabilities


def test_the_speech_is_where_the_analysis_finds_it(known, sweep):
    assert list(sweep.ground.calls[0].evidence.speech) == find_speech(known[0].caller)


def test_what_was_put_into_the_call_is_read(known, sweep):
    truth = known[1]
    found = sweep.ground.calls[0].evidence
    assert (found.name, found.service, found.duration) == (known[0].name, "built", 30.0)
    assert len(found.values) == 30 * 24_000 // 768
    ends = [*truth["ends"][:2], truth["doubtful"], truth["ends"][2]]
    assert [each.start for each in found.replies] == pytest.approx([end + 1.4 for end in ends], abs=0.03)
    assert [each.interrupted for each in found.replies] == [False, False, True, False]
    decided = sorted([*(end + 1.0 for end in ends), truth["pauses"][1] + 1.0])
    assert [each.at for each in found.decisions] == pytest.approx(decided, abs=1e-5)
    assert all(each.turn_detection == LIMITS and not each.tools for each in found.decisions)
    assert [(each.at, each.final) for each in found.words] == [
        (pytest.approx(at, abs=1e-5), True) for at in decided
    ]


def test_a_part_of_a_call_tells_its_own_times(known):
    whole, part = (read(each, *probabilities([each])) for each in (known[0], known[0][10.0:25.0]))
    within = [each.at for each in whole.decisions if 10.0 < each.at < 25.0]
    assert len(within) >= 2
    assert [each.at for each in part.decisions] == pytest.approx([at - 10.0 for at in within], abs=0.02)


def test_a_tool_called_for_a_turn_is_told_with_its_decision(tmp_path):
    call = KnownCall(tmp_path / "call", 9.0, LIMITS)
    tone = np.full(12_000, 0.1, np.float32)
    for number, calls in enumerate([(("c1", 2.2, 2.4),), ()]):
        at = 2.0 + 4 * number
        call.turn(f"item-{number}", "Two.", told=None, decided=at, transcribed=at)
        times = {"began": at + 0.1, "received": at + 0.2, "heard": at + 0.5}
        call.reply(f"r{number}", "Yes.", tone, **times, calls=calls)
    recording = call.build()
    found = read(recording, *probabilities([recording]))
    assert [(each.at, each.tools) for each in found.decisions] == [(2.0, True), (6.0, False)]


def test_a_call_without_sound_and_words(tmp_path):
    recording = KnownCall(tmp_path / "call", 0.0).build()
    found = read(recording, *probabilities([recording]))
    assert (found.speech, found.replies, found.decisions, found.words, found.duration) == (
        (),
        (),
        (),
        (),
        0.0,
    )


SECOND = 24_000
GAP = TrackClock([(0, SECOND, 0), (SECOND, SECOND, 3 * SECOND)])
"""A second of sound, two in which the microphone was off, and another second."""


def test_where_the_microphone_was_off_the_track_stands_still():
    moments = [0.0, 0.5, 1.0, 2.0, 2.99, 3.0, 3.5, 4.0, 5.0]
    assert GAP(moments).tolist() == pytest.approx([0.0, 0.5, 1.0, 1.0, 1.0, 1.0, 1.5, 2.0, 3.0])
    assert [GAP.back(at) for at in (0.0, 0.5, 1.5, 2.0)] == [0.0, 0.5, 3.5, 4.0]


def test_without_pieces_both_clocks_are_one():
    clock = TrackClock([])
    assert (clock.one(1.25), clock.back(1.25)) == (1.25, 1.25)


@given(
    st.lists(st.tuples(st.integers(1, 50_000), st.integers(0, 50_000)), min_size=1, max_size=6),
    st.floats(0, 1),
)
def test_back_and_forth_is_the_same_moment(parts, share):
    pieces, first, on_clock = [], 0, 0
    for count, gap in parts:
        pieces.append((first, count, on_clock))
        first, on_clock = first + count, on_clock + count + gap
    clock = TrackClock(pieces)
    at = share * first / SECOND
    assert clock.one(clock.back(at)) == pytest.approx(at, abs=2e-6)
    moments = np.linspace(0, on_clock / SECOND, 50)
    assert (np.diff(clock(moments)) >= 0).all()  # it never runs backwards


def test_what_a_turn_is_awaited_to_be_is_told_as_a_policy_would_see_it(tmp_path):
    call = KnownCall(tmp_path / "call", 9.0, LIMITS)
    tone = np.full(12_000, 0.1, np.float32)
    call.reply("r0", "For how many?", tone, began=0.1, received=0.2, heard=0.5)
    call.put(2.0, "in", "transcript.user.delta", item_id="i", text="four one five")
    call.turn("i", "Four.", told=None, decided=3.0, transcribed=3.1)
    times = {"began": 3.2, "received": 3.3, "heard": 3.5}
    call.reply("r1", "I look.", tone, **times, calls=(("c1", 3.4, 3.6),))
    recording = call.build()
    found = read(recording, *probabilities([recording]))
    assert found.awaited == ((0.22, "question"), (3.1, "other"), (3.6, "tool"))
