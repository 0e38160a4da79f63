"""What-if on calls of which everything is known, sample by sample."""

import numpy as np
import pytest

from tests.analysis.known_call import KnownCall, speech
from tests.tuning.known import ANSWER, LIMITS, NEAR, ONE, OTHER, answered
from voicenb.errors import InvalidConfiguration, RecordingError
from voicenb.tuning.kept import probabilities
from voicenb.tuning.truth import Truth
from voicenb.tuning.whatif import whatif
from voicenb.turn_taking.decisions import TurnEnded
from voicenb.turn_taking.floor import TurnTaker
from voicenb.turn_taking.settings import Settings


def test_the_truth_is_what_was_put_into_the_call(known, sweep):
    (call,) = sweep.ground.calls
    turns = call.turns
    assert [turn.last.truth for turn in turns] == [Truth.END, Truth.END, Truth.DOUBTFUL, Truth.END]
    wanted = [*known[1]["ends"][:2], known[1]["doubtful"], known[1]["ends"][2]]
    assert [turn.end for turn in turns] == pytest.approx(wanted, abs=0.03)
    assert [start for pauses in sweep.ground.pauses for _, start, _ in pauses] == pytest.approx(
        known[1]["pauses"], abs=0.03
    )


def test_each_setting_cuts_the_pauses_that_are_longer_and_no_other(sweep):
    #                          200 500 800 900 1200 1600 2200
    assert sweep.scores.pauses_cut.tolist() == [2, 2, 1, 1, 1, 0, 0]
    assert sweep.scores.turns_cut.tolist() == [2, 2, 1, 1, 1, 0, 0]
    assert sweep.scores.calls_cut.tolist() == [1, 1, 1, 1, 1, 0, 0]
    assert sweep.scores.doubtful_cut.tolist() == [1, 1, 1, 1, 1, 1, 0]  # the caller went on after 1.9 s
    assert sweep.scores.missed.tolist() == [0] * 7
    assert str(sweep[2].false_cutoffs) == "1 of 2"
    assert (sweep[2].turns.k, sweep[2].turns.n, sweep[2].doubtful.n, sweep[2].ends) == (1, 4, 1, 3)


def test_the_latency_is_the_silence_that_it_waits_for(sweep):
    for at, setting in enumerate(sweep.grid.min_silence):
        assert sweep[at].latency_p50 == pytest.approx(setting / 1000, abs=NEAR)
        # The service answered 0.4 s after its decision.
        assert sweep[at].response_latency == pytest.approx(sweep[at].latency_p50 + 0.4, abs=NEAR)
    assert all(sweep[at].latency_p90 is None for at in range(len(sweep)))  # below 20 ends


def test_past_the_recorded_decision_nothing_was_observed(sweep):
    assert [each.observed for each in sweep] == [True] * 4 + [False] * 3
    assert [each.beyond for each in sweep] == [0] * 4 + [3] * 3


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.8])
@pytest.mark.parametrize("limit", [200, 500, 1000])
def test_the_decision_falls_in_the_frame_in_which_it_falls_live(known, threshold, limit):
    call, _ = known
    (values,) = probabilities([call])
    taker = TurnTaker(Settings(vad_threshold=threshold, min_silence=limit))
    live = []
    for value in values.tolist():
        decided = [each.at for each in taker.frame(value) if isinstance(each, TurnEnded)]
        taker.partial("Two of clubs.")
        live += decided
    taken = whatif(call, vad_threshold=threshold, min_silence=limit)
    scorer = taken._scorer(taken.grid[0])
    rows, _, _ = taken.ground.silences(threshold)
    at = scorer.decisions(taken.grid.min_silence, taken.grid.max_silence)[:, 0]
    offline = [row.start + when for row, when in zip(rows, at.tolist(), strict=True) if np.isfinite(when)]
    assert offline == pytest.approx(live)
    assert len(live) >= 4


def test_words_that_do_not_look_complete_wait_for_max_silence(tmp_path):
    call = KnownCall(tmp_path / "call", 12.0, LIMITS)
    end = call.says(1.0, speech(ONE))
    call.put(end - 0.1, "in", "transcript.user.delta", item_id="item-a", text="A table for")
    call.turn("item-a", "A table for", told=1.1, decided=end + 3.0, transcribed=end + 3.0)
    call.reply("a", "Yes?", speech(ANSWER), began=end + 3.0, received=end + 3.0, heard=end + 3.4)
    recording = call.build()
    assert whatif(recording, min_silence=500)[0].latency == pytest.approx(3.0, abs=NEAR)

    class Always:
        def looks_complete(self, text):
            return True

    assert whatif(recording, min_silence=500, completeness=Always())[0].latency == pytest.approx(
        0.5, abs=NEAR
    )


def test_labels_have_the_last_word_and_make_more_patient_settings_observed(known, tmp_path):
    call, truth = known
    doubtful = truth["doubtful"]
    lines = [f"{end + 0.1:.3f}\t{end + 0.4:.3f}\twas done\n" for end in truth["ends"]]
    lines.append(f"{doubtful + 0.1:.3f}\t{doubtful + 0.4:.3f}\twent on\n")
    labels = tmp_path / "labels.txt"
    labels.write_text("".join(lines))
    sweep = whatif(call, labels=labels, min_silence=[1600, 2200])
    assert [each.observed for each in sweep] == [True, True]
    assert [each.false_cutoffs.k for each in sweep] == [1, 0]  # the doubtful one is a pause of 1.9 s now
    assert sweep[0].false_cutoffs.n == 3
    assert sweep[0].doubtful.n == 0
    assert whatif(call, labels={call.name: labels}, min_silence=1600)[0] == sweep[0]


def test_the_order_of_calls_changes_nothing(known, tmp_path):
    other = KnownCall(tmp_path / "other", 8.0, LIMITS)
    answered(other, "a", other.says(1.0, speech(ONE)))
    calls = [known[0], other.build()]
    one, two = (whatif(each, min_silence=[500, 900]) for each in (calls, calls[::-1]))
    for here, there in zip(one, two, strict=True):
        assert here == there
    assert one[0].calls.n == 2
    assert one[0].ends == 4


@pytest.mark.parametrize("sound", ["nothing", "silence"])
def test_calls_without_speech(tmp_path, sound):
    call = KnownCall(tmp_path / "call", 0.0 if sound == "nothing" else 5.0, LIMITS).build()
    sweep = whatif(call, min_silence=[500, 900])
    assert [(each.false_cutoffs.n, each.latency, each.ends) for each in sweep] == [(0, None, 0)] * 2
    assert sweep.frontier() == []
    assert "not possible" in repr(sweep)
    with pytest.raises(InvalidConfiguration, match="There is no mid-turn pause"):
        sweep.best(false_cutoff_rate=0.05)


def test_what_is_no_recording(tmp_path):
    with pytest.raises(InvalidConfiguration, match=r"vn\.whatif takes"):
        whatif(5, min_silence=500)
    with pytest.raises(InvalidConfiguration, match="no recording"):
        whatif([], min_silence=500)
    with pytest.raises(RecordingError):
        whatif(tmp_path / "none", min_silence=500)


def test_only_one_side_was_recorded(tmp_path):
    deaf = KnownCall(tmp_path / "caller", 8.0, LIMITS)
    deaf.says(deaf.says(1.0, speech(ONE)) + 0.6, speech(OTHER))
    alone = whatif(deaf.build(), min_silence=[300, 1500])
    # Nobody is heard to answer: the pause can be judged, the end cannot.
    assert alone.scores.pauses_cut.tolist() == [1, 0]
    assert [(each.ends, each.latency) for each in alone] == [(0, None)] * 2
    with pytest.raises(InvalidConfiguration, match="There is no end of a turn"):
        alone.best(false_cutoff_rate=0.05)
    mute = KnownCall(tmp_path / "agent", 8.0, LIMITS)
    mute.reply("a", "Hello?", speech(ANSWER), began=1.0, received=1.0, heard=1.2)
    silent = whatif(mute.build(), min_silence=300)
    assert (silent.ground.turns, silent[0].false_cutoffs.n, silent[0].ends) == (0, 0, 0)


@pytest.mark.parametrize(
    ("labels", "what"),
    [
        ("1.0\t31.0\tcaller\n", r"goes to 31.00 s; call is over at 30.00 s. Are these the labels of another"),
        ("1.0\t2.0\tsomebody\n", r"labels.txt, line 1, is no label"),
        (None, r"labels.txt cannot be read"),
    ],
)
def test_labels_that_do_not_fit(known, tmp_path, labels, what):
    file = tmp_path / "labels.txt"
    if labels is not None:
        file.write_text(labels)
    with pytest.raises(InvalidConfiguration, match=what):
        whatif(known[0], labels=file, min_silence=500)


def test_labels_up_to_the_end_and_a_little_beyond_it_are_the_calls(known, tmp_path):
    labels = tmp_path / "labels.txt"
    labels.write_text("1.0\t30.4\tcaller\n")  # drawn by hand
    assert whatif(known[0], labels=labels, min_silence=500).ground.turns >= 1


def test_whose_labels_they_are_must_be_clear(known, tmp_path):
    labels = tmp_path / "labels.txt"
    labels.write_text("1.0\t2.0\tcaller\n")
    call, other = known[0], KnownCall(tmp_path / "other", 1.0).build()
    with pytest.raises(InvalidConfiguration, match="One file of labels for 2 calls"):
        whatif([call, other], labels=labels, min_silence=500)
    with pytest.raises(InvalidConfiguration, match="labels for 'nobody', which is none of the calls"):
        whatif(call, labels={"nobody": labels}, min_silence=500)
    with pytest.raises(InvalidConfiguration, match="Two calls have the same name"):
        whatif([call, call], labels={call.name: labels}, min_silence=500)
    for wrong in (3, ["a"], {call.name: None}):
        with pytest.raises(InvalidConfiguration, match="labels takes a file of labels"):
            whatif(call, labels=wrong, min_silence=500)
