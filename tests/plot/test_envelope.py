"""The outline of a track."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voicenb.plot.envelope import BLOCK, envelope


@given(st.lists(st.integers(-32768, 32767), max_size=60), st.integers(1, 20), st.integers(0, 80))
def test_the_largest_of_all_is_in_one_of_the_columns(values: list[int], columns: int, length: int) -> None:
    track = np.array(values, np.int16)
    peaks = envelope(track, columns, length)
    assert peaks.shape == (columns,)
    inside = np.abs(track[:length].astype(int))
    assert peaks.max() == (inside.max() / 32768 if len(inside) else 0)


def test_columns_are_equal_parts() -> None:
    track = np.repeat(np.array([100, -200, 300, 0], np.int16), 10)
    np.testing.assert_allclose(envelope(track, 4, 40) * 32768, [100, 200, 300, 0])
    np.testing.assert_allclose(envelope(track, 4, 80) * 32768, [200, 300, 0, 0])


def test_a_long_track_is_read_in_blocks() -> None:
    """Not column by column, and what each column has does not depend on that."""

    class Track:
        def __init__(self) -> None:
            chance = np.random.default_rng(3)
            self.samples = chance.integers(-3000, 3000, 3 * BLOCK + 77).astype(np.int16)
            self.reads = 0

        def __len__(self) -> int:
            return len(self.samples)

        def __getitem__(self, part: slice) -> np.ndarray:
            self.reads += 1
            return self.samples[part]

    track = Track()
    peaks = envelope(track, 1000, len(track) + 500)
    assert track.reads <= 5
    edges = np.linspace(0, len(track) + 500, 1001).astype(int)
    for column in (0, 1, 499, 998, 999):
        piece = track.samples[edges[column] : edges[column + 1]]
        assert peaks[column] == np.abs(piece.astype(int)).max() / 32768
