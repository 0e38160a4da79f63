from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from voicenb.emulator.ears.moonshine import Moonshine, model_folder
from voicenb.errors import MissingExtra

RATE = 16_000


def pink(count, seed=0):
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), count)
    return (noise / np.sqrt(np.mean(noise**2))).astype(np.float32)


def test_reads_austen_with_at_most_one_word_wrong_of_seventy(moonshine, clips):
    assert clips.wrong(moonshine, "austen") <= 1


def test_reads_austen_in_pink_noise_at_20_db_with_at_most_four_wrong(moonshine, clips):
    def noisy(samples):
        return samples + pink(len(samples)) * np.float32(np.sqrt(np.mean(samples**2)) / 10)

    assert clips.wrong(moonshine, "austen", change=noisy) <= 4


def test_all_clips_have_at_most_five_percent_wrong(moonshine, clips):
    assert clips.wrong(moonshine, "") <= 0.05 * 95


def test_words_are_cased_and_punctuated(moonshine, clips):
    assert (
        moonshine.transcribe(clips.samples["austen-0930"]) == "He might even have been made amiable himself."
    )


def test_what_is_heard_does_not_depend_on_how_loud_it_was(moonshine, clips):
    samples = clips.samples["cards-004"]
    loud = {moonshine.transcribe(samples * np.float32(gain)) for gain in (0.01, 0.1, 1.0)}
    assert loud == {"Five, five."}


def test_the_beginning_of_an_utterance_is_heard_already(moonshine, clips):
    heard = moonshine.transcribe(clips.samples["austen-0920"][: int(1.3 * RATE)])
    assert heard.startswith("Had he married")


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.3, 1.0, 3.0])
@pytest.mark.parametrize("kind", ["silence", "hiss", "pink", "hum", "click", "faint"])
def test_sound_without_a_voice_has_no_words(moonshine, kind, seconds):
    count = int(seconds * RATE)
    time = np.arange(count) / RATE
    sounds = {
        "silence": np.zeros(count),
        "hiss": 0.1 * np.random.default_rng(1).standard_normal(count),
        "pink": 0.05 * pink(max(2, count))[:count],
        "hum": 0.1 * np.sin(2 * np.pi * 50 * time),
        "click": (np.arange(count) == count // 2).astype(float),
        "faint": 1e-6 * np.random.default_rng(2).standard_normal(count),
    }
    assert moonshine.transcribe(sounds[kind].astype(np.float32)) == ""


def test_what_is_not_a_number_is_no_word(moonshine):
    assert moonshine.transcribe(np.full(RATE, np.nan, np.float32)) == ""


def test_a_long_stretch_is_cut_where_it_is_quiet_and_nothing_is_lost(moonshine, clips):
    names = [name for name in clips.samples if name.startswith("austen")] * 2
    pause = np.zeros(RATE // 2, np.float32)
    whole = np.concatenate([part for name in names for part in (clips.samples[name], pause)])
    assert len(whole) / RATE > 45
    heard = moonshine.transcribe(whole)
    assert clips.errors(" ".join(clips.said[name] for name in names), heard) <= 4


def test_the_same_sound_is_the_same_words_from_many_threads(moonshine, clips):
    samples = [clips.samples["cards-002"], clips.samples["cards-005"]] * 4
    alone = [moonshine.transcribe(one, ["clubs"]) for one in samples]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda one: moonshine.transcribe(one, ["clubs"]), samples))
    assert together == alone


def test_without_its_package_it_says_what_brings_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "moonshine_voice", None)
    assert model_folder() is None
    with pytest.raises(MissingExtra, match=r"voicenb\[emulator\]"):
        Moonshine()
