"""Real mouths, each loaded once."""

from __future__ import annotations

import numpy as np
import pytest

from voicenb.emulator.ears.moonshine import Moonshine
from voicenb.emulator.voices.espeak import Espeak
from voicenb.emulator.voices.piper import Piper


def samples_of(clause):
    return np.frombuffer(clause.pcm, "<i2").astype(np.float32) / 32768


def stretches(samples, loud=0.012, gap=0.1, shortest=0.08):
    """Where sound is, in seconds: frames of 5 ms above ``loud``, shorter pauses than ``gap`` bridged."""
    frame = 120
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
    places = np.flatnonzero(np.sqrt(np.mean(frames**2, axis=1)) > loud)
    parts = np.split(places, np.flatnonzero(np.diff(places) > gap * 24_000 / frame) + 1)
    found = [(part[0] * frame / 24_000, (part[-1] + 1) * frame / 24_000) for part in parts if len(part)]
    return [(start, stop) for start, stop in found if stop - start > shortest]


class Sound:
    samples = staticmethod(samples_of)
    stretches = staticmethod(stretches)


@pytest.fixture(scope="session")
def sound():
    return Sound


@pytest.fixture(scope="session")
def piper():
    mouth = Piper(quiet=True)
    mouth.warm()
    return mouth


@pytest.fixture(scope="session")
def espeak():
    mouth = Espeak(quiet=True)
    mouth.warm()
    return mouth


@pytest.fixture(scope="session", params=["piper", "espeak"])
def mouth(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def moonshine():
    return Moonshine()
