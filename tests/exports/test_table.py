"""Tables, read back with pandas and json."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import voicenb as vn
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns
from voicenb.errors import how_to_install
from voicenb.exports.table import FORMULA, csv, jsonl, parquet


def test_csv(call: vn.Recording) -> None:
    found = vn.turns(call)
    table = pd.read_csv(io.StringIO(csv(found)))
    assert list(table["text"]) == [turn.text for turn in found]
    assert table["response_latency"][0] == pytest.approx(found[0].response_latency)
    assert pd.isna(table["response_latency"][1]), "what was not captured is empty"


def test_parquet(call: vn.Recording) -> None:
    found = vn.turns(call)
    table = pd.read_parquet(io.BytesIO(parquet(found)))
    assert list(table["text"]) == [turn.text for turn in found]
    assert str(table["unanswered"].dtype) == "boolean"
    assert table["start"].dtype == "float64"
    assert json.loads(table["turn_detection"][0]) == {"min_silence": 800}


EMPTY = Turns([])
BARE = Turns([Turn(1, "user", "plain", None, None, "Hello.")])
FULL = Turns([replace(BARE[0], start=0.5, end=0.6, flush=0.1, reaction=0.2, false_cutoffs=1)])


def test_every_call_has_the_same_columns_of_the_same_types(call: vn.Recording) -> None:
    found = [vn.turns(call), EMPTY, BARE, FULL]
    for read in (lambda each: each.to_dataframe(), lambda each: pd.read_parquet(io.BytesIO(parquet(each)))):
        tables = [read(each) for each in found]
        assert [len(table) for table in tables] == [len(each) for each in found]
        first, *others = [[(name, str(kind)) for name, kind in table.dtypes.items()] for table in tables]
        assert others == [first] * 3
        assert len(EMPTY.to_dataframe()["response_latency"]) == 0
    schemas = [pq.read_schema(io.BytesIO(parquet(each))).remove_metadata() for each in found]
    assert schemas == [schemas[0]] * 4
    joined = pa.concat_tables([pq.read_table(io.BytesIO(parquet(each))) for each in found])
    assert joined.num_rows == sum(map(len, found))
    kinds = {str(kind).removeprefix("large_") for kind in schemas[0].types}
    assert kinds == {"int64", "double", "bool", "string"}


def test_csv_without_turns_has_its_columns() -> None:
    assert csv(EMPTY).strip() == csv(BARE).splitlines()[0]


def test_in_csv_settings_are_json_and_words_no_formula() -> None:
    words = ["=cmd|'/c calc'!A1", "+44 20", "- no", "@home", "Yes - no", "plain"]
    turn = replace(BARE[0], gap=-0.5, turn_detection={"min_silence": 800})
    turns = [replace(turn, text=text, unheard=text) for text in words]
    table = pd.read_csv(io.StringIO(csv(Turns(turns))))
    assert [json.loads(each) for each in table["turn_detection"]] == [{"min_silence": 800}] * len(words)
    told = ["'" + each for each in words[:4]] + words[4:]
    assert list(table["text"]) == list(table["unheard"]) == told
    assert set(table["gap"]) == {-0.5}, "a figure stays one"
    plain = pd.read_parquet(io.BytesIO(parquet(Turns(turns))))
    assert list(plain["text"]) == words


def test_csv_is_what_pandas_would_write(call: vn.Recording) -> None:
    words = ["=1+1", 'He said "yes", and\nleft.', "carriage\rreturn", " a ", "ä ü", ""]
    settings = {"min_silence": 800, "vad_threshold": 0.5}
    made = [
        replace(FULL[0], text=text, gap=gap, turn_detection=settings, candidate_cut=True, start=1)
        for text, gap in zip(words, [0, 1e-7, -0.5, 1 / 3, 1234567.25, None], strict=True)
    ]
    for found in (vn.turns(call), EMPTY, BARE, FULL, Turns(made)):
        table = pd.read_parquet(io.BytesIO(parquet(found)))
        texts = [name for name, kind in table.dtypes.items() if pd.api.types.is_string_dtype(kind)]
        for name in texts:
            escaped = [
                f"'{cell}" if isinstance(cell, str) and cell[:1] in {*FORMULA} else cell
                for cell in table[name]
            ]
            table[name] = pd.array(escaped, dtype="string")
        assert csv(found) == table.to_csv(index=False, lineterminator="\n")


def test_csv_and_jsonl_need_no_pandas(call: vn.Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    found = vn.turns(call)
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert csv(found).count("\n") == len(found) + 1
    assert jsonl(found).count("\n") == len(found)
    with pytest.raises(vn.MissingExtra, match="needs pandas and pyarrow") as caught:
        parquet(found)
    assert how_to_install("data") in caught.value.remedy


def test_jsonl(call: vn.Recording) -> None:
    found = vn.turns(call)
    rows = [json.loads(row) for row in jsonl(found).splitlines()]
    assert rows == json.loads(json.dumps(found.to_dicts()))
    assert rows[2]["tools"][0]["name"] == "look_up"
    table = pd.read_json(io.StringIO(jsonl(found)), lines=True)
    assert list(table["text"]) == [turn.text for turn in found]
