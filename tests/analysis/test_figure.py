"""What may be said of a figure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import voicenb as vn
from voicenb.analysis.figure import FEWEST, Figure


@given(st.lists(st.floats(0, 100), max_size=80))
def test_percentiles_are_told_from_as_many_values_as_they_need(values: list[float]) -> None:
    figure = Figure.of([*values, None])
    assert figure.n == len(values)
    told = figure.to_dict()
    assert ("p90" in told) == (len(values) >= 20)
    assert ("p95" in told) == (len(values) >= 60)
    assert ("p50" in told) == bool(values)
    for share in FEWEST:
        value = figure.percentile(share)
        if value is not None:
            assert value in values
            assert np.mean(np.array(values) <= value) >= share / 100 - 1e-9
            assert np.mean(np.array(values) < value) < share / 100


@pytest.mark.parametrize(
    ("share", "fewest"), [(50, 1), (75, 20), (90, 20), (95, 60), (99, 300), (10, 20), (1, 300)]
)
def test_what_lies_further_out_needs_more_values(share: int, fewest: int) -> None:
    values = tuple(float(n) for n in range(1, fewest + 1))
    assert Figure(values[1:]).percentile(share) is None
    assert Figure(values).percentile(share) in values


@pytest.mark.parametrize("share", [0, 100, -5, 150, "90", True])
def test_what_is_no_percentile(share: Any) -> None:
    with pytest.raises(vn.InvalidConfiguration, match="There is no percentile"):
        Figure((1.0,)).percentile(share)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([], "not measured"),
        ([1.0], "p50 1.00 s (n = 1)"),
        ([1.0, 2.0], "p50 1.50 s, largest 2.00 (n = 2)"),
        ([float(n) for n in range(1, 21)], "p50 10.50 s, p90 18.00, largest 20.00 (n = 20)"),
        ([float(n) for n in range(1, 61)], "p50 30.50 s, p90 54.00, p95 57.00 (n = 60)"),
    ],
)
def test_in_words(values: list[float], text: str) -> None:
    assert str(Figure(tuple(values))) == text
