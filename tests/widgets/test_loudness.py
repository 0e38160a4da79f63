"""What a voice looks like in the lanes."""

from __future__ import annotations

import re

import numpy as np
import pytest

from voicenb.audio.pcm import RATE, to_pcm
from voicenb.widgets.bundle import FRONTEND
from voicenb.widgets.loudness import STEP, loudness


def test_one_level_for_each_step() -> None:
    step = round(STEP * RATE)
    square = np.concatenate([np.zeros(step), np.full(step, 0.5), np.full(step // 2, 0.5)])
    assert loudness(to_pcm(square)) == [0.0, pytest.approx(0.5, abs=1e-3)]


def test_the_page_takes_the_same_steps() -> None:
    (step,) = re.findall(r"export const STEP = (\d+);", (FRONTEND / "trace.js").read_text(encoding="utf-8"))
    assert int(step) == 1000 * STEP
