"""The outline of a track."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voicenb.plot.envelope import envelope


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
