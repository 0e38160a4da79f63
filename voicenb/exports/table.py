"""Turns as tables: CSV, Parquet, and JSON an object a line."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from voicenb.analysis.turns import Turns
from voicenb.errors import MissingExtra

if TYPE_CHECKING:
    import pandas

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to Excel, LibreOffice and Sheets."""


def csv(found: Turns) -> str:
    """A row for each turn; what was not captured is empty, settings are JSON.

    It is opened in spreadsheets, and a caller says what a caller likes: words that would be a formula there
    have an apostrophe before them. Parquet and JSONL have them as they are.

    Raises:
        MissingExtra: pandas is not installed.
    """
    rows = _table(found)
    for name, column in rows.items():
        if column.dtype == "string":
            rows[name] = [f"'{cell}" if _is_formula(cell) else cell for cell in column]
    return str(rows.to_csv(index=False))


def parquet(found: Turns) -> bytes:
    """The same, typed: of any call the same columns of the same types, so that files can be joined.

    Raises:
        MissingExtra: pandas or pyarrow is not installed.
    """
    file = io.BytesIO()
    try:
        _table(found).to_parquet(file, index=False)
    except ImportError as error:
        raise MissingExtra("Parquet needs pyarrow.", remedy='pip install "voicenb[data]"') from error
    return file.getvalue()


def jsonl(found: Turns) -> str:
    """An object for each turn, with all its attributes; pauses and tools are lists."""
    return "".join(json.dumps(turn, ensure_ascii=False) + "\n" for turn in found.to_dicts())


def _table(found: Turns) -> pandas.DataFrame:
    """The turns with their settings as text: a column of objects has no type of its own in a file."""
    rows = found.to_dataframe()
    told = rows["turn_detection"].map(lambda each: None if each is None else json.dumps(each))
    rows["turn_detection"] = told.astype("string")
    return rows


def _is_formula(cell: object) -> bool:
    return isinstance(cell, str) and cell.startswith(FORMULA)
