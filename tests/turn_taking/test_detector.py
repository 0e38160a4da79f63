import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicenb.audio.pcm import to_pcm
from voicenb.audio.resample import resample
from voicenb.audio.vad import Silero
from voicenb.audio.wav import read_wav
from voicenb.errors import AudioError
from voicenb.turn_taking.detector import FRAME, QUIET, REST, SpeechDetector, at_16k, probabilities

from .conftest import CLIPS

CLIP, _ = read_wav(CLIPS / "cards-001.wav")


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 3000), max_size=30))
def test_chunks_make_no_difference(cuts: list[int]) -> None:
    pcm = to_pcm(CLIP)
    detector, frames, at = SpeechDetector(), [], 0
    for size in [*cuts, len(CLIP)]:
        frames += detector.push(pcm[2 * at : 2 * (at + size)])
        at += size
    frames += detector.finish()
    np.testing.assert_array_equal([f.probability for f in frames], probabilities(CLIP).astype(float))
    assert [(f.start, f.end) for f in frames] == [
        (i * FRAME, (i + 1) * FRAME) for i in range(len(CLIP) // FRAME)
    ]
    assert detector.position == frames[-1].end


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 17_000), st.integers(0, 17_000))
def test_a_stretch_of_the_track_is_what_its_frames_have(one: int, other: int) -> None:
    first, last = sorted((one, other))
    detector = SpeechDetector()
    frames = [*detector.push(to_pcm(CLIP)), *detector.finish()]
    known = np.concatenate([frame.samples for frame in frames])
    track = np.frombuffer(to_pcm(CLIP), np.int16)
    np.testing.assert_array_equal(at_16k(track, first, min(last, len(known))), known[first:last])


def test_behind_the_track_is_silence() -> None:
    track = np.frombuffer(to_pcm(CLIP), np.int16)
    end = len(track) * 2 // 3
    assert not at_16k(track, end + 64, end + 1000).any()
    assert at_16k(track, end - 1000, end + 1000).shape == (2000,)


def test_a_frame_is_known_within_two_milliseconds_of_its_end() -> None:
    detector = SpeechDetector()
    assert detector.push_samples(np.zeros(FRAME, np.float32)) == []
    assert len(detector.push_samples(np.zeros(48, np.float32))) == 1


def test_the_short_filter_does_what_the_long_one_does() -> None:
    frames = SpeechDetector().push_samples(CLIP)
    ours = np.concatenate([frame.samples for frame in frames])
    theirs = resample(CLIP, 24_000, 16_000)[: len(ours)]
    difference = np.sqrt(np.mean((ours - theirs) ** 2)) / np.sqrt(np.mean(theirs**2))
    assert difference < 0.01


@pytest.mark.parametrize(
    ("frequency", "least", "most"), [(300, -0.1, 0.1), (7000, -0.1, 0.1), (9000, -200, -60)]
)
def test_what_16_khz_cannot_hold_is_taken_out(frequency: float, least: float, most: float) -> None:
    tone = np.sin(2 * np.pi * frequency * np.arange(24_000) / 24_000).astype(np.float32)
    out = np.concatenate([frame.samples for frame in SpeechDetector().push_samples(tone)])[2000:-2000]
    assert least <= 20 * np.log10(out.std() / tone.std()) <= most


def test_reset_begins_a_new_track() -> None:
    detector = SpeechDetector()
    first = detector.push_samples(CLIP)
    detector.reset()
    assert detector.position == 0
    assert detector.push_samples(CLIP) == first


def onset_frame(track: list[np.ndarray]) -> int:
    """Frames from where the last sound begins (on a frame) to the first of it that is speech."""
    *before, sound = (samples[: len(samples) // FRAME * FRAME] for samples in track)
    first = sum(len(samples) for samples in before) // FRAME
    return int(np.argmax(probabilities(np.concatenate([*before, sound]))[first:] >= 0.5))


@pytest.mark.parametrize("name", ["austen-0870", "austen-0880", "austen-0920", "cards-003"])
def test_speech_is_heard_as_soon_behind_many_turns_as_at_first(name: str) -> None:
    silence, sound = np.zeros(2 * 24_000, np.float32), read_wav(CLIPS / f"{name}.wav")[0]
    turns = [part for n in range(1, 6) for part in (read_wav(CLIPS / f"cards-00{n}.wav")[0], silence)]
    assert onset_frame([*turns, sound]) == onset_frame([silence, sound])


def test_the_model_is_not_asked_about_digital_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    ask = Silero.__call__
    monkeypatch.setattr(Silero, "__call__", lambda silero, low: asked.append(1) or ask(silero, low))
    minute, whisper = np.zeros(60 * 24_000, np.float32), np.full(60 * 24_000, 1 / 32_768, np.float32)
    for track, least, most in [(minute, REST, REST), (whisper, 1_800, 1_900)]:
        asked.clear()
        assert probabilities(track)[-1_000:].max() < QUIET
        assert least <= len(asked) <= most


@pytest.mark.parametrize("name", ["austen-0870", "cards-003"])
@pytest.mark.parametrize("seconds", [2, 7, 30])
def test_behind_digital_silence_of_any_length_speech_is_heard_as_at_first(name: str, seconds: int) -> None:
    sound, frame = read_wav(CLIPS / f"{name}.wav")[0], np.zeros(FRAME, np.float32)
    frames = seconds * 24_000 // FRAME
    behind = probabilities(np.concatenate([*[frame] * frames, sound]))[frames:]
    np.testing.assert_array_equal(behind, probabilities(np.concatenate([frame, sound]))[1:])


@pytest.mark.parametrize("level", [0.001, 0.01, 0.1, 0.2])
def test_a_new_beginning_does_not_make_speech_of_noise(level: float) -> None:
    noise = np.random.default_rng(1).standard_normal(20 * 24_000).astype(np.float32)
    assert probabilities(np.concatenate([CLIP, np.float32(level) * noise]))[-500:].max() < 0.5


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(AudioError):
        SpeechDetector().push(b"abc")
