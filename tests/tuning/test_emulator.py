"""What-if and the emulator are of one mind: on the virtual clock they decide in the same frame."""

import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import voicenb as vn
from voicenb.audio.processor import InPlaceProcessor
from voicenb.protocol.caller_state import STATES
from voicenb.tuning.scores import Scorer
from voicenb.tuning.silence_states import decided, spans_at
from voicenb.tuning.truth import Truth
from voicenb.tuning.whatif import whatif
from voicenb.turn_taking.segmenter import FRAME_SECONDS
from voicenb.turn_taking.settings import Settings

CLIPS = Path(__file__).parents[1] / "data" / "audio"


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        {"vad_threshold": 0.5, "min_silence": 400, "max_silence": 1500},
        {"vad_threshold": 0.7, "min_silence": 1000, "max_silence": 2000},
    ],
    ids=["quick", "patient"],
)
def test_the_same_decision_in_the_same_frame(settings):
    agent = vn.Agent(
        name="Lido",
        system_prompt="You take bookings.",
        greeting="Hello.",
        turn_detection=vn.TurnDetection(**settings),
    )
    script = [
        CLIPS / "cards-002.wav",
        vn.Answer(),
        "A table for",
        vn.Pause(0.7),
        "four on Friday.",
        vn.Answer(),
    ]
    sweep = whatif(vn.run(agent, vn.Caller(script)), **settings)
    calibration = sweep.calibration
    assert (calibration.agreement.k, calibration.only_model, calibration.only_recorded) == (
        calibration.agreement.n,
        0,
        0,
    )
    assert calibration.error.n >= 2
    # It is told with the chunk of sound in which the frame ends.
    assert all(0 <= error < FRAME_SECONDS for error in calibration.error.values)
    assert [turn.last.truth for turn in sweep.ground.calls[0].turns].count(Truth.END) >= 2


class Parity:
    """Whether the sound's checksum is odd: one sample that differs, and half of the answers are others."""

    cost = 0.05

    def __init__(self):
        self.answers = {}

    def looks_complete(self, utterance):
        sum_ = zlib.crc32(utterance.sound().tobytes())
        self.answers[sum_] = bool(sum_ % 2)
        return self.answers[sum_]


def agree_by_sound(judge, script, **settings):
    """A call whose turns a judge of the sound ends: what-if decides the same, in the same frame."""
    agent = vn.Agent(name="Lido", greeting="Hello.", turn_detection=vn.TurnDetection(**settings))
    service = vn.Emulator(completeness=judge, processor=InPlaceProcessor())
    call = vn.run(agent, vn.Caller([*script, vn.Answer()]), service=service)
    calibration = whatif(call, completeness=judge, **settings).calibration
    assert (calibration.agreement.k, calibration.only_model, calibration.only_recorded) == (
        calibration.agreement.n,
        0,
        0,
    )
    assert calibration.error.n >= 2
    assert all(0 <= error < FRAME_SECONDS for error in calibration.error.values)
    return {turn.ended_by for turn in vn.turns(call)}


SPOKEN = [CLIPS / "cards-002.wav", vn.Answer(), "A table for four.", vn.Answer(), CLIPS / "austen-0880.wav"]


@pytest.mark.slow
@pytest.mark.parametrize("min_silence", [100, 400, 1000])
def test_by_the_sound_the_same_decision_in_the_same_frame(min_silence):
    judge = Parity()
    agree_by_sound(judge, SPOKEN, min_silence=min_silence, max_silence=1500)
    assert set(judge.answers.values()) == {True, False}


@pytest.mark.campaign
@pytest.mark.parametrize("min_silence", [100, 400, 1000])
def test_smart_turn_decides_the_same_in_the_same_frame(min_silence):
    """Needs ``pip install --no-deps pipecat-ai==1.14``."""
    script = [*SPOKEN, vn.Answer(), "I would like", vn.Pause(0.7), "two of them."]
    ended = agree_by_sound(vn.SmartTurn(), script, min_silence=min_silence, max_silence=1500)
    assert ended >= {"min_silence", "max_silence"}


@pytest.mark.slow
def test_a_policy_by_state_decides_as_it_did_live():
    usual = vn.TurnDetection(vad_threshold=0.5, min_silence=500, max_silence=2000)
    policy = vn.ByState(
        question=usual.replace(min_silence=1100),
        digits=usual.replace(min_silence=1700, max_silence=2600),
        other=usual,
    )
    agent = vn.Agent(
        name="Lido",
        system_prompt="You take bookings.",
        greeting="What is your name?",
        turn_detection=usual,
    )
    script = [
        vn.Answer(),
        "My name is Miller.",
        vn.Answer(),
        "Please write down: four, one, five.",
        vn.Answer(),
    ]
    call = vn.run(agent, vn.Caller(script), policy=policy)
    sweep = whatif(call)
    ground, evidence = sweep.ground, sweep.ground.calls[0].evidence
    rows, _, _ = ground.silences(0.5)
    scorer, spans = Scorer(ground, 0.5), spans_at(ground, 0.5)
    states = {state: policy.of(state) for state in STATES}
    alone = {
        state: scorer.decisions(np.array([each.min_silence]), np.array([each.max_silence]))[:, 0]
        for state, each in states.items()
    }
    at = decided(rows, spans, alone)[:, 0]
    offline = [row.start + when for row, when in zip(rows, at.tolist(), strict=True) if np.isfinite(when)]
    live = [made.at for made in evidence.decisions]
    assert len(live) == len(offline) >= 2
    assert all(0 <= there - here < FRAME_SECONDS for there, here in zip(live, offline, strict=True))
    assert {state for each in spans for _, state in each} >= {"question", "digits"}


@pytest.mark.slow
@pytest.mark.parametrize("delay", [250, 700])
def test_the_agent_is_stopped_in_what_if_as_it_was_live(delay):
    agent = vn.Agent(
        name="Lido",
        system_prompt="You take bookings.",
        greeting="Welcome to Lido, the house at the lake, where we cook all day long. How may I help you?",
        turn_detection=vn.TurnDetection(interruption_delay=delay),
    )
    script = [vn.BargeIn("Wait a moment, please, I have a question.", after=1.5), vn.Answer()]
    found = whatif(vn.run(agent, vn.Caller(script))).interruptions(interruption_delay=[delay, 1000])
    (one,) = [each for each in found.utterances if each.stopped]
    assert one.meant
    at = one.stop(Settings(interruption_delay=delay))
    assert 0 <= one.reply.told - at < FRAME_SECONDS  # told with the chunk of sound in which the frame ends
    assert found[0].yielded.k == 1
    assert found[0].yield_latency == pytest.approx(one.reply.end - one.onset, abs=2 * FRAME_SECONDS)
    assert found[0].observed
    assert not found[1].observed


@pytest.mark.slow
@pytest.mark.parametrize(("words", "meant"), [("Wait a moment please.", True), ("Yeah.", False)])
def test_of_a_shorter_delay_than_the_recorded_one_nothing_is_claimed_that_is_not_so(words, meant):
    def held(delay):
        agent = vn.Agent(
            name="Lido",
            system_prompt="You take bookings.",
            greeting="Welcome to Lido, the house at the lake, where we cook all day long. How may I help?",
            turn_detection=vn.TurnDetection(interruption_delay=delay),
        )
        script = [vn.Pause(2.5), words, vn.Pause(6.0), "A table for four, please.", vn.Answer()]
        return whatif(vn.run(agent, vn.Caller(script)))

    patient = held(1000).interruptions(interruption_delay=[200, 1000])
    (quick,) = held(200).interruptions(interruption_delay=200)
    assert quick.observed
    assert (quick.false_interruptions.k, quick.yielded.k > 0) == (0, meant)
    assert [each.observed for each in patient] == [False, True]
    assert patient[0].unknown == len(patient.utterances) > 0
    assert (patient[0].false_interruptions.k, patient[0].reaction.n) == (0, 0)


@pytest.mark.campaign
def test_in_real_time_the_same_decision_within_a_frame():
    """Some hundred silences, four calls at once: the machine must have nothing else to do. Takes 90 s."""
    settings = {"vad_threshold": 0.5, "min_silence": 700, "max_silence": 2000}
    agent = vn.Agent(
        name="Lido",
        system_prompt="You take bookings.",
        greeting="Hello.",
        turn_detection=vn.TurnDetection(**settings),
    )
    clips = sorted(CLIPS.glob("cards-*.wav"))

    def hold(first):
        script = []
        for at in range(first, first + 13):
            one, other = clips[at % len(clips)], clips[(at + 2) % len(clips)]
            script += [one, vn.Pause(0.5), other, vn.Answer()]
        return vn.run(agent, vn.Caller(script), brain=["Yes."] * 40, clock="real")

    with ThreadPoolExecutor(4) as calls:
        sweep = whatif(list(calls.map(hold, range(4))), **settings)
    found = sweep.calibration
    errors = np.array(found.error.values)
    silences = found.agreement.n
    alike = silences - found.only_model - found.only_recorded - int((abs(errors) > FRAME_SECONDS).sum())
    print(
        f"{alike} of {silences} alike; only one of both decides in {found.only_model + found.only_recorded}; "
        f"recorded minus model {errors.min():.3f} to {errors.max():.3f} s, n = {len(errors)}"
    )
    assert silences >= 90
    assert len(errors) >= 40
    assert alike >= 0.99 * silences
