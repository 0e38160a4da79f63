from pathlib import Path

import pytest

from voicenb.errors import InvalidConfiguration, UnspeakableText
from voicenb.testing.caller import Caller
from voicenb.testing.moves import (
    Answer,
    BackChannel,
    BargeIn,
    Cough,
    FirstWord,
    Greeting,
    HangUp,
    Pause,
    Say,
    moves,
    words,
)


def test_a_text_or_a_path_stands_for_saying_it():
    script = moves(["Hello.", Path("a.wav"), Answer(), Say("One", Pause(0.8), "two.", voice="ivy")])
    assert script == (
        Say("Hello."),
        Say(Path("a.wav")),
        Answer(timeout=10.0),
        Say("One", Pause(0.8), "two.", voice="ivy"),
    )


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: Caller("Hello."), "script is a list, not 'Hello.'"),
        (lambda: Caller(Say("Hello.")), "script is a list"),
        (lambda: Caller(["Hello.", 3]), "Say cannot say 3"),
        (lambda: Caller([" "]), "Say has an empty text"),
        (lambda: Say(), "Say has nothing to say"),
        (lambda: Say(Pause(1)), "Say has nothing to say"),
        (lambda: Pause(-1), "Pause: -1 seconds are less than nothing"),
        (lambda: Pause(float("nan")), "Pause: nan seconds"),
        (lambda: Answer(-1), "Answer: -1 seconds"),
        (lambda: Greeting(-1), "Greeting: -1 seconds"),
        (lambda: BargeIn("Stop.", after=-1), "BargeIn: -1 seconds"),
        (lambda: BargeIn("Stop.", after=1, timeout=-2), "BargeIn: -2 seconds"),
        (lambda: BargeIn(after=1), "BargeIn has nothing to say"),
        (lambda: Pause(1e9), "Pause: 1e+09 seconds are more than an hour"),
        (lambda: Pause(float("inf")), "Pause: inf seconds are more than an hour"),
        (lambda: Pause("1"), "Pause takes a number of seconds, not '1'"),
        (lambda: Answer(None), "Answer takes a number of seconds, not None"),
        (lambda: Answer(True), "Answer takes a number of seconds, not True"),
        (lambda: BargeIn("Stop.", after=float("inf")), "BargeIn: inf seconds are more than an hour"),
        (lambda: BargeIn("Stop.", at=3), "BargeIn: at= is a word of the agent's, not 3"),
        (lambda: BargeIn("Stop.", at="..."), "BargeIn: at= is a word of the agent's"),
        (lambda: BackChannel(3), "BackChannel cannot say 3"),
        (lambda: BackChannel(after=-1), "BackChannel: -1 seconds are less than nothing"),
        (lambda: Cough(after=-1), "Cough: -1 seconds are less than nothing"),
        (lambda: Cough(at=""), "Cough: at= is a word of the agent's, not ''"),
        (lambda: Cough(seed=-1), "Cough: a seed is a whole number from 0 up, not -1"),
        (lambda: FirstWord("a"), "FirstWord takes a number of seconds, not 'a'"),
        (lambda: Caller([HangUp(), "Hello."]), "Something stands behind a HangUp"),
        (lambda: BargeIn("Stop.", after=1e9), "BargeIn: 1e+09 seconds are more than an hour"),
    ],
)
def test_what_is_no_script(make, text):
    with pytest.raises(InvalidConfiguration) as caught:
        make()
    assert text in caught.value.message


def test_when_somebody_speaks_over_the_agent():
    assert (BargeIn("Stop.").after, BargeIn("Stop.", at="Friday").after) == (1.0, 0.0)
    assert BackChannel() == BackChannel("Mm-hm.", after=1.0)
    assert BackChannel("Yes.") != BargeIn("Yes.")
    assert [Cough().over, Cough(after=0).over, Cough(at="Friday").over] == [False, True, True]
    assert "BackChannel" in repr(BackChannel())


def test_words_are_compared_without_capitals_and_marks():
    assert words("O\u2019Neill's, at NINE!") == ["o'neill's", "at", "nine"]


def test_a_script_may_be_empty():
    assert Caller([]).script == ()
    assert repr(Caller(["Hello."])) == "<Caller with 1 move>"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Caller(["caller.wav"]),
        lambda: Caller("caller.wav"),
        lambda: Say("Hello.", "calls/Lido.WAV "),
        lambda: BargeIn("caller.wav"),
    ],
)
def test_a_string_that_names_a_file_is_not_read_aloud(make):
    with pytest.raises(InvalidConfiguration) as caught:
        make()
    assert "name of a file" in caught.value.message
    assert "vn.WavFile('" in caught.value.remedy


def test_a_path_is_a_file():
    assert Say(Path("caller.wav")).parts == (Path("caller.wav"),)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Caller(["Hello."], voice="ivi"),
        lambda: Say("Hello.", voice="ivi"),
        lambda: BargeIn("Hello.", voice="ivi"),
    ],
)
def test_a_voice_that_nobody_knows_is_warned_of(make):
    with pytest.warns(UserWarning, match="knows of no voice 'ivi'") as warned:
        make()
    assert warned[0].filename == __file__


def test_half_a_character_is_refused_at_once():
    with pytest.raises(UnspeakableText, match="half a character"):
        Caller(["Hello\ud800"])
