"""What-if and the emulator are of one mind: on the virtual clock they decide in the same frame."""

from pathlib import Path

import pytest

import voicenb as vn
from voicenb.tuning.truth import Truth
from voicenb.tuning.whatif import whatif
from voicenb.turn_taking.segmenter import FRAME_SECONDS

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
