import pytest

from voicenb.emulator.mouth import Clause, Word
from voicenb.emulator.voices.cache import CachedMouth
from voicenb.errors import UnspeakableText


class Counting:
    name = "counting"
    cost = 0.25
    variant = "one"

    def __init__(self):
        self.said = 0

    def say(self, text, voice):
        self.said += 1
        if not text:
            raise UnspeakableText("Nothing.")
        return Clause(text, f"{voice}:{text}\n".encode() * 10, (Word("é\n", 0.0, 0.5), Word("b", 0.5, 1.25)))


def test_the_same_words_are_said_once():
    mouth = Counting()
    cached = CachedMouth(mouth)
    assert (cached.name, cached.cost) == ("counting", 0.25)
    assert cached.say("Hello.", "ivy") == cached.say("Hello.", "ivy") == mouth.say("Hello.", "ivy")
    assert mouth.said == 2


def test_another_voice_or_variant_is_another_sound():
    mouth = Counting()
    cached = CachedMouth(mouth)
    assert cached.say("Hello.", "ivy") != cached.say("Hello.", "anna")
    mouth.variant = "two"
    cached.say("Hello.", "ivy")
    assert mouth.said == 3


def test_a_folder_keeps_them_for_later_runs(tmp_path):
    first, second = Counting(), Counting()
    clause = CachedMouth(first, tmp_path).say("Ça va?", "ivy")
    assert CachedMouth(second, tmp_path).say("Ça va?", "ivy") == clause
    assert (first.said, second.said) == (1, 0)


def test_a_damaged_file_is_made_anew(tmp_path):
    clause = CachedMouth(Counting(), tmp_path).say("Hello.", "ivy")
    (path,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    path.write_bytes(path.read_bytes()[:-3])
    mouth = Counting()
    assert CachedMouth(mouth, tmp_path).say("Hello.", "ivy") == clause
    assert mouth.said == 1


def test_memory_is_bounded():
    mouth = Counting()
    cached = CachedMouth(mouth, limit=250)
    for text in ("aaaa", "bbbb", "cccc", "cccc", "aaaa"):
        cached.say(text, "ivy")
    assert mouth.said == 4


def test_what_cannot_be_said_is_not_kept(tmp_path):
    cached = CachedMouth(Counting(), tmp_path)
    for _ in range(2):
        with pytest.raises(UnspeakableText):
            cached.say("", "ivy")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
