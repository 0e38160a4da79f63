"""Turns as tables: CSV, Parquet, and JSON an object a line."""

from __future__ import annotations

import csv as writing
import io
import json
from typing import TYPE_CHECKING, Any

from voicenb.analysis.turns import Turns
from voicenb.analysis.turns_table import dtypes, row
from voicenb.errors import MissingExtra, how_to_install

if TYPE_CHECKING:
    import pandas

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to Excel, LibreOffice and Sheets."""


def csv(found: Turns) -> str:
    """A row for each turn; what was not captured is empty, settings are JSON.

    It is opened in spreadsheets, and a caller says what a caller likes: words that would be a formula there
    have an apostrophe before them. Parquet and JSONL have them as they are.
    """
    kinds = dtypes()
    file = io.StringIO()
    writer = writing.writer(file, lineterminator="\n")
    writer.writerow(kinds)
    for turn in found:
        cells = row(turn)
        writer.writerow([_cell(cells[name], kind) for name, kind in kinds.items()])
    return file.getvalue()


def parquet(found: Turns) -> bytes:
    """The same, typed: of any call the same columns of the same types, so that files can be joined.

    Raises:
        MissingExtra: pandas or pyarrow is not installed.
    """
    file = io.BytesIO()
    try:
        _table(found).to_parquet(file, index=False)
    except ImportError as error:
        raise MissingExtra(
            "Parquet needs pandas and pyarrow.", remedy=f"{how_to_install('data')} brings them."
        ) from error
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


def _cell(value: Any, kind: str) -> Any:
    """A value as it stands in a file: a column's numbers are all of one type."""
    if value is None:
        return None
    if kind == "float64":
        return float(value)
    if kind == "object":
        return json.dumps(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
