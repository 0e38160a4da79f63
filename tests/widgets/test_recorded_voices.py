"""What a page draws of a call's sound, on the engine's clock."""

from __future__ import annotations

import numpy as np
import pytest

import voicenb as vn
from tests.tuning.known import build
from voicenb.recording.alignment import Piece
from voicenb.tuning.evidence import Evidence, TrackClock, read
from voicenb.tuning.kept import probabilities
from voicenb.widgets.recorded_voices import likely, voices

FRAME = 0.032


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    return build(tmp_path_factory.mktemp("recorded") / "call")[0]


def test_both_voices_and_the_probabilities_where_somebody_speaks(call: vn.Recording) -> None:
    (values,) = probabilities([call])
    evidence = read(call, values)
    about, (caller, agent, shown) = voices(call, evidence)
    assert about == {"step": 0.02, "frame": FRAME}
    assert len(caller) == len(agent) == round(call.duration / 0.02)
    said = evidence.speech[0]
    middle = (said.start + said.end) / 2
    assert max(caller[round(middle / 0.02) - 10 : round(middle / 0.02) + 10]) > 50
    assert shown[round(middle / FRAME)] > 128
    assert max(caller[:20]) < 30, "nobody speaks yet"
    heard = evidence.replies[0]
    assert max(agent[round(heard.start / 0.02) : round(heard.end / 0.02)]) > 50
    assert max(agent[: round(heard.start / 0.02) - 2]) == 0


def test_where_the_microphone_stood_still_nothing_is_likely() -> None:
    # A second of sound, then a gap of a second, then another second.
    pieces: list[Piece] = [(0, 24_000, 0.0), (24_000, 24_000, 48_000.0)]
    values = np.linspace(0.0, 1.0, 62, dtype=np.float32)
    evidence = Evidence("call", "", values, (), clock=TrackClock(pieces), duration=2.0)
    shown = np.frombuffer(likely(evidence, 3.0), np.uint8)
    assert len(shown) == 94
    assert shown[10] == round(255 * float(values[10]))
    behind = round(2.5 / FRAME)
    assert shown[behind] == pytest.approx(255 * float(values[behind - 31]), abs=6)
