"""Rows as a pandas table."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass, replace
from typing import Literal

import pytest

import voicenb as vn
from voicenb.analysis.frame import dtypes_of, frame


def test_a_row_each() -> None:
    table = frame([{"a": 1, "b": None}, {"a": 2, "b": 0.5}])
    assert list(table.columns) == ["a", "b"]
    assert list(table["a"]) == [1, 2]


@dataclass
class Sample:
    """A field of each kind."""

    name: str
    side: Literal["user", "agent"]
    number: int
    ended_by: Literal["min_silence"] | str | None = None
    count: int | None = None
    wait: float | None = None
    cut: bool | None = None
    parts: tuple[str, ...] = ()


def test_the_types_of_columns_come_from_the_attributes() -> None:
    dtypes = dtypes_of(Sample)
    assert list(dtypes) == ["name", "side", "number", "ended_by", "count", "wait", "cut", "parts"]
    kinds = ["string", "string", "int64", "string", "Int64", "float64", "boolean", "object"]
    assert list(dtypes.values()) == kinds
    without = Sample("a", "user", 1)
    for rows in ([], [asdict(without)], [asdict(replace(without, count=2, wait=0.5, cut=True))]):
        table = frame(rows, dtypes)
        assert [str(kind) for kind in table.dtypes] == kinds
        assert len(table) == len(rows)


def test_without_pandas_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(vn.MissingExtra, match=r"voicenb\[data\]"):
        frame([{"a": 1}])
