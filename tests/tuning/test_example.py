"""A silence that is cut, and its sound."""

import pytest

import voicenb as vn
from tests.tuning.known import NEAR, build
from voicenb.tuning.example import Example
from voicenb.turn_detection import TurnDetection


def test_examples_are_the_silences_that_are_cut(known, sweep):
    truth = known[1]
    found = sweep.examples(TurnDetection(min_silence=800))
    assert [each.kind for each in found] == ["pause", "doubtful"]
    first = truth["pauses"][1]
    assert (found[0].start, found[0].end) == pytest.approx((first, first + 1.3), abs=2 * NEAR)
    assert found[0].decided == pytest.approx(first + 0.8, abs=NEAR)
    sound = found[0].sound
    assert sound.begin == pytest.approx(found[0].start - 2.0)
    assert len(sound.caller) == pytest.approx((4.0 + found[0].end - found[0].start) * 24_000, abs=2400)
    assert sweep.examples(TurnDetection(min_silence=2500)) == []


@pytest.mark.parametrize(
    ("start", "end", "begin", "until"),
    [(10.0, 11.0, 8.0, 13.0), (1.0, 1.5, 0.0, 3.5), (28.5, 29.5, 26.5, 30.0), (0.0, 30.0, 0.0, 30.0)],
)
def test_its_sound_goes_no_further_than_the_call(known, start, end, begin, until):
    sound = Example("call", "pause", start, end, start + 0.4, known[0]).sound
    assert (sound.begin, sound.end) == (begin, until)
    assert len(sound.caller) == round((until - begin) * 24_000)


def test_the_same_silence_is_the_same_example(known):
    one, other = (Example("call", "speech", 1.0, 2.0, 1.5, each) for each in (known[0], known[0][0.0:9.0]))
    assert one == other
    assert "recording" not in repr(one)


def test_it_can_be_played_where_it_was(sweep):
    (first, _) = sweep.examples(TurnDetection(min_silence=800))
    player = first.player()
    assert isinstance(player, vn.Player)
    assert player.recording.begin <= first.start - 2.0
    assert player.position == pytest.approx(first.start - player.recording.begin - 2.0)
    player.close()


def test_what_is_played_holds_the_whole_turn_and_the_answer_and_says_where_it_would_have_ended(known, sweep):
    """The pause that was cut is told as a pause of two turns of the call, not as sounds of no turn."""
    for first in sweep.examples(TurnDetection(min_silence=500)):
        part = first.in_call
        assert part.begin <= max(0.0, first.start - 2.0)
        assert part.end >= first.end + 2.0
        begin, until = first.start - NEAR, first.end + NEAR
        whole = [each for each in vn.turns(known[0]).caller if each.start < until and begin < each.end]
        assert whole
        found = vn.turns(part)
        assert {each.text for each in whole} <= {each.text for each in found.caller}
        assert found.other == ()
        assert [each for each in found.agent if each.start + part.begin > first.end]
        (note,) = part.notes
        assert note.at + part.begin == pytest.approx(first.decided, abs=1e-6)
        assert "would have ended the turn here" in note.text
    assert known[0].notes == ()


def test_notes_of_the_call_are_among_what_is_played(tmp_path):
    call, _ = build(tmp_path / "call")
    part = Example("call", "pause", 8.1, 9.4, 8.9, call).in_call
    part.note("Listen to this.", at=1.0)
    assert sorted(each.text for each in part.notes)[0] == "Listen to this."
    assert len(part.notes) == 2
    assert [each.text for each in call.notes] == ["Listen to this."]


def test_a_silence_where_the_call_has_no_turn_is_played_as_it_sounds(known):
    part = Example("call", "speech", 28.0, 28.5, 28.2, known[0]).in_call
    assert (part.begin, part.end) == (26.0, 30.0)
