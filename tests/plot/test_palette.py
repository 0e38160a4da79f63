"""Colours by the ground that they stand on."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_rgb

from voicenb.plot.palette import DARK, LIGHT, Palette, palette


@pytest.mark.parametrize(
    ("style", "expected"), [("default", LIGHT), ("dark_background", DARK), ("grayscale", LIGHT)]
)
def test_by_style(style: str, expected: Palette) -> None:
    with plt.style.context(style):
        _, ax = plt.subplots()
        assert palette(ax) is expected


def test_by_the_figure_where_the_axes_have_no_ground() -> None:
    figure, ax = plt.subplots(facecolor="#101010")
    ax.set_facecolor("none")
    assert palette(ax) is DARK
    figure.set_facecolor("none")
    assert palette(ax) is LIGHT


def lightness(colour: str) -> float:
    red, green, blue = (channel**2.2 for channel in to_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((lightness(one), lightness(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["caller", "agent", "tool", "wrong", "ink", "faint"])
def test_what_is_written_can_be_read(colours: Palette, ink: str) -> None:
    assert contrast(getattr(colours, ink), colours.ground) >= 3.9
