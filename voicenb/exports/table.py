"""Turns as tables: CSV, Parquet, and JSON an object a line."""

from __future__ import annotations

import io
import json

from voicenb.analysis.turns import Turns
from voicenb.errors import MissingExtra


def csv(found: Turns) -> str:
    """A row for each turn; what was not captured is empty.

    Raises:
        MissingExtra: pandas is not installed.
    """
    return str(found.to_dataframe().to_csv(index=False))


def parquet(found: Turns) -> bytes:
    """The same, typed.

    Raises:
        MissingExtra: pandas or pyarrow is not installed.
    """
    table = found.to_dataframe()
    # A column of objects has no type of its own there.
    table["turn_detection"] = [None if each is None else json.dumps(each) for each in table["turn_detection"]]
    for name in ("unanswered", "candidate_cut", "yielded", "interrupted", "false_interruption", "silent"):
        table[name] = table[name].astype("boolean")
    file = io.BytesIO()
    try:
        table.to_parquet(file, index=False)
    except ImportError as error:
        raise MissingExtra("Parquet needs pyarrow.", remedy='pip install "voicenb[data]"') from error
    return file.getvalue()


def jsonl(found: Turns) -> str:
    """An object for each turn, with all its attributes; pauses and tools are lists."""
    return "".join(json.dumps(turn, ensure_ascii=False) + "\n" for turn in found.to_dicts())
