"""Names that lie over nothing, each other least of all."""

from __future__ import annotations

from itertools import combinations, pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes

from voicenb.plot.placing import Name, Placing

POINTS = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12, unique=True)


def made(size: tuple[float, float] = (5.0, 4.0)) -> Axes:
    figure, ax = plt.subplots(figsize=size, layout="constrained")
    ax.set(xlim=(0, 1), ylim=(0, 1))
    figure.draw_without_rendering()
    return ax


def texts(ax: Axes) -> list[object]:
    return [text for text in ax.texts if text.get_text()]


@settings(max_examples=25, deadline=None)
@given(POINTS)
def test_no_name_lies_over_another_a_mark_or_a_line(points: list[tuple[float, float]]) -> None:
    ax = made()
    placing = Placing(ax)
    placing.marks(points)
    line = [(0.0, 0.9), (0.4, 0.3), (1.0, 0.1)]
    placing.line(line)
    written = sum(placing.write(Name(x, y, ("a name", "name"), "black")) for x, y in points)
    found = [text.get_window_extent() for text in ax.texts if text.get_text()]
    assert len(found) == written
    assert written or len(points) > 3
    for one, other in combinations(found, 2):
        overlap = one.intersection(one, other)
        assert overlap is None or min(overlap.width, overlap.height) < 0.01
    marks = ax.transData.transform(points)
    corners = ax.transData.transform(line)
    along = np.concatenate([np.linspace(a, b, 200) for a, b in pairwise(corners)])
    inside = ax.get_window_extent()
    for box in found:
        assert inside.x0 <= box.x0
        assert box.x1 <= inside.x1
        assert inside.y0 <= box.y0
        assert box.y1 <= inside.y1
        assert not any(box.contains(x, y) for x, y in marks)
        # The line is kept free at every third pixel.
        assert not any(box.padded(-2).contains(x, y) for x, y in along)
    plt.close("all")


def test_the_nearest_place_is_taken_and_no_line_leads_there() -> None:
    ax = made()
    assert Placing(ax).write(Name(0.5, 0.5, ("here",), "black"))
    (text,) = ax.texts
    box = text.get_window_extent()
    x, y = ax.transData.transform((0.5, 0.5))
    assert 0 < box.x0 - x < 15
    assert box.y0 < y < box.y1


def test_a_line_leads_to_a_name_that_stands_apart() -> None:
    ax = made()
    placing = Placing(ax)
    ring = [(0.5 + 0.05 * np.cos(a), 0.5 + 0.05 * np.sin(a)) for a in np.linspace(0, 6.28, 40)]
    placing.marks(ring, 6.0)
    assert placing.write(Name(0.5, 0.5, ("far",), "black", leads=False))
    assert len(ax.texts) == 1
    assert not placing.write(Name(0.5, 0.5, ("far",), "black"))  # a line would lead over the ring
    placing = Placing(made())
    placing.line(ring)
    assert placing.write(Name(0.5, 0.5, ("far",), "black"))


@pytest.mark.parametrize(("texts", "wanted"), [(("x" * 90, "short"), ["short"]), (("x" * 90,), [])])
def test_the_longest_that_has_room(texts: tuple[str, ...], wanted: list[str]) -> None:
    ax = made()
    assert Placing(ax).write(Name(0.5, 0.5, texts, "black")) == bool(wanted)
    assert [text.get_text() for text in ax.texts] == wanted


def test_dollars_are_letters() -> None:
    ax = made()
    Placing(ax).write(Name(0.5, 0.5, ("$a$",), "black"))
    assert not ax.texts[0].get_parse_math()
