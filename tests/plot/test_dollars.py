"""What is said may hold what matplotlib would take for mathematics."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech

SAID = "$x_{$, no: $5"


@pytest.fixture(scope="module")
def dear(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    """A call about prices."""
    made = KnownCall(
        tmp_path_factory.mktemp("dear") / "call", 12.0, {"min_silence": 800, "max_silence": 3000}
    )
    made.service = f"built {SAID}"
    over = made.says(2.0, speech("austen-0880.wav"))
    made.turn("one", SAID, told=2.1, decided=over + 0.85, transcribed=over + 0.9)
    sound = speech("austen-0890.wav")
    made.reply("r1", SAID, sound, began=over + 0.9, received=over + 1.0, heard=over + 1.1)
    return made.build()


@pytest.mark.parametrize("plot", [vn.plot.timeline, vn.plot.latency, vn.plot.endpointing])
def test_dollar_signs_are_drawn_as_they_are(dear: vn.Recording, plot: Callable[..., Axes]) -> None:
    figure = Figure(figsize=(11, 4))
    plot(dear, ax=figure.subplots())
    figure.savefig(io.BytesIO(), format="png")
    prices = [text for text in figure.findobj(Text) if "$" in text.get_text()]
    assert prices
    assert not [text for text in prices if text.get_parse_math()]
