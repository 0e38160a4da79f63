"""Where each turn would have ended: on a call of which everything is known."""

import numpy as np
import pytest

from tests.tuning.known import NEAR
from voicenb.tuning.ghost import Ghosts
from voicenb.tuning.silences import Row
from voicenb.tuning.whatif import whatif
from voicenb.turn_detection import TurnDetection


@pytest.fixture(scope="module")
def ghosts(sweep):
    return Ghosts(sweep.ground)


def limits(least, most=3000):
    return TurnDetection(vad_threshold=0.5, min_silence=least, max_silence=most)


def test_the_first_decision_of_a_turn_ends_it(ghosts, known):
    truth = known[1]
    at_500 = ghosts.of(limits(500))
    assert [each.kind for each in at_500] == [Row.MID, Row.MID, Row.DOUBTFUL, Row.END]
    wanted = [*truth["pauses"], truth["doubtful"], truth["ends"][2]]
    assert [each.decided for each in at_500] == pytest.approx([end + 0.5 for end in wanted], abs=NEAR)
    assert [each.start for each in at_500] == pytest.approx(wanted, abs=NEAR)
    at_1600 = ghosts.of(limits(1600))
    assert [each.kind for each in at_1600] == [Row.END, Row.END, Row.DOUBTFUL, Row.END]


def test_it_tells_the_silence_as_the_sound_has_it(ghosts, known):
    first, _, third, last = ghosts.of(limits(500))
    pause, doubtful = known[1]["pauses"][0], known[1]["doubtful"]
    assert first.pause == pytest.approx((pause, pause + 0.6), abs=NEAR)
    assert third.pause == pytest.approx((doubtful, doubtful + 1.9), abs=NEAR)
    assert last.pause[1] == np.inf


def test_the_agent_would_be_heard_as_long_after_the_decision_as_it_was(ghosts):
    # In all of them the service took 0.4 s from its decision to the first audible sample.
    for each in ghosts.of(limits(500)):
        assert each.sound - each.decided == pytest.approx(0.4, abs=NEAR)


def test_where_no_decision_falls_there_is_none(ghosts):
    # The caller goes on after 1.9 s.
    assert ghosts.of(limits(2200))[2] is None


def test_it_cuts_the_turns_that_the_sweep_counts_as_cut(sweep, ghosts):
    for setting in (sweep.grid[at] for at in range(len(sweep))):
        cut = [each is not None and each.kind in (Row.MID, Row.SPEECH) for each in ghosts.of(setting)]
        assert sum(cut) == sweep.of(setting).turns.k


def test_what_is_left_open_is_the_default(ghosts):
    assert ghosts.of(TurnDetection(min_silence=500)) == ghosts.of(limits(500))


def test_no_answer_tells_how_long_it_takes(tmp_path):
    from tests.analysis.known_call import KnownCall, speech

    call = KnownCall(tmp_path / "call", 8.0)
    call.says(1.0, speech("cards-001.wav"))
    call.says(3.0, speech("cards-004.wav"))
    found = Ghosts(whatif(call.build()).ground).of(limits(200))
    assert [each.sound for each in found if each] == [None]
