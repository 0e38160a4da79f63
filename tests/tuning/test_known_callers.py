"""Callers whose pauses are known, in a whole call on the virtual clock: what-if finds and counts them."""

from itertools import pairwise

import numpy as np
import pytest

import voicenb as vn
from tests.analysis.known_call import RATE, speech
from tests.tuning.known import NEAR
from voicenb.audio.wav import write_wav
from voicenb.tuning.truth import Truth
from voicenb.tuning.whatif import whatif

CARDS = [f"cards-00{number}.wav" for number in (1, 4, 2, 3)]
ANSWERS = ["Certainly, there is one at half past seven.", "Good, then we shall see you on Friday evening."]
FOUND = 0.04
"""Seconds that a boundary may be found beside the one that was set by hand."""

PAUSES = [0.5, 1.0, 1.5]
LIMITS = [200, 350, 700, 850, 1200, 1350, 1700, 1950]
"""None so near to a pause that a frame or two of the detector's would decide."""


class Always:
    """Every word looks complete, so that the silence alone decides."""

    def looks_complete(self, text):
        return True


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    """Two turns with pauses, an agent so patient that it cuts none; and where the speech was put."""
    folder = tmp_path_factory.mktemp("known-caller")
    for name in CARDS:  # cut at their labels: what is between them is the pause and nothing else
        write_wav(folder / name, speech(name), RATE)
    agent = vn.Agent(
        name="Lido",
        system_prompt="You take bookings.",
        greeting="Hello.",
        turn_detection=vn.TurnDetection(min_silence=2000, max_silence=2500),
    )
    one, two, three, four = (folder / name for name in CARDS)
    pauses = [vn.Pause(seconds) for seconds in PAUSES]
    first = [one, pauses[0], two, pauses[1], three, vn.Answer()]
    second = [four, pauses[2], one, vn.Answer(), vn.Pause(0.5)]
    caller = vn.Caller([*first, *second])
    recording = vn.run(agent, caller, brain=ANSWERS, recording=folder / "call")
    spoken = [(each.start / RATE, each.stop / RATE) for each in caller.truth]
    return recording, [spoken[:3], spoken[3:]]


@pytest.fixture(scope="module")
def sweep(call):
    return whatif(call[0], min_silence=LIMITS, max_silence=2500, completeness=Always())


def test_the_pauses_are_those_that_were_spoken(call, sweep):
    (found,) = sweep.ground.calls
    assert [turn.last.truth for turn in found.turns] == [Truth.END, Truth.END]
    assert [turn.end for turn in found.turns] == pytest.approx([turn[-1][1] for turn in call[1]], abs=FOUND)
    assert [turn.start for turn in found.turns] == pytest.approx([turn[0][0] for turn in call[1]], abs=FOUND)
    spoken = [onset - end for turn in call[1] for (_, end), (onset, _) in pairwise(turn)]
    assert spoken == pytest.approx(PAUSES, abs=0.02)
    assert [turn for turn, _, _ in sweep.ground.pauses[0]] == [0, 0, 1]
    assert [end - start for _, start, end in sweep.ground.pauses[0]] == pytest.approx(spoken, abs=FOUND)


def test_a_setting_cuts_those_that_are_longer(sweep):
    cut = {200: 3, 350: 3, 700: 2, 850: 2, 1200: 1, 1350: 1, 1700: 0, 1950: 0}
    turns = {200: 2, 350: 2, 700: 2, 850: 2, 1200: 1, 1350: 1, 1700: 0, 1950: 0}
    assert sweep.scores.pauses_cut.tolist() == [cut[limit] for limit in LIMITS]
    assert sweep.scores.turns_cut.tolist() == [turns[limit] for limit in LIMITS]
    assert [(each.false_cutoffs.n, each.turns.n) for each in sweep] == [(3, 2)] * len(LIMITS)


def test_the_latency_is_the_silence_from_the_labelled_end(sweep):
    assert sweep.scores.mean == pytest.approx(np.array(LIMITS) / 1000, abs=NEAR)
    assert (np.diff(sweep.scores.mean) > 0).all()


def test_so_patient_an_agent_leaves_every_sooner_setting_observed(sweep):
    assert all(score.observed and not score.doubtful.n for score in sweep)
    _, as_recorded = sweep.recorded
    assert (as_recorded.false_cutoffs.k, as_recorded.turns.n) == (0, 2)
    assert as_recorded.latency == pytest.approx(2.0, abs=NEAR)
    best = sweep.best(false_cutoff_rate=0.0)
    assert best.setting.min_silence == 1700  # the first that is longer than the longest pause
    assert sweep.frontier()[0].setting.min_silence == 200


def test_labels_of_the_script_say_the_same(call, sweep, tmp_path):
    lines = [f"{turn[0][0]:.3f}\t{turn[-1][1]:.3f}\tcaller\n" for turn in call[1]]
    labels = tmp_path / "labels.txt"
    labels.write_text("".join(lines))
    labelled = whatif(call[0], labels=labels, min_silence=LIMITS, max_silence=2500, completeness=Always())
    assert labelled.scores.pauses_cut.tolist() == sweep.scores.pauses_cut.tolist()
    assert labelled.scores.mean.tolist() == sweep.scores.mean.tolist()


def test_words_that_are_open_wait_for_max_silence(call):
    class Never:
        def looks_complete(self, text):
            return False

    waits = whatif(call[0], min_silence=200, max_silence=[850, 1700], completeness=Never())
    assert [score.false_cutoffs.k for score in waits] == [2, 0]
    assert [score.latency for score in waits] == pytest.approx([0.85, 1.7], abs=NEAR)
