"""A call from left to right, as a picture."""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.plot.timeline import WAITS, timeline


def test_both_voices_their_words_and_what_went_wrong(call: vn.Recording) -> None:
    ax = vn.plot.timeline(call)
    texts = [text.get_text().strip() for text in ax.texts]
    for words in ("Two cards, please.", "An answer.", "interruption", "unanswered", "look_up 2.48 s"):
        assert words in texts
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Caller", "Known", "waits"]
    assert ax.get_xlim() == (0, call.duration)
    assert "built" in ax.get_title(loc="left")
    found = vn.turns(call)
    waits = [bar for bar in ax.patches if abs(bar.get_y() + bar.get_height() / 2 - WAITS) < 1e-6]
    first = found.caller[0]
    begins = min(bar.get_x() for bar in waits)
    assert begins == pytest.approx(first.end, abs=1e-6)
    assert waits[0].get_hatch() == "/////"


def test_a_part_of_it(call: vn.Recording) -> None:
    ax = timeline(call, start=10.0, end=20.0)
    assert ax.get_xlim() == (10, 20)
    texts = [text.get_text() for text in ax.texts]
    assert "A tool, please." in texts
    assert "Two cards, please." not in texts


@pytest.mark.parametrize("style", ["default", "dark_background", "grayscale"])
@pytest.mark.parametrize("size", [(4.0, 2.0), (14.0, 4.0)])
def test_it_is_drawn_on_axes_of_ones_own(call: vn.Recording, style: str, size: tuple[float, float]) -> None:
    with plt.style.context(style):
        figure, ax = plt.subplots(figsize=size, layout="constrained")
        assert timeline(call, ax=ax) is ax
        file = io.BytesIO()
        figure.savefig(file, format="png")
        assert len(file.getvalue()) > 5_000


@pytest.mark.parametrize(("start", "end"), [(5.0, 5.0), (9.0, 2.0), (999.0, None)])
def test_nothing_to_be_seen_is_refused(call: vn.Recording, start: float, end: float | None) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="is empty"):
        timeline(call, start=start, end=end)


def test_a_call_in_which_one_side_or_nobody_speaks(tmp_path: Path) -> None:
    nobody = KnownCall(tmp_path / "nobody", 5.0)
    assert timeline(nobody.build()).get_xlim() == (0, 5)
    alone = KnownCall(tmp_path / "alone", 9.0)
    alone.reply("r1", "Hello?", speech("cards-001.wav"), began=1.0, received=1.1, heard=1.2)
    assert "Hello?" in [text.get_text() for text in timeline(alone.build()).texts]
