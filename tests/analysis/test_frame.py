"""Rows as a pandas table."""

from __future__ import annotations

import sys

import pytest

import voicenb as vn
from voicenb.analysis.frame import frame


def test_a_row_each() -> None:
    table = frame([{"a": 1, "b": None}, {"a": 2, "b": 0.5}])
    assert list(table.columns) == ["a", "b"]
    assert list(table["a"]) == [1, 2]


def test_without_pandas_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(vn.MissingExtra, match=r"voicenb\[data\]"):
        frame([{"a": 1}])
