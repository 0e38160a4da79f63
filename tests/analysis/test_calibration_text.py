"""A sound check to read."""

from __future__ import annotations

import pytest

from voicenb.analysis.calibration import Calibration
from voicenb.analysis.calibration_text import HEADPHONES, html, line, remedies, text

WELL = Calibration(
    voice=-22.4,
    noise=-58.0,
    clipped=0.0,
    echo_below=-61.2,
    tones=5,
    missing=("Round trip: no tone came back into the microphone, which is as it should be.",),
)
LOUDSPEAKER = Calibration(
    voice=-22.4,
    noise=-58.0,
    clipped=0.0,
    echo=-24.6,
    round_trip=0.0614,
    round_trip_uncertainty=0.0002,
    tones=5,
    tones_found=5,
)


def test_where_all_is_well_nothing_is_advised() -> None:
    assert remedies(WELL) == []
    assert text(WELL).splitlines() == [
        "Sound check",
        "  voice       -22 dBFS",
        "  noise       -58 dBFS",
        "  echo        none found above -61 dB",
        "  round trip  not measured",
        "- Round trip: no tone came back into the microphone, which is as it should be.",
    ]


def test_an_echo_is_told_with_its_remedy() -> None:
    assert remedies(LOUDSPEAKER) == [HEADPHONES]
    told = text(LOUDSPEAKER)
    assert "-25 dB of what is played" in told
    assert "61 ms ± 1 ms, loudspeaker to microphone" in told, "no figure is surer than a millisecond"
    assert told.endswith(f"- {HEADPHONES}")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Calibration(voice=-50.0), "soft"),
        (Calibration(voice=-20.0, noise=-30.0), "nearly as loud"),
        (Calibration(voice=-2.0, clipped=0.01), "cut off"),
    ],
)
def test_remedies(found: Calibration, words: str) -> None:
    (remedy,) = remedies(found)
    assert words in remedy


def test_in_one_line_only_what_is_known() -> None:
    assert line(WELL) == "Sound check: voice -22 dBFS · noise -58 dBFS · echo none found above -61 dB."
    assert line(Calibration()) == "Sound check: nothing could be measured."


def test_in_html_nothing_is_taken_for_markup() -> None:
    told = html(Calibration(echo=-20.0, missing=("<b>",)))
    assert f"<li><b>{HEADPHONES}</b></li>" in told
    assert "<li style='opacity:.75'>&lt;b&gt;</li>" in told
