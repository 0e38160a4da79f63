"""What-if on calls of which everything is known, sample by sample."""

import numpy as np
import pytest

from tests.analysis.known_call import KnownCall, speech
from voicenb.analysis.boundaries import find_speech
from voicenb.errors import InvalidConfiguration, RecordingError
from voicenb.tuning.kept import probabilities
from voicenb.tuning.truth import Truth
from voicenb.tuning.whatif import whatif
from voicenb.turn_detection import TurnDetection
from voicenb.turn_taking.decisions import TurnEnded
from voicenb.turn_taking.floor import TurnTaker
from voicenb.turn_taking.settings import Settings

ONE, OTHER, ANSWER = "cards-001.wav", "cards-004.wav", "cards-002.wav"
LIMITS = {"vad_threshold": 0.5, "min_silence": 1000, "max_silence": 3000}
NEAR = 0.1
"""Seconds: a detector goes on a frame or two longer than the label says, and decides on frame ends.

A soft onset it hears later: the pause of 0.6 s is one of 0.74 s to it.
"""


def answered(call, name, end, decided=1.0, answer=1.4, cut=None):
    """The service decides that the turn is over, and is heard."""
    call.turn(f"item-{name}", "Two of clubs.", told=None, decided=end + decided, transcribed=end + decided)
    began = end + decided
    heard = end + answer
    call.reply(name, "Yes.", speech(ANSWER), began=began, received=began, heard=heard, cut=cut)
    return end + answer + len(speech(ANSWER)) / 24_000


def build(folder, turn_detection=LIMITS):
    """Turns with a pause of 0.6 s, with one of 1.3 s that was cut, and with a candidate cut."""
    call = KnownCall(folder, 30.0, turn_detection)
    paused = call.says(1.0, speech(ONE))
    end = call.says(paused + 0.6, speech(OTHER))
    over = answered(call, "a", end)
    first = call.says(over + 1.0, speech(ONE))
    call.turn("item-b0", "Two.", told=None, decided=first + 1.0, transcribed=first + 1.0)  # cut, nobody spoke
    second = call.says(first + 1.3, speech(OTHER))
    over = answered(call, "b", second)
    third = call.says(over + 1.0, speech(ONE))
    answered(call, "c", third, cut=third + 1.4 + 0.8)
    fourth = call.says(third + 1.4 + 0.5, speech(OTHER))  # half a second into the answer
    answered(call, "d", fourth)
    return call.build(), {"ends": [end, second, fourth], "doubtful": third, "pauses": [paused, first]}


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    return build(tmp_path_factory.mktemp("known") / "call")


@pytest.fixture(scope="module")
def sweep(known):
    return whatif(known[0], min_silence=[200, 500, 800, 900, 1200, 1600, 2200])


def test_the_truth_is_what_was_put_into_the_call(known, sweep):
    (call,) = sweep.ground.calls
    turns = call.turns
    assert [turn.last.truth for turn in turns] == [Truth.END, Truth.END, Truth.DOUBTFUL, Truth.END]
    wanted = [*known[1]["ends"][:2], known[1]["doubtful"], known[1]["ends"][2]]
    assert [turn.end for turn in turns] == pytest.approx(wanted, abs=0.03)
    assert [start for pauses in sweep.ground.pauses for _, start, _ in pauses] == pytest.approx(
        known[1]["pauses"], abs=0.03
    )


def test_the_speech_is_where_the_analysis_finds_it(known, sweep):
    assert list(sweep.ground.calls[0].evidence.speech) == find_speech(known[0].caller)


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


def test_what_really_was_decided_is_an_arm_and_the_default_never_missing(sweep):
    default, recorded = sweep.recorded
    assert default.setting is None
    assert default.turns.n == 0
    assert recorded.setting == TurnDetection(**LIMITS)
    assert (recorded.false_cutoffs.k, recorded.false_cutoffs.n) == (1, 2)
    assert (recorded.doubtful.k, recorded.doubtful.n) == (1, 1)
    assert recorded.latency == pytest.approx(1.0, abs=0.03)
    assert recorded.observed


def test_the_model_decides_as_the_service_did(sweep):
    calibration = sweep.calibration
    assert (calibration.agreement.k, calibration.agreement.n) == (6, 6)
    assert (calibration.only_model, calibration.only_recorded, calibration.adaptive) == (0, 0, 0)
    assert max(map(abs, calibration.error.values)) < NEAR


def test_a_call_with_the_adaptive_default_has_it_as_an_arm(tmp_path):
    call, _ = build(tmp_path / "call", None)
    sweep = whatif(call, min_silence=1000)
    (default,) = sweep.recorded
    assert (default.false_cutoffs.k, default.false_cutoffs.n, default.turns.n) == (1, 2, 4)
    assert (sweep.calibration.agreement.n, sweep.calibration.adaptive) == (0, 4)


def test_a_service_that_decides_otherwise_is_told_by_the_calibration(tmp_path):
    call, _ = build(tmp_path / "call", LIMITS | {"min_silence": 400})
    calibration = whatif(call, min_silence=1000).calibration
    # It would have cut the first pause, and ended every turn 0.6 s sooner.
    assert (calibration.agreement.k, calibration.agreement.n, calibration.only_model) == (0, 6, 1)
    assert calibration.error.p50 == pytest.approx(0.6, abs=NEAR)


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


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"min_silence": 3000}, "min_silence must be less than max_silence"),
        ({"min_silence": 10}, "whole milliseconds from 50 to 10000; got 10"),
        ({"min_silence": 500.5}, "whole milliseconds"),
        ({"vad_threshold": [0.5, 1.5]}, "a number from 0 to 1; got 1.5"),
        ({"min_silence": True}, "got True"),
        ({"max_silence": "long"}, "got 'long'"),
        ({"min_silence": []}, "min_silence has no value"),
        ({"interruption_delay": 100}, "decides over the agent's voice"),
        ({"patience": 1}, "is no setting of when a turn ends"),
    ],
)
def test_settings_that_cannot_be(known, given, what):
    with pytest.raises(InvalidConfiguration, match=what):
        whatif(known[0], **given)


def test_combinations_that_the_service_would_refuse_are_left_out_and_counted(known):
    sweep = whatif(known[0], min_silence=[500, 1000, 1500], max_silence=[1000, 2000])
    assert [(each.min_silence, each.max_silence) for each in sweep.grid] == [
        (500, 1000),
        (500, 2000),
        (1000, 2000),
        (1500, 2000),
    ]
    assert sweep.grid.left_out == 2
    assert "Left out: 2" in repr(sweep)


def test_what_is_no_recording(tmp_path):
    with pytest.raises(InvalidConfiguration, match=r"vn\.whatif takes"):
        whatif(5, min_silence=500)
    with pytest.raises(InvalidConfiguration, match="no recording"):
        whatif([], min_silence=500)
    with pytest.raises(RecordingError):
        whatif(tmp_path / "none", min_silence=500)


def test_it_reads_as_a_table(sweep):
    told = repr(sweep)
    title = "7 settings · 1 call · 4 turns of the caller's · 2 mid-turn pauses · 1 doubtful end · built"
    assert told.splitlines()[0] == title
    assert "adaptive default" in told
    assert "no call was held with it" in told
    assert "Not observed" in told
    page = sweep._repr_html_()
    assert page.count("<tr") == len(told.splitlines()) - 3 + 0
    table = sweep.to_dataframe()
    assert len(table) == 2 + 7
    assert table.policy[0].startswith("adaptive default")
    assert table.pauses_cut.tolist()[2:] == [2, 2, 1, 1, 1, 0, 0]
