"""One silence, frame by frame; stories of whole turns are in test_floor.py."""

import pytest

from voicenb.turn_taking.completeness import Words
from voicenb.turn_taking.decisions import BeginFinal, Decision, LoneStop, TurnEnded
from voicenb.turn_taking.question import Question
from voicenb.turn_taking.settings import Settings
from voicenb.turn_taking.silence import Silence

F = 0.032
LIMITS = Settings(min_silence=400, max_silence=1000)


def last(silence: Silence, seconds: float, *, recognizing: bool = False) -> list[Decision]:
    """What a silence of so many seconds behind a second of speech comes to, each frame judged."""
    decided: list[Decision] = []
    for frame in range(1, round(seconds / F) + 1):
        decided += silence.judge(1.0 + frame * F, 0.0, 1.0, LIMITS, offset=5.0, recognizing=recognizing)
        if any(isinstance(decision, TurnEnded | LoneStop) for decision in decided):
            break
    return decided


@pytest.mark.parametrize(
    ("text", "recognizing", "ends", "after"),
    [
        ("Yes.", False, TurnEnded, 0.416),
        ("Yes and", False, TurnEnded, 1.024),
        ("", True, TurnEnded, 1.024),
        ("", False, LoneStop, 1.024),
    ],
)
def test_what_ends_it_and_when(text: str, recognizing: bool, ends: type, after: float) -> None:
    question = Question()
    question.hear(text, 1.0)
    begun, ended = last(Silence(question, Words()), 2.0, recognizing=recognizing)
    assert isinstance(begun, BeginFinal)
    assert isinstance(ended, ends)
    assert ended.at == pytest.approx(5.0 + 1.0 + after)
    assert (begun.onset, begun.speech_end) == (5.0, 6.0)


def test_each_silence_begins_a_final_of_its_own() -> None:
    silence = Silence(Question(), Words())
    assert [type(decision) for decision in last(silence, 0.3)] == [BeginFinal]
    assert last(silence, 0.3) == []
    silence.renew()
    assert [type(decision) for decision in last(silence, 0.3)] == [BeginFinal]
