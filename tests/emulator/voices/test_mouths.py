"""What any mouth must do; the same tests over Piper and eSpeak NG."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voicenb.emulator.voices.names import SPEAKERS
from voicenb.errors import UnspeakableText

LISTS = ["Monday, bananas, yellow, running, eleven, lemon.", "Amber, violet, never, money, longer, general."]


@pytest.mark.parametrize("voice", ["ivy", "george"])
@pytest.mark.parametrize("text", LISTS)
def test_words_lie_where_they_are_heard(mouth, sound, text, voice):
    clause = mouth.say(text, voice)
    heard = sound.stretches(sound.samples(clause))
    assert len(heard) == len(clause.words)
    onsets = [abs(word.start - start) for word, (start, _) in zip(clause.words, heard, strict=True)]
    ends = [abs(word.end - stop) for word, (_, stop) in zip(clause.words, heard, strict=True)]
    assert np.median(onsets) < 0.02
    assert max(onsets) < 0.06
    assert max(ends) < 0.06


def test_words_are_the_text_s_in_order_inside_the_sound(mouth, sound):
    text = "Your table for 4 at 19:00 — under “Nguyen” — is booked, e.g. for $12.50 😀 tonight."
    clause = mouth.say(text, "ivy")
    assert clause.text == text
    assert [word.text for word in clause.words] == text.split()
    times = [time for word in clause.words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= len(clause.pcm) / 48_000


def test_the_same_words_are_the_same_bytes(mouth):
    assert mouth.say("Two of these, please.", "ivy") == mouth.say("Two of these, please.", "ivy")


def test_many_threads_hear_what_one_hears(mouth):
    texts = ["One table.", "Two chairs.", "Three plates."] * 2
    voices = ["ivy", "george", "mary"] * 2
    alone = list(map(mouth.say, texts, voices))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(mouth.say, texts, voices)) == alone


def test_speech_begins_at_once_and_ends_soon(mouth, sound):
    samples = np.abs(sound.samples(mouth.say("Of course", "ivy")))
    loud = np.flatnonzero(samples > 0.01)
    assert loud[0] / 24_000 < 0.06
    assert (len(samples) - loud[-1]) / 24_000 < 0.25
    assert 0.1 < samples.max() <= 1


@pytest.mark.parametrize(
    "text", ["", "   ", "😀", "...", "—", "😀 🎉 !!", "Привет, мир", "你好", "\n\t", "***", "\x00", "[["]
)
def test_text_that_cannot_be_said(mouth, text):
    with pytest.raises(UnspeakableText) as caught:
        mouth.say(text, "ivy")
    assert caught.value.facts["text"] == text


@pytest.mark.parametrize(
    "text", ["[[h@]] [", "<b>bold</b> a", "%s {x} \\", "a" * 400, "1" * 60, "é", "x\x00y"]
)
def test_odd_text_is_said_somehow(mouth, text):
    assert len(mouth.say(text, "ivy").pcm) > 1000


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=20))
def test_any_text_is_said_or_refused(mouth, text):
    try:
        clause = mouth.say(text, "ivy")
    except UnspeakableText:
        return
    assert clause.pcm
    assert len(clause.pcm) % 2 == 0
    assert [word.text for word in clause.words] == text.split()


def pitch(samples):
    """Median pitch in Hz, by autocorrelation over frames of 40 ms."""
    frame = 960
    found = []
    for start in range(0, len(samples) - 2 * frame, frame // 2):
        part = samples[start : start + 2 * frame]
        if np.sqrt(np.mean(part**2)) < 0.03:
            continue
        part = part - part.mean()
        likeness = np.correlate(part, part, "full")[len(part) - 1 :] / np.sum(part**2)
        lag = 60 + int(likeness[60:400].argmax())
        if likeness[lag] > 0.5:
            found.append(24_000 / lag)
    return float(np.median(found))


def test_voices_differ_audibly(mouth, sound):
    text = "We are open every evening, only on Monday we are away."
    low, middle, high = (
        pitch(sound.samples(mouth.say(text, voice))) for voice in ("george", "charles", "alba")
    )
    assert high > 1.15 * low
    assert middle > 1.04 * low


def test_a_name_that_nobody_knows_has_a_voice(mouth):
    assert mouth.say("Hello.", "nobody-knows") == mouth.say("Hello.", "another-unknown")


def test_pace_does_not_follow_pitch(piper):
    lengths = {}
    for voice in ("george", "alba", "eve"):
        seconds = len(piper.say("We are open every evening, only on Monday we are away.", voice).pcm) / 48_000
        lengths[voice] = seconds * SPEAKERS[voice].pace
    assert max(lengths.values()) < 1.15 * min(lengths.values())
