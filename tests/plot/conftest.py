"""Pictures are drawn without a screen, and closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech

mpl.use("Agg")


@pytest.fixture(autouse=True)
def no_figure_is_left() -> Iterator[None]:
    import matplotlib.pyplot as plt

    yield
    plt.close("all")


@pytest.fixture(scope="session")
def call(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    """A plain turn, a tool turn, an interruption, a turn that nobody answers."""
    made = KnownCall(folder(tmp_path_factory), 44.0, {"min_silence": 800, "max_silence": 3000})
    over = made.says(2.0, speech("cards-002.wav"))
    made.turn("one", "Two cards, please.", told=2.1, decided=over + 0.85, transcribed=over + 0.9)
    sound = speech("austen-0880.wav")
    made.reply("r1", "An answer.", sound, began=over + 0.9, received=over + 1.0, heard=over + 1.1)
    over = made.says(12.0, speech("cards-004.wav"))
    made.turn("two", "A tool, please.", told=12.1, decided=over + 0.9, transcribed=over + 0.9)
    made.reply(
        "r2",
        "Let me look.",
        speech("cards-001.wav"),
        began=over + 0.95,
        received=over + 1.0,
        heard=over + 1.1,
        calls=(("c1", over + 1.02, over + 3.5),),
    )
    cut = over + 6.5
    sound = speech("austen-0890.wav")
    made.reply("r3", "It is there.", sound, began=over + 3.6, received=over + 3.7, heard=over + 3.8, cut=cut)
    over = made.says(cut - 0.6, speech("cards-005.wav"))
    made.turn("three", "Stop.", told=cut - 0.05, decided=over + 0.9, transcribed=over + 0.9)
    return made.build()


def folder(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("plot") / "call"
