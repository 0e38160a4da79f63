"""A silence that is cut, and its sound."""

import pytest

import voicenb as vn
from tests.tuning.known import NEAR
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
    assert player.recording.begin == pytest.approx(first.start - 2.0)
    assert player.recording.duration == pytest.approx(first.sound.duration)
    player.close()
