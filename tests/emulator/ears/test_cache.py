import numpy as np
import pytest

from voicenb.emulator.ears.cache import CachedRecognizer


class Counting:
    name = "counting"
    cost = 0.5

    def __init__(self):
        self.heard = 0

    def transcribe(self, samples, keyterms=(), expected=()):
        self.heard += 1
        return " ".join([str(len(samples)), *keyterms, *expected])


SOUND = np.linspace(-1, 1, 1600, dtype=np.float32)


def test_the_same_sound_is_heard_once():
    ears = Counting()
    cached = CachedRecognizer(ears)
    assert (cached.name, cached.cost) == (ears.name, ears.cost)
    assert [cached.transcribe(SOUND), cached.transcribe(SOUND.copy())] == ["1600", "1600"]
    assert ears.heard == 1


def test_another_sound_or_other_keyterms_are_heard_anew():
    ears = Counting()
    cached = CachedRecognizer(ears)
    cached.transcribe(SOUND)
    assert cached.transcribe(SOUND[:-1]) == "1599"
    assert cached.transcribe(SOUND, ["a", "b"]) == "1600 a b"
    assert cached.transcribe(SOUND, ["a b"]) == "1600 a b"
    assert cached.transcribe(SOUND, ["a"], ["b"]) == "1600 a b"
    assert ears.heard == 5


def test_memory_is_bounded():
    ears = Counting()
    cached = CachedRecognizer(ears, limit=2)
    for count in (1, 2, 3, 1):
        cached.transcribe(SOUND[:count])
    assert ears.heard == 4


@pytest.mark.parametrize("text", ["A table, please.", "", "Ça va?"])
def test_a_folder_keeps_the_words_but_not_the_sound(tmp_path, text):
    class Fixed(Counting):
        def transcribe(self, samples, keyterms=(), expected=()):
            self.heard += 1
            return text

    first, second = Fixed(), Fixed()
    assert CachedRecognizer(first, tmp_path).transcribe(SOUND) == text
    assert CachedRecognizer(second, tmp_path).transcribe(SOUND) == text
    assert (first.heard, second.heard) == (1, 0)
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 100
