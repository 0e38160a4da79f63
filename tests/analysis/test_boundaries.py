"""Boundaries against those that were set by hand."""

from __future__ import annotations

import numpy as np
import pytest
from terminal import in_a_terminal, told

from voicenb.analysis.boundaries import Speech, find_speech
from voicenb.audio.resample import resample
from voicenb.audio.wav import read_wav

from .conftest import CLIPS, LABELS

RATE = 24_000


def pcm(samples: np.ndarray) -> np.ndarray:
    return (np.clip(samples, -1, 1) * 32767).astype(np.int16)


def clip(name: str) -> np.ndarray:
    samples, rate = read_wav(CLIPS / name)
    return pcm(resample(samples, rate, RATE))


@pytest.mark.parametrize("name", sorted(LABELS))
def test_real_speech_begins_and_ends_where_it_was_set_by_hand(name: str) -> None:
    label = LABELS[name]
    found = find_speech(clip(name), join=3.0)
    assert found[0].start == pytest.approx(label.onset, abs=0.03 + label.onset_uncertainty)
    assert found[-1].end == pytest.approx(label.offset, abs=0.07 + label.offset_uncertainty)


def test_a_pause_parts_two_stretches_unless_it_is_to_be_joined() -> None:
    words = clip("cards-002.wav")
    twice = np.concatenate([words, np.zeros(RATE // 2, np.int16), words])
    first, second = find_speech(twice, join=0.4)
    label = LABELS["cards-002.wav"]
    assert second.start - first.start == pytest.approx(len(words) / RATE + 0.5, abs=0.05)
    assert first.end == pytest.approx(label.offset, abs=0.08)
    assert len(find_speech(twice, join=1.5)) == 1


def test_digital_silence_around_speech_is_no_noise() -> None:
    label = LABELS["cards-001.wav"]
    onset, offset = label.onset, label.offset
    cut = clip("cards-001.wav")[round(onset * RATE) : round(offset * RATE)]
    padded = np.concatenate([np.zeros(RATE, np.int16), cut, np.zeros(RATE, np.int16)])
    (found,) = find_speech(padded, join=0.2)
    assert found.start == pytest.approx(1.0, abs=0.02)
    assert found.end == pytest.approx(1.0 + offset - onset, abs=0.05)


def errors(snr: float | None, offset: float) -> np.ndarray:
    """By how many seconds onset and end of each clip are missed, cut at its labels; shape ``(clips, 2)``."""
    missed = []
    for name, label in sorted(LABELS.items()):
        samples, _ = read_wav(CLIPS / name)
        cut = samples[round(label.onset * RATE) : round(label.offset * RATE)]
        before = round((1.5 + offset) * RATE)
        sound = np.concatenate([np.zeros(before, np.float32), cut, np.zeros(2 * RATE, np.float32)])
        if snr is not None:
            power = np.mean(cut**2) / 10 ** (snr / 10)
            sound = sound + np.sqrt(power) * np.random.default_rng(1).standard_normal(len(sound))
        found = find_speech(pcm(sound), join=3.0)
        missed.append((found[0].start - before / RATE, found[-1].end - (before + len(cut)) / RATE))
    return np.array(missed)


@pytest.mark.parametrize("offset", [0.0, 0.013])
@pytest.mark.parametrize("snr", [None, 30, 20, 10])
def test_boundaries_in_noise(snr: int | None, offset: float) -> None:
    missed = np.abs(errors(snr, offset))
    for kind, column in zip(("onset", "end"), missed.T, strict=True):
        middle, tail = np.median(column), np.percentile(column, 90)
        where = "in silence" if snr is None else f"at {snr} dB"
        print(f"{kind} {where}: median {middle:.3f} s, p90 {tail:.3f} s, n = {len(column)}")
    if snr is None or snr == 30:
        labels = [(one.onset_uncertainty, one.offset_uncertainty) for _, one in sorted(LABELS.items())]
        assert (missed - np.array(labels)).max() <= 0.02
    elif snr == 20:
        assert np.median(missed, axis=0).max() <= 0.02


@pytest.mark.parametrize("seconds", [0, 0.01, 2])
def test_where_nobody_speaks_there_is_nothing(seconds: float) -> None:
    noise = np.random.default_rng(7).normal(0, 0.003, round(seconds * RATE))
    assert find_speech(pcm(noise)) == []


def test_a_boundary_is_never_before_its_beginning() -> None:
    assert all(
        isinstance(each, Speech) and each.start <= each.end for each in find_speech(clip("austen-0870.wav"))
    )


def test_of_a_long_track_it_is_told_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = in_a_terminal(monkeypatch)
    silence = np.zeros(round(6.5 * 60 * RATE), np.int16)  # which the detector does not listen to
    find_speech(silence[: 4 * 60 * RATE])
    assert terminal.getvalue() == ""
    find_speech(silence)
    assert (told(terminal)[0], told(terminal)[-1]) == ("Listening 0/6 min", "Listening 6/6 min")
