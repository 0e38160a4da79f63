"""The rule by which a silence is a pause, an end, or doubtful."""

import math

import pytest

from tests.tuning.calls import CALL
from voicenb.tuning.evidence import Reply
from voicenb.tuning.truth import Truth, derive, gaps, turns

NEVER = math.inf


@pytest.mark.parametrize(
    ("end", "replies", "truth"),
    [
        (10.8, [], Truth.MID),  # the caller went on before anyone spoke
        (15.0, [], Truth.MID),
        (15.01, [], Truth.UNCLEAR),  # too long for a pause, and nobody answered
        (NEVER, [], Truth.UNCLEAR),
        (14.0, [Reply(11.0, 13.0)], Truth.END),
        (12.0, [Reply(11.0, 13.0)], Truth.END),  # exactly a second into the answer
        (11.99, [Reply(11.0, 13.0)], Truth.DOUBTFUL),
        (11.0, [Reply(11.0, 13.0)], Truth.MID),  # both at once: nobody had spoken yet
        (NEVER, [Reply(11.0, 13.0)], Truth.END),
        (NEVER, [Reply(19.5, 20.0)], Truth.UNCLEAR),  # the call was over before the second was
        (14.0, [Reply(8.0, 10.5)], Truth.OVER),  # spoken over the agent
        (10.8, [Reply(8.0, 10.5, interrupted=True)], Truth.MID),  # the agent gave way, the caller went on
        (14.0, [Reply(8.0, 10.5, interrupted=True), Reply(11, 12)], Truth.END),
        (14.0, [Reply(8.0, 10.0), Reply(11.0, 12.0)], Truth.END),  # it was over as the caller stopped
        (14.0, [Reply(14.5, 16.0)], Truth.MID),  # what comes later has no part in it
    ],
)
def test_the_rule(end, replies, truth):
    assert derive(10.0, end, replies, duration=20.0)[0] is truth


def test_a_call_falls_into_turns():
    found = gaps(CALL)
    assert [gap.truth.name for gap in found] == ["MID", "MID", "END", "DOUBTFUL", "OVER", "END"]
    assert [None if gap.decision is None else gap.decision.at for gap in found] == [
        None,
        None,
        5.8,
        10.9,
        None,
        21.7,
    ]
    assert [gap.answered for gap in found] == [None, None, 6, 11, None, 22]
    spoken = turns(CALL, found)
    assert [(turn.start, turn.end) for turn in spoken] == [(1, 5), (9, 10), (11.5, 12), (20, 21)]
    assert [len(turn.pauses) for turn in spoken] == [2, 0, 0, 0]
    assert spoken[0].last.observed == pytest.approx(0.8)  # past the decision nobody knows


def test_every_stretch_of_speech_is_in_one_turn():
    spoken = turns(CALL, gaps(CALL))
    assert sum(len(turn.pauses) + 1 for turn in spoken) == len(CALL.speech)
