"""Callers in files. The example in the module's words is one of them."""

import json

import numpy as np
import pytest

import voicenb as vn
from voicenb.audio.wav import write_wav
from voicenb.errors import InvalidConfiguration
from voicenb.testing import Greeting
from voicenb.testing import caller_file as module

RATE = 24_000


@pytest.fixture
def folder(tmp_path):
    write_wav(tmp_path / "caller.wav", 0.3 * np.sin(np.arange(RATE) / 5), RATE)
    return tmp_path


def test_the_example_is_a_caller(folder):
    (folder / "caller.yaml").write_text(module.__doc__.split("\n\n", 1)[1])
    caller = vn.Caller.load(folder / "caller.yaml")
    assert (caller.label, caller.voice) == ("hesitant", "james")
    assert caller.conditions == vn.Conditions(snr=12, noise="babble", telephone=True)
    *before, sound, first_word, pause, gone = caller.script
    assert before == [
        vn.Say("A table for four, please."),
        vn.Answer(),
        vn.Say("On", vn.Pause(0.8), "Friday."),
        vn.BargeIn("At nine, I said.", at="half past"),
        vn.BackChannel("Mm-hm.", after=1.5),
        vn.Cough(),
    ]
    assert [part.label for part in sound.parts] == ["caller.wav"]
    assert [first_word, pause, gone] == [vn.FirstWord(timeout=5), vn.Pause(2), vn.HangUp()]


def test_json_and_a_list_alone(folder):
    script = [
        {"wait": "greeting", "timeout": 3},
        {"say": [{"wav": "caller.wav"}, {"pause": 1}, "answer"], "voice": "ivy"},
        {"back_channel": None, "at": "Friday"},
        {"cough": True, "after": 0.5, "seed": 3},
    ]
    (folder / "polite.json").write_text(json.dumps(script, indent=1))
    caller = vn.Caller.load(str(folder / "polite.json"))
    assert (caller.label, caller.voice, caller.conditions) == ("polite.json", None, None)
    assert caller.script[0] == Greeting(timeout=3)
    sound, *rest = caller.script[1].parts
    assert (sound.label, rest) == ("caller.wav", [vn.Pause(1), "answer"])
    assert caller.script[2:] == (vn.BackChannel(at="Friday"), vn.Cough(after=0.5, seed=3))


def test_noise_from_a_file_beside_it(folder):
    (folder / "a.yaml").write_text("script: [Hello.]\nconditions: {snr: 3, noise: caller.wav}")
    assert vn.Caller.load(folder / "a.yaml").conditions.noise == folder / "caller.wav"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("script:\n- Hello.\n- pause: long", 3, "Pause takes a number of seconds, not 'long'"),
        ("script:\n- Hello.\n- answer", 3, "'answer' would be read aloud"),
        ("script:\n- hang up", 2, "'hang up' would be read aloud"),
        ("script:\n- wait: reply", 2, "nobody waits for 'reply'"),
        ("script:\n- wait: [1]", 2, "nobody waits for"),
        ("script:\n- yes", 2, "True is no move"),
        ("script:\n- barge-in: No.", 2, "no move is called 'barge-in'"),
        ("script:\n- barge_in: No.\n  befor: 3", 3, "barge_in has no befor"),
        ("script:\n- barge_in: No.\n  at: 9", 3, "at= is a word of the agent's, not 9"),
        ("script:\n- say: [Hello, {pause: -1}]", 2, "-1 seconds are less than nothing"),
        ("script:\n- say:\n  - Hello\n  - {paus: 1}", 4, "this cannot be said"),
        ("script:\n- wav: none.wav", 2, "none.wav cannot be read"),
        ("script:\n- caller.wav", 2, "is the name of a file"),
        ("script:\n- wav: 3", 2, "wav is text, not 3"),
        ("script:\n- ''", 2, "Say has an empty text"),
        ("script:\n- hang_up:\n- Hello.", 2, "Something stands behind a HangUp"),
        ("script:\n- cough: loudly", 2, "nothing stands behind cough"),
        ("script: Hello.", 1, "a script is a list of moves"),
        ("voice: ivy", 1, "a caller has a script"),
        ("Hello.", 1, "a caller has a script"),
        ("script: []\nscrpt: []", 2, "A caller has no scrpt"),
        ("script: []\nvoice: 3", 2, "voice is text, not 3"),
        ("script: []\nconditions:\n  seed: 1\n  snr: loud", 4, "snr is a number of decibels, not 'loud'"),
        ("script: []\nconditions:\n  snr: 3\n  telefone: true", 4, "Conditions has no telefone"),
        ("script: []\nconditions: bad", 2, "Conditions has settings by name"),
    ],
)
def test_what_is_wrong_names_the_file_and_the_line(tmp_path, text, line, told):
    (tmp_path / "bad.yaml").write_text(text)
    with pytest.raises(InvalidConfiguration) as caught:
        vn.Caller.load(tmp_path / "bad.yaml")
    assert f"bad.yaml, line {line}: " in caught.value.message
    assert told in caught.value.message
    assert caught.value.facts["line"] == line


def test_a_path_is_wanted():
    with pytest.raises(InvalidConfiguration):
        vn.Caller.load(3)
