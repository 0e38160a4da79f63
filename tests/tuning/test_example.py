"""A silence that is cut, and its sound."""

import pytest

from tests.tuning.known import NEAR
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
