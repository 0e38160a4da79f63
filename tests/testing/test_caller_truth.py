import pytest

from voicenb.session.microphone import RATE
from voicenb.testing.caller_truth import kind_of, what_follows
from voicenb.testing.clips import Clip
from voicenb.testing.moves import Answer, BackChannel, BargeIn, Cough, FirstWord, HangUp, Pause, Say, moves

WORD = Clip("a", bytes(2 * RATE), RATE // 4, RATE // 2)  # of a second, with half a second of silence behind


def follows(*script, clip=0):
    script = moves(script)
    sounds = []
    for move in script:
        parts = getattr(move, "parts", (move,) if isinstance(move, Cough) else ())
        sounds.append(
            [
                Clip("", bytes(2 * round(part.seconds * RATE)), 0, 0) if isinstance(part, Pause) else WORD
                for part in parts
            ]
        )
    return what_follows(script, sounds, 0, clip)


@pytest.mark.parametrize(
    ("script", "then"),
    [
        (["a", Answer()], "waits"),
        (["a", FirstWord(), "b"], "waits"),
        (["a", BargeIn("b")], "waits"),
        (["a", BackChannel(), "b"], "waits"),
        (["a", Pause(1), Answer()], "waits"),
        (["a", "b"], "goes on"),
        (["a", Pause(4), "b"], "goes on"),
        (["a", Pause(4.5), "b"], "waits"),  # 0.5 + 4.5 + 0.25 s of silence: longer than a pause within a turn
        (["a", Cough(), "b"], "goes on"),
        (["a", Cough(after=1), "b"], "waits"),
        ([Say("a", Pause(1), "b"), Answer()], "goes on"),
        ([Say("a", Pause(6), "b"), Answer()], "waits"),
        (["a"], "hangs up"),
        (["a", Pause(1)], "hangs up"),
        (["a", HangUp()], "hangs up"),
    ],
)
def test_what_the_caller_does_next(script, then):
    assert follows(*script) == then


def test_behind_the_last_part():
    assert follows(Say("a", Pause(1), "b"), Answer(), clip=2) == "waits"


def test_what_is_said_in_a_move():
    assert [kind_of(move) for move in (Say("a"), BargeIn("a"), BackChannel(), Cough())] == [
        "words",
        "words",
        "back-channel",
        "cough",
    ]
