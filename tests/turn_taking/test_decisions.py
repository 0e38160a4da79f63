"""The times that decisions carry fit together, on whatever clock. Their order is tested with the floor."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicenb.turn_taking.decisions import (
    BeginFinal,
    Interrupt,
    LoneStop,
    Overlap,
    Passed,
    Reopened,
    Resumed,
    SpeechStarted,
    TurnEnded,
)
from voicenb.turn_taking.floor import TurnTaker
from voicenb.turn_taking.segmenter import FRAME_SECONDS as F
from voicenb.turn_taking.settings import Settings

HAIR = 1e-6
LIMITS = {"min_silence": 0.1, "max_silence": 0.3}


def test_the_silence_of_a_turn_runs_from_its_speech_and_not_from_its_onset() -> None:
    ended = TurnEnded(at=5.0, onset=1.0, speech_end=4.25, by="min_silence", text="Yes.")
    assert ended.silence == pytest.approx(0.75)


class Checked:
    """Holds each decision against what was decided before it."""

    def __init__(self) -> None:
        self.over_agent = False  # speech began over the agent and was not judged yet
        self.final_begun = False
        self.ended: TurnEnded | None = None

    def take(self, decision: object) -> None:
        """Take the next one."""
        match decision:
            case SpeechStarted(at=at, onset=onset):
                assert onset <= at - 2 * F + HAIR
                assert self.over_agent or onset >= at - 2 * F - HAIR
                self.over_agent = self.final_begun = False
            case Overlap(at=at, onset=onset):
                assert onset == pytest.approx(at - 2 * F)
                self.over_agent = True
            case Passed(at=at, onset=onset, speech_end=end):
                assert onset < end <= at - LIMITS["min_silence"] + HAIR
                self.over_agent = False
            case Interrupt(at=at, onset=onset):
                assert onset < at
                self.over_agent = self.final_begun = False
            case BeginFinal(at=at, onset=onset, speech_end=end):
                assert onset < end < at
                assert not self.final_begun, "once per pause"
                self.final_begun = True
            case Resumed(at=at, onset=onset, pause=pause):
                assert onset == pytest.approx(at - 2 * F)
                assert pause >= F - HAIR
                self.final_begun = False
            case TurnEnded(at=at, onset=onset, speech_end=end, by=by, silence=silence):
                assert onset < end < at
                assert silence >= LIMITS[by] - HAIR
                self.ended, self.final_begun = decision, False
            case LoneStop(at=at, onset=onset, speech_end=end):
                assert onset < end <= at - LIMITS["max_silence"] + HAIR
                self.final_begun = False
            case Reopened(at=at, onset=onset, began=began, pause=pause):
                assert self.ended is not None
                assert onset == pytest.approx(at - 2 * F)
                assert began == self.ended.onset
                assert pause == pytest.approx(onset - self.ended.speech_end)
                self.final_begun = False


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.4, 0.9]),
            st.integers(1, 14),
            st.sampled_from(["", "words", "mm", "on", "off"]),
        ),
        max_size=40,
    ),
    st.booleans(),
    st.sampled_from([0.0, 100.0]),
)
def test_times_fit_together(steps: list[tuple[float, int, str]], interrupts: bool, clock: float) -> None:
    limits = Settings(min_silence=100, max_silence=300, interruption_delay=64, interrupt_response=interrupts)
    taker, checked, frames = TurnTaker(limits), Checked(), 0
    for probability, count, what in steps:
        match what:
            case "words":
                taker.partial("Wait.")
            case "mm":
                taker.partial("Mm-hmm")
            case "on" | "off":
                taker.agent_audible(what == "on")
        for _ in range(count):
            frames += 1
            for decision in taker.frame(probability, clock + frames * F):
                assert decision.at == pytest.approx(clock + frames * F)
                checked.take(decision)
