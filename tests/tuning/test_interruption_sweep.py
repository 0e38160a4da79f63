"""Settings over the agent's voice: shares and times by hand, and refused where nobody can know."""

from dataclasses import replace

import numpy as np
import pytest

from tests.tuning.test_spoken_over import HELD, F, call
from voicenb.errors import InvalidConfiguration
from voicenb.tuning.interruption_sweep import InterruptionSweep
from voicenb.tuning.scores import Ground, Heard
from voicenb.turn_taking.completeness import Words as Judge


def ground(*calls, service="emulator · contract · rules"):
    return Ground([Heard(replace(each, service=service), ()) for each in calls], Judge())


WORDS = call((50, 120), told=68, reply=(10, 70), words=[(69, "Wait a moment.")])  # stopped at 62, 68, 68, 77
COUGH = call((50, 60))  # stopped at 62, 70, never, never
HUM = call((50, 75))  # never


@pytest.fixture(scope="module")
def sweep():
    return InterruptionSweep(ground(WORDS, COUGH, HUM), {"interruption_delay": [0, 250, 500, 800]})


def test_what_it_stops_for_by_hand(sweep):
    assert [(each.false_interruptions.k, each.false_interruptions.n) for each in sweep] == [
        (0, 1),  # whether the cough held words nobody knows: under the recorded 500 ms it was not due
        (0, 1),
        (0, 2),
        (0, 2),
    ]
    assert [each.unknown for each in sweep] == [2, 2, 0, 0]
    assert [(each.yielded.k, each.yielded.n) for each in sweep] == [(1, 1)] * 4
    assert [each.reaction.p50 for each in sweep] == [None, None, pytest.approx(18 * F), pytest.approx(27 * F)]
    # The voice was silent two frames behind the service's word.
    latencies = [None, None, pytest.approx(20 * F), pytest.approx(29 * F)]
    assert [each.yield_latency for each in sweep] == latencies


def test_later_than_the_recorded_stop_nothing_was_observed(sweep):
    assert [each.beyond for each in sweep] == [0, 0, 0, 1]
    assert [each.observed for each in sweep] == [False, False, True, False]


def test_a_recording_with_a_shorter_delay_tells_of_longer_ones():
    quick = HELD | {"interruption_delay": 0}
    calls = (
        call((50, 120), told=62, reply=(10, 64), words=[(63, "Wait.")], held=quick),
        call((50, 60), told=62, reply=(10, 64), held=quick),
    )
    found = InterruptionSweep(ground(*calls), {"interruption_delay": [0, 250, 500]})
    assert [(each.false_interruptions.k, each.false_interruptions.n) for each in found] == [
        (1, 1),
        (1, 1),
        (0, 1),
    ]
    assert [each.reaction.p50 for each in found] == pytest.approx([12 * F, 12 * F, 18 * F])
    assert [each.unknown for each in found] == [0, 0, 0]
    assert [each.observed for each in found] == [True, False, False]


def test_off_is_off():
    (one,) = InterruptionSweep(ground(WORDS, COUGH), {"interrupt_response": False})
    assert (one.false_interruptions.k, one.yielded.k, one.reaction.n, one.yield_latency) == (0, 0, 0, None)
    assert one.observed


def test_off_is_off_whatever_else_is_set():
    found = InterruptionSweep(
        ground(WORDS),
        {"interrupt_response": [True, False], "interruption_delay": [0, 500], "vad_threshold": [0.3, 0.7]},
    )
    assert [each.setting.interrupt_response for each in found].count(False) == 1
    assert len(found) == 5
    (row,) = [each.cells for each in found.sheet.groups[0][1] if each.cells[0] == "not at all"]
    assert row[1] == ""


def test_a_longer_delay_never_stops_for_more():
    delays = list(range(0, 1001, 50))
    found = InterruptionSweep(ground(WORDS, COUGH, HUM), {"interruption_delay": delays})
    counts = [each.false_interruptions.k for each in found]
    assert counts == sorted(counts, reverse=True)
    reactions = [each.reaction.p50 for each in found if each.reaction.n]
    assert reactions == sorted(reactions)


def test_every_combination(sweep):
    found = InterruptionSweep(
        ground(WORDS), {"interruption_delay": range(0, 501, 250), "vad_threshold": np.array([0.3, 0.7])}
    )
    assert len(found) == 6
    assert {(each.setting.vad_threshold, each.setting.interruption_delay) for each in found} == {
        (threshold, delay) for threshold in (0.3, 0.7) for delay in (0, 250, 500)
    }


def test_nobody_spoke_over_the_agent():
    (one,) = InterruptionSweep(ground(call((210, 250))), {})
    assert (one.false_interruptions.n, one.yielded.n, one.reaction.n, one.yield_latency) == (0, 0, 0, None)


@pytest.mark.parametrize("service", ["hosted", "", "built"])
def test_another_service_judges_by_the_meaning(service):
    with pytest.raises(InvalidConfiguration, match="judged by its meaning"):
        InterruptionSweep(ground(WORDS, service=service), {})


@pytest.mark.parametrize(
    ("swept", "what"),
    [
        ({"min_silence": 900}, "min_silence is no setting of what interrupts"),
        ({"interruption_delay": []}, "interruption_delay has no value"),
        ({"interruption_delay": 1001}, "interruption_delay"),
        ({"vad_threshold": 1.5}, "vad_threshold"),
        ({"interrupt_response": "no"}, "interrupt_response"),
    ],
)
def test_settings_that_cannot_be(swept, what):
    with pytest.raises(InvalidConfiguration, match=what):
        InterruptionSweep(ground(WORDS), swept)


def test_it_reads_as_text_and_as_a_table(sweep):
    told = repr(sweep).splitlines()
    assert told[0] == "4 settings · 3 utterances over the agent, 1 with words"
    assert " ".join(told[2].split()) == "after 0 ms 0.5 0 of 1 1 of 1"
    assert told[-2].startswith("Faded: it stops the agent later")
    assert told[-1].startswith("Faded: sooner than the recorded delay, or at a lower threshold")
    assert sweep._repr_html_().count("opacity:.7'") == 3
    assert str(sweep[0]) == "interrupted after 0 ms at 0.5: false 0 of 1, gives way to 1 of 1; 2 not known"
    assert str(sweep[3]).endswith("; 1 not observed")
    table = sweep.to_dataframe()
    assert table.interruption_delay.tolist() == [0, 250, 500, 800]
    assert table.false_interruptions.tolist() == [0, 0, 0, 0]
    assert table.unknown.tolist() == [2, 2, 0, 0]
    assert table.yielded_of.tolist() == [1] * 4
