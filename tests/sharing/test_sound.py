"""The sound of a page: both sides, where they were heard."""

from __future__ import annotations

import io
import sys

import numpy as np
import pytest
import soundfile
from terminal import in_a_terminal, told

import voicenb as vn
from voicenb.sharing.sound import RATE, Coding, coded


def decoded(recording: vn.Recording, coding: Coding) -> np.ndarray:
    samples, rate = soundfile.read(io.BytesIO(coded(recording, recording.duration, coding)), dtype="int16")
    assert rate == RATE
    return samples


def test_flac_is_the_recording_sample_by_sample(call: vn.Recording) -> None:
    both = call.stereo()
    assert np.array_equal(decoded(call, "flac"), both[: round(call.duration * RATE)])


def test_opus_is_as_long_and_in_the_same_place(call: vn.Recording) -> None:
    both, found = call.stereo(), decoded(call, "opus")
    assert len(found) == round(call.duration * RATE)
    for side in (0, 1):
        one, other = both[: len(found), side].astype(float), found[:, side].astype(float)
        # Where it was moved by less than a millisecond the two are most alike.
        around = range(-48, 49, 4)
        alike = [float(np.dot(np.roll(one, shift), other)) for shift in around]
        assert abs(list(around)[int(np.argmax(alike))]) <= 24


def test_a_minute_of_opus_is_small(call: vn.Recording) -> None:
    minutes = call.duration / 60
    assert len(coded(call, call.duration)) / minutes < 1.0e6


def test_without_soundfile_the_error_says_what_helps(
    call: vn.Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(vn.MissingExtra, match="include_audio=False"):
        coded(call, call.duration)


def test_of_a_long_call_it_is_told_how_far_it_is(call: vn.Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = in_a_terminal(monkeypatch)
    coded(call, call.duration)
    assert terminal.getvalue() == ""
    monkeypatch.setattr("voicenb.progress.LONG", call.duration)
    coded(call, call.duration)
    assert (told(terminal)[0], told(terminal)[-1]) == (
        "Compressing the voices 0/1 min",
        "Compressing the voices 1/1 min",
    )
