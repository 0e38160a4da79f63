import numpy as np
import pytest

from voicenb.emulator.ears.moonshine import model_folder
from voicenb.emulator.ears.network import Network
from voicenb.emulator.ears.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def heard(clips):
    network = Network(model_folder())
    vocabulary = Vocabulary.read(model_folder() / "tokenizer.bin")
    states = network.encode(np.pad(clips.samples["cards-002"], (0, 4800)))
    return network, vocabulary, states, network.decode(states, 30)


def test_the_likeliest_words_and_their_scores(heard):
    _, vocabulary, _, hypothesis = heard
    assert vocabulary.decode(hypothesis.tokens) == "Four queen of gloves."
    assert hypothesis.ended
    assert len(hypothesis.scores) == len(hypothesis.tokens) + 1
    assert -1 < hypothesis.confidence <= 0


def test_other_words_are_less_likely_the_less_they_sound_like_it(heard):
    network, vocabulary, states, hypothesis = heard
    same, near, far = (
        network.gain(states, hypothesis, vocabulary.encode(f"Four queen of {word}."))
        for word in ("gloves", "clubs", "diamonds")
    )
    assert same == pytest.approx(0, abs=0.5)
    assert -5 < near < 0
    assert far < -10


def test_words_are_cut_at_the_longest(heard):
    network, _, states, _ = heard
    short = network.decode(states, 2)
    assert len(short.tokens) == 2
    assert not short.ended
