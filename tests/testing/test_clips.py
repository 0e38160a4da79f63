"""The sounds of a script, and where in them a voice is audible."""

import numpy as np
import pytest

from voicenb.audio import speech
from voicenb.audio.pcm import to_pcm
from voicenb.audio.wav import write_wav
from voicenb.errors import AudioError, UnspeakableText
from voicenb.session.microphones import Spoken, WavFile
from voicenb.testing.clips import clips, clips_of
from voicenb.testing.moves import Answer, BackChannel, Cough, Pause

RATE = 24_000
WINDOW = RATE // 100


def tone(seconds):
    return to_pcm(np.full(round(RATE * seconds), 0.3))


class Voice:
    """A tenth of a second of silence, as much of tone for each letter, and silence again."""

    def __init__(self):
        self.asked = []

    def say(self, text, voice):
        if not text.strip("…"):
            raise UnspeakableText("There is nothing to say.")
        self.asked.append((text, voice))
        return Spoken(bytes(4800) + tone(0.1 * len(text.strip("."))) + bytes(4800), text)


@pytest.fixture(autouse=True)
def voice():
    voice = Voice()
    speech.use(voice)
    yield voice
    speech.use(None)


def only(part):
    [clip] = clips([part], None)
    return clip


def test_a_pause_is_silence_of_its_length():
    clip = only(Pause(0.25))
    assert (clip.text, clip.pcm, clip.samples, clip.voiced) == ("", bytes(12_000), 6000, False)
    assert only(Pause(0)).samples == 0


def test_a_text_is_spoken_and_its_voice_lies_between_the_silences(voice):
    clip = only("abc")
    assert (clip.text, clip.onset, clip.stop, clip.samples) == ("abc", 2400, 2400 + 7200, 4800 + 7200)
    assert clip.voiced
    assert voice.asked == [("abc.", speech.CALLER)]


def test_all_parts_are_spoken_by_the_same_voice_one_after_the_other(voice):
    made = clips(["ab", Pause(0.1), "c"], "ivy")
    assert [clip.text for clip in made] == ["ab", "", "c"]
    assert voice.asked == [("ab", "ivy"), ("c.", "ivy")]
    assert clips([], None) == []


@pytest.mark.parametrize("by", ["path", "name"])
def test_a_file_has_its_name_and_its_silences(tmp_path, by):
    sound = np.concatenate([np.zeros(4 * WINDOW), np.full(3 * WINDOW, 0.3), np.zeros(2 * WINDOW)])
    write_wav(tmp_path / "beep.wav", sound, RATE)
    clip = only(tmp_path / "beep.wav" if by == "path" else WavFile(tmp_path / "beep.wav"))
    assert (clip.text, clip.onset, clip.stop, clip.samples) == (
        "beep.wav",
        4 * WINDOW,
        7 * WINDOW,
        9 * WINDOW,
    )


def test_the_silence_before_a_file_is_part_of_its_sound():
    clip = only(Spoken(tone(0.1), "beep", before=0.05))
    assert (clip.onset, clip.stop, clip.samples) == (1200, 3600, 3600)
    assert clip.pcm == bytes(2400) + tone(0.1)


def test_a_sound_from_its_first_sample_to_its_last():
    clip = only(Spoken(tone(0.1), "beep"))
    assert (clip.onset, clip.stop, clip.voiced) == (0, 2400, True)


@pytest.mark.parametrize(
    "pcm", [b"", bytes(4800), to_pcm(np.full(2400, 0.0005))], ids=["empty", "silent", "faint"]
)
def test_a_sound_in_which_nothing_is_audible(pcm):
    clip = only(Spoken(pcm, "nothing"))
    assert (clip.text, clip.voiced, clip.pcm) == ("nothing", False, pcm)


def test_what_cannot_be_read_or_said(tmp_path):
    with pytest.raises(AudioError, match=r"none\.wav"):
        only(tmp_path / "none.wav")
    with pytest.raises(UnspeakableText):
        clips(["abc", "…"], None)
    with pytest.raises(AudioError, match="whole samples"):
        only(Spoken(b"odd", "odd"))


def test_only_what_is_said_last_ends_there(voice):
    clips(["I would like a table", Pause(0.5), "for four", Pause(1.0)], None)
    assert [text for text, _ in voice.asked] == ["I would like a table", "for four."]


def test_the_sounds_of_a_move():
    assert [clip.text for clip in clips_of(Cough(seed=1), None)] == ["(cough)"]
    cough = clips_of(Cough(seed=1), None)[0]
    assert cough.voiced
    assert cough.onset == 0
    assert clips_of(Cough(seed=2), None)[0].pcm != cough.pcm
    assert [clip.text for clip in clips_of(BackChannel("ab"), None)] == ["ab"]
    assert clips_of(Answer(), None) == []
